"""The most likely job, education and relationship of some groups, by estimates of them or of wider ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sources.connectors.records import AttributeRow

Floats = npt.NDArray[np.float64]
Group = tuple[str, str, str]

LEAST_COVERAGE = 0.3
"""Estimates of less than this part of the people say too little of all of them."""
FALLBACK = (
    (True, True, True),
    (True, True, False),
    (True, False, True),
    (False, True, True),
    (False, False, True),
    (True, False, False),
    (False, True, False),
    (False, False, False),
)
"""Whose estimates stand for a group, the best first: which of gender, age and country they must have in common."""
DIMENSIONS = ("gender", "age", "country")


@dataclass(frozen=True)
class Likely:
    """The most likely value of an attribute, its estimated share, and the part of the people that estimates cover.

    sources says whose estimates these are, levels by what groups were told apart and for what part of the people
    averaged: both the largest part first.
    """

    attribute: str
    value: str
    share: float
    coverage: float
    sources: tuple[str, ...]
    levels: tuple[tuple[str, float], ...]


@dataclass
class _Estimate:
    """What is said of the values of one attribute in one group: shares by whom, by the value without case."""

    shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    origins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    told_by: set[int] = field(default_factory=set)

    def share(self, value: str) -> float:
        """The mean of those who estimate this group; who does not name a value gives it nothing."""
        return sum(self.shares[value]) / len(self.told_by)


class Estimates:
    """Estimates of groups laid out for the groups of an audience."""

    def __init__(self, rows: Iterable[tuple[int, AttributeRow]], groups: Sequence[Group]) -> None:
        """Take estimates, each with the key of the pile that it comes from, and the groups (g,) of the audience.

        A blank dimension of a group is one that the data lacks: only estimates that leave it open fit.
        """
        told: dict[str, dict[Group, _Estimate]] = defaultdict(lambda: defaultdict(_Estimate))
        self._spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for pile, row in rows:
            estimate, value = told[row.attribute][row.gender, row.age_group, row.country], row.value.casefold()
            estimate.shares[value].append(row.share)
            estimate.origins[value].add(row.source)
            estimate.told_by.add(pile)
            self._spellings[value][row.value] += 1
        self._groups = list(groups)
        self._found = {name: [_nearest(by_group, group) for group in groups] for name, by_group in told.items()}

    def __contains__(self, attribute: str) -> bool:
        return attribute in self._found

    def coverage(self, attribute: str, shares: Floats) -> float:
        """Return the part of the people, told by the share (g,) of each group, that estimates cover."""
        found = self._found.get(attribute, [None] * len(shares))
        return min(sum(float(share) for share, one in zip(shares.tolist(), found, strict=True) if one), 1.0)

    def likeliest(self, attribute: str, shares: Floats, face: int) -> Likely | None:
        """Return the most likely value among people of these groups; None below the least coverage, or without peers.

        shares (g,) sum to 1. Averaged are the estimates of those groups that have the gender and age of the group at
        `face`, wherever they live, by their shares: nobody of 30 is retired, and nobody of 16 married, because many
        others behind the persona are. For a group without estimates of its own stand those of the nearest wider one.
        The coverage is that of all groups.
        """
        coverage = self.coverage(attribute, shares)
        if coverage < LEAST_COVERAGE:
            return None
        found = self._found[attribute]
        behind = [
            (group, share, *one)
            for group, share, one in zip(self._groups, shares.tolist(), found, strict=True)
            if share > 0 and one is not None
        ]
        peers = [line for line in behind if line[0][:2] == self._groups[face][:2]]
        if not peers:
            return None
        whole = sum(share for _, share, _, _ in peers)
        mass: dict[str, float] = defaultdict(float)
        sources: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        levels: dict[str, float] = defaultdict(float)
        for _, share, level, estimate in peers:
            levels[level] += share / whole
            for value in estimate.shares:
                mass[value] += share / whole * estimate.share(value)
                for origin in estimate.origins[value]:
                    sources[value][origin] += share
        best = min(mass, key=lambda value: (-mass[value], value))
        spelling = min(self._spellings[best].items(), key=lambda item: (-item[1], item[0]))[0]
        named = tuple(_ranked(sources[best]))
        return Likely(attribute, spelling, mass[best], coverage, named, tuple(_ranked(levels).items()))


def _nearest(estimates: Mapping[Group, _Estimate], group: Group) -> tuple[str, _Estimate] | None:
    """The estimate of the group itself or of the nearest wider one, with the words for what it tells apart."""
    for common in FALLBACK:
        gender, age, country = (part if kept else "" for part, kept in zip(group, common, strict=True))
        if (gender, age, country) in estimates:
            named = [name for name, part in zip(DIMENSIONS, (gender, age, country), strict=True) if part]
            return _series(named) or "the whole audience", estimates[gender, age, country]
    return None


def _series(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _ranked(parts: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(parts.items(), key=lambda part: (-part[1], part[0])))
