"""Stored interactions read back as arrays, and what is told of their contents."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from django.db.models.functions import Substr
from numpy.typing import NDArray

from sources import bulk
from sources.models import ContentUnit
from sources.packing import COUNTS, IDS, unpack
from sources.querysets import InteractionsQuerySet
from sources.telling import Report

FIELDS = ("content_id", "period", "group_ids", "counts", "total", "unknown", "seed")
AT_ONCE = 1000  # columns


@dataclass(frozen=True)
class StoredInteractions:
    """The cells of some columns in long form, n of them; a pair may stand more than once (several periods).

    `contents` are the ids of all content units that have a column, with or without cells. `estimated` are those of the
    interactions in cells that were estimated, by the seed of the estimate and the content unit.
    """

    group: NDArray[np.int32]
    content: NDArray[np.int64]
    count: NDArray[np.float64]
    contents: set[int]
    total: float
    unknown: float
    fingerprint: str
    estimated: dict[str, dict[int, float]]


def read_interactions(columns: InteractionsQuerySet, report: Report | None = None) -> StoredInteractions:
    """Return the cells of the columns, with all interactions and the unknown ones among them beside.

    The fingerprint is the SHA-256 of what was read: equal exactly when the same cells were read again.
    """
    tell = report or (lambda stage, done, total: None)
    tell("check", 0, 0)
    ids: list[int] = []
    lengths: list[int] = []
    groups, counts = bytearray(), bytearray()
    estimated: dict[str, dict[int, float]] = {}
    total = unknown = 0.0
    digest = hashlib.sha256()
    expected, chunks = bulk.columns(columns.order_by("content_id", "period").values_list(*FIELDS))
    for contents, periods, packed_ids, packed_counts, totals, unknowns, seeds in chunks:
        ids += contents
        lengths += map(len, packed_ids)
        groups += b"".join(packed_ids)
        counts += b"".join(packed_counts)
        total += sum(totals)
        unknown += sum(unknowns)
        if any(seeds):
            _note_estimated(estimated, zip(seeds, contents, totals, unknowns, strict=True))
            digest.update("\n".join(seeds).encode())
        names = [f"{key} {when} {part} ".encode() for key, when, part in zip(contents, periods, unknowns, strict=True)]
        digest.update(b"".join(chain.from_iterable(zip(names, packed_ids, packed_counts, strict=True))))
        tell("check", len(ids), expected)
    return StoredInteractions(
        group=np.frombuffer(groups, dtype=IDS),
        content=np.repeat(np.array(ids, dtype=np.int64), np.array(lengths, dtype=np.int64) // IDS.itemsize),
        count=np.frombuffer(counts, dtype=COUNTS),
        contents=set(ids),
        total=total,
        unknown=unknown,
        fingerprint=digest.hexdigest(),
        estimated=estimated,
    )


def _note_estimated(estimated: dict[str, dict[int, float]], columns: Iterable[tuple[str, int, float, float]]) -> None:
    for seed, content, total, unknown in columns:
        if seed:
            of_seed = estimated.setdefault(seed, {})
            of_seed[content] = of_seed.get(content, 0.0) + total - unknown


def sums_by_group(columns: InteractionsQuerySet) -> dict[int, float]:
    """Return the interactions of the columns by id of the group, in order, without ever holding all their cells."""
    totals = np.zeros(0)
    rows = columns.order_by().values_list("group_ids", "counts").iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        ids, counts = (b"".join(packed) for packed in zip(*chunk, strict=True))
        sums = np.bincount(unpack(ids, IDS), unpack(counts, COUNTS), minlength=len(totals))
        sums[: len(totals)] += totals
        totals = sums
    return {pk: float(totals[pk]) for pk in np.flatnonzero(totals).tolist()}


def read_texts(ids: Sequence[int], most: int = 500) -> dict[int, tuple[str, str]]:
    """Return titles and beginnings of descriptions by id; one that is gone is left out."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), bulk.CHUNK):
        units = ContentUnit.objects.filter(pk__in=ids[start : start + bulk.CHUNK]).order_by()
        texts = units.annotate(beginning=Substr("description", 1, most)).values_list("pk", "title", "beginning")
        found.update({pk: (title, beginning) for pk, title, beginning in texts})
    return found


def sources_of(contents: set[int], sources: list[int]) -> dict[int, int]:
    """Return by id which of the sources each content unit belongs to; one that is gone is left out."""
    if len(sources) == 1:
        return dict.fromkeys(contents, sources[0])
    _, chunks = bulk.columns(ContentUnit.objects.filter(source__in=sources).order_by().values_list("pk", "source_id"))
    return {pk: source for chunk in chunks for pk, source in zip(*chunk, strict=True) if pk in contents}


class StoredContent(NamedTuple):
    """What is told of one content unit; equal lists of tags may be one object."""

    title: str
    category: str
    tags: list[str]
    source: int


def read_contents(ids: Sequence[int]) -> dict[int, StoredContent]:
    """Return the content units by id; one that is gone is left out."""
    found: dict[int, StoredContent] = {}
    for start in range(0, len(ids), bulk.CHUNK):
        units = ContentUnit.objects.filter(pk__in=ids[start : start + bulk.CHUNK]).order_by()
        _, chunks = bulk.columns(units.values_list("pk", "title", "category", "tags", "source_id"))
        for keys, *values in chunks:
            found.update(zip(keys, map(StoredContent, *values), strict=True))
    return found
