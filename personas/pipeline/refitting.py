"""Patterns found again: the same audience from other starts, and without some of its countries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import CompressedBlocks, compress
from personas.pipeline.factorising import FIRST, factorise_reference, path_rank
from personas.pipeline.filling import Filled
from personas.pipeline.growing import from_groups, grown
from personas.pipeline.hals import fit

SWEEPS = 60
TOLERANCE = 1e-4

Floats = NDArray[np.float64]
Refit = Callable[[NDArray[np.bool_], int], Mapping[int, Floats]]


def balanced_refits(X: Filled, weights: Floats, sizes: Sequence[int], seed: int) -> Refit:
    """What fits X (scaled, groups x contents) on some rows from start number n: H (p x contents) for every size.

    `weights` of the groups are their chances to be where patterns start. One start and one addition is tried where
    the sets themselves try several, so the patterns come back a little less often than the sets' own would.
    """
    small = compress(SparseBlocks(X.cells, fill=X.fill), path_rank(sizes), seed)

    def refit(rows: NDArray[np.bool_], start: int) -> dict[int, Floats]:
        part = replace(small, U=np.ascontiguousarray(small.U[rows]))
        blocks = CompressedBlocks(part)
        first = min(FIRST, *sizes)
        W, H = from_groups(part, first, weights[rows], np.random.default_rng([seed, start]))
        found = {}
        for size in range(first, max(sizes) + 1):
            if size > first:
                W, H = grown(part, W, H)[0]
            fitted = fit(blocks, W, H, tolerance=TOLERANCE, most_sweeps=SWEEPS)
            W, H = fitted.W, fitted.H
            if size in sizes:
                found[size] = H.astype(np.float64)
        return found

    return refit


def reference_refits(V: sparse.csr_array, sizes: Sequence[int], seed: int) -> Refit:
    """The same for the authors' recipe on counts; sizes that the rows do not allow are left out."""

    def refit(rows: NDArray[np.bool_], start: int) -> dict[int, Floats]:
        part = sparse.csr_array(V[rows])
        return {size: factorise_reference(part, size, seed + start).H for size in sizes if size <= min(part.shape)}

    return refit


def matched_cosines(patterns: Floats, others: Floats) -> Floats:
    """Cosine of every row of patterns with its partner in the best one-to-one matching with the rows of others."""
    cosines = _normed(patterns) @ _normed(others).T
    rows, columns = optimize.linear_sum_assignment(-cosines)
    matched = np.zeros(len(patterns))
    matched[rows] = cosines[rows, columns]
    return matched


def _normed(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
