"""A database of its own, and a real `manage.py worker` on it."""

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress

import psutil
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from personas.models import Generation
from sources.queueing import enqueue, worker_seen
from tests import builders


def wait_until(condition, seconds: float = 45, what: str = ""):
    """Return what the condition gives as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what or condition}")


def kill(process: psutil.Process) -> None:
    """End a process as the system does when it must, unless it went already with the one above it."""
    with suppress(psutil.NoSuchProcess):
        process.kill()


def _carries_out_a_run(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "execute_run" in process.cmdline()
    return False


class Worker:
    """A `manage.py worker` with everything that descends from it."""

    def __init__(self, environment: dict[str, str]) -> None:
        began = timezone.now()
        command = [sys.executable, "manage.py", "worker"]
        self.process = psutil.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            self.first_line = self.process.stdout.readline()
            wait_until(lambda: (worker_seen() or began) > began, what="a sign of life")
        except BaseException:
            self.kill_all()
            raise

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)] if self.process.is_running() else []

    def child(self) -> psutil.Process:
        """The process that carries out a run, once it does."""
        return wait_until(lambda: next(filter(_carries_out_a_run, self.family()), None), what="child")

    def idle_processes(self) -> list[psutil.Process]:
        """The processes that wait for tasks, and those that fetch and acknowledge them."""
        leader = self.process.children()[0]
        sentinel = leader.children()[0]
        return sentinel.children()

    def kill_all(self) -> None:
        for process in self.family():
            kill(process)
        self.process.wait(10)

    def stop(self) -> float:
        """Ask it to end, and return the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - began


@pytest.fixture(scope="package")
def environment(tmp_path_factory):
    """The environment of the cluster: a new database, short clocks, and a verb whose pace a test decides."""
    folder = tmp_path_factory.mktemp("cluster")
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "tests.cluster.settings",
        "RUN_LEASE_SECONDS": "3",
        "WORKER_CANARY_SECONDS": "2",
        "WORKER_SWEEP_SECONDS": "1",
        "WORKERS": "2",
    }


@pytest.fixture(scope="package")
def database(environment, django_db_blocker):
    """Have this process look at the cluster's database, too."""
    with django_db_blocker.unblock():
        ordinary = connections["default"]
        place = _new_database(environment, ordinary)
        connections["default"] = type(ordinary)({**ordinary.settings_dict, **place}, alias="default")
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"], cwd=settings.BASE_DIR, env=environment, check=True
        )
        yield
        connections["default"].close()
        connections["default"] = ordinary
        _drop_database(place, ordinary)


def _new_database(environment: dict[str, str], ordinary) -> dict[str, str]:
    if ordinary.vendor == "sqlite":
        return {"NAME": environment["DATABASE_URL"].removeprefix("sqlite:///")}
    name = f"cluster_{uuid.uuid4().hex[:12]}"
    with ordinary._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    s = ordinary.settings_dict
    address = f"{s['HOST']}:{s['PORT']}" if s["PORT"] else s["HOST"]
    environment["DATABASE_URL"] = f"postgres://{s['USER']}:{s['PASSWORD']}@{address}/{name}"
    return {"NAME": name}


def _drop_database(place: dict[str, str], ordinary) -> None:
    if ordinary.vendor != "sqlite":
        with ordinary._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {place['NAME']} WITH (FORCE)")


@pytest.fixture(scope="package")
def workers(database, environment):
    """Start workers; each test gets the one that runs, or a new one."""
    running: list[Worker] = []

    def one() -> Worker:
        if not running or not running[-1].process.is_running():
            running.append(Worker(environment))
        return running[-1]

    yield one
    for worker in running:
        worker.kill_all()


@pytest.fixture
def worker(workers):
    return workers()


@pytest.fixture
def queue(database):
    """Queue a generation that takes so many tenths of a second, or does real work (see paced.py)."""

    def queued(seed: int, **fields) -> Generation:
        organization = fields.pop("organization", None) or builders.make_organization(uuid.uuid4().hex)
        with transaction.atomic():
            run = Generation.objects.create(organization=organization, seed=seed, sizes=[5, 6], **fields)
            enqueue(run)
        return run

    return queued


@pytest.fixture
def closed():
    """Wait until a run is closed, and return it."""

    def wait(run: Generation, seconds: float = 20) -> Generation:
        wait_until(lambda: run.refresh_from_db() or not run.is_open, seconds, f"{run.state} run to be closed")
        return run

    return wait


@pytest.fixture
def walking():
    """Wait until a run has taken steps."""

    def wait(run: Generation) -> Generation:
        wait_until(lambda: run.refresh_from_db() or run.stage_done > 0, what=f"{run.state} run to walk")
        return run

    return wait


@pytest.fixture
def processes_left(environment):
    """The processes, zombies too, that still work on the cluster's database."""

    def left() -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if _database_of(p) == environment["DATABASE_URL"]]

    return left


def _database_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("DATABASE_URL")
    except psutil.Error:
        return None
