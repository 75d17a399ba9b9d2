"""What a shard brought into the tables, inside the caller's transaction: found by natural keys, restated, removed."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

import numpy as np

from sources import bulk
from sources.attributing import store_attributes
from sources.connectors.harvests import AudienceSizeRow, ContentCounts, GroupKey, Harvest, LoyaltyRow, Stretch
from sources.connectors.identifiers import stored_id
from sources.connectors.records import ContentRow
from sources.connectors.wording import Complaint
from sources.merging import Columns, PackedColumn
from sources.models import AudienceSize, ContentUnit, DataSource, Loyalty, PackedInteractions
from sources.packing import COUNTS, IDS
from sources.storing import (
    BATCH,
    LONGEST_SEED,
    describe_contents,
    group_ids,
    store_comments,
    stored_columns,
    write_columns,
)

LONGEST = {name: ContentUnit._meta.get_field(name).max_length for name in ("title", "category", "url", "thumbnail")}
UNNAMED = "unnamed"


@dataclass(frozen=True)
class Kept:
    """What was stored of a harvest: rows of each kind, and the interactions by what is known of the people."""

    contents: int
    columns: int
    cells: int
    comments: int
    others: int
    explained: float
    suppressed: float
    unknown: float
    complaints: list[str]

    @property
    def rows(self) -> int:
        return self.contents + self.cells + self.comments + self.others


def store_harvest(source: DataSource, harvest: Harvest) -> Kept:
    """Write a harvest: the whole truth about every column, loyalty and group of attributes that it names.

    A column in which nothing is left is removed, and so are those that are not named where the harvest is whole. A
    comment is left out, with a complaint, when its content is unknown.
    """
    harvest = _identified(harvest)
    contents = {row.external_id: _fitting(row) for row in harvest.contents}  # one row each: the last one given
    describe_contents(source, list(contents.values()), harvest.said)
    counted = [*dict.fromkeys(counts.content_id for counts in harvest.counts)]
    loyal = dict.fromkeys(row.content_id for row in harvest.loyalty if row.content_id)
    keys = _with_missing(source, [*dict.fromkeys(chain(counted, loyal))])
    _store_counts(harvest.counts, keys)
    complaints = [*harvest.complaints]
    for stretch in harvest.whole:
        named = {keys[one.content_id] for one in harvest.counts if one.period == stretch.period}
        complaints += _remove_unnamed(source, stretch, named)
    known = keys_of(source, [*dict.fromkeys(row.content_id for row in harvest.comments)])
    comments = [row for row in harvest.comments if row.content_id in known]
    store_comments(known, comments)
    _store_loyalty(source, harvest.loyalty, keys)
    store_attributes(source, list(harvest.attributes), harvest.settled)
    _store_sizes(source, harvest.sizes, harvest.settled)
    if len(comments) < len(harvest.comments):
        complaints.append("Comments on contents that are not in the list of contents were left out.")
    return Kept(
        contents=len(contents),
        columns=len(harvest.counts),
        cells=sum(len(counts.counts) for counts in harvest.counts),
        comments=len(comments),
        others=len(harvest.loyalty) + len(harvest.attributes) + len(harvest.sizes),
        explained=float(sum(np.sum(counts.counts) for counts in harvest.counts)),
        suppressed=float(sum(counts.suppressed for counts in harvest.counts)),
        unknown=float(sum(counts.unknown for counts in harvest.counts)) + harvest.unnamed,
        complaints=complaints,
    )


def keys_of(source: DataSource, external_ids: list[str]) -> dict[str, int]:
    """Return the primary keys of those of the content units that the source has, by external id."""
    found: dict[str, int] = {}
    for part in _parts(external_ids, bulk.CHUNK):
        units = source.contents.filter(external_id__in=part)
        found.update(units.order_by().values_list("external_id", "pk"))
    return found


def _with_missing(source: DataSource, external_ids: list[str]) -> dict[str, int]:
    """Return the primary keys, after making a bare content unit where there is none."""
    known = keys_of(source, external_ids)
    missing = sorted(external_id for external_id in external_ids if external_id not in known)
    if not missing:
        return known
    ContentUnit.objects.bulk_create((ContentUnit(source=source, external_id=name) for name in missing), BATCH)
    return keys_of(source, external_ids)


def _store_counts(counts: Sequence[ContentCounts], keys: dict[str, int]) -> None:
    groups = sorted({group for one in counts for group in one.groups})
    numbers = dict(zip(groups, group_ids(groups).tolist(), strict=True)) if groups else {}
    for period, found in groupby(sorted(counts, key=attrgetter("period")), attrgetter("period")):
        for part in _parts(list(found), bulk.CHUNK):
            contents = [keys[one.content_id] for one in part]
            there = PackedInteractions.objects.filter(content__in=contents, period=period)
            write_columns(period, stored_columns(there), _columns(part, contents, numbers), gone=set())
            _forget_loyalty(period, [pk for pk, one in zip(contents, part, strict=True) if _is_empty(one)])


def _is_empty(counts: ContentCounts) -> bool:
    return not (counts.unknown or counts.suppressed or np.any(counts.counts))


def _remove_unnamed(source: DataSource, stretch: Stretch, named: set[int]) -> list[str]:
    """Remove the columns of a stretch whose contents (primary keys) are not named; return words on them, if any."""
    columns = PackedInteractions.objects.filter(content__source=source, period=stretch.period)
    columns = columns.annotate(place=bulk.in_code_points("content__external_id")).filter(place__gte=stretch.first)
    if stretch.behind is not None:
        columns = columns.filter(place__lt=stretch.behind)
    outdated, contents, interactions = array("q"), array("q"), 0.0
    for pk, content, total in columns.order_by().values_list("pk", "content_id", "total").iterator(bulk.CHUNK):
        if content not in named:
            outdated.append(pk)
            contents.append(content)
            interactions += total
    bulk.delete(PackedInteractions, outdated)
    for part in _parts(contents, bulk.CHUNK):
        _forget_loyalty(stretch.period, part.tolist())
    words = f"{stretch.period}: No longer told, and so taken out: {{content}} with {{interaction}}."
    return [Complaint(words, {"content": len(outdated), "interaction": interactions})] if outdated else []


def _forget_loyalty(period: str, contents: list[int]) -> None:
    if contents:
        Loyalty.objects.filter(content__in=contents, period=period).delete()


def _parts(items: Any, size: int) -> Iterator[Any]:
    """Yield slices of a list or an array."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _columns(
    counts: list[ContentCounts], contents: list[int], numbers: dict[tuple[str, str, str], int]
) -> Iterator[tuple[int, PackedColumn, str]]:
    """Yield the column of each content; what is suppressed is unknown to the matrix, too."""
    columns = Columns(
        contents=np.array(contents, dtype=np.int64),
        starts=np.cumsum([0, *(len(one.groups) for one in counts)]),
        ids=np.fromiter((numbers[group] for one in counts for group in one.groups), dtype=IDS),
        counts=np.concatenate([np.asarray(one.counts, dtype=COUNTS) for one in counts]),
        unknown=np.array([one.unknown + one.suppressed for one in counts], dtype=COUNTS),
    )
    for one, (content, column) in zip(counts, columns.settled().packed(), strict=True):
        yield content, column, (one.seed[:LONGEST_SEED] or UNNAMED) if one.estimated else ""


def _store_loyalty(source: DataSource, rows: Sequence[LoyaltyRow], keys: dict[str, int]) -> None:
    named = sorted({(row.kind, row.period, row.content_id) for row in rows})
    for (kind, period), found in groupby(named, lambda key: key[:2]):
        there = Loyalty.objects.filter(source=source, kind=kind, period=period)
        ids = [content_id for *_, content_id in found]
        there.filter(content__in=[keys[content_id] for content_id in ids if content_id]).delete()
        if "" in ids:
            there.filter(content=None).delete()
    Loyalty.objects.bulk_create(
        (
            Loyalty(
                source=source,
                content_id=keys[row.content_id] if row.content_id else None,
                period=row.period,
                kind=row.kind,
                loyal=row.loyal,
                total=row.total,
                **_group(row.group),
            )
            for row in rows
            if row.total
        ),
        BATCH,
    )


def _store_sizes(source: DataSource, rows: Sequence[AudienceSizeRow], settled: Sequence[GroupKey]) -> None:
    latest = {(row.month, row.group): row for row in rows}
    for group in {*settled} - {row.group for row in rows}:
        AudienceSize.objects.filter(source=source, **_group(group)).delete()
    AudienceSize.objects.bulk_create(
        (
            AudienceSize(
                source=source, month=row.month, lower=row.lower, upper=row.upper, origin=row.origin, **_group(row.group)
            )
            for row in latest.values()
        ),
        BATCH,
        update_conflicts=True,
        unique_fields=["source", "month", "gender", "age_group", "country"],
        update_fields=["lower", "upper", "origin"],
    )


def _group(group: GroupKey) -> dict[str, str]:
    return dict(zip(("gender", "age_group", "country"), group, strict=True))


def _fitting(row: ContentRow) -> ContentRow:
    """Return the row with texts that fit into our columns; an address that is cut leads nowhere, so it goes."""
    texts = {name: getattr(row, name) for name in LONGEST}
    for name, longest in LONGEST.items():
        if len(texts[name]) > longest:
            texts[name] = "" if name in ("url", "thumbnail") else texts[name][:longest]
    return replace(row, **texts)


def _identified(harvest: Harvest) -> Harvest:
    """Return the harvest with ids that fit into our columns."""
    return replace(
        harvest,
        contents=[replace(row, external_id=stored_id(row.external_id)) for row in harvest.contents],
        counts=[replace(row, content_id=stored_id(row.content_id)) for row in harvest.counts],
        loyalty=[replace(row, content_id=stored_id(row.content_id)) for row in harvest.loyalty],
        comments=[
            replace(row, content_id=stored_id(row.content_id), external_id=stored_id(row.external_id))
            for row in harvest.comments
        ],
    )
