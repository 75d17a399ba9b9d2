"""Demographic groups and the rows that they become: by country or region, with the dimensions that the data has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = ("gender", "age_group", "country")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """A demographic group; "" marks a dimension that is not known."""

    gender: str
    age_group: str
    country: str


@dataclass(frozen=True)
class Rows:
    """Which row of V each known group goes to (-1: none, it lacks a dimension), and what the rows are."""

    row: Ints
    groups: tuple[Group, ...]
    naming_countries: tuple[str, ...]


def merge_groups(known: Sequence[Group], weights: Floats, region_of: Mapping[str, str] | None) -> Rows:
    """Merge known groups (n, with their interactions) into rows in order of gender, age and country or region.

    A dimension that less than half of the interactions carry is left out of every group; a group that lacks one of
    the others goes to no row.
    """
    places = [_placed(group, region_of) for group in known]
    present = _present(places, weights)
    places = [_without_absent(group, present) for group in places]
    complete = [_is_complete(group, present) and weight > 0 for group, weight in zip(places, weights, strict=True)]
    groups = sorted({group for group, ok in zip(places, complete, strict=True) if ok}, key=_order)
    position = {group: i for i, group in enumerate(groups)}
    row = [position[group] if ok else -1 for group, ok in zip(places, complete, strict=True)]
    naming = _naming(known, weights, row, groups)
    return Rows(np.array(row, dtype=np.int64), tuple(groups), naming)


def _placed(group: Group, region_of: Mapping[str, str] | None) -> Group:
    if region_of is None or not group.country:
        return group
    # A country of no region has no row: its interactions are unknown mass, not another region's.
    return replace(group, country=region_of.get(group.country, ""))


def _present(groups: list[Group], weights: Floats) -> dict[str, bool]:
    """Whether at least half of the interactions, or the most of all dimensions, carry each dimension."""
    mass = {
        name: sum(float(w) for group, w in zip(groups, weights, strict=True) if getattr(group, name))
        for name in DIMENSIONS
    }
    enough = min(float(weights.sum()) / 2, max(mass.values()))
    return {name: 0 < mass[name] >= enough for name in DIMENSIONS}


def _without_absent(group: Group, present: dict[str, bool]) -> Group:
    return replace(group, **{name: "" for name in DIMENSIONS if not present[name]})


def _is_complete(group: Group, present: dict[str, bool]) -> bool:
    return any(present.values()) and all(getattr(group, name) for name in DIMENSIONS if present[name])


def _order(group: Group) -> tuple[str, str, str]:
    return group.gender, group.age_group, group.country


def _naming(known: Sequence[Group], weights: Floats, row: list[int], groups: list[Group]) -> tuple[str, ...]:
    """The heaviest country of every row that has a place; of equals the first in the alphabet."""
    best = [(-1.0, "")] * len(groups)
    for i in sorted(range(len(known)), key=lambda i: known[i].country):
        if row[i] >= 0 and groups[row[i]].country and weights[i] > best[row[i]][0]:
            best[row[i]] = (float(weights[i]), known[i].country)
    return tuple(country for _, country in best)
