"""What an earlier time tells of its patterns, brought to the groups of now: where a search may start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personas.pipeline.grouping import Group

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Memory:
    """The sets of an earlier time: their groups (g,), and by size the interactions of each group in each thread.

    `masses` holds g x size arrays, column i being thread i; `representatives` is the group of each thread.
    """

    groups: tuple[Group, ...]
    masses: Mapping[int, Floats]
    representatives: tuple[Group, ...]


def recalled(memory: Memory, groups: Sequence[Group], size: int) -> Floats:
    """Which part of each group of now went to each thread then, groups x `size`, or fewer when there were fewer.

    It is told by the smallest set then that was at least as large. A group that was not there then mixes as all did.
    """
    then = min((k for k in memory.masses if k >= size), default=max(memory.masses))
    mass = memory.masses[then]
    totals = mass.sum(axis=1, keepdims=True)
    usual = mass.sum(axis=0) / mass.sum()
    parts = np.divide(mass, totals, out=np.tile(usual, (len(mass), 1)), where=totals > 0)
    place = {group: row for row, group in enumerate(memory.groups)}
    rows = np.array([place.get(group, len(parts)) for group in groups])
    return np.asarray(np.vstack([parts, usual])[rows, :size])


def faces(memory: Memory, groups: Sequence[Group]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of every group (rows) and thread (columns) whether it gave the face then, and whether that face would fit it.

    A name and a picture fit every group of the same gender and country.
    """
    same = np.array([[group == then for then in memory.representatives] for group in groups])
    fits = np.array(
        [
            [(group.gender, group.country) == (then.gender, then.country) for then in memory.representatives]
            for group in groups
        ]
    )
    return same, fits
