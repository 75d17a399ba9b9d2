"""Checked records into the tables, found by their natural keys and written in bulk inside the caller's transaction."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from sources import bulk
from sources.connectors.records import CheckedInteractions, CommentRow, ContentRow, InteractionColumns
from sources.merging import Columns, PackedColumn, merge
from sources.models import Collection, Comment, ContentUnit, DataSource, DemographicGroup, PackedInteractions
from sources.packing import IDS
from sources.querysets import InteractionsQuerySet

BATCH = 2000
LONGEST_SEED = PackedInteractions._meta.get_field("seed").max_length


@dataclass(frozen=True)
class Written:
    """What became of the columns of one period."""

    period: str
    contents_before: int
    contents_now: int
    changed: int
    removed: int


class StoredColumn(NamedTuple):
    """A column that is there, with its primary key; seed is "" when measured, else what it was estimated from."""

    pk: int
    column: PackedColumn
    seed: str


def content_ids(source: DataSource) -> dict[str, int]:
    """Return the primary keys of the source's content units by their external ids."""
    _, chunks = bulk.columns(ContentUnit.objects.filter(source=source).order_by().values_list("external_id", "pk"))
    return {external_id: pk for chunk in chunks for external_id, pk in zip(*chunk, strict=True)}


def add_missing_contents(source: DataSource, external_ids: list[str]) -> dict[str, int]:
    """Make a bare content unit for every id that the source does not have yet, and return all of them."""
    known = content_ids(source)
    # In order, for that is how a database fills an index quickest.
    missing = sorted(external_id for external_id in external_ids if external_id not in known)
    if not missing:
        return known
    fields = ("source", "external_id", "title", "description", "category", "tags", "url", "thumbnail")
    bulk.insert(ContentUnit, fields, ((source.pk, external_id, "", "", "", "[]", "", "") for external_id in missing))
    return content_ids(source)


def describe_contents(source: DataSource, rows: list[ContentRow], columns: tuple[str, ...]) -> None:
    """Write what a contents file says; of a content unit that is there already only what the file has columns for."""
    fields = ("title", "description", "category", "tags", "url", "thumbnail", "published_at")
    units = [
        ContentUnit(source=source, external_id=row.external_id, **{name: _plain(getattr(row, name)) for name in fields})
        for row in rows
    ]
    ContentUnit.objects.bulk_create(
        units,
        BATCH,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[name for name in fields if name in columns],
    )


def store_comments(contents: dict[str, int], rows: list[CommentRow]) -> None:
    """Write comments; one without an id of its own is known by its text, and the second with one text as the second."""
    comments, times = {}, Counter()
    for row in rows:
        times[row.content_id, row.text] += 0 if row.external_id else 1
        nameless = f"{row.text}\0{times[row.content_id, row.text]}"
        key = row.external_id or hashlib.sha256(nameless.encode()).hexdigest()
        comments[contents[row.content_id], key] = row
    Comment.objects.bulk_create(
        (
            Comment(content_id=pk, external_id=key, text=row.text, likes=row.likes, published_at=row.published_at)
            for (pk, key), row in comments.items()
        ),
        BATCH,
        update_conflicts=True,
        unique_fields=["content", "external_id"],
        update_fields=["text", "likes", "published_at"],
    )


def group_ids(groups: list[tuple[str, str, str]]) -> np.ndarray:
    """Return the primary keys (int32) of the groups in their order, making those that are not there yet."""
    fields = ("gender", "age_group", "country")
    known = {tuple(row): pk for pk, *row in DemographicGroup.objects.values_list("pk", *fields)}
    missing = [DemographicGroup(**dict(zip(fields, key, strict=True))) for key in groups if key not in known]
    if missing:
        DemographicGroup.objects.bulk_create(missing, ignore_conflicts=True)
        known = {tuple(row): pk for pk, *row in DemographicGroup.objects.values_list("pk", *fields)}
    return np.array([known[key] for key in groups], dtype=IDS)


def store_interactions(source: DataSource, checked: CheckedInteractions, mode: str) -> list[Written]:
    """Write the counts of every period in the file, and tell for each what changed.

    `replace` makes the file the whole truth about its periods; `add` corrects the cells that the file names and keeps
    the others. What is the same already is left alone, so a second import of one file writes nothing,
    unless it is estimated and what it is estimated from has grown.
    """
    contents = add_missing_contents(source, checked.content_ids)
    content_keys = np.array([contents[external_id] for external_id in checked.content_ids], dtype=np.int64)
    group_keys = group_ids(checked.groups)
    return [
        _store_period(source, period, _columns(checked.columns, code, content_keys, group_keys), mode, seeds)
        for code, (period, seeds) in enumerate(zip(checked.periods, _seeds(checked, content_keys), strict=True))
    ]


def _seeds(checked: CheckedInteractions, contents: np.ndarray) -> list[dict[int, str]]:
    """Return for each period the seeds of its estimated columns, by content."""
    seeds: list[dict[int, str]] = [{} for _ in checked.periods]
    for place in (place for place, seed in enumerate(checked.seeds) if seed):
        content = int(contents[checked.columns.content_code[place]])
        seeds[checked.columns.period_code[place]][content] = checked.seeds[place][:LONGEST_SEED]
    return seeds


def _columns(found: InteractionColumns, period: int, contents: np.ndarray, groups: np.ndarray) -> Columns:
    """Return the columns of one period, which stand side by side, by our keys of contents and groups."""
    mine = slice(*np.searchsorted(found.period_code, [period, period + 1]))
    starts = found.starts[mine.start : mine.stop + 1]
    cells = slice(starts[0], starts[-1])
    keys = contents[found.content_code[mine]]
    return Columns(keys, starts - starts[0], groups[found.group_code[cells]], found.count[cells], found.unknown[mine])


def _store_period(source: DataSource, period: str, columns: Columns, mode: str, seeds: dict[int, str]) -> Written:
    adding = mode == Collection.Mode.ADD
    before = stored_columns(PackedInteractions.objects.from_sources([source.pk]).filter(period=period))
    rows = _corrected(columns, before) if adding else columns.settled().packed()
    kept = {content: old.seed for content, old in before.items()} if adding else {}
    seeded = ((content, row, seeds.get(content) or kept.get(content, "")) for content, row in rows)
    return write_columns(period, before, seeded, gone=set() if adding else set(before))


def stored_columns(columns: InteractionsQuerySet) -> dict[int, StoredColumn]:
    """Return columns of one period by content."""
    fields = ("content_id", "pk", *PackedColumn._fields, "seed")
    _, chunks = bulk.columns(columns.order_by().values_list(*fields))
    return {
        content: StoredColumn(pk, PackedColumn(*packed), seed)
        for chunk in chunks
        for content, pk, *packed, seed in zip(*chunk, strict=True)
    }


def write_columns(
    period: str,
    before: dict[int, StoredColumn],
    columns: Iterable[tuple[int, PackedColumn, str]],
    *,
    gone: set[int],
) -> Written:
    """Write columns of a period, given as (content, column, seed or ""), over those that are there.

    What is the same already is left alone; a column of nothing is removed, and so are those of the contents in `gone`
    that are not given.
    """
    changed, gone = [], set(gone)
    for content, row, seed in columns:
        if not row.total:
            gone.add(content)
            continue
        gone.discard(content)
        if content not in before or before[content][1:] != (row, seed):
            changed.append((content, period, *row, bool(seed), seed))
    outdated = [before[row[0]].pk for row in changed if row[0] in before]
    removed = [before[content].pk for content in gone if content in before]
    bulk.delete(PackedInteractions, outdated + removed)
    changed.sort(key=itemgetter(0))  # they are looked up and read back by content
    bulk.insert(PackedInteractions, ("content", "period", *PackedColumn._fields, "estimated", "seed"), changed)
    now = len(before) + len(changed) - len(outdated) - len(removed)
    return Written(period, len(before), now, len(changed), len(removed))


def _corrected(columns: Columns, before: dict[int, StoredColumn]) -> Iterator[tuple[int, PackedColumn]]:
    """Yield each column laid over the one that is there."""
    for content, new in columns.each():
        old = before.get(content)
        yield content, (merge(old.column.unpacked(), new) if old else new).settled().packed()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
