"""Patterns of behaviour: the matrix as W (groups x p) times H (p x contents), at one size or along a path of sizes."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning

from personas.errors import GenerationError
from personas.pipeline.compressing import Compressed, compress
from personas.pipeline.growing import best_start, grown
from personas.pipeline.hals import CompressedBlocks, SparseBlocks, fit
from personas.pipeline.scaling import Scaled

LEAST_RANK = 40
SPARE_RANK = 25
RANK_FLOOR = 1e-5  # singular values below this part of the first are rounding in single precision
TOLERANCE = 1e-5
MOST_SWEEPS = 500
FINAL_TOLERANCE = 1e-4
FINAL_SWEEPS = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """W (groups x p) and H (p x contents), non-negative, with the sweeps made and whether they came to rest."""

    W: Floats
    H: Floats
    iterations: int
    converged: bool


def factorise_reference(V: sparse.csr_array, size: int, seed: int) -> Factors:
    """The authors' recipe: scikit-learn's NMF of the raw counts with its defaults, converged or not."""
    check_size(V, size)
    model = NMF(n_components=size, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        W = model.fit_transform(V)
    factors = Factors(W=W, H=model.components_, iterations=model.n_iter_, converged=model.n_iter_ < model.max_iter)
    _check_alive(factors, size)
    return factors


def factorise_path(
    scaled: Scaled,
    sizes: Sequence[int],
    seed: int,
    small: Compressed | None = None,
    done: Callable[[int], None] | None = None,
) -> dict[int, Factors]:
    """Factors of the scaled matrix for every size, pattern i at one size being pattern i carried on to the next.

    The path starts at the smallest size and adds one pattern at a time. `done` hears how many sizes are ready.
    """
    check_size(scaled.X, max(sizes))
    small = small or compress(scaled.X, path_rank(sizes), seed)
    check_rank(small, max(sizes))
    cheap, exact = CompressedBlocks(small), SparseBlocks(scaled.X)
    found: dict[int, Factors] = {}
    W, H = best_start(small, cheap, min(sizes), seed)
    for size in range(min(sizes), max(sizes) + 1):
        if size > min(sizes):
            W, H = grown(small, cheap, W, H)
        rough = fit(cheap, W, H, tolerance=TOLERANCE, most_sweeps=MOST_SWEEPS)
        W, H = rough.W, rough.H
        if size not in sizes:
            continue
        final = fit(exact, W, H, tolerance=FINAL_TOLERANCE, most_sweeps=FINAL_SWEEPS)
        W, H = final.W, final.H
        sweeps = len(rough.objectives) + len(final.objectives)
        found[size] = Factors(W.astype(np.float64), H.astype(np.float64), sweeps, rough.converged and final.converged)
        _check_alive(found[size], size)
        if done:
            done(len(found))
    return found


def path_rank(sizes: Sequence[int]) -> int:
    """Rank of the compressed matrix that serves all these sizes."""
    return max(LEAST_RANK, max(sizes) + SPARE_RANK)


def check_size(V: sparse.csr_array, size: int) -> None:
    """Raise GenerationError when more personas are asked than there are groups or contents."""
    most = min(V.shape)
    if size > most:
        raise GenerationError(
            f"{size} personas were asked for, but {V.shape[0]} demographic groups and {V.shape[1]} contents "
            f"allow at most {most}. Ask for fewer personas or add data."
        )


def check_rank(small: Compressed, size: int) -> None:
    """Raise GenerationError when the groups do not differ in as many ways as personas are asked for."""
    most = int((small.singular > RANK_FLOOR * small.singular[0]).sum())
    if size > most:
        raise too_many(size, most)


def too_many(size: int, most: int) -> GenerationError:
    """The refusal of a size above the number of patterns that the data holds."""
    return GenerationError(
        f"{size} personas were asked for, but the groups differ in at most {most} ways. "
        f"Ask for at most {most} personas or add data in which groups differ."
    )


def _check_alive(factors: Factors, size: int) -> None:
    alive = int(((factors.W.sum(axis=0) > 0) & (factors.H.sum(axis=1) > 0)).sum())
    if alive < size:
        raise too_many(size, alive)
