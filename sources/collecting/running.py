"""Collecting from a platform: shard by shard, each stored whole with its checkpoint, so that a stop loses one only."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import NoReturn

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources.collecting.complaining import complaints_of
from sources.collecting.covering import coverage_of
from sources.collecting.cycling import cycle_for
from sources.collecting.estimating import estimates_for, show_estimates
from sources.collecting.harvesting import Kept, store_harvest
from sources.collecting.knowing import known_of
from sources.collecting.parts import COUNTING, Parts
from sources.collecting.requesting import refuse_unconnected
from sources.collecting.scheduling import SOON, next_night, quota_renewed
from sources.connecting.checking import note_refusal
from sources.connecting.platforms import connector_for
from sources.connecting.sessions import NotConfigured
from sources.connectors import faults
from sources.connectors.harvests import Connector, Harvest, Shard, Window
from sources.errors import DataError
from sources.models import Collection, Cycle, DataSource
from sources.runs import RunCancelled, RunLost

logger = logging.getLogger(__name__)

LONGEST = 0.8  # of the time that a run may take; then it makes room for one that goes on
AT_ONCE = 60.0  # seconds
NAP = 2.0  # seconds of a long wait, after each of which a wish to cancel is heard


def run_collection(collection: Collection) -> None:
    """Collect what a source has to tell, going on where the last collection of it had to stop.

    Ends the run as done when everything is stored but what is put off, or when the platform's quota is used up: then
    `goes_on_at` of its summary says when the next goes on. Raises DataError when the platform cannot be asked.
    """
    source, now = collection.source, timezone.now()
    refuse_unconnected(source)  # it may have been lost while this was queued
    _due_at(source, now + SOON if not _broke_last_time(collection) else next_night(now, source.pk))
    way = _Way(collection, cycle_for(collection, now))
    try:
        if not way.cycle.finished_at:
            way.go(connector_for(source, sleep=way.wait))
            way.refuse_nothing()
        if way.cycle.audience:
            way.close_cycle()
            way.go(estimates_for(way.cycle, way.wait))
    except NotConfigured:  # nobody will have mended this within the hour
        _due_at(source, next_night(timezone.now(), source.pk))
        raise
    except faults.QuotaUsedUp as error:
        way.pause(error)
    except faults.Unavailable as error:
        way.fail(error, timezone.now() + SOON)
    except faults.PlatformError as error:  # where only a person can help, connecting again makes the source due
        note_refusal(source, error)
        way.fail(error, next_night(timezone.now(), source.pk))
    except RunLost:
        raise
    except RunCancelled:
        way.leave()
        raise
    else:
        way.finish()


class _Way:
    """One run on its way through a cycle."""

    def __init__(self, collection: Collection, cycle: Cycle) -> None:
        self.collection, self.cycle, self.source = collection, cycle, collection.source
        self.parts = Parts(cycle)
        self.brought: Counter[str] = Counter()
        self.stage, self.total = "", 0
        self.put_off: dict[str, tuple[faults.PutOff, int]] = {}  # by stage, with the parts that it has

    def go(self, connector: Connector) -> None:
        window = Window(self.cycle.first_day, self.cycle.last_day)
        for shard in connector.shards(window, known_of(self.source)):
            is_new = shard not in self.parts
            if is_new and shard.stage in self.put_off:
                continue
            self.stage, self.total = shard.stage, shard.total
            self.parts.enter(shard.stage)
            self._report()
            try:
                if is_new:
                    self._keep(shard, *self._read(shard))
            except faults.PutOff as error:
                self.put_off[shard.stage] = error, shard.total
                continue
            self.parts.met(shard)
            self._report()
            if is_new and self.collection.elapsed_seconds > LONGEST * settings.RUN_TIMEOUT_SECONDS:
                raise faults.QuotaUsedUp("This collection took as long as one may take at a time.", "time", AT_ONCE)

    def wait(self, seconds: float) -> None:
        """Sleep, as a platform wants us to; raises RunCancelled as soon as the run is to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP))
            self._report()

    def _read(self, shard: Shard) -> tuple[Harvest, str]:
        """Return what a shard brought, and the platform's words where it refused."""
        try:
            return shard.read(), ""
        except faults.LEFT_OUT as error:
            logger.warning("%s of %s was left out: %s (%s)", shard.key, self.source, error, error.code)
            return Harvest(complaints=[str(error)]), str(error)

    def _keep(self, shard: Shard, harvest: Harvest, refusal: str) -> None:
        """Store what a shard brought together with its checkpoint, unless the run was lost or cancelled meanwhile."""
        with transaction.atomic():
            DataSource.objects.select_for_update().get(pk=self.source.pk)
            kept = store_harvest(self.source, harvest)
            self.parts.keep(shard, kept, refusal)
            rows = self.collection.rows_read + kept.rows
            self.collection.beat(rows_read=rows, rows_accepted=rows)
        self.collection.rows_read = self.collection.rows_accepted = rows
        self.parts.kept(shard, refusal)
        self._count(kept)

    def _count(self, kept: Kept) -> None:
        for name in ("columns", "cells", "comments"):
            self.brought[name] += getattr(kept, name)

    def _report(self) -> None:
        self.collection.report(self.stage, self.parts.passed[self.stage], self.total)

    def summary(self) -> dict:
        if not self.cycle.finished_at:
            self.parts.forget_passed()
        complaints, kinds = complaints_of(self.cycle)
        put_off = list(self._put_off())
        return {
            "first_day": self.cycle.first_day.isoformat(),
            "last_day": self.cycle.last_day.isoformat(),
            "shards_before": self.parts.before,
            "shards_now": self.parts.now,
            "contents": self.source.contents.count(),
            "groups_asked": self.parts.passed["audience"] if self.cycle.audience else 0,
            "groups_to_ask": len(self.cycle.audience),
            **self.brought,
            "coverage": asdict(coverage_of(self.cycle)),
            "complaints": [*put_off, *complaints],
            "complaint_kinds": len(put_off) + kinds,
        }

    def _put_off(self) -> Iterator[dict]:
        """Say of the stages that were not read to their end why, and how far they came."""
        for stage, (error, total) in self.put_off.items():
            words = f"{error} {self._how_far(stage, total)} The rest is read in the next collection."
            yield {"words": words, "count": 1}

    def refuse_nothing(self) -> None:
        """Raise DataError when every part was refused, or every one of the interactions: that is no collection.

        All of it is asked for again.
        """
        refused, counting = self.parts.refused()
        nobody = 0 < len(counting) == self.parts.passed[COUNTING]
        if not refused or not (nobody or self.parts.are_all_refused()):
            return
        self.collection.beat(summary=self.summary())
        self.cycle.checkpoints.all().delete()
        _due_at(self.source, next_night(timezone.now(), self.source.pk))
        what = "no interactions" if nobody else "nothing"
        first = (counting or refused)[0]
        note_refusal(self.source, faults.Refused(first))
        raise DataError(f"The platform gave {what} of this account. {first}")

    def close_cycle(self) -> None:
        """Note that the days are stored, unless that is noted already: what comes behind them needs no open cycle."""
        if not self.cycle.finished_at:
            self.parts.forget_unmet()
            self.cycle.finished_at = timezone.now()
            Cycle.objects.filter(pk=self.cycle.pk).update(finished_at=self.cycle.finished_at)

    def finish(self) -> None:
        """Close the run and its cycle: everything is stored."""
        if not self.cycle.finished_at:
            self.parts.forget_unmet()
        show_estimates(self.cycle)
        told = self.summary()
        with self.collection.completing():
            self.close_cycle()
            _due_at(self.source, self._next_night())
            self._tell(told)

    def _next_night(self) -> datetime:
        """Return when the days are collected again, which does not wait for what was asked behind them."""
        now = timezone.now()
        return max(now, next_night(self.cycle.finished_at or now, self.source.pk))

    def pause(self, error: faults.QuotaUsedUp) -> None:
        """Close the run, for nothing more is given now; another goes on, with the cycle if that is still open."""
        show_estimates(self.cycle)
        by_google = self.source.kind in (DataSource.Kind.YOUTUBE, DataSource.Kind.GOOGLE_ANALYTICS)
        moment = quota_renewed(timezone.now(), error.wait, by_google=by_google)
        if self.cycle.finished_at:
            moment = min(moment, self._next_night())
        told = self.summary() | {"stopped": self._words(error, moment), "goes_on_at": moment.isoformat()}
        with self.collection.completing():
            _due_at(self.source, moment)
            self._tell(told)

    def leave(self) -> None:
        """Tell of a run that is cancelled what it stored, which stays."""
        self._tell(self.summary())
        show_estimates(self.cycle)  # may take longer than the time that is left

    def fail(self, error: faults.PlatformError, again: datetime) -> NoReturn:
        """Tell what was brought before the platform gave no more, and raise DataError."""
        self.collection.beat(summary=self.summary())
        _due_at(self.source, again)
        by_hand = isinstance(error, faults.ReconnectNeeded) or DataSource.objects.cut_off().contains(self.source)
        raise DataError(self._words(error, None if by_hand else again)) from error

    def _words(self, error: faults.PlatformError, again: datetime | None) -> str:
        """Say what happened, how far it came, and when it goes on."""
        words = [str(error)]
        if self.stage and self.parts.stored:
            words.append(self._how_far(self.stage, self.total))
        if again:
            words.append(f"It goes on by itself on {again:%Y-%m-%d at %H:%M} UTC.")
        return " ".join(words)

    def _how_far(self, stage: str, total: int) -> str:
        parts, are = ("part", "is") if total == 1 else ("parts", "are")
        return f"{self.parts.passed[stage]:,} of {total:,} {parts} of the {stage} {are} stored."

    def _tell(self, told: dict) -> None:
        self.collection.summary = told
        self.collection.save(update_fields=["summary"])


def _due_at(source: DataSource, moment: datetime) -> None:
    DataSource.objects.filter(pk=source.pk).update(due_at=moment)


def _broke_last_time(collection: Collection) -> bool:
    """Whether we broke in the last collection of the source: then it is not tried again every hour."""
    last = collection.source.collections.exclude(pk=collection.pk).first()
    return last is not None and last.state == Collection.State.ERRORED
