"""The numerical core against a plain script, in one run: `python -m benchmarks.pipeline [--cells 500000 2000000]`.

The plain script (benchmarks/plain.py) is cut short when its time is up; ratios then compare the sizes that both did.
"""

import argparse
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import NMF

from benchmarks.matrices import GROUPS, audience_of, made_up
from benchmarks.plain import plain_fit, plain_matrix, plain_sweep, size_range
from benchmarks.tables import HEADER, Line, row
from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import CompressedBlocks, compress
from personas.pipeline.factorising import factorise_path
from personas.pipeline.growing import from_singular_vectors
from personas.pipeline.hals import Fitted, fit
from personas.pipeline.matrix import Audience
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.skeletons import draw_sets
from personas.pipeline.threads import quiet_linear_algebra

FIT_SIZE = 10
FIT_RANK = 25  # enough to start one size from; a path of sizes takes 40
LAST_SWEEPS = 11  # all are made: single precision's noise would hide the last falls of the objective
FITS = 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, nargs="+", default=[500_000, 2_000_000, 8_000_000])
    options.add_argument("--sizes", default="5-15", type=size_range, help="persona set sizes, for example 5-15")
    options.add_argument("--limit", type=float, default=240.0, help="seconds of each plain sweep")
    chosen = options.parse_args()
    rows, growth = [], []
    for cells in chosen.cells:
        frame = made_up(cells)
        rows.append(_matrix_row(frame))
        audience = audience_of(frame)
        del frame
        rows.append(_fit_row(audience))
        sweep, stages = _sweep_rows(audience, chosen.sizes, chosen.limit)
        rows += sweep
        growth.append(_growth(audience, sweep, stages))
    print(HEADER)
    print("\n".join(row(line) for line in rows))
    print("\ncells           factors s    s per million    sets s    s per million    peak memory over the matrix")
    print("\n".join(growth))


def _name(audience_or_frame: Audience | pd.DataFrame, what: str) -> str:
    cells = len(audience_or_frame) if isinstance(audience_or_frame, pd.DataFrame) else audience_or_frame.V.nnz
    return f"{cells / 1e6:.1f} M cells: {what}"


def _matrix_row(frame: pd.DataFrame) -> Line:
    """The matrix from a CSV by the plain script, and from stored cells by the product."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "interactions.csv"
        frame.to_csv(path, index=False)
        plain = _seconds(lambda: plain_matrix(path))
    return Line(_name(frame, "matrix (CSV / stored)"), [_seconds(lambda: audience_of(frame))], [plain])


def _fit_row(audience: Audience) -> Line:
    """One fit of the same scaled matrix, several times, with the objective that ours reaches over theirs."""
    X = shrunken_lift(audience.V, audience.sources).X
    plain, ours = [], []
    for _ in range(FITS):
        plain.append(_seconds(lambda: plain_fit(X, FIT_SIZE)))
        begun = time.perf_counter()
        with quiet_linear_algebra():
            fitted = one_fit(X, FIT_SIZE)
        ours.append(time.perf_counter() - begun)
    model = NMF(n_components=FIT_SIZE, random_state=0)
    theirs = exact_objective(X, model.fit_transform(X), model.components_)
    objective = exact_objective(X, fitted.W, fitted.H) / theirs
    name = f"one fit of {FIT_SIZE}, objective {objective:.7f}"
    return Line(_name(audience, name), ours, plain)


def one_fit(X: sparse.csr_array, size: int) -> Fitted:
    """One size as the product fits it: to rest on the compressed matrix, and then on the matrix."""
    exact = SparseBlocks(X)
    small = compress(exact, FIT_RANK, 0)
    rough = fit(CompressedBlocks(small), *from_singular_vectors(small, size), tolerance=1e-6, most_sweeps=500)
    return fit(exact, rough.W, rough.H, tolerance=-1, most_sweeps=LAST_SWEEPS)


def exact_objective(X: sparse.csr_array, W: np.ndarray, H: np.ndarray) -> float:
    """|X - W H|^2 in double precision: in single, as scikit-learn tells it here, the fifth digit is noise."""
    X, W, H = X.astype(np.float64), W.astype(np.float64), H.astype(np.float64)
    return float(np.square(X.data).sum() - 2 * ((X @ H.T) * W).sum() + ((W.T @ W) * (H @ H.T)).sum())


def _sweep_rows(audience: Audience, sizes: list[int], limit: float) -> tuple[list[Line], dict[str, float]]:
    """All sizes: scikit-learn on raw counts, and the product's factors and whole sets."""
    plain = dict(plain_sweep(audience.V, sizes, limit))
    done = list(plain)

    def factors() -> None:
        with quiet_linear_algebra():
            factorise_path(audience.V, shrunken_lift(audience.V, audience.sources), audience.sources, done, 0)

    begun = time.perf_counter()
    drawn = draw_sets(audience, sizes=done, method="balanced", seed=0)
    whole = time.perf_counter() - begun
    total = sum(plain.values())
    rows = [
        Line(_name(audience, f"factors of {len(done)} sizes"), [_seconds(factors)], [total]),
        Line(_name(audience, f"whole sets of {len(done)} sizes"), [whole], [total]),
    ]
    return rows, drawn.seconds


def _growth(audience: Audience, rows: list[Line], stages: dict[str, float]) -> str:
    """What the same work costs for each million cells, and how much memory the factors take."""
    factors, whole = (line.seconds[0] for line in rows)
    millions = audience.V.nnz / 1e6
    words = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items())
    peak = f"{_peak_over_matrix(audience):.2f}"
    return (
        f"{audience.V.nnz:>10,}{factors:>15.2f}{factors / millions:>17.2f}{whole:>10.2f}{whole / millions:>17.2f}"
        f"{peak:>31}   ({words})"
    )


def _peak_over_matrix(audience: Audience) -> float:
    """The most memory that one fit holds at a time, the matrix included, in sizes of the matrix V."""
    V = audience.V
    matrix = V.data.nbytes + V.indices.nbytes + V.indptr.nbytes
    tracemalloc.start()
    try:
        with quiet_linear_algebra():
            one_fit(shrunken_lift(V, audience.sources).X, FIT_SIZE)
        return (matrix + tracemalloc.get_traced_memory()[1]) / matrix
    finally:
        tracemalloc.stop()


def _seconds(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(f"{GROUPS} groups, heavy tails, sizes as asked for; seconds, plain script over ours")
    main()
