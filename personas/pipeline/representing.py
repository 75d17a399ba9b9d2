"""Representative groups: the group that gives each pattern its gender, age and country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personas.pipeline.matrix import Audience
from personas.pipeline.measures import present_dimensions, values, warranted

TYPICAL = 1.2  # a group below this lift is not typical of the pattern
MOST_LIFT = 3.0  # beyond this a group is no more credible, only rarer
SMALLEST = 0.0005  # share of all interactions under which a group's lift is mostly chance
IMPACT = 0.25
UNTYPICAL = 1.0
DISTANCE = 20.0  # weight of the distance to the audience
GAP = 20.0  # weight of the fairness gap as the papers define it
VARIETY = 2.0  # weight of different countries, ages and genders
MOST_ROUNDS = 50

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def reference_representatives(W: Floats) -> list[int]:
    """The authors' choice: the group with the largest weight in each pattern, repeated or not."""
    return [int(i) for i in W.argmax(axis=0)]


def balanced_representatives(audience: Audience, masses: Mapping[int, Floats]) -> list[int]:
    """One group for every thread, for all sizes at once: size k uses the first k.

    `masses` gives groups x patterns interactions by size; pattern i is the same thread at every size.
    """
    search = _Search(audience, masses)
    chosen = search.start()
    for _ in range(MOST_ROUNDS):
        if not search.improve(chosen):
            break
    return chosen


def affinity(mass: Floats, weights: Floats) -> Floats:
    """How well each group (rows) stands for each pattern: typicality first, then weight."""
    share = mass.sum(axis=0) / mass.sum()
    damped = weights + SMALLEST * weights.sum()
    lift = (mass + SMALLEST * weights.sum() * share) / (damped[:, None] * share)
    impact = np.log(np.maximum(mass / mass.sum(axis=0), 1e-9)) / np.log(10)
    return np.asarray(np.log2(np.clip(lift, 0.1, MOST_LIFT)) + IMPACT * impact - UNTYPICAL * (lift < TYPICAL))


@dataclass(frozen=True)
class _Dimension:
    """One dimension: the code of every group, the audience's shares."""

    codes: Ints
    shares: Floats


class _Search:
    """Local search over one group for each thread, judged at every size."""

    def __init__(self, audience: Audience, masses: Mapping[int, Floats]) -> None:
        self.sizes = sorted(masses)
        self.weights = np.asarray(audience.V.sum(axis=1)).ravel()
        self.threads = self.sizes[-1]
        self.fit = {k: affinity(masses[k], self.weights) for k in self.sizes}
        self.allowed = {k: warranted(self.weights / self.weights.sum(), k) for k in self.sizes}
        self.dimensions = [self._dimension(audience, name) for name in present_dimensions(audience.groups)]

    def _dimension(self, audience: Audience, name: str) -> _Dimension:
        names, codes = np.unique(np.array(values(audience.groups, name)), return_inverse=True)
        shares = np.bincount(codes, self.weights, minlength=len(names)) / self.weights.sum()
        return _Dimension(codes.astype(np.int64), shares)

    def start(self) -> list[int]:
        """Threads in order, each with the group that is best beside those already chosen."""
        chosen: list[int] = []
        for thread in range(self.threads):
            chosen.append(-1)
            chosen[thread] = int(np.argmax(self.scores(chosen, thread)))
        return chosen

    def improve(self, chosen: list[int]) -> bool:
        """Exchange the group of every thread for a better one where there is one; False when nothing changed."""
        changed = False
        for thread in range(self.threads):
            scores = self.scores(chosen, thread)
            best = int(np.argmax(scores))
            if scores[best] > scores[chosen[thread]] + 1e-9:
                chosen[thread], changed = best, True
        return changed

    def scores(self, chosen: Sequence[int], thread: int) -> Floats:
        """What each group would bring in this thread with the other threads as they are, summed over the sizes."""
        total = np.zeros(len(self.weights))
        for size in self.sizes:
            if size <= thread:
                continue
            others = np.array([g for t, g in enumerate(chosen[:size]) if t != thread], dtype=np.int64)
            total += self.fit[size][:, thread] / size + self._likeness(others, size)
            taken = np.bincount(others, minlength=len(self.weights))
            total[taken >= self.allowed[size]] -= 1e6
        return total

    def _likeness(self, others: Ints, size: int) -> Floats:
        """How like the audience the set becomes with each group added to the others."""
        total = np.zeros(len(self.weights))
        for dimension in self.dimensions:
            counts = np.bincount(dimension.codes[others], minlength=len(dimension.shares))
            now = np.abs(counts / size - dimension.shares)
            then = np.abs((counts + 1) / size - dimension.shares)
            apart = now.sum() + (then - now)
            possible = min(size, len(dimension.shares))
            penalty = DISTANCE * apart / 2 + GAP * apart / len(dimension.shares)
            total += (VARIETY * (counts == 0) / possible - penalty / len(self.dimensions))[dimension.codes]
        return total
