"""How many personas the data suggests: as many as other countries show too, and as come back when fitted again."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.filling import Filled
from personas.pipeline.localising import Noise, noise_of
from personas.pipeline.matrix import Audience
from personas.pipeline.refitting import Refit, balanced_refits, matched_cosines, reference_refits
from personas.pipeline.sampling import Sample, sample_contents
from personas.pipeline.scaling import Scaled, shrunken_lift
from personas.pipeline.withholding import (
    DIRECTIONS,
    FOLDS,
    country_folds,
    found_elsewhere,
    held_out_error,
    left_out_together,
)
from sources.telling import Report

SEEDS = {"balanced": 4, "reference": 0}  # the reference starts from singular vectors: its seed changes nothing
BACK = 0.8  # cosine from which a pattern has come back
SPARED = 2  # patterns of a size that may fail to
ELSEWHERE = 1.4  # times chance from which a way of differing shows in countries left out
SPARE_DIRECTIONS = 15
WEIGHT = 2  # of what other countries show beside what comes back

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """The curve that the suggestion comes from, and the stability of every pattern, 0 to 1, both by size."""

    curve: dict[int, dict[str, float]]
    stability: dict[int, Floats]


def redraws(method: str) -> int:
    """Return how many refits a pattern is looked for in."""
    return FOLDS + SEEDS[method]


@dataclass(frozen=True)
class _Judge:
    """The heaviest contents, their noise, X in the method's own scale without local taste, and how to refit it."""

    sample: Sample
    scaled: Scaled
    noise: Noise
    X: Filled
    to_lift: Floats
    refit: Refit
    codes: Ints
    folds: Ints


def judge_sizes(audience: Audience, masses: Mapping[int, Floats], method: str, seed: int, report: Report) -> Judged:
    """Judge sizes by refits; `masses` is interactions, p x contents, by size, in the order of the audience's contents.

    All refits see the heaviest contents, with each country's own taste for a content taken out. Four leave out a
    quarter of the countries each, whole countries, so that every country is missing once; four more start the whole
    audience from other seeds (none for the reference, whose starts do not depend on the seed). In a refit a pattern
    is *back* when its cosine in lift with its partner, one to one, is at least BACK; its stability is the share of
    refits in which it is back. The curve has for every size

    - `stability`, the mean over its patterns, and `returning`, how many of them are back in every refit;
    - `held_out_error`, relative and squared, on the countries left out: half of their contents tell how their groups
      mix the patterns, the other half is predicted;
    - `found_elsewhere`, how many times more than by chance the last of as many ways in which groups differ shows in
      countries that it was not found in.

    The order of groups and of contents changes nothing.
    """
    judge = _judge(audience, sorted(masses), method, seed)
    patterns = {size: mass[:, judge.sample.columns] / judge.scaled.columns for size, mass in masses.items()}
    half = np.argsort(np.argsort(-np.asarray(judge.sample.V.sum(axis=0)).ravel(), kind="stable")) % 2 == 0
    cosines: dict[int, list[Floats]] = {size: [] for size in masses}
    errors: dict[int, list[float]] = {size: [] for size in masses}
    refits = redraws(method)
    for n in range(refits):
        report("judge", n, refits)
        found = judge.refit(judge.folds != n, n)
        for size in masses:
            H = found.get(size, np.zeros((1, len(half))))
            cosines[size].append(matched_cosines(patterns[size], H * judge.to_lift))
            if n < FOLDS:
                errors[size].append(held_out_error(judge.X.of_groups(judge.folds == n), H, half))
    lift = judge.noise.evened(judge.scaled.X, judge.scaled.fill)
    shared = found_elsewhere(lift, judge.codes, seed, max(DIRECTIONS, max(masses) + SPARE_DIRECTIONS))
    report("judge", refits, refits)
    back = {size: np.array(found) >= BACK for size, found in cosines.items()}
    curve = {size: _point(size, back[size], errors[size], shared) for size in masses}
    return Judged(curve, {size: found.mean(axis=0) for size, found in back.items()})


def suggest_size(curve: Mapping[int, Mapping[str, float]]) -> int:
    """The size between what other countries show and what comes back, nearer to the first.

    Shown by others: the largest size whose last way of differing is found elsewhere ELSEWHERE times more than by
    chance. Come back: the largest size whose patterns, all but two at most, are back in every refit; it counts half,
    for patterns that follow one country's taste push true ones to larger sizes. The smallest size stands in where
    there is none, the larger wins of two as near.

    Within one of the planted number in 118 of 128 audiences that nothing was tuned on (K 4 to 12, sizes 5 to 15). Of
    504 groups x 10,000 contents, K 4, 6, 9, 12: 20 of 20 without local taste, 17 of 20 with 0.5. Weakest where both
    local taste and over-dispersion are 1, 5 of 8: there weak patterns are missed.
    """
    shared = [size for size, point in curve.items() if point["found_elsewhere"] >= ELSEWHERE]
    steady = [size for size, point in curve.items() if point["returning"] >= size - SPARED]
    middle = (WEIGHT * max(shared, default=min(curve)) + max(steady, default=min(curve))) / (WEIGHT + 1)
    return min(curve, key=lambda size: (abs(size - middle), -size))


def _judge(audience: Audience, sizes: list[int], method: str, seed: int) -> _Judge:
    rows = np.array(sorted(range(len(audience.groups)), key=lambda i: _name(audience, i)))
    V = sparse.csr_array(audience.V[rows])
    sample = _in_order(sample_contents(V, audience.sources))
    scaled = shrunken_lift(sample.V, sample.sources)
    countries = [audience.groups[i].country for i in rows]
    codes, folds = left_out_together(countries), country_folds(countries, np.asarray(V.sum(axis=1)).ravel())
    noise = noise_of(sample.V, scaled, codes, folds, seed)
    if method == "balanced":
        X, to_lift = Filled(noise.taken_out(scaled.X), scaled.fill), np.ones(len(sample.columns))
        refit = balanced_refits(X, scaled.rows.sum(axis=0), sizes, seed)
    else:
        X, to_lift = Filled.bare(noise.taken_out(sample.V)), 1 / scaled.columns
        refit = reference_refits(X.cells, sizes, seed)
    return _Judge(sample, scaled, noise, X, to_lift, refit, codes, folds)


def _name(audience: Audience, row: int) -> tuple[str, str, str]:
    group = audience.groups[row]
    return group.country, group.gender, group.age_group


def _in_order(sample: Sample) -> Sample:
    """The same contents by weight, those of equal weight by who looks at them: in whatever order they came."""
    weights = np.asarray(sample.V.sum(axis=0)).ravel()
    viewers = np.asarray(np.sqrt(np.arange(1.0, sample.V.shape[0] + 1)) @ sample.V)
    order = np.lexsort((viewers, -weights))
    V = sparse.csr_array(sample.V[:, order])
    V.sort_indices()
    return Sample(V, sample.sources[order], sample.columns[order])


def _point(size: int, back: NDArray[np.bool_], errors: list[float], shared: Floats) -> dict[str, float]:
    return {
        "stability": float(back.mean()),
        "returning": float(back.all(axis=0).sum()),
        "held_out_error": float(np.mean(errors)),
        "found_elsewhere": float(shared[size - 1]) if size <= len(shared) else 0.0,
    }
