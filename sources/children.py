"""Child processes of the queue's tasks: while one lives, the worker counts as busy, and its task has a taker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from sources.queueing import give_a_sign
from sources.reaching import drop_broken_connections

RUN = "execute_run"
CHORE = "execute_chore"
BEAT_SECONDS = 1.0


def do_aside(verb: str) -> None:
    """Call a function, named by its path, in a child process: for what may take long and is no run.

    What answers at once needs none. RuntimeError when it broke.
    """
    with stoppable():
        child = start(CHORE, verb)
        try:
            while not has_ended_within(child, BEAT_SECONDS):
                drop_broken_connections()
                give_a_sign()
        finally:
            end(child)
    if child.returncode:
        raise RuntimeError(f"{verb} ended with code {child.returncode}: the log says why")


def start(command: str, *arguments: str) -> subprocess.Popen:
    """Start a command of this project that ends together with this process."""
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments, "--parent", str(os.getpid())]
    return subprocess.Popen(line, cwd=settings.BASE_DIR)  # noqa: S603 (nothing of it comes from outside)


def has_ended_within(child: subprocess.Popen, seconds: float) -> bool:
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def end(child: subprocess.Popen | None) -> None:
    if child is not None and child.poll() is None:
        child.kill()
        child.wait()


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signal that ends a worker into SystemExit, so that what is going on can still be closed."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(signum: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not break into the closing of the run
    raise SystemExit("the worker was told to stop")
