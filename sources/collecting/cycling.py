"""The ways through the days of a source: which one a run goes on with, and which days a new one has."""

from datetime import datetime, timedelta

from django.db import transaction

from sources.collecting.estimating import groups_waiting
from sources.collecting.scheduling import FIRST_MONTHS, is_new_week, next_night, window_of
from sources.connecting.platforms import PLATFORMS
from sources.connectors.harvests import Window
from sources.models import Collection, Cycle, DataSource

CYCLE_LIVES = timedelta(days=7)  # without anything stored; a cycle that moves is never begun anew


def cycle_for(collection: Collection, now: datetime) -> Cycle:
    """Return the cycle that a run goes on with.

    Asking about groups may take days, in which the nights have their turn: so a cycle is finished as soon as its days
    are stored, and asked about until the next night are the groups that are left. That night's cycle takes them over.
    """
    source, last = collection.source, collection.source.cycles.first()
    over = last and not last.is_outdated and last.finished_at
    if collection.by_schedule and over and now < next_night(over, source.pk) and groups_waiting(source):
        return last
    return open_cycle(source, now)


def open_cycle(source: DataSource, now: datetime) -> Cycle:
    """Return the way through the days that is not finished, or begin one.

    One of which nothing is stored, or that has long not moved, is given up. A new one takes over the groups that are
    still to be asked about.
    """
    cycle = source.cycles.filter(finished_at=None).first()
    is_begun = cycle is not None and cycle.checkpoints.exists()
    if is_begun and (cycle.started_at > now - CYCLE_LIVES or _has_moved(source, now - CYCLE_LIVES)):
        return cycle
    with transaction.atomic():
        waiting = groups_waiting(source)
        if cycle:
            cycle.delete()
        last = source.cycles.first()
        if last:
            source.cycles.exclude(pk=last.pk).delete()  # what is asked of those before, the last one tells
        window = next_window(source, now)
        reached = min(window.first, last.reached) if last else window.first
        return Cycle.objects.create(
            source=source,
            first_day=window.first,
            last_day=window.last,
            reached_back_to=reached,
            is_second_try=last is not None and last.wants_another_try,
            audience=[list(group) for group in waiting],
        )


def next_window(source: DataSource, now: datetime) -> Window:
    """Return the days of a way that is begun now.

    Counts that are not dated grow on behind the days that are read every night: the first way of a week goes back to
    the first day that was ever read. So does the first one after a change of what counts, or after a file with
    interactions was imported. Where the platform refused a part of the last one, its days are read once more.
    """
    last = source.cycles.exclude(finished_at=None).first()
    months = source.options.get("months", FIRST_MONTHS)
    if last is None:
        return window_of(now.date(), None, months)
    window = window_of(now.date(), last.last_day, months, last.reached)
    grows_on = PLATFORMS[source.kind].is_undated and is_new_week(last.last_day, window.last)
    if grows_on or last.is_outdated:
        return Window(min(window.first, last.reached), window.last)
    if last.wants_another_try:
        return Window(min(window.first, last.first_day), window.last)
    return window


def _has_moved(source: DataSource, since: datetime) -> bool:
    return source.collections.filter(heartbeat_at__gt=since, rows_read__gt=0).exists()
