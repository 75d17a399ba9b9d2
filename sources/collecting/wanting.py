"""Wanting estimates of audiences: groups to ask about, behind a collection of an ad account."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from sources.collecting.cycling import open_cycle
from sources.collecting.estimating import groups_waiting
from sources.collecting.requesting import new_collection
from sources.connectors.harvests import GroupKey
from sources.errors import DataError
from sources.models import Collection, DataSource, EstimateAnswer
from sources.queueing import enqueue

MONTHLY = "estimates_monthly"  # the option of a source that asks for them again in every month
MINUTES_A_GROUP = 8  # with the access that an app has in development: about 40 questions, 5 a minute
NO_ADS = "“{}” is no ad account: only Facebook's advertising tells how many people there are in a group."


@transaction.atomic
def new_estimates(*, source: DataSource, groups: Iterable[GroupKey], requested_by=None) -> Collection:
    """Write down a collection that asks about groups when the ads are in; DataError when there cannot be one now.

    A collection that has to stop is followed by others that go on, as with all of them.
    """
    wanted = [list(group) for group in groups]
    if source.kind != DataSource.Kind.FACEBOOK_ADS:
        raise DataError(NO_ADS.format(source))
    if not wanted:
        raise DataError("There are no groups to ask about yet. Collect something or generate personas first.")
    collection = new_collection(source=source, requested_by=requested_by)
    cycle = open_cycle(source, timezone.now())
    cycle.audience += [group for group in wanted if group not in cycle.audience]
    cycle.save(update_fields=["audience"])
    return collection


@transaction.atomic
def queue_estimates(*, source: DataSource, groups: Iterable[GroupKey], requested_by=None) -> Collection:
    """Queue a collection that asks about groups; raises as `new_estimates` does."""
    collection = new_estimates(source=source, groups=groups, requested_by=requested_by)
    enqueue(collection)
    return collection


def waiting_of(source: DataSource) -> int:
    """Return of how many groups it is not settled yet whether Facebook told their size: a collection asks of these."""
    return len(groups_waiting(source))


def stop_asking(source: DataSource) -> None:
    """Ask about no more groups than were; what Facebook told stays. A run that is on its way is not stopped."""
    source.cycles.update(audience=[])
    ask_monthly(source, False)


@transaction.atomic
def ask_monthly(source: DataSource, wish: bool) -> None:
    """Have a source asked for estimates in every month by itself, or no more."""
    source = DataSource.objects.select_for_update().get(pk=source.pk)
    source.options = {name: value for name, value in source.options.items() if name != MONTHLY}
    if wish:
        source.options[MONTHLY] = True
    source.save(update_fields=["options"])


def due_this_month() -> list[DataSource]:
    """Return the connected ad accounts that are asked every month, and were not yet in this one."""
    asked = EstimateAnswer.objects.filter(month=f"{timezone.now():%Y-%m}").order_by().values("source")
    ads = DataSource.objects.connected().filter(kind=DataSource.Kind.FACEBOOK_ADS).exclude(pk__in=asked)
    return [source for source in ads if source.options.get(MONTHLY) and not groups_waiting(source)]
