"""Every row that came from a platform, by natural keys, so that two collections can be compared."""

from sources.models import (
    AudienceAttribute,
    AudienceSize,
    Checkpoint,
    Comment,
    ContentUnit,
    Cycle,
    DemographicGroup,
    Loyalty,
    PackedInteractions,
)
from sources.packing import COUNTS, IDS, unpack


def cells_of(column: PackedInteractions) -> list[tuple]:
    groups = {group.pk: str(group) for group in DemographicGroup.objects.all()}
    pairs = zip(unpack(column.group_ids, IDS).tolist(), unpack(column.counts, COUNTS).tolist(), strict=True)
    return sorted((groups[pk], count) for pk, count in pairs)


def tables() -> dict[str, list]:
    """Every row that came from the platform, by natural keys."""
    columns = PackedInteractions.objects.select_related("content")
    fields = ("external_id", "title", "category", "tags", "published_at")
    return {
        "contents": sorted(ContentUnit.objects.values_list(*fields)),
        "columns": sorted(
            (one.content.external_id, one.period, cells_of(one), one.total, one.unknown, one.estimated)
            for one in columns
        ),
        "comments": sorted(Comment.objects.values_list("content__external_id", "external_id", "text", "published_at")),
        "loyalty": sorted(Loyalty.objects.values_list("content__external_id", "period", "kind", "loyal", "total")),
        "attributes": sorted(AudienceAttribute.objects.values_list("gender", "age_group", "country", "value", "share")),
        "sizes": sorted(AudienceSize.objects.values_list("gender", "age_group", "country", "month", "lower", "upper")),
        "checkpoints": sorted(Checkpoint.objects.values_list("key", "explained", "suppressed", "unknown")),
        "cycles": sorted(Cycle.objects.values_list("first_day", "last_day")),
    }
