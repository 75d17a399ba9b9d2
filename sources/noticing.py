"""What to know of sources before personas are made of them."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.text import get_text_list

from sources.models import AudienceAttribute, DataSource, Organization, PackedInteractions
from sources.periods import period_words

ADS = DataSource.Kind.FACEBOOK_ADS


def silent_sources(organization: Organization, *, period: str = "", sources: Sequence[DataSource] = ()) -> list[str]:
    """Return sentences on the sources that have no interactions for a generation, each with why; none named: all."""
    chosen = list(sources) or list(organization.sources.order_by("name"))
    periods = _periods(organization, chosen)
    silent = [source for source in chosen if not (period in periods[source.pk] if period else periods[source.pk])]
    undated = [source for source in silent if "" in periods[source.pk]]
    elsewhere = [source for source in silent if periods[source.pk] and source not in undated]
    without = [source for source in silent if not periods[source.pk] and source.kind != ADS]
    telling = set(AudienceAttribute.objects.filter(source__in=without).values_list("source", flat=True))
    empty = [source for source in without if source.pk not in telling]  # ads and those tell of groups
    told = [
        (undated, "interactions without months, and so nothing of {when}: choose all periods to use them."),
        (elsewhere, "nothing in {when}."),
        (empty, "no interactions yet."),
    ]
    when = period_words(period)
    return [f"{_have(found)} {words.format(when=when)}" for found, words in told if found]


def made_of_ads(sources: Sequence[tuple[str, str]]) -> list[str]:
    """Return a sentence on the ads among sources (name, kind): who was aimed at is not who liked it."""
    ads = [name for name, kind in sources if kind == ADS]
    if not ads:
        return []
    names = get_text_list([f"“{name}”" for name in ads], "and")
    told = f"{names} {'tells' if len(ads) == 1 else 'tell'} whom ads were shown to."
    if len(ads) == len(sources):
        return [f"{told} Personas of ads alone are of whom you aimed at, and only then of what people like."]
    return [
        f"{told} Beside other sources, personas are then of whom you aimed at as much as of what people like. Without "
        "the ads, sizes and jobs are told still."
    ]


def _periods(organization: Organization, sources: list[DataSource]) -> dict[int, set[str]]:
    """Return the periods with interactions of each source, "" for undated."""
    periods: dict[int, set[str]] = defaultdict(set)
    columns = PackedInteractions.objects.of(organization, sources=sources).order_by()
    for source, when in columns.values_list("content__source", "period").distinct():
        periods[source].add(when)
    return periods


def _have(sources: Sequence[DataSource]) -> str:
    """Stories -> “Stories” has; with another one: “Stories” and “Shorts” have"""
    names = get_text_list([f"“{source.name}”" for source in sources], "and")
    return f"{names} {'has' if len(sources) == 1 else 'have'}"
