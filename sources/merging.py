"""Columns of V in memory, packed and laid open, and how a correction is laid over one. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sources.packing import COUNTS, IDS, pack, unpack


@dataclass(frozen=True)
class Column:
    """Counts of one content unit in one period: group ids ascending, each once; unknown in interactions.

    A correction may name cells with a count of 0, and its unknown is None where it says nothing of them.
    """

    ids: NDArray[np.int32]
    counts: NDArray[np.float64]
    unknown: float | None = 0.0

    @property
    def total(self) -> float:
        return float(self.counts.sum()) + (self.unknown or 0.0)

    def settled(self) -> Self:
        """Return the column as it is stored: without cells of nothing, its unknown a number."""
        if self.unknown is not None and self.counts.all():
            return self
        return type(self)(self.ids[self.counts > 0], self.counts[self.counts > 0], self.unknown or 0.0)

    def packed(self) -> "PackedColumn":
        """Return the bytes of a settled column."""
        return PackedColumn(pack(self.ids, IDS), pack(self.counts, COUNTS), self.total, self.unknown or 0.0)


class PackedColumn(NamedTuple):
    """A settled column as it is stored; columns of the same cells are equal."""

    group_ids: bytes
    counts: bytes
    total: float
    unknown: float

    def unpacked(self) -> Column:
        return Column(unpack(self.group_ids, IDS), unpack(self.counts, COUNTS), self.unknown)


@dataclass(frozen=True)
class Columns:
    """The columns of n content units in one period, side by side, m cells in all.

    The cells of column i are ids[starts[i]:starts[i + 1]], in any order, each once, and counts likewise. contents and
    unknown are (n,), starts (n + 1,), ids and counts (m,). As in a Column counts may be 0; unknown is NaN for None.
    """

    contents: NDArray[np.int64]
    starts: NDArray[np.int64]
    ids: NDArray[np.int32]
    counts: NDArray[np.float64]
    unknown: NDArray[np.float64]

    def settled(self) -> Self:
        """Return the columns as they are stored: without cells of nothing, their unknown a number."""
        unknown = np.nan_to_num(self.unknown)
        kept = self.counts > 0
        if kept.all():
            return replace(self, unknown=unknown)
        starts = np.concatenate(([0], np.cumsum(kept)))[self.starts]
        return replace(self, starts=starts, ids=self.ids[kept], counts=self.counts[kept], unknown=unknown)

    def in_order(self) -> Self:
        """Return the columns with the ids of each ascending."""
        falls = np.flatnonzero(self.ids[1:] < self.ids[:-1]) + 1
        if np.isin(falls, self.starts, assume_unique=True).all():
            return self
        width = int(self.ids.max()) + 1
        rows = sparse.csr_array((self.counts.copy(), self.ids.copy(), self.starts), shape=(len(self.contents), width))
        rows.sort_indices()
        return replace(self, ids=rows.indices.astype(np.int32, copy=False), counts=rows.data)

    def each(self) -> Iterator[tuple[int, Column]]:
        """Yield the content and its column, one by one."""
        ordered = self.in_order()
        bounds = zip(self.contents.tolist(), self.starts.tolist(), self.starts[1:].tolist(), self.unknown, strict=False)
        for content, start, end, unknown in bounds:
            cells = slice(start, end)
            known = None if np.isnan(unknown) else float(unknown)
            yield content, Column(ordered.ids[cells], ordered.counts[cells], known)

    def packed(self) -> Iterator[tuple[int, PackedColumn]]:
        """Yield the content and the bytes of its column, of settled columns: slices of the bytes of all."""
        ordered = self.in_order()
        ids, counts = pack(ordered.ids, IDS), pack(ordered.counts, COUNTS)
        places = zip(
            self.contents.tolist(),
            (self.starts[:-1] * IDS.itemsize).tolist(),
            (self.starts[1:] * IDS.itemsize).tolist(),
            (self.starts[:-1] * COUNTS.itemsize).tolist(),
            (self.starts[1:] * COUNTS.itemsize).tolist(),
            (self._sums() + self.unknown).tolist(),
            self.unknown.tolist(),
            strict=True,
        )
        for content, a, b, c, d, total, unknown in places:
            yield content, PackedColumn(ids[a:b], counts[c:d], total, unknown)

    def _sums(self) -> NDArray[np.float64]:
        filled = np.flatnonzero(np.diff(self.starts))
        sums = np.zeros(len(self.contents))
        if len(filled):
            sums[filled] = np.add.reduceat(self.counts, self.starts[filled])
        return sums


def merge(old: Column, new: Column) -> Column:
    """Return the old column with every cell that the new one names taken from the new one."""
    kept = ~np.isin(old.ids, new.ids, assume_unique=True)
    ids = np.concatenate([old.ids[kept], new.ids])
    counts = np.concatenate([old.counts[kept], new.counts])
    order = np.argsort(ids, kind="stable")
    return Column(ids[order], counts[order], old.unknown if new.unknown is None else new.unknown)
