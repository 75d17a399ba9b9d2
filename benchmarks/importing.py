"""From a file to stored personas: `python -m benchmarks.importing [--rows 10000000] [--repeat 3] [--limit 900]`.

A made-up CSV is written once into a temporary folder. Then, in turns, a plain script (pandas.read_csv, groupby) reads
it, `manage.py import_interactions` stores it in a throwaway database beside the one of DATABASE_URL, the matrix is read
back, and `manage.py generate_personas` makes the sets of 5 to 15. Every step is a process of its own, whose largest
memory is told; `ratio` is the plain script's time over ours in the same turn. No turn begins once the limit is over.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.files import write_csv
from benchmarks.processes import database, manage, peak_megabytes, run, throwaway_database
from benchmarks.tables import HEADER, Line, row

ORGANIZATION = "benchmark"
KEY = ["content_id", "gender", "age_group", "country"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000, help="rows of the CSV")
    options.add_argument("--contents", type=int, default=300_000, help="content units, at most as many as rows")
    options.add_argument("--repeat", type=int, default=3, help="turns, each with a fresh database")
    options.add_argument("--limit", type=float, default=900.0, help="seconds after which no turn begins")
    options.add_argument("--no-personas", action="store_true", help="leave out the personas")
    options.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        print(json.dumps(STEPS[chosen.step](chosen)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "interactions.csv"
        _step("write", path, "--rows", str(chosen.rows), "--contents", str(chosen.contents))
        print(f"{chosen.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, {database().scheme}")
        turns, began = [], time.monotonic()
        while len(turns) < chosen.repeat and (not turns or time.monotonic() - began < chosen.limit):
            turns.append(_turn(path, Path(folder), personas=not chosen.no_personas))
            print(f"turn {len(turns)}:", {name: round(value, 2) for name, value in turns[-1].items()}, flush=True)
    _tell(turns, chosen.rows)


def _turn(path: Path, folder: Path, *, personas: bool) -> dict[str, float]:
    """Do every step once, and return its seconds and peak memory (MB) by name."""
    found: dict[str, float] = {}
    found |= _step("plain", path)
    with throwaway_database(folder) as address:
        manage(address, "migrate", "--verbosity", "0")
        found |= _named("import", *manage(address, "import_interactions", str(path), "--organization", ORGANIZATION))
        found |= _step("read", path, address=address)
        if personas:
            made = manage(address, "generate_personas", "--organization", ORGANIZATION, "--sizes", "5-15")
            found |= _named("personas", *made)
        found |= _named("again", *manage(address, "import_interactions", str(path), "--organization", ORGANIZATION))
    return found


def _tell(turns: list[dict[str, float]], rows: int) -> None:
    def line(step: str, name: str, units: float) -> Line:
        return Line(step, column(f"{name} s"), column("plain s"), units, column(f"{name} MB"))

    def column(name: str) -> list[float]:
        return [turn[name] for turn in turns]

    cells = turns[0]["read cells"]
    lines = [
        line("plain: read_csv, groupby", "plain", rows),
        line("import_interactions, into nothing", "import", rows),
        line("import_interactions, the same again", "again", rows),
        line(f"matrix read back, {cells:,.0f} cells", "read", cells),
    ]
    if "personas s" in turns[0]:
        both = [turn["import s"] + turn["personas s"] for turn in turns]
        lines += [
            line("generate_personas, 5 to 15", "personas", 0),
            Line("file -> stored persona sets of 5 to 15", both, column("plain s"), rows),
        ]
    print(HEADER)
    for each in lines:
        print(row(each))


def write(chosen: argparse.Namespace) -> dict[str, float]:
    """Write the CSV; in a process of its own, for memory once taken is counted to those that start after it."""
    write_csv(chosen.file, chosen.rows, min(chosen.contents, chosen.rows))
    return {}


def plain(chosen: argparse.Namespace) -> dict[str, float]:
    """Read and add up as a plain script does."""
    since = time.perf_counter()
    frame = pd.read_csv(chosen.file, keep_default_na=False)
    frame.groupby(KEY, as_index=False)["count"].sum()
    return {"plain s": time.perf_counter() - since, "plain MB": peak_megabytes()}


def read(chosen: argparse.Namespace) -> dict[str, float]:
    """Read the matrix back as a generation does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apg_site.settings")
    import django

    django.setup()
    from personas.frames import read_audience
    from personas.models import Generation
    from sources.models import Organization

    generation = Generation(organization=Organization.objects.get(slug=ORGANIZATION), threshold=50)
    since = time.perf_counter()
    audience, *_ = read_audience(generation)
    return {"read s": time.perf_counter() - since, "read cells": audience.V.nnz, "read MB": peak_megabytes()}


STEPS = {"write": write, "plain": plain, "read": read}


def _step(name: str, path: Path, *options: str, address: str = "") -> dict[str, float]:
    """Do one of STEPS in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.importing", "--step", name, "--file", str(path), *options]
    return json.loads(run(command, address)[0])


def _named(name: str, seconds: float, megabytes: float) -> dict[str, float]:
    return {f"{name} s": seconds, f"{name} MB": megabytes}


if __name__ == "__main__":
    main()
