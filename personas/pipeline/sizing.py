"""How many personas the data suggests: patterns that come back, and that fit countries they were not made from."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from personas.pipeline.compressing import Compressed, compress
from personas.pipeline.factorising import FIRST, path_rank
from personas.pipeline.growing import from_groups, grown
from personas.pipeline.hals import CompressedBlocks, fit, solve_rows
from personas.pipeline.matrix import Audience, Report
from personas.pipeline.sampling import Sample, sample_contents
from personas.pipeline.scaling import shrunken_lift

REFITS = 2
FOLDS = 4
SWEEPS = 60
TOLERANCE = 1e-4
STEADY = 0.05

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """The curve that the suggestion comes from, and the stability of every pattern, by size."""

    curve: dict[int, dict[str, float]]
    stability: dict[int, Floats]


def judge_sizes(audience: Audience, patterns: Mapping[int, Floats], seed: int, report: Report) -> Judged:
    """Judge every size by the stability of its patterns (interactions, p x contents) and by held-out error."""
    sizes, total = sorted(patterns), REFITS + FOLDS
    steps = itertools.count(1)
    sample = sample_contents(audience.V, audience.sources)
    rank = path_rank(sizes)
    weights = np.asarray(audience.V.sum(axis=1)).ravel()
    folds = country_folds([group.country for group in audience.groups], weights)
    baseline = np.asarray(sample.V.sum(axis=0)).ravel()
    lifts = {size: mass[:, sample.columns] / baseline for size, mass in patterns.items()}
    report("judge", 0, total)
    stability = stabilities(sample, lifts, rank, seed, lambda: report("judge", next(steps), total))
    errors = held_out_errors(sample, folds, sizes, rank, seed, lambda: report("judge", next(steps), total))
    curve = {
        size: {
            "stability": float(stability[size].mean()),
            "held_out_error": float(errors[size].mean()),
            "held_out_deviation": float(errors[size].std(ddof=1) / np.sqrt(len(errors[size]))),
        }
        for size in sizes
    }
    return Judged(curve, stability)


def stabilities(
    sample: Sample, patterns: Mapping[int, Floats], rank: int, seed: int, done: Callable[[], None] = lambda: None
) -> dict[int, Floats]:
    """How well each pattern (p x contents, by size) comes back, 0 to 1, from other starts on resampled audiences."""
    found = {size: np.zeros(size) for size in patterns}
    for n in range(REFITS):
        rng = np.random.default_rng([seed, n])
        resampled = replace(sample, V=_resampled(sample.V, rng))
        scaled = shrunken_lift(resampled.V, resampled.sources)
        small = compress(scaled.X, rank, seed)
        for size, (_, H) in _path(small, scaled.rows.sum(axis=0), sorted(patterns), seed + n).items():
            found[size] += matched_cosines(patterns[size], H.astype(np.float64)) / REFITS
        done()
    return found


def matched_cosines(patterns: Floats, others: Floats) -> Floats:
    """Cosine of every row of patterns with its partner in the best one-to-one matching with the rows of others."""
    cosines = _normed(patterns) @ _normed(others).T
    rows, columns = optimize.linear_sum_assignment(-cosines)
    matched = np.zeros(len(patterns))
    matched[rows] = cosines[rows, columns]
    return matched


def held_out_errors(
    sample: Sample, folds: Ints, sizes: Sequence[int], rank: int, seed: int, done: Callable[[], None] = lambda: None
) -> dict[int, Floats]:
    """Relative squared error, by size and fold, on groups and contents that the patterns were not made from.

    Groups of one fold (whole countries) are hidden; half of their contents tells how they mix the patterns, and the
    other half is predicted.
    """
    scaled = shrunken_lift(sample.V, sample.sources)
    X, small = scaled.X, compress(scaled.X, rank, seed)
    weights = np.asarray(sample.V.sum(axis=0)).ravel()
    half = np.argsort(np.argsort(-weights, kind="stable")) % 2 == 0
    errors: dict[int, list[float]] = {size: [] for size in sizes}
    for fold in np.unique(folds):
        train = replace(small, U=np.ascontiguousarray(small.U[folds != fold]))
        hidden = sparse.csr_array(X[folds == fold])
        for size, (_, H) in _path(train, scaled.rows.sum(axis=0)[folds != fold], sizes, seed).items():
            errors[size].append(
                (_predicted(hidden, H, half) + _predicted(hidden, H, ~half)) / float(np.square(hidden.data).sum())
            )
        done()
    return {size: np.array(found) for size, found in errors.items()}


def country_folds(countries: Sequence[str], weights: Floats) -> Ints:
    """A fold for every group: whole countries, dealt by weight; single groups where there are too few countries."""
    names = np.array(countries)
    if len(set(countries)) < 2 * FOLDS:
        names = np.arange(len(countries)).astype(str)
    distinct, codes = np.unique(names, return_inverse=True)
    order = np.argsort(-np.bincount(codes, weights), kind="stable")
    dealt = np.empty(len(distinct), dtype=np.int64)
    dealt[order] = np.arange(len(distinct)) % FOLDS
    return dealt[codes]


def suggest_size(curve: Mapping[int, Mapping[str, float]]) -> int:
    """The size with the lowest held-out error, made smaller while the error hardly rises, larger never."""
    best = min(curve, key=lambda size: curve[size]["held_out_error"])
    limit = curve[best]["held_out_error"] + curve[best]["held_out_deviation"]
    return min(size for size in curve if curve[size]["held_out_error"] <= limit)


def _resampled(V: sparse.csr_array, rng: np.random.Generator) -> sparse.csr_array:
    counts = rng.poisson(V.data).astype(np.float64)
    # A content that vanishes from the draw would have no total to be scaled by.
    counts[counts == 0] = 0.01
    return sparse.csr_array((counts, V.indices, V.indptr), shape=V.shape)


def _path(small: Compressed, weights: Floats, sizes: Sequence[int], seed: int) -> dict[int, tuple[Array, Array]]:
    """W and H at every size from a random start, one pattern added at a time."""
    X = CompressedBlocks(small)
    start = min(FIRST, *sizes)
    W, H = from_groups(small, start, weights, np.random.default_rng([seed, 99]))
    found = {}
    for size in range(start, max(sizes) + 1):
        if size > start:
            W, H = grown(small, W, H)[0]
        fitted = fit(X, W, H, tolerance=TOLERANCE, most_sweeps=SWEEPS)
        W, H = fitted.W, fitted.H
        if size in sizes:
            found[size] = (W, H)
    return found


def _predicted(hidden: sparse.csr_array, H: Array, known: NDArray[np.bool_]) -> float:
    """Squared error on the contents that are not known, for groups placed by those that are."""
    H_known, H_asked = np.where(known, H, 0), np.where(known, 0, H)
    W = solve_rows(hidden @ H_known.T, H_known @ H_known.T)
    asked = ~known[hidden.indices]
    squares = float(np.square(hidden.data[asked], dtype=np.float64).sum())
    cross, gram = hidden @ H_asked.T, (H_asked @ H_asked.T).astype(np.float64)
    W64 = W.astype(np.float64)
    return squares - 2 * float((W64 * cross).sum()) + float(((W64.T @ W64) * gram).sum())


def _normed(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
