"""How many personas the data suggests: as many patterns as come back whichever countries are left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import CompressedBlocks, compress
from personas.pipeline.factorising import FIRST, factorise_reference, path_rank
from personas.pipeline.growing import from_groups, grown
from personas.pipeline.hals import fit, solve_rows
from personas.pipeline.matrix import Audience
from personas.pipeline.sampling import Sample, sample_contents
from personas.pipeline.scaling import shrunken_lift
from sources.telling import Report

FOLDS = 4
SWEEPS = 60
TOLERANCE = 1e-4
BACK = 0.7  # cosine from which a pattern has come back
SPARED = 1  # patterns of a size that may fail to

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Refit = Callable[[NDArray[np.bool_], int], Mapping[int, Floats]]


@dataclass(frozen=True)
class Judged:
    """The curve that the suggestion comes from, and the stability of every pattern, 0 to 1, both by size."""

    curve: dict[int, dict[str, float]]
    stability: dict[int, Floats]


@dataclass(frozen=True)
class _Judge:
    """The heaviest contents in the method's own scale, what brings patterns in that scale to lift, and how to refit."""

    X: sparse.csr_array
    to_lift: Floats
    refit: Refit


def judge_sizes(audience: Audience, masses: Mapping[int, Floats], method: str, seed: int, report: Report) -> Judged:
    """Judge sizes by refits that each leave out some countries; `masses` is interactions, p x contents, by size.

    A pattern's stability is the mean cosine with its partner in the refits. The error is that on the countries left
    out: half of their contents tell how their groups mix the patterns, the other half is predicted.
    """
    sample = sample_contents(audience.V, audience.sources)
    scaled = shrunken_lift(sample.V, sample.sources)
    build = _balanced_judge if method == "balanced" else _reference_judge
    judge = build(sample, sorted(masses), seed)
    patterns = {size: mass[:, sample.columns] / scaled.columns for size, mass in masses.items()}
    weights = np.asarray(audience.V.sum(axis=1)).ravel()
    folds = country_folds([group.country for group in audience.groups], weights)
    half = np.argsort(np.argsort(-np.asarray(sample.V.sum(axis=0)).ravel(), kind="stable")) % 2 == 0
    cosines: dict[int, list[Floats]] = {size: [] for size in masses}
    errors: dict[int, list[float]] = {size: [] for size in masses}
    for fold in range(FOLDS):
        report("judge", fold, FOLDS)
        hidden = sparse.csr_array(judge.X[folds == fold])
        for size, H in judge.refit(folds != fold, fold).items():
            cosines[size].append(matched_cosines(patterns[size], H * judge.to_lift))
            errors[size].append(held_out_error(hidden, H, half))
    report("judge", FOLDS, FOLDS)
    return Judged({k: _point(cosines[k], errors[k]) for k in masses}, {k: np.mean(cosines[k], axis=0) for k in masses})


def suggest_size(curve: Mapping[int, Mapping[str, float]]) -> int:
    """The largest size whose patterns, all but one at most, come back in every refit; else the smallest."""
    steady = [size for size, point in curve.items() if point["returning"] >= size - SPARED]
    return max(steady, default=min(curve))


def matched_cosines(patterns: Floats, others: Floats) -> Floats:
    """Cosine of every row of patterns with its partner in the best one-to-one matching with the rows of others."""
    cosines = _normed(patterns) @ _normed(others).T
    rows, columns = optimize.linear_sum_assignment(-cosines)
    matched = np.zeros(len(patterns))
    matched[rows] = cosines[rows, columns]
    return matched


def held_out_error(hidden: sparse.csr_array, H: Floats, half: NDArray[np.bool_]) -> float:
    """Relative squared error of hidden rows, each half of the contents predicted from the other."""
    squares = float(np.square(hidden.data, dtype=np.float64).sum())
    return (_predicted(hidden, H, half) + _predicted(hidden, H, ~half)) / max(squares, 1e-12)


def country_folds(countries: Sequence[str], weights: Floats) -> Ints:
    """A fold for every group: whole countries, dealt by weight; single groups where there are too few countries."""
    names = np.array(countries)
    if len(set(countries)) < 2 * FOLDS:
        names = np.arange(len(countries)).astype(str)
    distinct, codes = np.unique(names, return_inverse=True)
    order = np.argsort(-np.bincount(codes, weights), kind="stable")
    dealt = np.empty(len(distinct), dtype=np.int64)
    dealt[order] = np.arange(len(distinct)) % FOLDS
    return np.asarray(dealt[codes])


def _balanced_judge(sample: Sample, sizes: Sequence[int], seed: int) -> _Judge:
    scaled = shrunken_lift(sample.V, sample.sources)
    small = compress(SparseBlocks(scaled.X), path_rank(sizes), seed)
    weights = scaled.rows.sum(axis=0)

    def refit(rows: NDArray[np.bool_], fold: int) -> dict[int, Floats]:
        part = replace(small, U=np.ascontiguousarray(small.U[rows]))
        blocks = CompressedBlocks(part)
        start = min(FIRST, *sizes)
        W, H = from_groups(part, start, weights[rows], np.random.default_rng([seed, fold]))
        found = {}
        for size in range(start, max(sizes) + 1):
            if size > start:
                W, H = grown(part, W, H)[0]
            fitted = fit(blocks, W, H, tolerance=TOLERANCE, most_sweeps=SWEEPS)
            W, H = fitted.W, fitted.H
            if size in sizes:
                found[size] = H.astype(np.float64)
        return found

    return _Judge(scaled.X, np.ones(len(sample.columns)), refit)


def _reference_judge(sample: Sample, sizes: Sequence[int], seed: int) -> _Judge:
    def refit(rows: NDArray[np.bool_], fold: int) -> dict[int, Floats]:
        part = sparse.csr_array(sample.V[rows])
        return {size: factorise_reference(part, size, seed + fold).H for size in sizes if size <= min(part.shape)}

    return _Judge(sample.V, 1 / shrunken_lift(sample.V, sample.sources).columns, refit)


def _point(cosines: list[Floats], errors: list[float]) -> dict[str, float]:
    worst = np.min(cosines, axis=0)
    return {
        "stability": float(np.mean(cosines)),
        "returning": float((worst >= BACK).sum()),
        "held_out_error": float(np.mean(errors)),
    }


def _predicted(hidden: sparse.csr_array, H: Floats, known: NDArray[np.bool_]) -> float:
    """Squared error on the contents that are not known, for groups placed by those that are."""
    H_known, H_asked = np.where(known, H, 0).astype(np.float32), np.where(known, 0, H)
    W = solve_rows(np.asarray(hidden @ H_known.T), H_known @ H_known.T).astype(np.float64)
    asked = ~known[hidden.indices]
    squares = float(np.square(hidden.data[asked], dtype=np.float64).sum())
    cross, gram = hidden @ H_asked.T, H_asked @ H_asked.T
    return squares - 2 * float((W * cross).sum()) + float(((W.T @ W) * gram).sum())


def _normed(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
