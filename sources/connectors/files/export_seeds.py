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

        Of values that were measured nowhere the average is taken; without any that were, all are independent.
        """
        table = np.zeros([len(keys) for keys in values.values()])
        places = [{key: at for at, key in enumerate(keys)} for keys in values.values()]
        axes = [DIMENSIONS.index(name) for name in values]
        for group, count in self.counts.items():
            cell = tuple(place.get(group[axis], -1) for place, axis in zip(places, axes, strict=True))
            if min(cell) >= 0:
                table[cell] += count
        if not table.any():
            return np.ones(table.shape), INDEPENDENCE
        return completed(table), self.origin


JointOf = Callable[[], Joint]  # asked for when something has to be estimated: to find it, all that is stored is read


def estimated_how(seed: str, whole: str) -> str:
    """Say in words what the estimates of each `whole` (video, page) rest on."""
    if seed == INDEPENDENCE:
        return f"taken as independent of each other within a {whole}"
    return f"as they go together in {seed}"
