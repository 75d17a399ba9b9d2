"""The counts of ads by age and gender, and by country, made into columns: measured where one country saw the ad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np

from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.meta.ads_insights import Cell
from sources.connectors.vocabulary import vocabulary
from sources.raking import CONSISTENCY, rake_demographics

Key = TypeVar("Key")

MEASURED = "the account's ads in one country"
INDEPENDENT = "no association: age and gender are the same in all countries"
SMOOTHING = 200.0  # interactions; a country with fewer measured ones looks more like the whole account


@dataclass(frozen=True)
class Told:
    """What is told of one ad in one period, in interactions: by (gender, age), by country, with and without a group."""

    people: Mapping[tuple[str, str], float]
    places: Mapping[str, float]
    by_people: float
    by_places: float

    @property
    def total(self) -> float:
        return max(self.by_people, self.by_places)

    @property
    def known(self) -> float:
        """The interactions of which gender, age and country can be told, if who hides one hides no other by habit."""
        if not self.total:
            return 0.0
        return sum(self.people.values()) * sum(self.places.values()) / self.total

    @property
    def disagreement(self) -> float:
        """How far the two totals are from each other, as a part of the larger."""
        return abs(self.by_people - self.by_places) / self.total if self.total else 0.0


def told_of(people: Mapping[Cell, float], places: Mapping[Cell, float]) -> Told:
    """Return the counts by (age, gender) and by (country,) in our words; what is none of them stays without a group."""
    known_people: dict[tuple[str, str], float] = {}
    for (age, gender), count in people.items():
        key = _word("gender", gender), _word("age_group", age)
        if all(key) and count:
            known_people[key] = known_people.get(key, 0.0) + count
    known_places = {_word("country", place): count for (place,), count in places.items() if count}
    known_places.pop("", None)
    return Told(known_people, known_places, sum(people.values()), sum(places.values()))


def measured(ad: str, period: str, told: Told, country: str) -> ContentCounts:
    """Return the column of an ad that was shown in one country only."""
    groups = [(gender, age, country) for gender, age in sorted(told.people)]
    counts = np.array([told.people[gender, age] for gender, age, _ in groups])
    return ContentCounts(ad, period, groups, counts, unknown=told.total - float(counts.sum()))


def estimated(
    told: Mapping[str, Told], period: str, seeds: Sequence[ContentCounts]
) -> tuple[list[ContentCounts], list[str]]:
    """Return the raked columns of ads that several countries saw, and in words which could not be raked.

    seeds are the measured columns of the same account and period, from which is known how the dimensions go together.
    """
    fitting = {ad: one for ad, one in told.items() if one.known and one.disagreement <= CONSISTENCY}
    joint, name = _seed(fitting, seeds)
    people = [_scaled(one.people, one.known) for one in fitting.values()]
    places = [_scaled(one.places, one.known) for one in fitting.values()]
    columns, complaints = list[ContentCounts](), list[str]()
    for (ad, one), raked in zip(fitting.items(), rake_demographics(people, places, joint), strict=True):
        unknown = max(one.total - float(raked.counts.sum()), 0.0)
        columns.append(ContentCounts(ad, period, raked.groups, raked.counts, unknown, estimated=True, seed=name))
        complaints += [f"Ad {ad} in {period}: {raked.refusal}"] if raked.refusal else []
    others = {ad: one for ad, one in told.items() if ad not in fitting}
    columns += [ContentCounts(ad, period, (), np.zeros(0), unknown=one.total) for ad, one in others.items()]
    odd = [ad for ad, one in others.items() if one.disagreement > CONSISTENCY]
    return columns, [*complaints, *([_disagreement(odd, period)] if odd else [])]


def _seed(told: Mapping[str, Told], seeds: Sequence[ContentCounts]) -> tuple[dict[GroupKey, float], str]:
    """Return how age and gender go with countries, in interactions: as measured, and where little is, as everywhere."""
    measured_cells: dict[GroupKey, float] = {}
    everywhere: dict[tuple[str, str], float] = {}
    for column in seeds:
        for group, count in zip(column.groups, column.counts.tolist(), strict=True):
            measured_cells[group] = measured_cells.get(group, 0.0) + count
            everywhere[group[:2]] = everywhere.get(group[:2], 0.0) + count
    for one in told.values():
        for key, count in one.people.items():
            everywhere[key] = everywhere.get(key, 0.0) + count
    whole = sum(everywhere.values())
    places = {place for one in told.values() for place in one.places}
    joint = {
        (*key, place): measured_cells.get((*key, place), 0.0) + SMOOTHING * count / whole
        for key, count in everywhere.items()
        for place in places
    }
    is_measured = any(place in places for _, _, place in measured_cells)
    return joint, MEASURED if is_measured else INDEPENDENT


def _scaled(counts: Mapping[Key, float], total: float) -> dict[Key, float]:
    factor = total / sum(counts.values())
    return {key: count * factor for key, count in counts.items()}


def _disagreement(ads: Sequence[str], period: str) -> str:
    few = ", ".join(ads[:3]) + (f" and {len(ads) - 3} more" if len(ads) > 3 else "")
    return f"The counts of ads in {period} by age and by country differ too much to be put together: {few}."


@cache
def _word(dimension: str, value: str) -> str:
    words = vocabulary(dimension)
    return words.values[words.code(value) or 0]
