"""Representative groups: the group that gives each pattern its gender, age and country."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from personas.pipeline.likeness import Likeness, Yardstick
from personas.pipeline.matrix import Audience
from personas.pipeline.measures import warranted
from personas.pipeline.remembering import Memory, faces

TYPICAL = 1.2  # a group below this lift is not typical of the pattern
MOST_LIFT = 3.0  # beyond this a group is no more credible, only rarer
SMALLEST = 0.0005  # share of all interactions under which a group's lift is mostly chance
IMPACT = 0.25
OUTSIDER = 1.5
UNTYPICAL = 50.0  # weight against that: likeness to the audience seldom brings as much
NEARLY = 0.1  # the weight grows over this much lift, so that rounding decides nothing
ALIEN = 0.5  # a group below this lift hardly knows the pattern
FOREIGN = 20.0
ABSENT = 300.0  # weight against a group that has no part in the pattern at all
FAMILIAR = 6.0  # for a group that the name and the picture of before fit
SAME = 2.0  # and more for the very group
MOST_ROUNDS = 50
KICKS = 240
PATIENCE = 80  # kicks in a row that bring nothing
KICKED = 3
CHOICES = 30  # how far down the list of good groups a kick reaches
FORBIDDEN = 1e6
GAIN = 1e-9

Floats = NDArray[np.float64]


def reference_representatives(W: Floats) -> list[int]:
    """The authors' choice: the group with the largest weight in each pattern, repeated or not."""
    return [int(i) for i in W.argmax(axis=0)]


def balanced_representatives(
    audience: Audience,
    masses: Mapping[int, Floats],
    yardsticks: Mapping[int, Yardstick] | None = None,
    seed: int = 0,
    memory: Memory | None = None,
) -> list[int]:
    """One group for every thread, for all sizes at once: size k uses the first k.

    `masses` gives groups x patterns interactions by size; pattern i is the same thread at every size. Where there is a
    yardstick for a size, the set is to be no less fair and no less varied than that. Who gave a thread its face at
    the time of the `memory` does so again where it is nearly as good.
    """
    search = _Search(audience, masses, yardsticks or {}, memory)
    best = search.settled(search.start())
    score = search.total(best)
    rng = np.random.default_rng(seed)
    in_vain = 0
    for _ in range(KICKS):
        other = search.settled(search.kicked(best, rng))
        in_vain += 1
        if search.total(other) > score + GAIN:
            best, score, in_vain = other, search.total(other), 0
        if in_vain == PATIENCE:
            break
    return best


def affinity(mass: Floats, weights: Floats) -> Floats:
    """How well each group (rows) stands for each pattern: typicality first, then weight."""
    share = mass.sum(axis=0) / mass.sum()
    prior = SMALLEST * weights.sum()
    lift = mass / (weights[:, None] * share)
    safe = (mass + prior * share) / ((weights + prior)[:, None] * share)
    impact = np.log10(np.maximum(mass / mass.sum(axis=0), 1e-9))
    # A group of most of the audience can have no large lift: half of what is possible is typical of it.
    possible = weights.sum() / np.maximum(weights, GAIN)
    typical = np.minimum(TYPICAL, (1 + possible) / 2)[:, None]
    untypical = np.clip((typical - lift) / NEARLY, 0, 1)
    penalty = UNTYPICAL * untypical + FOREIGN * (lift < ALIEN) + ABSENT * (lift <= 0)
    return np.asarray(np.log2(np.clip(safe, 0.1, MOST_LIFT)) + IMPACT * impact - penalty)


def outsider(audience: Audience, mass: Floats, weights: Floats) -> Floats:
    """How rare the gender of each group (rows) is in each pattern, in halvings of what is usual; 0 when it is not.

    One group may like what its gender at large does not: it is typical by the numbers, and no face for the others.
    """
    genders, of = np.unique([group.gender for group in audience.groups], return_inverse=True)
    member = (of[:, None] == np.arange(len(genders))).astype(float)
    usual = member.T @ weights / weights.sum()
    share = member.T @ mass / mass.sum(axis=0)
    return np.asarray(np.maximum(-np.log2(np.maximum(share / usual[:, None], 1e-3)), 0.0)[of])


def _familiar(audience: Audience, memory: Memory) -> Floats:
    """What each group (rows) is worth to each thread for having been its face, or of the gender and country of it."""
    same, fits = faces(memory, audience.groups)
    return FAMILIAR * fits + SAME * same


class _Search:
    """Local search over one group for each thread, judged at every size."""

    def __init__(
        self,
        audience: Audience,
        masses: Mapping[int, Floats],
        yardsticks: Mapping[int, Yardstick],
        memory: Memory | None,
    ) -> None:
        self.sizes = np.array(sorted(masses))
        self.threads = int(self.sizes[-1])
        self.likeness = Likeness(audience, [int(k) for k in self.sizes], yardsticks)
        weights = np.asarray(audience.V.sum(axis=1)).ravel()
        self.allowed = np.array([warranted(weights / weights.sum(), int(k)) for k in self.sizes])
        self.fit = np.zeros((len(self.sizes), len(weights), self.threads))
        for row, size in enumerate(self.sizes):
            mass = masses[int(size)]
            self.fit[row, :, :size] = (affinity(mass, weights) - OUTSIDER * outsider(audience, mass, weights)) / size
        if memory:
            self.fit[:, :, : len(memory.representatives)] += (
                _familiar(audience, memory)[:, : self.threads]
                * (np.arange(min(self.threads, len(memory.representatives))) < self.sizes[:, None])[:, None]
                / self.sizes[:, None, None]
            )

    def start(self) -> list[int]:
        """Threads in order, each with the group that is best beside those already chosen."""
        chosen = [-1] * self.threads
        for thread in range(self.threads):
            chosen[thread] = int(np.argmax(self.scores(chosen, thread)))
        return chosen

    def settled(self, chosen: list[int]) -> list[int]:
        """The choice improved by exchanges and swaps until neither helps."""
        chosen = list(chosen)
        for _ in range(MOST_ROUNDS):
            if not (self._exchange(chosen) | self._swap(chosen)):
                break
        return chosen

    def kicked(self, chosen: list[int], rng: np.random.Generator) -> list[int]:
        """The choice with a few threads given another group that fits them."""
        chosen = list(chosen)
        for thread in rng.choice(self.threads, size=min(KICKED, self.threads), replace=False):
            ranked = np.argsort(-self.scores(chosen, int(thread)), kind="stable")
            chosen[thread] = int(ranked[rng.integers(1, CHOICES) % len(ranked)])
        return chosen

    def total(self, chosen: Sequence[int]) -> float:
        """The worth of the choice, summed over the sizes."""
        fit = self.fit[:, list(chosen), range(self.threads)].sum()
        return float(fit + self.likeness.of_sets(chosen).sum()) - FORBIDDEN * self._repeated(chosen)

    def scores(self, chosen: Sequence[int], thread: int) -> Floats:
        """What each group would bring in this thread with the other threads as they are, summed over the sizes."""
        living = np.flatnonzero(self.sizes > thread)
        worth = self.fit[living, :, thread] + self.likeness.with_each(chosen, thread, living)
        for group in {g for t, g in enumerate(chosen) if t != thread and g >= 0}:
            taken = self._counts(chosen, group, thread)[living]
            worth[taken >= self.allowed[living, group], group] -= FORBIDDEN
        return np.asarray(worth.sum(axis=0))

    def _exchange(self, chosen: list[int]) -> bool:
        """Give every thread a better group where there is one; False when nothing changed."""
        changed = False
        for thread in range(self.threads):
            scores = self.scores(chosen, thread)
            best = int(np.argmax(scores))
            if scores[best] > scores[chosen[thread]] + GAIN:
                chosen[thread], changed = best, True
        return changed

    def _swap(self, chosen: list[int]) -> bool:
        """Let two threads swap their groups where that fits better; False when nothing changed."""
        changed = False
        now = self.total(chosen)
        fit = self.fit.sum(axis=0)
        for one in range(self.threads):
            for other in range(one + 1, self.threads):
                a, b = chosen[one], chosen[other]
                if fit[b, one] + fit[a, other] <= fit[a, one] + fit[b, other]:
                    continue
                chosen[one], chosen[other] = b, a
                then = self.total(chosen)
                if then > now + GAIN:
                    now, changed = then, True
                else:
                    chosen[one], chosen[other] = a, b
        return changed

    def _counts(self, chosen: Sequence[int], group: int, leaving: int = -1) -> NDArray[np.int64]:
        """How often a group stands at each size, one thread left out."""
        stands = np.array([g == group and t != leaving for t, g in enumerate(chosen)])
        return np.asarray(np.cumsum(stands)[self.sizes - 1])

    def _repeated(self, chosen: Sequence[int]) -> int:
        """How often a group stands at some size that its share does not warrant."""
        often = [group for group, count in Counter(chosen).items() if count > 1]
        return sum(int((self._counts(chosen, g) > self.allowed[:, g]).sum()) for g in often)
