"""Asking Meta how many people there are in groups, and what they do: behind the ads, a group at a time."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from sources.connecting.sessions import http_for
from sources.connectors.harvests import Connector, GroupKey
from sources.connectors.http import Json
from sources.connectors.meta.ads_pacing import Tier
from sources.connectors.meta.audience_estimates import AudienceEstimates
from sources.connectors.meta.audience_shards import AudienceShards, key_of
from sources.connectors.meta.audience_targeting import unavailable
from sources.errors import DataError
from sources.frames import sums_by_group
from sources.models import Cycle, DataSource, DemographicGroup, EstimateAnswer, Organization, PackedInteractions


def ad_account_of(organization: Organization) -> DataSource:
    """Return the connected ad account by which an organization asks; raises DataError when there is none."""
    accounts = DataSource.objects.of(organization).filter(kind=DataSource.Kind.FACEBOOK_ADS)
    connected = accounts.connected().order_by("pk").first()
    if connected is None:
        raise DataError(f"{organization} has no Facebook ad account connected: estimates of audiences come from one.")
    return connected


def heaviest_groups(organization: Organization, most: int) -> list[GroupKey]:
    """Return the groups with the most interactions of which Meta estimates something, the heaviest first."""
    totals = sums_by_group(PackedInteractions.objects.of(organization))
    ranked = sorted(totals, key=lambda pk: (-totals[pk], pk))
    groups = DemographicGroup.objects.in_bulk(ranked)
    keys = [(groups[pk].gender, groups[pk].age_group, groups[pk].country) for pk in ranked]
    return [key for key in keys if not unavailable(key)][:most]


def groups_waiting(source: DataSource) -> list[GroupKey]:
    """Return the groups that are to be asked about and were not yet, in their order."""
    cycle = source.cycles.first()
    if cycle is None or not cycle.audience:
        return []
    asked = set(cycle.checkpoints.filter(key__startswith="audience ").values_list("key", flat=True))
    return [group for group in groups_of(cycle) if key_of(group) not in asked]


def groups_of(cycle: Cycle) -> list[GroupKey]:
    """Return the groups that are asked about by a cycle, those that were asked about already too."""
    return [(gender, age, country) for gender, age, country in cycle.audience]


def estimates_for(cycle: Cycle, sleep: Callable[[float], None]) -> Connector:
    """Return what asks about the groups of a cycle, with answers kept by the month; raises as `http_for` does."""
    source, tier = cycle.source, Tier(sleep)
    asking = AudienceEstimates(
        http_for(source, sleep=sleep, heard=tier.hear),
        settings.PLATFORM_ADDRESSES,
        source.account,
        month=f"{timezone.now():%Y-%m}",
        tier=tier,
        known=partial(known_answer, source),
        keep=partial(keep_answer, source),
    )
    return AudienceShards(asking, groups_of(cycle))


def show_estimates(cycle: Cycle) -> None:
    """Have what is made of the data tell the estimates that this cycle asked for; nothing where it asked for none."""
    if cycle.audience and settings.AFTER_ESTIMATES:
        import_string(settings.AFTER_ESTIMATES)(cycle.source.organization)


def known_answer(source: DataSource, digest: str, month: str) -> Json | None:
    found = EstimateAnswer.objects.filter(source=source, month=month, digest=digest)
    return found.values_list("answer", flat=True).first()


def keep_answer(source: DataSource, digest: str, month: str, answer: Json) -> None:
    EstimateAnswer.objects.update_or_create(source=source, month=month, digest=digest, defaults={"answer": answer})
