"""Sources that give nothing to a generation: which, and why."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.text import get_text_list

from sources.models import DataSource, Organization, PackedInteractions
from sources.periods import period_words

TELLS_SIZES = DataSource.Kind.FACEBOOK_ADS  # of use without an interaction: it says how large groups are


def silent_sources(organization: Organization, *, period: str = "", sources: Sequence[DataSource] = ()) -> list[str]:
    """Return sentences on the sources that have no interactions for a generation, each with why; none named: all."""
    chosen = list(sources) or list(organization.sources.order_by("name"))
    periods = _periods(organization, chosen)
    silent = [source for source in chosen if not (period in periods[source.pk] if period else periods[source.pk])]
    undated = [source for source in silent if "" in periods[source.pk]]
    elsewhere = [source for source in silent if periods[source.pk] and source not in undated]
    empty = [source for source in silent if not periods[source.pk] and source.kind != TELLS_SIZES]
    told = [
        (undated, "interactions without months, and so nothing of {when}: choose all periods to use them."),
        (elsewhere, "nothing in {when}."),
        (empty, "no interactions yet."),
    ]
    when = period_words(period)
    return [f"{_have(found)} {words.format(when=when)}" for found, words in told if found]


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
