"""Loyalty where no platform tells who came back: on how many of the contents a part of the audience over-indexes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.stats import norm

from enrichment.measures.testing import false_discoveries

Floats = npt.NDArray[np.float64]

NOTABLE_LIFT = 1.1
ENOUGH = 5.0
"""A content is looked at when the part would be expected to have so many interactions on it, dispersion taken off."""
FEWEST_CONTENTS = 20
FALSE = 0.05
AT_ONCE = 1 << 18  # cells


@dataclass(frozen=True)
class Loyalty:
    """The part (0 to 1) of the contents looked at (`of`) on which the audience part over-indexes (`contents`)."""

    share: float
    contents: int
    of: int


def scatter(V: sparse.csr_array) -> Floats:
    """Return for each content (c,) how many times more its counts scatter over the groups than chance alone does.

    V is groups x contents, interactions. Pearson's chi-square of the counts of a content against what the sizes of
    the groups let expect, over its degrees of freedom; contents with few interactions are drawn to the mean of all.
    At least 1, which is chance (Poisson).
    """
    groups = np.asarray(V.sum(axis=1)).ravel()
    contents = np.asarray(V.sum(axis=0)).ravel()
    weights = np.divide(1.0, groups, out=np.zeros_like(groups), where=groups > 0)
    squares = np.zeros(V.shape[1])
    for start in range(0, V.nnz, AT_ONCE):
        part = slice(start, min(start + AT_ONCE, V.nnz))
        row = np.searchsorted(V.indptr, np.arange(part.start, part.stop), side="right") - 1
        squares += np.bincount(V.indices[part], V.data[part] ** 2 * weights[row], V.shape[1])
    share = np.divide(contents, groups.sum(), out=np.ones_like(contents), where=contents > 0)
    freedom = max(int((groups > 0).sum()) - 1, 1)
    own = (squares / share - contents) / freedom
    usual = float(np.average(own, weights=contents)) if contents.any() else 1.0
    # As much is believed of a content's own scatter as it has interactions for every group.
    trust = contents / (contents + len(groups))
    return np.asarray(np.maximum(trust * own + (1 - trust) * usual, 1.0))


def loyalty(weights: Floats, share: float, totals: Floats, scattered: Floats) -> Loyalty | None:
    """Return on how many contents a part of the audience over-indexes; None when fewer than 20 tell enough.

    weights (c,) is the share of each content in the part's interactions, share the part's share of the audience,
    totals (c,) the interactions of the whole audience and scattered (c,) the contents' over-dispersion. A content
    counts when its lift, drawn to 1 by as much as chance moves it, is at least 1.1, and its count is above what the
    part's size lets expect by a one-sided test of two proportions with over-dispersion, false discoveries held under
    5 %.
    """
    whole = float(totals.sum())
    expected = share * totals
    looked = np.flatnonzero(expected >= ENOUGH * scattered)
    if len(looked) < FEWEST_CONTENTS or not 0 < share < 1:
        return None
    count, expected = share * whole * weights[looked], expected[looked]
    error = np.sqrt(scattered[looked] * expected * (1 - share))
    found = false_discoveries(norm.sf((count - expected) / error), FALSE)
    counted = int((found & (_shrunken(count / expected, error / expected) >= NOTABLE_LIFT)).sum())
    return Loyalty(counted / len(looked), counted, len(looked))


def _shrunken(lift: Floats, error: Floats) -> Floats:
    """Draw lifts to 1 by the part of their spread that is chance (empirical Bayes with a normal prior)."""
    spread = max(float(np.mean((lift - 1) ** 2 - error**2)), 0.0)
    return 1 + (lift - 1) * spread / (spread + error**2)
