"""What the queue calls: the heavy step of a run is a child process, so that its death is one recorded failure.

The task only watches: it renews the lease while the child lives, ends the child on a wish to cancel and when the time
is up, and finds words for the user when the child died without any.
"""

import logging
import signal
import subprocess
import time

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError

from sources import children
from sources.collecting.requesting import queue_due
from sources.queueing import give_a_sign
from sources.reaching import drop_broken_connections
from sources.runs import Run, RunCancelled, RunLost

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 10.0  # for a run that is cancelled to tell what it stored
CHECK = "sources.connecting.checking.check_connections"
STOPPED = (
    "The worker was stopped while this ran, perhaps for an update. Nothing was left half done. Please start it again."
)


def answer() -> None:
    """Show that the whole way through the queue is open."""
    give_a_sign()


def collect_due() -> None:
    """Queue a collection for every source whose time has come."""
    queue_due()


def check_permissions() -> None:
    """Find permissions that died or end soon before a night's collection does: platforms may be slow to answer."""
    children.do_aside(CHECK)


def execute(label: str, pk: int) -> None:
    """Carry out a queued run in a child process; does nothing when it was claimed, closed or deleted before."""
    run = apps.get_model(label).objects.filter(pk=pk).first()
    if run is None:
        logger.warning("%s %s was deleted before its turn came", label, pk)
        return
    with children.stoppable():
        if run.claim():
            _watch_over(run)


def _watch_over(run: Run) -> None:
    child, words = None, STOPPED
    try:
        child = children.start(children.RUN, run._meta.label, str(run.pk), str(run.attempt))
        words = _tend(run, child)
        run.err(words)  # says nothing when the child has closed the row itself
    except RunLost:
        logger.info("%s %s was closed: by its own process, about to end, or by a sweeper", run._meta.label, run.pk)
    except RunCancelled:
        _let_leave(run, child)
    except BaseException:  # the queue's own time-out and a worker's end are SystemExit
        children.end(child)
        drop_broken_connections()
        run.err(words)
        raise
    finally:
        children.end(child)


def _let_leave(run: Run, child: subprocess.Popen) -> None:
    """Leave a run that is cancelled the time to close itself, which it does at its next report."""
    lease = settings.RUN_LEASE_SECONDS - children.BEAT_SECONDS  # nobody renews it any more
    try:
        children.has_ended_within(child, min(LEAVE_SECONDS, lease))
    finally:
        children.end(child)
        run.cancelled()  # says nothing when the child has closed the row itself


def _tend(run: Run, child: subprocess.Popen) -> str:
    """Keep the lease while the child lives; return what to tell if it closed nothing; raises RunCancelled."""
    time_is_up = time.monotonic() + settings.RUN_TIMEOUT_SECONDS
    while time.monotonic() < time_is_up:
        if children.has_ended_within(child, children.BEAT_SECONDS):
            return last_words(child.returncode)
        drop_broken_connections()
        _beat(run)
        give_a_sign()
    children.end(child)
    return (
        f"This took longer than the {settings.RUN_TIMEOUT_SECONDS / 3600:.2g} hours that a run may take, and was "
        "stopped. Try with less data, or have the administrator raise RUN_TIMEOUT_SECONDS."
    )


def _beat(run: Run) -> None:
    try:
        run.beat()
    except DatabaseError as error:  # the child may hold the write lock; the lease outlasts several tries
        logger.warning("The heartbeat of %s %s has to wait: %s", run._meta.label, run.pk, error)


def last_words(exit_code: int) -> str:
    """Tell a user why the process of a run ended without a result; a negative code is the signal that ended it."""
    if exit_code == -signal.SIGKILL:
        return (
            "The process that ran this was killed (signal 9): most often the machine ran out of memory. "
            "Free some of it, or try with less data, and start it again."
        )
    if exit_code == -signal.SIGTERM:
        return STOPPED
    how = f"by signal {-exit_code} ({signal.strsignal(-exit_code)})" if exit_code < 0 else f"with code {exit_code}"
    return (
        f"The process that ran this ended {how} and left no result. Please start it again. "
        "If it happens again, tell the administrator: the log says more."
    )
