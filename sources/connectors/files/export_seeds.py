"""How age, gender and country go together where an export shows them apart: as is measured elsewhere, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sources.connectors.harvests import GroupKey
from sources.connectors.records import DIMENSIONS
from sources.margins import Array, completed

INDEPENDENCE = "independence"


@dataclass(frozen=True)
class Joint:
    """Measured interactions by group (gender, age group, country), and where they are from in words."""

    counts: Mapping[GroupKey, float] = field(default_factory=dict)
    origin: str = ""

    def seed(self, values: Mapping[str, Sequence[str]]) -> tuple[Array, str]:
        """Return the table to rake from, an axis for each of the dimensions in `values`, and what it is called.

        A dimension none of whose values was measured goes together with nothing; with less than two others, all are
        independent.
        """
        shape = [len(keys) for keys in values.values()]
        measured = [{group[DIMENSIONS.index(name)] for group in self.counts} for name in values]
        known = [axis for axis, keys in enumerate(values.values()) if measured[axis].intersection(keys)]
        if len(known) < 2:
            return np.ones(shape), INDEPENDENCE
        table = self._table([list(values.items())[axis] for axis in known])
        if not table.any():
            return np.ones(shape), INDEPENDENCE
        missing = [axis for axis in range(len(shape)) if axis not in known]
        return np.broadcast_to(np.expand_dims(completed(table), tuple(missing)), shape), self.origin

    def _table(self, known: Sequence[tuple[str, Sequence[str]]]) -> Array:
        """The interactions by the values of some dimensions, added up over the others."""
        table = np.zeros([len(keys) for _, keys in known])
        places = [(DIMENSIONS.index(name), {key: at for at, key in enumerate(keys)}) for name, keys in known]
        for group, count in self.counts.items():
            cell = tuple(place.get(group[axis], -1) for axis, place in places)
            if min(cell) >= 0:
                table[cell] += count
        return table


JointOf = Callable[[], Joint]  # asked for when something has to be estimated: to find it, all that is stored is read


def estimated_how(seed: str, whole: str) -> str:
    """Say in words what the estimates of each `whole` (video, page) rest on."""
    if seed == INDEPENDENCE:
        return f"taken as independent of each other within a {whole}"
    return f"as they go together in {seed}"
