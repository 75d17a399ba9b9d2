"""Estimates of groups: their jobs, education and relationships, and their size; written, and read for personas."""

from collections.abc import Iterable

from sources.connectors.harvests import AudienceSizeRow, GroupKey
from sources.connectors.records import AttributeRow
from sources.models import AudienceAttribute, AudienceSize, DataSource

BATCH = 2000
GROUP = ("attribute", "gender", "age_group", "country")


def store_attributes(source: DataSource, rows: list[AttributeRow], settled: Iterable[GroupKey] = ()) -> None:
    """Write estimates: the whole truth about every group and attribute that they name, and about the groups settled."""
    named, groups = {tuple(getattr(row, name) for name in GROUP) for row in rows}, set(settled)
    before = AudienceAttribute.objects.filter(source=source).order_by().values_list("pk", *GROUP)
    outdated = [pk for pk, *key in before if tuple(key) in named or tuple(key[1:]) in groups]
    for start in range(0, len(outdated), BATCH):
        AudienceAttribute.objects.filter(pk__in=outdated[start : start + BATCH]).delete()
    AudienceAttribute.objects.bulk_create(
        (
            AudienceAttribute(
                source=source,
                **{name: getattr(row, name) for name in GROUP},
                value=row.value,
                share=row.share,
                origin=row.source,
            )
            for row in rows
        ),
        BATCH,
    )


def read_attributes(sources: Iterable[int]) -> list[tuple[int, AttributeRow]]:
    """Return the estimates of some sources, each with the id of its source, in the order in which they were written."""
    found = AudienceAttribute.objects.filter(source__in=sources).order_by("pk")
    fields = ("source_id", "gender", "age_group", "country", "attribute", "value", "share", "origin")
    return [(source, AttributeRow(*values)) for source, *values in found.values_list(*fields)]


def telling_of(sources: Iterable[int]) -> set[int]:
    """Return the ids of the sources, and of the ad accounts of their organizations: those tell of groups anywhere."""
    ids = set(sources)
    same = DataSource.objects.filter(organization__sources__in=ids, kind=DataSource.Kind.FACEBOOK_ADS)
    return ids | set(same.order_by().values_list("pk", flat=True))


def read_sizes(sources: Iterable[int]) -> dict[GroupKey, AudienceSizeRow]:
    """Return the newest estimate of the size of each group that some sources tell of."""
    found = AudienceSize.objects.filter(source__in=sources).order_by("month", "pk")
    fields = ("gender", "age_group", "country", "lower", "upper", "month", "origin")
    return {row[:3]: AudienceSizeRow(row[:3], *row[3:]) for row in found.values_list(*fields)}
