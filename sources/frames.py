"""Stored interactions read back as arrays."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sources.packing import COUNTS, IDS
from sources.querysets import InteractionsQuerySet
from sources.telling import Report


@dataclass(frozen=True)
class StoredInteractions:
    """The cells of some columns in long form, n of them; a pair may stand more than once (several periods)."""

    group: NDArray[np.int32]
    content: NDArray[np.int64]
    count: NDArray[np.float64]
    total: float
    unknown: float
    fingerprint: str


def read_interactions(columns: InteractionsQuerySet, report: Report | None = None) -> StoredInteractions:
    """Return the cells of the columns, with all interactions and the unknown ones among them beside.

    The fingerprint is the SHA-256 of what was read: equal exactly when the same cells were read again.
    """
    expected = columns.count()
    tell = report or (lambda stage, done, total: None)
    tell("check", 0, expected)
    ids, lengths, groups, counts = [], [], [], []
    total = unknown = 0.0
    digest = hashlib.sha256()
    fields = ("content_id", "period", "group_ids", "counts", "total", "unknown")
    rows = columns.order_by("content_id", "period").values_list(*fields)
    for done, (content, period, packed_ids, packed_counts, column_total, column_unknown) in enumerate(
        rows.iterator(chunk_size=5000), start=1
    ):
        ids.append(content)
        lengths.append(len(packed_ids) // IDS.itemsize)
        groups.append(packed_ids)
        counts.append(packed_counts)
        total += column_total
        unknown += column_unknown
        digest.update(f"{content} {period} {column_unknown} ".encode())
        digest.update(packed_ids)
        digest.update(packed_counts)
        if done % 5000 == 0 or done == expected:
            tell("check", done, expected)
    return StoredInteractions(
        group=np.frombuffer(b"".join(groups), dtype=IDS),
        content=np.repeat(np.array(ids, dtype=np.int64), np.array(lengths, dtype=np.int64)),
        count=np.frombuffer(b"".join(counts), dtype=COUNTS),
        total=total,
        unknown=unknown,
        fingerprint=digest.hexdigest(),
    )
