"""Asking for collections: one now, or those of all sources that are due."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import Schedule

from sources.errors import DataError
from sources.models import Collection, DataSource
from sources.queueing import call_by_clock, enqueue

COLLECT_DUE = "sources.tasks.collect_due"
CHECK_PERMISSIONS = "sources.tasks.check_permissions"
EVERY_MINUTES = 5


def new_collection(*, source: DataSource, requested_by=None, by_schedule: bool = False) -> Collection:
    """Write down a collection from a platform that is to run; DataError when there cannot be one now."""
    refuse_unconnected(source)
    _end_killed(source)
    try:
        with transaction.atomic():
            return Collection.objects.create(source=source, requested_by=requested_by, by_schedule=by_schedule)
    except IntegrityError:
        if not source.collections.open().exists():
            raise
        raise DataError(f"“{source}” is being collected just now. Wait until that is done, or cancel it.") from None


def _end_killed(source: DataSource) -> None:
    """End a collection that was killed, where no worker does. A locked database keeps signs of life back, too: wait."""
    long_silent = timezone.now() - timedelta(seconds=settings.RUN_LEASE_SECONDS)
    source.collections.silent().filter(lease_until__lt=long_silent).end_abandoned()


class OnHold(DataError):
    """The platform gives nothing more until its quota is renewed: the collection goes on by itself then."""


def refuse_on_hold(source: DataSource) -> None:
    """Raise OnHold while a collection of the source waits for a quota."""
    last = source.collections.first()
    moment = last.goes_on_at if last else None
    if moment and moment > timezone.now():
        raise OnHold(
            f"The platform gives nothing more of “{source}” for now. It goes on by itself on "
            f"{moment:%Y-%m-%d at %H:%M} UTC; asked before, the platform will most likely refuse."
        )


@transaction.atomic
def queue_collection(*, source: DataSource, requested_by=None, by_schedule: bool = False) -> Collection:
    """Queue a collection from a platform; raises as `new_collection` does."""
    collection = new_collection(source=source, requested_by=requested_by, by_schedule=by_schedule)
    enqueue(collection)
    return collection


def queue_due() -> list[Collection]:
    """Queue a collection for every source whose time has come, and return these."""
    queued = []
    for source in DataSource.objects.due():
        try:
            queued.append(queue_collection(source=source, by_schedule=True))
        except DataError:  # somebody was quicker, or has disconnected it since
            continue
    return queued


def keep_schedule() -> None:
    """Have the queue look every few minutes for sources that are due, and daily for permissions that died.

    May be called at any time.
    """
    call_by_clock("collect what is due", COLLECT_DUE, schedule_type=Schedule.MINUTES, minutes=EVERY_MINUTES)
    call_by_clock("check permissions", CHECK_PERMISSIONS, schedule_type=Schedule.DAILY)


def refuse_unconnected(source: DataSource) -> None:
    """Raise DataError when there is nothing to collect from, or nobody's permission to."""
    if source.kind == DataSource.Kind.FILES:
        raise DataError(f"“{source}” is made of uploaded files: there is nothing to collect. Upload files instead.")
    if source.connection is None:
        raise DataError(f"“{source}” is disconnected. Connect its account again to collect from it.")
    if source.link == "reconnect":
        raise DataError(
            f"“{source}” has to be connected again before anything can be collected from it. {source.trouble}"
        )
