"""Patterns of behaviour: the matrix as W (groups x p) times H (p x contents), at one size or along a path of sizes."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning

from personas.errors import TooManyPersonas
from personas.pipeline.blocks import Floats, SparseBlocks
from personas.pipeline.compressing import Compressed, CompressedBlocks, compress
from personas.pipeline.growing import matching_contents
from personas.pipeline.hals import Anchor, Fitted, fit
from personas.pipeline.scaling import Scaled
from personas.pipeline.trying import MOST_SWEEPS, Recall, Trials

FIRST = 5  # the path starts here, or below where fewer are asked for, so that size 8 is the same however asked for
LEAST_RANK = 40
SPARE_RANK = 25
RANK_FLOOR = 1e-5  # singular values below this part of the first are rounding in single precision
ROUGH_TOLERANCE = 3e-5
FINAL_TOLERANCE = 2e-4
FINAL_SWEEPS = 60


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
    return Factors(W=W, H=model.components_, iterations=model.n_iter_, converged=model.n_iter_ < model.max_iter)


def factorise_path(
    V: sparse.csr_array,
    scaled: Scaled,
    sources: NDArray[np.int64],
    sizes: Sequence[int],
    seed: int,
    done: Callable[[int], None] = lambda ready: None,
    recall: Recall = lambda size: None,
) -> dict[int, Factors]:
    """Factors of the scaled matrix for every size, pattern i at one size being pattern i carried on to the next.

    Starts and additions are tried on the heaviest contents; each size then comes to rest on the compressed matrix, and
    at last on the matrix itself. `done` hears how many sizes are ready. `recall` may give for a size the W (groups x
    size or fewer) of an earlier time: its patterns stay near where they were unless others explain clearly more.
    """
    check_size(V, max(sizes))
    exact = SparseBlocks(scaled.X, fill=scaled.fill)
    small = compress(exact, path_rank(sizes), seed)
    check_rank(small, max(sizes))
    trials = Trials(V, scaled, sources, small, recall)
    cheap = CompressedBlocks(small)
    found: dict[int, Factors] = {}
    tried = trials.first(min(FIRST, *sizes), seed)
    for size in range(tried.size, max(sizes) + 1):
        if size > tried.size:
            tried = trials.grown(tried)
        if size not in sizes:
            continue
        anchor = tried.anchor(exact.squares / trials.squares)
        start = tried.fitted.W, matching_contents(small, tried.fitted.W)
        rough = fit(cheap, *start, tolerance=ROUGH_TOLERANCE, most_sweeps=MOST_SWEEPS, anchor=anchor)
        found[size] = _at_rest(exact, rough, anchor)
        tried = trials.narrowed(tried, rough)
        done(len(found))
    return found


def _at_rest(exact: SparseBlocks, rough: Fitted, anchor: Anchor | None) -> Factors:
    final = fit(exact, rough.W, rough.H, tolerance=FINAL_TOLERANCE, most_sweeps=FINAL_SWEEPS, anchor=anchor)
    size = final.W.shape[1]
    alive = int(((final.W.sum(axis=0) > 0) & (final.H.sum(axis=1) > 0)).sum())
    if alive < size:
        raise too_many(size, alive)
    sweeps = len(rough.objectives) + len(final.objectives)
    return Factors(
        W=final.W.astype(np.float64),
        H=final.H.astype(np.float64),
        iterations=sweeps,
        converged=rough.converged and final.converged,
    )


def path_rank(sizes: Sequence[int]) -> int:
    """Rank of the compressed matrix that serves all these sizes."""
    return max(LEAST_RANK, max(sizes) + SPARE_RANK)


def check_size(V: sparse.csr_array, size: int) -> None:
    """Raise GenerationError when more personas are asked than there are groups or contents."""
    most = min(V.shape)
    if size > most:
        raise TooManyPersonas(
            f"{size} personas were asked for, but {V.shape[0]} demographic groups and {V.shape[1]} contents "
            f"allow at most {most}. Ask for fewer personas or add data.",
            most,
        )


def check_rank(small: Compressed, size: int) -> None:
    """Raise GenerationError when the groups do not differ in as many ways as personas are asked for."""
    most = int((small.singular > RANK_FLOOR * small.singular[0]).sum())
    if size > most:
        raise too_many(size, most)


def too_many(size: int, most: int) -> TooManyPersonas:
    """The refusal of a size above the number of patterns that the data holds."""
    return TooManyPersonas(
        f"{size} personas were asked for, but the groups differ in at most {most} ways. "
        f"Ask for at most {most} personas or add data in which groups differ.",
        most,
    )
