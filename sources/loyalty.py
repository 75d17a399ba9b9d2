"""What platforms count of the loyal, read back for personas."""

from collections.abc import Iterable

from django.db.models import Q

from sources.models import Loyalty


def read_loyalty(
    sources: Iterable[int], period: str = ""
) -> list[tuple[int, str, int | None, str, str, str, float, float]]:
    """Return source, kind, content, gender, age group, country, the loyal and all of each count of some sources.

    Of a period those of that period and those that name none, of a lifetime; no period named: all.
    """
    rows = Loyalty.objects.filter(source__in=list(sources)).order_by("pk")
    if period:
        rows = rows.filter(Q(period=period) | Q(period=""))
    return list(rows.values_list("source", "kind", "content", "gender", "age_group", "country", "loyal", "total"))
