"""How like the audience, and how varied, sets of representative groups are, for many choices at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personas.pipeline.matrix import Audience
from personas.pipeline.measures import present_dimensions, values

DISTANCE = 10.0  # weight of the total variation distance to the audience
GAP = 60.0  # weight of the fairness gap as the papers define it
VARIETY = 4.0  # weight of different countries, ages and genders
MISSED = 8.0  # weight of each country, age or gender left out though it warrants half a persona or more
WARRANTED = 0.5
WORSE = 200.0  # weight of being worse than a yardstick at all: no group is so untypical that it may cost that
SHORTFALL = 1000.0  # weight of how much worse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Yardstick:
    """The fairness gap and the number of different countries, ages and genders of another set of the same size."""

    gap: float
    different: int


@dataclass(frozen=True)
class _Dimension:
    """One dimension: the value of every group as a code, the audience's share of every value."""

    codes: Ints
    shares: Floats


class Likeness:
    """The worth of sets in which size k uses the first k of the chosen groups."""

    def __init__(self, audience: Audience, sizes: Sequence[int], yardsticks: Mapping[int, Yardstick]) -> None:
        self._sizes = np.array(sizes)
        weights = np.asarray(audience.V.sum(axis=1)).ravel()
        self._dimensions = [_dimension(audience, name, weights) for name in present_dimensions(audience.groups)]
        known = [len(dimension.shares) for dimension in self._dimensions]
        self._possible = np.array([sum(min(size, n) for n in known) for size in sizes], dtype=np.float64)
        self._most_gap = np.array([yardsticks[k].gap if k in yardsticks else np.inf for k in sizes])
        self._least_different = np.array([yardsticks[k].different if k in yardsticks else 1 for k in sizes])

    def of_sets(self, chosen: Sequence[int]) -> Floats:
        """The worth of the set of every size."""
        apart, gap, different, missed = (np.zeros(len(self._sizes)) for _ in range(4))
        for dimension in self._dimensions:
            counts = self._counts(dimension, chosen, -1)
            away = np.abs(counts / self._sizes[:, None] - dimension.shares).sum(axis=1)
            apart += away / 2
            gap += away / len(dimension.shares)
            different += (counts > 0).sum(axis=1)
            missed += self._missing(dimension, counts, self._sizes[:, None]).sum(axis=1)
        sums = (apart[:, None], gap[:, None], different[:, None], missed[:, None])
        return self._worth(*sums, np.arange(len(self._sizes)))[:, 0]

    def with_each(self, chosen: Sequence[int], thread: int, living: Ints) -> Floats:
        """The worth of the sets of the living sizes (rows) with each group (columns) in one thread."""
        sizes = self._sizes[living, None]
        apart, gap, different, missed = (np.zeros((len(living), len(self._dimensions[0].codes))) for _ in range(4))
        for dimension in self._dimensions:
            counts = self._counts(dimension, chosen, thread)[living]
            now = np.abs(counts / sizes - dimension.shares)
            then = np.abs((counts + 1) / sizes - dimension.shares)
            away = (now.sum(axis=1, keepdims=True) + then - now)[:, dimension.codes]
            apart += away / 2
            gap += away / len(dimension.shares)
            different += ((counts > 0).sum(axis=1, keepdims=True) + (counts == 0))[:, dimension.codes]
            missing = self._missing(dimension, counts, sizes)
            missed += (missing.sum(axis=1, keepdims=True) - missing)[:, dimension.codes]
        return self._worth(apart, gap, different, missed, living)

    @staticmethod
    def _missing(dimension: _Dimension, counts: Floats, sizes: Ints) -> Ints:
        """Where a value that warrants at least half a persona has none."""
        return np.asarray((counts == 0) & (dimension.shares * sizes >= WARRANTED), dtype=np.int64)

    def _counts(self, dimension: _Dimension, chosen: Sequence[int], leaving: int) -> Floats:
        """How often every value stands at every size, one thread and threads without a group left out."""
        stands = np.zeros((len(chosen), len(dimension.shares)))
        for thread, group in enumerate(chosen):
            if group >= 0 and thread != leaving:
                stands[thread, dimension.codes[group]] = 1
        return np.asarray(np.cumsum(stands, axis=0)[self._sizes - 1])

    def _worth(self, apart: Floats, gap: Floats, different: Floats, missed: Floats, rows: Ints) -> Floats:
        apart, gap = apart / len(self._dimensions), gap / len(self._dimensions)
        most, least = self._most_gap[rows, None], self._least_different[rows, None]
        short = np.maximum(gap / most - 1 - 1e-9, 0) + np.maximum(1 - different / least, 0)
        varied = different / self._possible[rows, None]
        unlike = GAP * gap + DISTANCE * apart + MISSED * missed
        return np.asarray(VARIETY * varied - unlike - WORSE * (short > 0) - SHORTFALL * short)


def _dimension(audience: Audience, name: str, weights: Floats) -> _Dimension:
    names, codes = np.unique(np.array(values(audience.groups, name)), return_inverse=True)
    return _Dimension(codes.astype(np.int64), np.bincount(codes, weights, minlength=len(names)) / weights.sum())
