"""What the data page says of each source, read with a fixed number of queries, and two more for each ad account."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils import timezone

from sources.collecting.wanting import waiting_of
from sources.models import Collection, DataSource, Organization, PackedInteractions
from sources.querysets import DataSourceQuerySet
from sources.reporting import seed_words
from sources.summing import Sums, sums_of

OPEN = (Collection.State.QUEUED, Collection.State.RUNNING)


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
    return _lines(organization, organization.sources.order_by("name"))


def line_of(source: DataSource) -> SourceLine:
    """Return what is said of one source, without reading the others."""
    return _lines(source.organization, DataSource.objects.filter(pk=source.pk))[0]


def _lines(organization: Organization, chosen: DataSourceQuerySet) -> list[SourceLine]:
    sources = list(chosen.with_counts().select_related("connection"))
    runs = Collection.objects.filter(source__in=sources).order_by().values_list("source")
    last = list(runs.annotate(last=Max("pk"), going_on=Count("pk", filter=Q(state__in=OPEN))))
    latest = {run.source_id: run for run in Collection.objects.filter(pk__in=[pk for _, pk, _ in last])}
    settled = {source: pk for source, pk, going_on in last if not going_on}
    sums = sums_of(organization, [source.pk for source in sources], settled)
    return [_line(source, latest.get(source.pk), sums[source.pk]) for source in sources]


def _line(source: DataSource, latest: Collection | None, sums: Sums) -> SourceLine:
    seeds: dict[str, float] = defaultdict(float)
    for _, seed, total, unknown in sums:
        if seed:
            seeds[seed] += total - unknown
    return SourceLine(
        source,
        source.content_count,
        sum(total for _, _, total, _ in sums),
        sorted({period for period, *_ in sums}),
        latest,
        sum(unknown for *_, unknown in sums),
        dict(seeds),
    )


def periods_of(organization: Organization) -> list[str]:
    """Return the dated periods of an organization, latest first."""
    return PackedInteractions.objects.of(organization).periods()


def has_data(organization: Organization) -> bool:
    """Whether the organization has any interactions."""
    return PackedInteractions.objects.of(organization).exists()
