"""What sets a part of the audience apart: attributes whose share differs from the rest by more than chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.stats import t as student

from enrichment.measures.testing import false_discoveries

Floats = npt.NDArray[np.float64]

FALSE = 0.05
MOST = 3
FEWEST_UNITS = 3.0
"""An attribute of fewer contents or groups (in effective numbers) cannot be told from a peculiarity of one of them."""
MANY_UNITS = 50.0
"""From so many effective units on their mean is normal enough; below, chance is drawn as well."""
DRAWS = 4000
NOTABLE = 1.2
MIN_SHARE = 0.02
SAME_UNITS = 0.8
"""Of two topics of which the narrower has this part of its contents in common with the other, one is told."""
TOPICAL = ("category", "topic")


@dataclass(frozen=True)
class Attribute:
    """One thing that contents or groups can be: its kind (topic, category, gender, age_group, country) and value."""

    kind: str
    value: str


@dataclass(frozen=True)
class Difference:
    """An attribute with its share here and in the rest of the audience (0 to 1); `times` is None over nothing."""

    kind: str
    value: str
    share: float
    rest: float
    times: float | None


@dataclass(frozen=True)
class Candidate:
    """A difference with the chance (p-value) of one as large where the attribute plays no part, and its weight.

    `drawn_chance` gives the same by drawing units at random, which holds for few and skewed ones, too.
    """

    difference: Difference
    chance: float
    weight: float
    units: frozenset[int]
    drawn_chance: Callable[[], float]


class Units:
    """Contents, or groups, of a whole audience with what they are; the two are tested alike.

    totals (u,) are the interactions of the units in the whole audience, incidence (u, a) tells which unit has which
    of the a attributes.
    """

    def __init__(self, totals: Floats, incidence: sparse.csr_array, attributes: Sequence[Attribute]) -> None:
        """Raise ValueError when the shapes do not fit each other."""
        if incidence.shape != (len(totals), len(attributes)):
            raise ValueError(f"{len(totals)} units and {len(attributes)} attributes, but a table {incidence.shape}.")
        self._totals = np.asarray(totals, dtype=float)
        self._attributes = tuple(attributes)
        self._table = sparse.csr_array(incidence, dtype=float)
        self._by_attribute = self._table.tocsc()
        self._whole = float(self._totals.sum())
        self._sums = self._table.T @ self._totals
        squares = self._table.T @ self._totals**2
        rest = float((self._totals**2).sum()) - squares
        outside = self._whole - self._sums
        self._effective = np.minimum(_ratio(self._sums**2, squares), _ratio(outside**2, rest))

    def candidates(self, weights: Floats, share: float) -> list[Candidate]:
        """Return every attribute that can be tested, with its difference and the chance of it.

        weights (u,) is the share of each unit in the part's interactions; share the part's share of the audience.
        Tested is whether units with the attribute belong to the part more, or less, than units without it: two
        proportions of interactions, whose variance is estimated from how units differ among each other (a random
        effect besides binomial chance), against Student's t with one degree of freedom less than the smaller side
        has effective units.
        """
        if not 0 < share < 1 or self._whole <= 0:
            return []
        mine = np.minimum(share * self._whole * np.asarray(weights, dtype=float), self._totals)
        here, sums = self._table.T @ mine, self._sums
        total, part = float(mine.sum()), float(mine.sum()) / self._whole
        own, rest = here / total, (sums - here) / (self._whole - total)
        tested = np.flatnonzero(
            (self._effective >= FEWEST_UNITS) & (np.maximum(own, rest) >= MIN_SHARE) & (sums < self._whole)
        )
        error = np.sqrt(self._variance(mine, part)[tested])
        score = (here - sums * part)[tested] / np.maximum(error, 1e-12)
        chance = 2 * student.sf(np.abs(score), self._effective[tested] - 1)
        return [
            self._candidate(a, float(own[a]), float(rest[a]), float(p), mine)
            for a, p in zip(tested.tolist(), chance, strict=True)
        ]

    def _drawn_chance(self, place: int, mine: Floats, is_more: bool) -> float:
        """Chance of a share as far out, if the attribute's units belonged to the part as units drawn from all do."""
        if self._effective[place] >= MANY_UNITS:
            return 0.0
        seen = self._totals > 0
        belonging = mine[seen] / self._totals[seen]
        totals = self._totals[self._units_of(place)]
        outside = float(belonging.mean()) * (self._whole - float(totals.sum()))
        picks = np.random.default_rng(place).integers(0, len(belonging), size=(DRAWS, len(totals)))
        drawn = belonging[picks] @ totals
        shares, own = drawn / (drawn + outside), float(mine[self._units_of(place)].sum() / mine.sum())
        as_far = int((shares >= own).sum() if is_more else (shares <= own).sum())
        return min(2 * (1 + as_far) / (1 + DRAWS), 1.0)

    def _units_of(self, place: int) -> npt.NDArray[np.int32]:
        return np.asarray(
            self._by_attribute.indices[self._by_attribute.indptr[place] : self._by_attribute.indptr[place + 1]]
        )

    def _variance(self, mine: Floats, part: float) -> Floats:
        """Variance (a,) of the part's interactions with each attribute, in excess of what its size lets expect."""
        n = self._totals
        spread = n**2 * self._between(mine, part) + n * part * (1 - part)
        of_attribute, fraction = self._table.T @ spread, self._sums / self._whole
        return np.asarray((1 - fraction) ** 2 * of_attribute + fraction**2 * (spread.sum() - of_attribute))

    def _between(self, mine: Floats, part: float) -> float:
        """Variance of the units' own proportions around the common one (DerSimonian and Laird's moments)."""
        seen = self._totals > 0
        n = self._totals[seen]
        precision = n / (part * (1 - part))
        excess = float((precision * (mine[seen] / n - part) ** 2).sum()) - (len(n) - 1)
        return max(excess, 0.0) / max(float(precision.sum() - (precision**2).sum() / precision.sum()), 1e-12)

    def _candidate(self, place: int, own: float, rest: float, chance: float, mine: Floats) -> Candidate:
        attribute = self._attributes[place]
        floor = 1e-6
        weight = (own - rest) * float(np.log(max(own, floor) / max(rest, floor)))
        difference = Difference(attribute.kind, attribute.value, own, rest, own / rest if rest > 0 else None)
        units = frozenset(self._units_of(place).tolist())
        return Candidate(difference, chance, weight, units, partial(self._drawn_chance, place, mine, own > rest))


def distinguish(candidates: Sequence[Candidate]) -> tuple[Difference, ...]:
    """Return the up to three attributes that differ most, of those that differ by more than chance (5 %, all tests
    taken together); one of gender, age and country each, and none that says what another one says already.

    A finding of few contents or groups has to hold against drawn chance as well, at the level that the tests taken
    together reach. They are ordered by how much they contribute to telling the two audiences apart: the difference of
    the shares times the logarithm of their ratio.
    """
    if not candidates:
        return ()
    findings = false_discoveries(np.array([one.chance for one in candidates]), FALSE)
    notable = [one for one, is_one in zip(candidates, findings, strict=True) if is_one and _is_notable(one.difference)]
    level = FALSE * float(findings.sum()) / len(candidates)
    chosen: list[Candidate] = []
    for one in sorted(notable, key=lambda one: (-one.weight, one.difference.kind, one.difference.value)):
        if len(chosen) == MOST:
            break
        if not any(_says_the_same(one, other) for other in chosen) and one.drawn_chance() <= level:
            chosen.append(one)
    return tuple(one.difference for one in chosen)


def _is_notable(difference: Difference) -> bool:
    return difference.times is None or not 1 / NOTABLE < difference.times < NOTABLE


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    if one.difference.kind not in TOPICAL:
        return one.difference.kind == other.difference.kind
    if other.difference.kind not in TOPICAL:
        return False
    return len(one.units & other.units) >= SAME_UNITS * min(len(one.units), len(other.units))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
