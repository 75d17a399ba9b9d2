"""Steps of a benchmark as processes of their own, on a database that is taken away again."""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

ROOT = Path(__file__).parent.parent


def peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def manage(address: str, *arguments: str) -> tuple[float, float]:
    """Run a command as anybody does, and return its seconds from start to end and its peak memory in MB."""
    _, seconds, peak = run([sys.executable, str(ROOT / "manage.py"), *arguments], address)
    return seconds, peak


def run(command: list[str], address: str) -> tuple[str, float, float]:
    """Return what the process printed, its seconds and its peak memory in MB."""
    environment = {**os.environ, **({"DATABASE_URL": address} if address else {})}
    with tempfile.TemporaryFile("w+") as out:
        since = time.perf_counter()
        process = os.posix_spawn(
            command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), sys.stdout.fileno())]
        )
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - since
        out.seek(0)
        if status:
            raise SystemExit(f"{' '.join(command)} failed: {out.read()}")
        return out.read(), seconds, usage.ru_maxrss / 1024


def database() -> SplitResult:
    """Return the address of DATABASE_URL in its parts."""
    return urlsplit(os.environ.get("DATABASE_URL", "sqlite:///db.sqlite3"))


@contextmanager
def throwaway_database(folder: Path) -> Iterator[str]:
    """Make a database of the kind that DATABASE_URL names, beside that one, and take it away again."""
    given = database()
    if given.scheme == "sqlite":
        place = folder / "benchmark.sqlite3"
        yield f"sqlite:///{place}"
        for left in folder.glob(f"{place.name}*"):
            left.unlink()
        return
    import psycopg2

    name = f"benchmark_{os.getpid()}"
    server = psycopg2.connect(given.geturl())
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(given._replace(path=f"/{name}"))
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.close()
