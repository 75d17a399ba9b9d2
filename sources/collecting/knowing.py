"""What is stored of a source already, as a connector asks for it."""

from datetime import date

from django.db.models import Max, Sum

from sources.connectors.harvests import Known
from sources.models import Comment, DataSource, PackedInteractions


def known_of(source: DataSource) -> Known:
    """What is stored of a source, read when a connector asks for it."""

    def content_ids() -> list[str]:
        return sorted(source.contents.order_by().values_list("external_id", flat=True).iterator())

    def commented() -> dict[str, date]:
        comments = Comment.objects.filter(content__source=source, published_at__isnull=False).order_by()
        newest = comments.values_list("content__external_id").annotate(Max("published_at"))
        return {content_id: moment.date() for content_id, moment in newest.iterator()}

    def interactions(period: str) -> float:
        columns = PackedInteractions.objects.filter(content__source=source, period=period)
        return columns.aggregate(all=Sum("total"))["all"] or 0.0

    return Known(content_ids, commented, interactions)
