"""A connector that reads a fake YouTube, for tests: the server runs, the waits are told, the contract is held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import requests

from sources.connectors.google.faults import judge
from sources.connectors.harvests import ContentCounts, Harvest, Known, Shard, Window
from sources.connectors.http import Http
from sources.connectors.youtube.channel import YouTube
from tests.platforms.server import PlatformServer
from tests.platforms.youtube import FakeYouTube
from tests.platforms.youtube_world import World

OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
REPORTS = "/v2/reports"


@dataclass
class Case:
    """A fake channel and what it takes to read it."""

    server: PlatformServer
    fake: FakeYouTube
    waits: list[float] = field(default_factory=list)

    @property
    def addresses(self) -> dict[str, str]:
        return self.fake.addresses(self.server.base)

    @property
    def ids(self) -> list[str]:
        return sorted(self.fake.world.ids)

    def http(self, token: str = "ya29.planted") -> Http:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        return Http(session, judge, self.waits.append)

    def connector(self, **options: Any) -> YouTube:
        return YouTube(self.http(), self.addresses, self.fake.world.channel, **options)

    def shards(self, stage: str, window: Window = OCTOBER, known: Known | None = None, **options: Any) -> list[Shard]:
        known = known or Known(lambda: self.ids)
        return [shard for shard in self.connector(**options).shards(window, known) if shard.stage == stage]

    def read(self, stage: str, window: Window = OCTOBER, known: Known | None = None, **options: Any) -> Harvest:
        """Return all that the shards of a stage bring, as one."""
        parts = [shard.read() for shard in self.shards(stage, window, known, **options)]
        names = ("contents", "counts", "comments", "loyalty", "complaints")
        return Harvest(**{name: [row for part in parts for row in getattr(part, name)] for name in names})

    def reports(self) -> list[dict[str, str]]:
        """The parameters of every report that was asked for."""
        asked = [request for request in self.server.asked if request.path.endswith(REPORTS)]
        return [{name: values[0] for name, values in request.query.items()} for request in asked]


@contextmanager
def case(**world: Any) -> Iterator[Case]:
    """Give a channel of few videos, unless the world is told otherwise; afterwards the contract must be unbroken."""
    server = PlatformServer()
    fake = FakeYouTube(server, World(**({"videos": 12, "months": ("2026-10",), "views": 3000.0} | world)))
    with server.running():
        yield Case(server, fake)
    assert fake.broken == []


def total_of(counts: ContentCounts) -> float:
    """All the views that a column tells of, whoever they were by."""
    return float(sum(counts.counts)) + counts.unknown + counts.suppressed
