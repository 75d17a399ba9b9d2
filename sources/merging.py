"""One column of V in memory, and how a correction is laid over it. Pure."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sources.packing import COUNTS, IDS, unpack


@dataclass(frozen=True)
class Column:
    """Counts of one content unit in one period: group ids ascending, each once; unknown in interactions.

    A correction may name cells with a count of 0, and its unknown is None where it says nothing of them.
    """

    ids: NDArray[np.int32]
    counts: NDArray[np.float64]
    unknown: float | None = 0.0

    @classmethod
    def unpacked(cls, group_ids: bytes, counts: bytes, unknown: float) -> Self:
        return cls(unpack(group_ids, IDS), unpack(counts, COUNTS), unknown)

    @property
    def total(self) -> float:
        return float(self.counts.sum()) + (self.unknown or 0.0)

    def settled(self) -> Self:
        """Return the column as it is stored: without cells of nothing, its unknown a number."""
        if self.unknown is not None and self.counts.all():
            return self
        return type(self)(self.ids[self.counts > 0], self.counts[self.counts > 0], self.unknown or 0.0)

    def same_as(self, other: Self) -> bool:
        return (
            self.unknown == other.unknown
            and np.array_equal(self.ids, other.ids)
            and np.array_equal(self.counts, other.counts)
        )


def merge(old: Column, new: Column) -> Column:
    """Return the old column with every cell that the new one names taken from the new one."""
    kept = ~np.isin(old.ids, new.ids, assume_unique=True)
    ids = np.concatenate([old.ids[kept], new.ids])
    counts = np.concatenate([old.counts[kept], new.counts])
    order = np.argsort(ids, kind="stable")
    return Column(ids[order], counts[order], old.unknown if new.unknown is None else new.unknown)
