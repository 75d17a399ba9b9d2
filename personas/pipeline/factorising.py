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
from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import Compressed, CompressedBlocks, compress
from personas.pipeline.counting import unscaled_model
from personas.pipeline.growing import Start, grown, starts
from personas.pipeline.hals import Fitted, fit
from personas.pipeline.measures import explained_deviance
from personas.pipeline.sampling import sample_contents
from personas.pipeline.scaling import Scaled

FIRST = 5  # the path starts here, or below where fewer are asked for, so that size 8 is the same however asked for
LEAST_RANK = 40
SPARE_RANK = 25
RANK_FLOOR = 1e-5  # singular values below this part of the first are rounding in single precision
TRIAL_SWEEPS = 40
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
    return Factors(W=W, H=model.components_, iterations=model.n_iter_, converged=model.n_iter_ < model.max_iter)


def factorise_path(
    V: sparse.csr_array,
    scaled: Scaled,
    sources: NDArray[np.int64],
    sizes: Sequence[int],
    seed: int,
    done: Callable[[int], None] = lambda ready: None,
) -> dict[int, Factors]:
    """Factors of the scaled matrix for every size, pattern i at one size being pattern i carried on to the next.

    Starts and additions are tried on the heaviest contents; each size then comes to rest on the compressed matrix, and
    at last on the matrix itself. `done` hears how many sizes are ready.
    """
    check_size(V, max(sizes))
    exact = SparseBlocks(scaled.X)
    small = compress(exact, path_rank(sizes), seed)
    check_rank(small, max(sizes))
    trials = _Trials(V, scaled, sources, small)
    cheap = CompressedBlocks(small)
    found: dict[int, Factors] = {}
    W, H = trials.first(min(FIRST, *sizes), seed)
    for size in range(W.shape[1], max(sizes) + 1):
        if size > W.shape[1]:
            W, H = trials.grown(W, H)
        if size not in sizes:
            continue
        rough = fit(cheap, W, trials.all_contents(W), tolerance=TOLERANCE, most_sweeps=MOST_SWEEPS)
        found[size] = _at_rest(exact, rough)
        W, H = rough.W, rough.H[:, trials.columns]
        done(len(found))
    return found


class _Trials:
    """Starts and additions, tried on the heaviest contents."""

    def __init__(self, V: sparse.csr_array, scaled: Scaled, sources: NDArray[np.int64], small: Compressed) -> None:
        sample = sample_contents(V, sources)
        self.columns, self._V, self._scaled, self._full = sample.columns, sample.V, scaled.only(sample.columns), small
        self._small = small.only(sample.columns)
        self._blocks = CompressedBlocks(self._small)

    def first(self, size: int, seed: int) -> Start:
        """Of the starts from nothing the one that explains most of the counts, at rest."""
        return self._best(list(starts(self._small, size, self._scaled.rows.sum(axis=0), seed)), self._explained)

    def grown(self, W: NDArray[np.float32], H: NDArray[np.float32]) -> Start:
        """Of those with one pattern more the one that is nearest to the scaled matrix, at rest.

        Counts are no judge here: they would have every further pattern follow the taste of one large country.
        """
        return self._best(grown(self._small, W, H), lambda fitted: -fitted.objective)

    def all_contents(self, W: NDArray[np.float32]) -> NDArray[np.float32]:
        """A start of H for all contents, for these W."""
        return np.asarray(np.maximum((W.T @ self._full.U) @ self._full.Z.T, 0) / np.float32((W * W).sum()))

    def _best(self, candidates: list[Start], worth: Callable[[Fitted], float]) -> Start:
        tried = [fit(self._blocks, W, H, tolerance=TOLERANCE, most_sweeps=TRIAL_SWEEPS) for W, H in candidates]
        best = max(tried, key=worth)
        rested = fit(self._blocks, best.W, best.H, tolerance=TOLERANCE, most_sweeps=MOST_SWEEPS)
        return rested.W, rested.H

    def _explained(self, fitted: Fitted) -> float:
        model = unscaled_model(fitted.W, fitted.H, self._scaled, self._V, refits=1)
        parts = [explained_deviance(self._V[:, p.columns], model.alone(p)) * len(p.columns) for p in model.pieces]
        return sum(parts)


def _at_rest(exact: SparseBlocks, rough: Fitted) -> Factors:
    final = fit(exact, rough.W, rough.H, tolerance=FINAL_TOLERANCE, most_sweeps=FINAL_SWEEPS)
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
