"""The channel's audience: groups of very different size, and the tastes planted in them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from apg_site.demo.tables import read_table

Floats = NDArray[np.float64]

AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male")
MALE_SHARE = 0.55
# Above 1: the strongest taste of a group stands out more than the product of its weights says.
CONTRAST = 1.4
# Groups that a behaviour does not name keep a little of it: no taste is anyone's alone.
ELSEWHERE = {"region": 0.08, "age_group": 0.2, "gender": 0.35, "topic": 1.0, "tag": 1.0}


@dataclass(frozen=True)
class Group:
    """A demographic group; `country` is ISO alpha-2 and `place` its English name."""

    gender: str
    age_group: str
    country: str
    region: str
    place: str


@cache
def groups() -> tuple[Group, ...]:
    """Return all groups: each country with each age and gender."""
    return tuple(
        Group(gender, age, row["country"], row["region"], row["name"])
        for row in read_table("countries")
        for age in AGES
        for gender in GENDERS
    )


@cache
def behaviours() -> dict[int, dict[str, dict[str, float]]]:
    """Return each behaviour's weights: `{number: {dimension: {value: weight}}}`."""
    table: dict[int, dict[str, dict[str, float]]] = {}
    for row in read_table("behaviours"):
        dimensions = table.setdefault(int(row["behaviour"]), defaultdict(dict))
        dimensions[row["dimension"]][row["value"]] = float(row["weight"])
    return table


def weight(behaviour: int, dimension: str, value: str) -> float:
    """Return how much a behaviour is drawn to (or found in) a region, age, gender, topic or tag."""
    return behaviours()[behaviour][dimension].get(value, ELSEWHERE[dimension])


def affinities() -> Floats:
    """Return groups x behaviours: how strongly each behaviour is planted in each group; a row sums to 1."""
    raw = np.array(
        [
            [
                weight(number, "region", group.region)
                * weight(number, "age_group", group.age_group)
                * weight(number, "gender", group.gender)
                for number in sorted(behaviours())
            ]
            for group in groups()
        ]
    )
    return np.asarray(raw**CONTRAST / (raw**CONTRAST).sum(axis=1, keepdims=True))


def planted_behaviour(gender: str, age_group: str, country: str) -> int:
    """Return the number (0 to 4) of the behaviour that is strongest in a group.

    Raises KeyError for a group outside the sample.
    """
    return _planted()[gender, age_group, country]


@cache
def _planted() -> dict[tuple[str, str, str], int]:
    strongest = affinities().argmax(axis=1)
    return {
        (group.gender, group.age_group, group.country): int(number)
        for group, number in zip(groups(), strongest, strict=True)
    }


def sizes(rng: np.random.Generator) -> Floats:
    """Return each group's expected share of all interactions, with the channel's gender balance."""
    reach = {row["country"]: float(row["reach"]) for row in read_table("countries")}
    regions = {row["region"]: row for row in read_table("regions")}
    shares = np.array(
        [
            reach[group.country]
            * float(regions[group.region][group.age_group])
            * _gender_share(group.gender, float(regions[group.region]["male"]))
            for group in groups()
        ]
    ) * rng.lognormal(0.0, 0.15, size=len(groups()))
    for gender, total in (("male", MALE_SHARE), ("female", 1 - MALE_SHARE)):
        chosen = np.array([group.gender == gender for group in groups()])
        shares[chosen] *= total / shares[chosen].sum()
    return np.asarray(shares)


def _gender_share(gender: str, male: float) -> float:
    return male if gender == "male" else 1 - male
