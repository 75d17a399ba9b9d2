"""The life of a long piece of work, kept on its own row: queued, running, then exactly one closed state.

A run is claimed by a conditional UPDATE and keeps a lease while it works. Every later word of the worker names the
attempt that it claimed, so that one whose lease was lost to a sweeper can no longer speak for the row.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from sources.telling import Report

logger = logging.getLogger(__name__)

REPORT_EVERY = 0.25  # seconds between two UPDATEs of one stage


class RunCancelled(Exception):
    """The work is to stop: somebody asked for it, or (RunLost) the row is no longer ours."""


class RunLost(RunCancelled):
    """Another has closed the row or taken it over: this attempt stops and says nothing more about it."""


class RunQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=(Run.State.QUEUED, Run.State.RUNNING))

    def silent(self) -> Self:
        """The runs whose lease has run out."""
        return self.filter(state=Run.State.RUNNING, lease_until__lt=timezone.now())

    def end_abandoned(self) -> int:
        """End the runs whose worker fell silent, and return how many these were."""
        return self.silent().update(
            state=Run.State.ERRORED,
            finished_at=timezone.now(),
            error="The worker that ran this stopped without a word. Nothing was left half done. Please start it again.",
        )


class Run(models.Model):
    """One piece of work with its state, progress and last words."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        ERRORED = "errored", "Errored"
        CANCELLED = "cancelled", "Cancelled"

    runner: str  # the verb that does the work: a dotted path to a function of one run

    state = models.CharField(max_length=9, choices=State, default=State.QUEUED, db_index=True)
    stage = models.CharField(max_length=40, blank=True)
    stage_done = models.BigIntegerField(default=0)
    stage_total = models.BigIntegerField(default=0)
    stages = models.JSONField(default=list, blank=True, help_text="The stages passed, with seconds and counts.")
    error = models.TextField(blank=True, help_text="What went wrong, in words for the user.")
    attempt = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    _stage_began: datetime | None = None
    _written_at = 0.0
    _listener: Report | None = None

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since the start, or of the whole run once it is closed."""
        if self.started_at is None:
            return 0.0
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()

    def claim(self) -> bool:
        """Take the queued run for this worker; False when another has it or it is closed."""
        now = timezone.now()
        taken = (
            type(self)
            .objects.filter(pk=self.pk, state=self.State.QUEUED, cancel_requested=False)
            .update(
                state=self.State.RUNNING,
                attempt=models.F("attempt") + 1,
                started_at=now,
                heartbeat_at=now,
                lease_until=now + timedelta(seconds=settings.RUN_LEASE_SECONDS),
            )
        )
        self.refresh_from_db()
        return taken == 1

    def beat(self, **told) -> None:
        """Renew the lease, and write fields of the row beside it.

        Raises RunCancelled when the run is to stop, RunLost when it is no longer ours.
        """
        self._tell(**told)

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the work is; a new stage closes the one before it with its seconds.

        Cheap enough for every step of a loop: within a stage, few of the reports reach the database.
        """
        is_news = stage != self.stage or (done == total != self.stage_done)
        if stage != self.stage:
            self._close_stage()
            self._stage_began = timezone.now()
        self.stage, self.stage_done, self.stage_total = stage, done, total
        if self._listener:
            self._listener(stage, done, total)
        if is_news or time.monotonic() - self._written_at >= REPORT_EVERY:
            self._written_at = time.monotonic()
            self._tell_if_possible(stage=stage, stage_done=done, stage_total=total, stages=self.stages)

    @contextmanager
    def completing(self) -> Iterator[None]:
        """Write the results and close the run as done in one transaction: all of it stays, or nothing.

        Raises RunCancelled before anything is written, and RunLost, with nothing left of what was written, when
        another has closed the run meanwhile. Report nothing inside: it would keep the row from its heartbeat.
        """
        self._tell_if_possible()
        with transaction.atomic():
            yield
            if not self.finish():
                raise RunLost

    def finish(self) -> bool:
        return self._end(self.State.DONE)

    def fail(self, words: str) -> bool:
        """The data said no: the words are for the user."""
        return self._end(self.State.FAILED, words)

    def err(self, words: str) -> bool:
        """We broke: the details are in the log, the words here say what to do."""
        return self._end(self.State.ERRORED, words)

    def cancelled(self) -> bool:
        return self._end(self.State.CANCELLED)

    def request_cancel(self) -> bool:
        """Ask the worker to stop; a run that nobody claimed yet is closed at once. Returns whether it was open."""
        model = type(self)
        was_open = model.objects.filter(pk=self.pk).open().update(cancel_requested=True)
        model.objects.filter(pk=self.pk, state=self.State.QUEUED).update(
            state=self.State.CANCELLED, finished_at=timezone.now()
        )
        self.refresh_from_db()
        return bool(was_open)

    def _mine(self) -> RunQuerySet:
        return type(self).objects.filter(pk=self.pk, state=self.State.RUNNING, attempt=self.attempt)

    def _tell(self, **progress) -> None:
        now = timezone.now()
        lease = now + timedelta(seconds=settings.RUN_LEASE_SECONDS)
        going_on = self._mine().filter(cancel_requested=False)
        if not going_on.update(heartbeat_at=now, lease_until=lease, **progress):
            raise RunCancelled if self._mine().exists() else RunLost

    def _tell_if_possible(self, **progress) -> None:
        try:
            self._tell(**progress)
        except OperationalError as error:
            if connection.in_atomic_block:
                raise
            # A locked database: hours of work are worth more than a word on how far they are.
            logger.warning("A report of %s %s was lost: %s", self._meta.label, self.pk, error)

    def _close_stage(self) -> None:
        if self.stage and self._stage_began:
            seconds = round((timezone.now() - self._stage_began).total_seconds(), 3)
            count = self.stage_total or self.stage_done
            self.stages = [*self.stages, {"stage": self.stage, "seconds": seconds, "count": count}]

    def _end(self, state: str, words: str = "") -> bool:
        """Close the run, only if this attempt still owns it; True when it did."""
        if state == self.State.DONE:
            self._close_stage()
        ended = self._mine().update(state=state, error=words, finished_at=timezone.now(), stages=self.stages)
        self.refresh_from_db()
        return ended == 1
