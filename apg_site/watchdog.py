"""Keeps a queue cluster alive: asks it for signs of life, restarts it when it is silent, and clears up after it.

The cluster is a process group of its own. It cannot be trusted to notice its own death: when a process of it is killed
while it waits for work, the others wait for ever, and no longer obey a request to stop. So it is judged by what comes
out of it, and ended as a group.
"""

import logging
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import psutil
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from enrichment.sweeping import delete_unknown_photo_files, discard_forgotten_packs
from sources import children, queueing, sweeping
from sources.processes import adopt_orphans, reap_children
from sources.reaching import drop_broken_connections

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
GRACE_SECONDS = 5.0
START_SECONDS = 20.0  # what a new cluster may need on a busy machine before its first sign
RESTART_SECONDS = 3.0  # between two starts at least, should a cluster never come to life
CANARIES = 3  # so many in a row go unanswered before the cluster counts as silent
HOUSEKEEPING_SECONDS = 60.0
HOUSEKEEPING = (
    sweeping.enqueue_lost,
    sweeping.delete_unused_uploads,
    discard_forgotten_packs,
    delete_unknown_photo_files,
)


class Cluster:
    """The process group that takes tasks from the queue."""

    def __init__(self, worker: str) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--cluster-of", str(os.getpid())]
        self.began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (nothing of it comes from outside)
            command, cwd=settings.BASE_DIR, start_new_session=True, env={**os.environ, queueing.WORKER_VARIABLE: worker}
        )

    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    def has_died(self) -> bool:
        return self.process.poll() is not None

    def is_busy(self) -> bool:
        """Whether a run or a chore is being carried out."""
        try:
            family = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            return False
        return any(_carries_out_a_task(process) for process in family)

    def end(self) -> None:
        """End the whole group: first asked, so that its runs are closed with words, then killed."""
        asked_until = time.monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)
        while self._exists() and time.monotonic() < asked_until:
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        self.process.wait()
        while self._exists():
            time.sleep(0.02)

    def _exists(self) -> bool:
        self.process.poll()
        reap_children()
        return self._signal(0)

    def _signal(self, number: int) -> bool:
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS: no permission for a group of zombies
            return False
        return True


class Watchdog:
    """The loop of `manage.py worker`."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.worker = f"{socket.gethostname()}-{os.getpid()}"
        self.sweeper = sweeping.Sweeper()
        self.stopping = False
        self.cluster: Cluster | None = None
        self.alive_at = self.asked_at = -math.inf  # the cluster's last sign of life, and our last question
        self.busy_at = -math.inf
        self.answered: datetime | None = None
        self.due = {self._sweep: 0.0, self._keep_house: 0.0}

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT; returns when no process of the cluster is left."""
        adopt_orphans()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._start()
        try:
            while not self.stopping:
                time.sleep(TICK_SECONDS)
                self._tick()
        finally:
            self.cluster.end()
            self._survive(lambda: queueing.forget(self.worker))

    def _stop(self, signum: int, frame: object) -> None:
        self.stopping = True

    def _start(self) -> None:
        self._survive(lambda: queueing.deliver_again(timezone.now()))
        self.cluster = Cluster(self.worker)
        self.alive_at = time.monotonic() + START_SECONDS
        self.asked_at = -math.inf

    def _tick(self) -> None:
        drop_broken_connections()
        self._survive(self._listen)
        silence = time.monotonic() - self.alive_at
        if self.cluster.has_died() and self.cluster.age() > RESTART_SECONDS:
            self._restart("has ended")
        elif silence > CANARIES * settings.WORKER_CANARY_SECONDS:
            self._restart(f"was silent for {silence:.0f} s")
        reap_children()
        for chore, due in self.due.items():
            if time.monotonic() >= due:
                self._survive(chore)

    def _listen(self) -> None:
        """Note signs of life; a cluster that carries out a task needs no canary, and may have no one free to answer."""
        if self.cluster.is_busy():
            self.alive_at = self.busy_at = time.monotonic()
            return
        seen = queueing.worker_seen(self.worker)
        if seen != self.answered:
            self.answered, self.alive_at = seen, time.monotonic()
        if time.monotonic() - self.asked_at >= settings.WORKER_CANARY_SECONDS:
            self.asked_at = time.monotonic()
            queueing.ask_for_a_sign()

    def _restart(self, why: str) -> None:
        self.say(f"The queue {why}; it is started again.")
        self.cluster.end()
        self._start()

    def _sweep(self) -> None:
        self.due[self._sweep] = time.monotonic() + settings.WORKER_SWEEP_SECONDS
        ended = self.sweeper.sweep()
        if ended:
            self.say(f"Ended {ended} abandoned run(s).")

    def _keep_house(self) -> None:
        self.due[self._keep_house] = time.monotonic() + HOUSEKEEPING_SECONDS
        for step in HOUSEKEEPING:
            self._survive(step)
        if self.answered and time.monotonic() - self.busy_at > GRACE_SECONDS:
            # Who is idle has come past all older tasks: whoever took one of these and still has it is dead. Who has
            # only just ended one may still be about to acknowledge it, and to begin the next.
            queueing.deliver_again(self.answered - timedelta(seconds=settings.WORKER_CANARY_SECONDS))

    def _survive(self, step: Callable[[], object]) -> None:
        """Take a step that the database or the disk may refuse for a while: the watchdog itself goes on."""
        try:
            step()
        except DatabaseError:
            logger.exception("The database did not answer; the worker tries again")
        except OSError:
            logger.exception("The disk refused something; the worker tries again")


def _carries_out_a_task(process: psutil.Process) -> bool:
    try:
        return not {children.RUN, children.CHORE}.isdisjoint(process.cmdline())
    except psutil.Error:
        return False
