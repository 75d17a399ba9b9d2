"""The pipeline against a plain script, in one run: `python -m benchmarks.pipeline [--cells 500000] [--sizes 5-15]`.

The plain script is pandas.read_csv, groupby and scikit-learn's NMF at its defaults, for every size. Sizes of the plain
script are cut short when its time is up; the ratio then compares the sizes that both have done.
"""

import argparse
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import NMF

from personas.pipeline.compressing import compress
from personas.pipeline.factorising import factorise_path, path_rank
from personas.pipeline.growing import from_singular_vectors
from personas.pipeline.hals import CompressedBlocks, SparseBlocks, fit
from personas.pipeline.matrix import Cells, build_audience
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.skeletons import draw_sets
from personas.pipeline.threads import quiet_linear_algebra
from tests.personas.pipeline.planted import plain_groups

GROUPS = 1498
CELLS_PER_VIEW = 0.35
KINDS = 10


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, default=500_000, help="about how many cells the matrix has")
    options.add_argument("--sizes", default="5-15", help="persona set sizes, for example 5-15")
    options.add_argument("--limit", type=float, default=300.0, help="seconds that the plain script may take")
    chosen = options.parse_args()
    first, last = (int(size) for size in chosen.sizes.split("-"))
    sizes = list(range(first, last + 1))
    warnings.simplefilter("ignore")
    frame = made_up(chosen.cells, np.random.default_rng(0))
    print(f"{len(frame):,} cells, {GROUPS} groups, {frame.content_id.nunique():,} contents, sizes {first} to {last}")
    rows = [*matrix_rows(frame), *fit_rows(frame, 10), *sweep_rows(frame, sizes, chosen.limit)]
    print(f"{'step':<44}{'plain s':>10}{'ours s':>10}{'ratio':>8}")
    for name, plain, ours in rows:
        print(f"{name:<44}{plain:>10.2f}{ours:>10.2f}{plain / ours:>8.1f}")


def made_up(cells: int, rng: np.random.Generator) -> pd.DataFrame:
    """Long interactions of heavy-tailed groups and contents that mix KINDS behaviours."""
    contents = max(2_000, cells // 160)
    taste = rng.gamma(0.5, size=(KINDS, contents)) / np.arange(1, contents + 1)
    taste /= taste.sum(axis=1, keepdims=True)
    mixture = rng.dirichlet(np.full(KINDS, 0.3), GROUPS)
    weights = rng.permutation(1 / np.arange(1, GROUPS + 1) ** 0.7)
    views = rng.multinomial(int(cells / CELLS_PER_VIEW), weights / weights.sum())
    parts = []
    for group, count in enumerate(views):
        found = rng.poisson(count * (mixture[group] @ taste))
        seen = np.flatnonzero(found)
        parts.append(pd.DataFrame({"group_id": group, "content_id": seen, "count": found[seen]}))
    return pd.concat(parts, ignore_index=True)


def matrix_rows(frame: pd.DataFrame) -> list[tuple[str, float, float]]:
    """The matrix from a CSV by the plain script, and from stored cells by the pipeline."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "interactions.csv"
        frame.to_csv(path, index=False)
        since = time.perf_counter()
        plain_matrix(pd.read_csv(path))
        plain = time.perf_counter() - since
    since = time.perf_counter()
    audience_of(frame)
    return [("matrix (from CSV / from stored cells)", plain, time.perf_counter() - since)]


def plain_matrix(frame: pd.DataFrame) -> sparse.csr_array:
    """V as a plain script makes it."""
    sums = frame.groupby(["group_id", "content_id"], as_index=False)["count"].sum()
    rows, columns = sums.group_id.astype("category").cat.codes, sums.content_id.astype("category").cat.codes
    return sparse.csr_array((sums["count"].astype(float), (rows, columns)))


def audience_of(frame: pd.DataFrame):
    """The audience as the product makes it."""
    cells = Cells(
        frame.group_id.to_numpy(np.int32), frame.content_id.to_numpy(np.int64), frame["count"].to_numpy(np.float64)
    )
    groups = dict(enumerate(plain_groups(GROUPS)))
    sources = dict.fromkeys(range(int(frame.content_id.max()) + 1), 0)
    return build_audience(cells, groups=groups, sources=sources, unknown=0.0, threshold=50.0)


def fit_rows(frame: pd.DataFrame, size: int) -> list[tuple[str, float, float]]:
    """One fit of the same scaled matrix by scikit-learn and by the pipeline, which goes on until it is no worse."""
    audience = audience_of(frame)
    X = shrunken_lift(audience.V, audience.sources).X
    since = time.perf_counter()
    model = NMF(n_components=size, random_state=0)
    W = model.fit_transform(X)
    plain = time.perf_counter() - since
    distance = np.square(X.data, dtype=np.float64).sum() - 2 * float((W * (X @ model.components_.T)).sum())
    distance += float(((W.T @ W) * (model.components_ @ model.components_.T)).sum())
    since = time.perf_counter()
    with quiet_linear_algebra():
        small = compress(X, path_rank([size]), 0)
        rough = fit(CompressedBlocks(small), *from_singular_vectors(small, size), tolerance=1e-6, most_sweeps=500)
        ours = fit(SparseBlocks(X), rough.W, rough.H, tolerance=1e-5, most_sweeps=40)
    seconds = time.perf_counter() - since
    return [(f"one fit, size {size}, objective {ours.objective / distance:.5f} of theirs", plain, seconds)]


def sweep_rows(frame: pd.DataFrame, sizes: list[int], limit: float) -> list[tuple[str, float, float]]:
    """All sizes: scikit-learn on raw counts, and the pipeline's factors and whole sets."""
    V, plain, done = plain_matrix(frame), 0.0, 0
    for size in sizes:
        since = time.perf_counter()
        NMF(n_components=size, random_state=0).fit(V)
        plain += time.perf_counter() - since
        done += 1
        if plain > limit:
            break
    audience = audience_of(frame)
    since = time.perf_counter()
    with quiet_linear_algebra():
        scaled = shrunken_lift(audience.V, audience.sources)
        factorise_path(audience.V, scaled, audience.sources, sizes[:done], 0)
    factors = time.perf_counter() - since
    since = time.perf_counter()
    drawn = draw_sets(audience, sizes=sizes[:done], method="balanced", seed=0)
    whole = time.perf_counter() - since
    print("seconds by stage:", {stage: round(seconds, 2) for stage, seconds in drawn.seconds.items()})
    return [
        (f"factors of {done} sizes", plain, factors),
        (f"sets of {done} sizes, chosen, judged, measured", plain, whole),
    ]


if __name__ == "__main__":
    main()
