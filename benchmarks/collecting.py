"""A large property, from HTTP to the tables: `python -m benchmarks.collecting [--pages 600000] [--views 8]`.

A stand-in of Google Analytics serves a planted property from a process of its own; the real connector collects last
month and this one into a throwaway database beside the one of DATABASE_URL. Told are seconds, questions, and the memory
of the collecting process after each tenth of the way, which has to stay flat.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import ROOT, database, manage, peak_megabytes, run, throwaway_database

STATM_PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=600_000)
    options.add_argument("--views", type=float, default=8.0, help="of a page in a month, on average")
    options.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options.add_argument("--base", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        STEPS[chosen.step](chosen)
        return
    with tempfile.TemporaryDirectory() as folder, throwaway_database(Path(folder)) as address:
        manage(address, "migrate", "--verbosity", "0")
        module = [sys.executable, "-m", "benchmarks.collecting", "--pages", str(chosen.pages)]
        serving = [*module, "--views", str(chosen.views), "--step", "serve"]
        with subprocess.Popen(serving, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:  # noqa: S603 (our own)
            base = server.stdout.readline().strip()
            told, seconds, megabytes = run([*module, "--step", "collect", "--base", base], address)
            server.stdin.close()
    found = json.loads(told.splitlines()[-1])
    print(
        f"{chosen.pages:,} pages, {database().scheme}: {found['state']} in {seconds:,.0f} s, peak {megabytes:,.0f} MB"
    )
    if found["error"]:
        raise SystemExit(found["error"])
    print(f"stored: {found['contents']:,} contents, {found['cells']:,} cells; {found['questions']:,} questions")
    print("memory (MB) after each tenth:", ", ".join(f"{memory:,.0f}" for memory in found["memory"]))
    print("coverage:", found["coverage"])


def serve(chosen: argparse.Namespace) -> None:
    """Serve the property until the input ends; says where in one line."""
    from tests.platforms.google_analytics import GoogleAnalyticsFake
    from tests.platforms.google_analytics_world import World
    from tests.platforms.server import PlatformServer

    server = PlatformServer()
    GoogleAnalyticsFake(server, World(pages=chosen.pages, views=chosen.views))
    with server.running() as base:
        print(base, flush=True)
        sys.stdin.read()


def collect(chosen: argparse.Namespace) -> None:
    """Collect in this process, as the queue's child does, and print what was found as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apg_site.settings")
    import django

    django.setup()
    import requests
    from django.conf import settings
    from django.utils import timezone

    from sources.carrying import carry_out
    from sources.collecting import running
    from sources.connectors.google.faults import judge_analytics
    from sources.connectors.google_analytics.web_property import GoogleAnalytics
    from sources.connectors.http import Http
    from sources.models import Collection, Connection, DataSource, Organization

    organization = Organization.objects.create(name="Benchmark", slug="benchmark")
    source = DataSource.objects.create(
        organization=organization,
        name="Property",
        kind=DataSource.Kind.GOOGLE_ANALYTICS,
        account="421337",
        connection=Connection.objects.create(organization=organization, provider=Connection.Provider.GOOGLE),
        options={"months": 1},
        due_at=timezone.now(),
    )
    addresses = settings.PLATFORM_ADDRESSES | {
        name: f"{chosen.base}/{name}" for name in ("analytics_data", "analytics_admin")
    }
    http = Http(requests.Session(), judge_analytics, time.sleep)
    running.connector_for = lambda source, **given: GoogleAnalytics(http, addresses, source.account)
    memory: list[float] = []

    def listen(stage: str, done: int, total: int) -> None:
        if stage == "interactions" and done * 10 >= len(memory) * total:
            memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * STATM_PAGE)

    collection = Collection.objects.create(source=source)
    carry_out(collection, listen)
    collection.refresh_from_db()
    told = collection.summary
    print(
        json.dumps(
            {
                "state": collection.state,
                "error": collection.error,
                "contents": source.contents.count(),
                "cells": told.get("cells"),
                "coverage": told.get("coverage"),
                "questions": http.calls,
                "memory": [*memory, peak_megabytes()],
            }
        )
    )


STEPS = {"serve": serve, "collect": collect}

if __name__ == "__main__":
    main()
