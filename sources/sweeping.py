"""Putting in order what processes that died have left behind."""

from contextlib import suppress
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources import queueing
from sources.errors import DataError
from sources.models import Upload
from sources.runs import Run, RunQuerySet
from sources.uploading import discard_upload

UNUSED_UPLOADS_LIVE = timedelta(days=1)


class Sweeper:
    """Ends the runs whose worker fell silent.

    A run goes only when two sweeps in a row find it silent: while a long transaction locks the database nobody can
    renew a lease, and the sweep that comes first after it must not be quicker than the heartbeat. So a sweep is a
    transaction itself: where one writer keeps all others out, it waits for that one before it judges.
    """

    def __init__(self) -> None:
        self.suspects: set[tuple] = set()

    def sweep(self) -> int:
        """Return how many runs were ended; raises OperationalError while the database is locked."""
        with transaction.atomic():
            return self._sweep()

    def _sweep(self) -> int:
        silent = {
            (model, pk, lease_until)
            for model in run_models()
            for pk, lease_until in model.objects.silent().values_list("pk", "lease_until")
        }
        still_silent, self.suspects = silent & self.suspects, silent
        return sum(model.objects.filter(pk=pk, lease_until=lease).end_abandoned() for model, pk, lease in still_silent)


def enqueue_lost() -> int:
    """Put the queued runs that have no task back into the queue, and return how many these were."""
    long_ago = timezone.now() - timedelta(seconds=settings.RUN_LEASE_SECONDS)
    overdue = [run for model in run_models() for run in _queued(model).filter(created_at__lt=long_ago)]
    known = queueing.waiting() if overdue else set()
    lost = [run for run in overdue if (run._meta.label, run.pk) not in known]
    for run in lost:
        queueing.enqueue(run)
    return len(lost)


def delete_unused_uploads() -> int:
    """Delete the uploads, with their files, that no collection has used for a day; return how many these were."""
    before = timezone.now() - UNUSED_UPLOADS_LIVE
    deleted = 0
    for upload in Upload.objects.filter(created_at__lt=before, collections__isnull=True):
        with suppress(DataError):  # somebody confirmed it since it was found
            discard_upload(upload=upload)
            deleted += 1
    return deleted


def run_models() -> list[type[Run]]:
    """Return every kind of run that there is."""
    return [model for model in apps.get_models() if issubclass(model, Run)]


def _queued(model: type[Run]) -> RunQuerySet:
    return model.objects.filter(state=Run.State.QUEUED, cancel_requested=False)
