"""What the data page says of each source, read with a fixed number of queries, and two more for each ad account."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Max, Sum
from django.utils import timezone

from sources.collecting.wanting import waiting_of
from sources.models import Collection, DataSource, Organization, PackedInteractions
from sources.reporting import seed_words


@dataclass(frozen=True)
class SourceLine:
    """A source with its contents, its interactions, its periods ("" for undated) and its latest collection.

    `unknown` are those of the interactions that no known group explains, for whatever reason.
    `seeds` are the interactions of known groups that were estimated, by seed.
    """

    source: DataSource
    contents: int
    interactions: float
    periods: list[str]
    latest: Collection | None
    unknown: float = 0.0
    seeds: dict[str, float] = field(default_factory=dict)

    @property
    def seeds_in_words(self) -> str:
        return ", ".join(map(seed_words, sorted(self.seeds)))

    @property
    def estimated_share(self) -> float:
        """The part of the interactions of known groups that was estimated."""
        known = self.interactions - self.unknown
        return min(sum(self.seeds.values()) / known, 1.0) if known > 0 else 0.0

    @property
    def known_share(self) -> float:
        """The part of the interactions that known groups explain: of all that is stored, whenever it came."""
        return 1.0 - self.unknown / self.interactions if self.interactions else 0.0

    @property
    def drawn(self) -> list[tuple[str, float]]:
        """The parts for a bar."""
        return [("explained", self.known_share), ("unknown", 1.0 - self.known_share)]

    @property
    def link(self) -> str:
        """How the source hangs on its platform: connected, reconnect or disconnected; "" for files."""
        return self.source.link

    @property
    def is_due(self) -> bool:
        """Whether the next collection is only waiting for its turn."""
        return self.source.due_at is not None and self.source.due_at <= timezone.now()

    @property
    def may_collect(self) -> bool:
        """Whether a collection can be asked for now."""
        return self.link == "connected" and not (self.latest and self.latest.is_open)

    @property
    def may_estimate(self) -> bool:
        """Whether the platform can be asked how many people there are in groups."""
        return self.link == "connected" and self.source.kind == DataSource.Kind.FACEBOOK_ADS

    @cached_property
    def groups_waiting(self) -> int:
        """About how many groups the next collection also asks the platform."""
        return waiting_of(self.source) if self.may_estimate else 0

    @property
    def span(self) -> str:
        """The periods in few words."""
        dated = [period for period in self.periods if period]
        words = f"{dated[0]} to {dated[-1]}" if len(dated) > 1 else "".join(dated)
        undated = "undated" if "" in self.periods else ""
        return ", ".join(part for part in (words, undated) if part)


def sources_of(organization: Organization) -> list[SourceLine]:
    """Return the sources of an organization, by name."""
    columns = PackedInteractions.objects.of(organization).order_by()
    totals: dict[int, float] = defaultdict(float)
    unknown_of: dict[int, float] = defaultdict(float)
    seeds: dict[int, dict[str, float]] = defaultdict(dict)
    sums = columns.values_list("content__source", "seed").annotate(Sum("total"), Sum("unknown"))
    for source, seed, total, unknown in sums:
        totals[source] += total
        unknown_of[source] += unknown
        if seed:
            seeds[source][seed] = total - unknown
    periods = defaultdict(list)
    for source, period in columns.values_list("content__source", "period").distinct():
        periods[source].append(period)
    last = Collection.objects.filter(source__organization=organization).order_by().values("source").annotate(Max("pk"))
    latest = {run.source_id: run for run in Collection.objects.filter(pk__in=last.values("pk__max"))}
    sources = organization.sources.with_counts().select_related("connection").order_by("name")
    return [
        SourceLine(
            source,
            source.content_count,
            totals.get(source.pk, 0.0),
            sorted(periods[source.pk]),
            latest.get(source.pk),
            unknown_of[source.pk],
            seeds.get(source.pk, {}),
        )
        for source in sources
    ]


def periods_of(organization: Organization) -> list[str]:
    """Return the dated periods of an organization, latest first."""
    return PackedInteractions.objects.of(organization).periods()


def has_data(organization: Organization) -> bool:
    """Whether the organization has any interactions."""
    return PackedInteractions.objects.of(organization).exists()
