"""Made-up audiences of any size: heavy-tailed groups and contents that mix a few behaviours."""

import numpy as np
import pandas as pd

from personas.pipeline.matrix import Audience, Cells, build_audience
from tests.personas.pipeline.planted import plain_groups

GROUPS = 1498
CELLS_PER_CONTENT = 160
KINDS = 10
ROUNDS = 6


def made_up(cells: int, seed: int = 0) -> pd.DataFrame:
    """Long interactions (group_id, content_id, count) of GROUPS groups, with about so many rows."""
    rng = np.random.default_rng(seed)
    contents = max(2_000, cells // CELLS_PER_CONTENT)
    taste = rng.gamma(0.5, size=(KINDS, contents)) / np.arange(1, contents + 1)
    taste /= taste.sum(axis=1, keepdims=True)
    mixture = rng.dirichlet(np.full(KINDS, 0.3), GROUPS)
    weights = rng.permutation(1 / np.arange(1, GROUPS + 1) ** 0.7)
    views = _views_for(cells, mixture @ taste, weights / weights.sum())
    parts = []
    for group, count in enumerate(rng.multinomial(views, weights / weights.sum())):
        found = rng.poisson(count * (mixture[group] @ taste))
        seen = np.flatnonzero(found)
        parts.append(pd.DataFrame({"group_id": group, "content_id": seen, "count": found[seen]}))
    return pd.concat(parts, ignore_index=True)


def audience_of(frame: pd.DataFrame) -> Audience:
    """The audience as the product makes it of what is stored."""
    cells = Cells(
        frame.group_id.to_numpy(np.int32), frame.content_id.to_numpy(np.int64), frame["count"].to_numpy(np.float64)
    )
    groups = dict(enumerate(plain_groups(GROUPS)))
    sources = dict.fromkeys(range(int(frame.content_id.max()) + 1), 0)
    return build_audience(cells, groups=groups, sources=sources, unknown=0.0, threshold=50.0)


def _views_for(cells: int, chances: np.ndarray, weights: np.ndarray) -> int:
    """How many interactions fill about so many cells, told from every tenth group."""
    low, high = cells, 400 * cells
    for _ in range(4 * ROUNDS):
        views = (low * high) ** 0.5
        filled = 10 * float(-np.expm1(-views * weights[::10, None] * chances[::10]).sum())
        low, high = (views, high) if filled < cells else (low, views)
    return int(high)
