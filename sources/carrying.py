"""Doing the work of a run: its verb is called, its lease kept, and its row closed, whatever happens."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

from sources.errors import DataError
from sources.reaching import drop_broken_connections
from sources.runs import Run, RunCancelled, RunLost
from sources.telling import Report

logger = logging.getLogger(__name__)


def carry_out(run: Run, listener: Report | None = None, *, tended: bool = False) -> None:
    """Do the work of a run and close its row, whatever happens; a queued run is claimed first.

    The listener hears every report. `tended` says that somebody else renews the lease, as the queue's task does.
    """
    if run.state == Run.State.QUEUED and not run.claim():
        return
    run._listener = listener
    try:
        with nullcontext() if tended else _kept_alive(run):
            import_string(run.runner)(run)
        run.finish()  # says nothing when the work was done in `completing`
    except DataError as error:
        run.fail(str(error))
    except RunLost:
        logger.warning("%s %s was closed by another while it ran; its work here stops", run._meta.label, run.pk)
    except (RunCancelled, KeyboardInterrupt) as reason:
        run.cancelled()
        if isinstance(reason, KeyboardInterrupt):
            raise
    except MemoryError:
        logger.exception("%s %s ran out of memory", run._meta.label, run.pk)
        run.err("The machine ran out of memory. Free some of it, or try with less data, and start it again.")
    except BaseException as reason:
        logger.exception("%s %s broke", run._meta.label, run.pk)
        drop_broken_connections()
        run.err(
            "Something broke on our side; it is not your data. Please start it again. If it breaks again, tell the "
            f"administrator: the log names it {run._meta.label} {run.pk}."
        )
        if not isinstance(reason, Exception):
            raise


@contextmanager
def _kept_alive(run: Run) -> Iterator[None]:
    """Renew the lease from a thread, so that a long step without a report does not look like a dead worker."""
    over = threading.Event()
    thread = threading.Thread(target=_beat_until, args=(run, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=1)


def _beat_until(run: Run, over: threading.Event) -> None:
    try:
        while not over.wait(settings.RUN_LEASE_SECONDS / 4):
            try:
                run.beat()
            except DatabaseError as error:  # a locked database: the lease outlasts several tries
                logger.warning("The heartbeat of %s %s has to wait: %s", run._meta.label, run.pk, error)
    except RunCancelled:
        return  # the work hears it at its next report
    finally:
        connection.close()
