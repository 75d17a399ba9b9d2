"""Asking Meta how many people there are in groups, and what they do: a group at a time, each stored whole."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from sources.collecting.harvesting import store_harvest
from sources.connecting.sessions import http_for
from sources.connectors import faults
from sources.connectors.harvests import Connector, GroupKey
from sources.connectors.http import Http, Json
from sources.connectors.meta.ads_pacing import Tier
from sources.connectors.meta.audience_estimates import AudienceEstimates
from sources.connectors.meta.audience_shards import WithEstimates
from sources.connectors.meta.audience_targeting import unavailable
from sources.errors import DataError
from sources.frames import read_interactions
from sources.models import Cycle, DataSource, DemographicGroup, EstimateAnswer, Organization, PackedInteractions
from sources.telling import Report

STAGE = "estimate"
Connect = Callable[..., Http]


@dataclass
class Estimated:
    """What came of asking: groups gone through, sizes and shares stored, questions asked of Meta.

    `stopped` says in words why it ended early; asking for the same groups in the same month goes on from there.
    """

    groups: int = 0
    sizes: int = 0
    shares: int = 0
    calls: int = 0
    complaints: list[str] = field(default_factory=list)
    stopped: str = ""


def ad_account_of(organization: Organization) -> DataSource:
    """Return the connected ad account by which an organization asks; raises DataError when there is none."""
    accounts = DataSource.objects.of(organization).filter(kind=DataSource.Kind.FACEBOOK_ADS)
    connected = accounts.connected().order_by("pk").first()
    if connected is None:
        raise DataError(f"{organization} has no Facebook ad account connected: estimates of audiences come from one.")
    return connected


def heaviest_groups(organization: Organization, most: int) -> list[GroupKey]:
    """Return the groups with the most interactions of which Meta estimates something, the heaviest first."""
    stored = read_interactions(PackedInteractions.objects.of(organization))
    totals = np.bincount(stored.group, stored.count) if len(stored.group) else np.zeros(0)
    ranked = [pk for pk in np.argsort(-totals, kind="stable").tolist() if totals[pk] > 0]
    groups = DemographicGroup.objects.in_bulk(ranked)
    keys = [(groups[pk].gender, groups[pk].age_group, groups[pk].country) for pk in ranked]
    return [key for key in keys if not unavailable(key)][:most]


def estimate_audience(
    source: DataSource,
    groups: Iterable[GroupKey],
    *,
    month: str,
    report: Report | None = None,
    sleep: Callable[[float], None] = time.sleep,
    connect: Connect = http_for,
) -> Estimated:
    """Ask for size, job, education and relationship of groups by the ad account `source`, and store what is told.

    month (YYYY-MM) is the current one, by which answers are kept. Raises DataError when the account cannot be asked.
    """
    wanted, done = list(dict.fromkeys(groups)), Estimated()
    tell = report or (lambda stage, done, total: None)
    try:
        asking = asking_by(source, month, sleep=sleep, connect=connect)
        tell(STAGE, 0, len(wanted))
        try:
            for group in wanted:
                _store(source, asking, group, done)
                tell(STAGE, done.groups, len(wanted))
        except (faults.QuotaUsedUp, faults.Unavailable) as error:
            done.stopped = f"{error} {done.groups:,} of {len(wanted):,} groups are stored; the answers so far are kept."
        done.calls = asking.http.calls
    except faults.PlatformError as error:
        raise DataError(str(error)) from error
    return done


def asking_by(
    source: DataSource, month: str, *, sleep: Callable[[float], None] = time.sleep, connect: Connect = http_for
) -> AudienceEstimates:
    """Return what asks by an ad account, with answers kept by month (YYYY-MM); raises as `http_for` does."""
    tier = Tier(sleep)
    return AudienceEstimates(
        connect(source, sleep=sleep, heard=tier.hear),
        settings.PLATFORM_ADDRESSES,
        source.account,
        month=month,
        tier=tier,
        known=partial(known_answer, source),
        keep=partial(keep_answer, source),
    )


def with_estimates(connector: Connector, cycle: Cycle) -> Connector:
    """Return the connector of a cycle, with the groups that it is to ask about behind all else."""
    if not cycle.audience:
        return connector
    groups = [(gender, age, country) for gender, age, country in cycle.audience]
    return WithEstimates(connector, asking_by(cycle.source, f"{timezone.now():%Y-%m}"), groups)


def show_estimates(cycle: Cycle) -> None:
    """Have what is made of the data tell the estimates that this cycle asked for; nothing where it asked for none."""
    if cycle.audience and settings.AFTER_ESTIMATES:
        import_string(settings.AFTER_ESTIMATES)(cycle.source.organization)


def known_answer(source: DataSource, digest: str, month: str) -> Json | None:
    found = EstimateAnswer.objects.filter(source=source, month=month, digest=digest)
    return found.values_list("answer", flat=True).first()


def keep_answer(source: DataSource, digest: str, month: str, answer: Json) -> None:
    EstimateAnswer.objects.update_or_create(source=source, month=month, digest=digest, defaults={"answer": answer})


def _store(source: DataSource, asking: AudienceEstimates, group: GroupKey, done: Estimated) -> None:
    harvest = asking.of(group)
    with transaction.atomic():
        store_harvest(source, harvest)
    done.groups += 1
    done.sizes += len(harvest.sizes)
    done.shares += len(harvest.attributes)
    done.complaints += harvest.complaints
