"""Countries left out: how they are dealt, what the rest says about them, and which ways of differing they share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import compress
from personas.pipeline.filling import Filled
from personas.pipeline.hals import solve_rows

FOLDS = 4
DEALS = 2  # times that all countries are dealt anew
DIRECTIONS = 30
PLACING = 15  # rounds that place the groups of a country left out
TINY = 1e-12

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def left_out_together(countries: Sequence[str]) -> Ints:
    """A number for every group, the same within a country; one for each group where there are too few countries."""
    names, codes = np.unique(np.array(countries), return_inverse=True)
    return np.arange(len(countries)) if len(names) < 2 * FOLDS else np.asarray(codes, dtype=np.int64)


def country_folds(countries: Sequence[str], weights: Floats) -> Ints:
    """A fold for every group: whole countries, dealt by weight; single groups where there are too few countries."""
    codes = left_out_together(countries)
    order = np.argsort(-np.bincount(codes, weights), kind="stable")
    dealt = np.empty(len(order), dtype=np.int64)
    dealt[order] = np.arange(len(order)) % FOLDS
    return dealt[codes]


def found_elsewhere(X: Filled, codes: Ints, seed: int, directions: int = DIRECTIONS) -> Floats:
    """How often more than by chance each way in which groups differ shows in countries left out, strongest first.

    X is groups x contents, `codes` what is left out together. Three quarters of the countries give the directions in
    which contents go together, the last quarter shows how much of it lies there; noise of one country is new in the
    next, so there a direction of noise shows no more than the spread of its contents. About 1 where nothing is shared.
    Cross-validated eigenvalues, after Chen, Roch, Rohe and Yu (2021), with countries held out in place of edges.
    """
    rng = np.random.default_rng(seed)
    units = int(codes.max()) + 1
    ratios = []
    for _ in range(DEALS):
        folds = (rng.permutation(units) % FOLDS)[codes]
        most = min(directions, X.shape[1], *(int((folds != fold).sum()) for fold in range(FOLDS)))
        pairs = [_shown(X, folds == fold, most, seed) for fold in range(FOLDS)]
        shown, chance = np.sum(pairs, axis=0)
        ratios.append(shown / np.maximum(chance, TINY))
    mean = np.mean(ratios, axis=0)
    # What is left of the strong directions lifts the weak ones a little: their level is the measure of chance.
    return np.asarray(np.sort(mean)[::-1] / max(1.0, float(np.median(mean[2 * len(mean) // 3 :]))))


def held_out_error(hidden: Filled, H: Floats, half: NDArray[np.bool_]) -> float:
    """Relative squared error of hidden rows, each half of the contents predicted from the other."""
    squares = float(hidden.squares().sum())
    return (_predicted(hidden, H, half) + _predicted(hidden, H, ~half)) / max(squares, TINY)


def directions_of(X: Filled, most: int, seed: int) -> Array:
    """The leading right singular vectors of X, contents x most, each of length 1; zeros where X has no more."""
    small = compress(SparseBlocks(X.cells, fill=X.fill), most, seed)
    singular = small.singular[:most]
    alive = singular > singular[0] * 1e-6
    return np.asarray(small.Z[:, :most] * np.where(alive, 1 / np.maximum(singular, TINY), 0), dtype=np.float32)


def _shown(X: Filled, away: NDArray[np.bool_], most: int, seed: int) -> tuple[Floats, Floats]:
    """Squares of the rows away along the directions of the others, and what independent contents would show there."""
    V = directions_of(X.of_groups(~away), most, seed)
    hidden = X.of_groups(away)
    P = hidden.right(V)
    back, gram, exact = hidden.left(P).astype(np.float64), (P.T @ P).astype(np.float64), V.astype(np.float64)
    left = hidden.squares()
    chance = np.zeros(most)
    for k in range(most):
        v = exact[:, k]
        chance[k] = (v * v) @ np.maximum(left, 0)
        left += v * (v * gram[k, k] - 2 * (back[:, k] - exact[:, :k] @ gram[:k, k]))
    return np.diag(gram).copy(), chance


def _predicted(hidden: Filled, H: Floats, known: NDArray[np.bool_]) -> float:
    """Squared error on the contents that are not known, for groups placed by those that are."""
    H_known, H_asked = np.where(known, H, 0).astype(np.float32), np.where(known, 0, H)
    W = solve_rows(hidden.right(H_known.T), H_known @ H_known.T, PLACING).astype(np.float64)
    squares = float(hidden.squares()[~known].sum())
    cross, gram = hidden.right(H_asked.T), H_asked @ H_asked.T
    return squares - 2 * float((W * cross).sum()) + float(((W.T @ W) * gram).sum())
