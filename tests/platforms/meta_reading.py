"""What the tests of Meta's connectors share: a served world, a session as ours is, and harvests put together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import requests

from sources.connectors.harvests import ContentCounts, Harvest, Known, Window
from sources.connectors.http import Http
from sources.connectors.meta.faults import judge
from tests.platforms.meta import Graph, proof_of
from tests.platforms.meta_instagram import MetaInstagram
from tests.platforms.meta_pages import MetaPages
from tests.platforms.meta_world import World
from tests.platforms.server import PlatformServer

SECRET, USER, PAGE = "app-secret", "EAAUSER1", "EAAPAGE1"
WHOLE = Window(date(2026, 8, 1), date(2026, 10, 31))
NOTHING_KNOWN = Known(content_ids=list)


@dataclass
class Served:
    """A world on a running server; `http()` is what a connector is given."""

    graph: Graph
    pages: MetaPages
    instagram: MetaInstagram
    addresses: dict[str, str]
    waits: list[float] = field(default_factory=list)

    def http(self, token: str = PAGE) -> Http:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        session.params = {"appsecret_proof": proof_of(SECRET, token)}
        return Http(session, judge, self.waits.append)

    @property
    def asked(self) -> list[Any]:
        return self.graph.server.asked


@contextmanager
def served(world: World) -> Iterator[Served]:
    """Serve a world; in the end nothing may have been asked or answered that Meta's SDK does not know."""
    server = PlatformServer()
    graph = Graph(server, accepts=lambda token: token in (USER, PAGE), secret=SECRET)
    pages = MetaPages(graph, world)
    graph.page_tokens.add(PAGE)
    with server.running() as base:
        yield Served(graph, pages, MetaInstagram(graph, world), graph.addresses(base))
    assert graph.violations == []


def harvest(
    connector: Any, window: Window = WHOLE, known: Known = NOTHING_KNOWN, wanted: Callable[[str], bool] = bool
) -> Harvest:
    """Read the shards of the wanted stages (all) and put them together in one."""
    found = [shard.read() for shard in connector.shards(window, known) if wanted(shard.stage)]
    names = ("contents", "counts", "comments", "loyalty", "attributes", "sizes", "complaints")
    return Harvest(**{name: [row for one in found for row in getattr(one, name)] for name in names})


def by_group(counts: ContentCounts) -> dict[tuple[str, str, str], float]:
    return dict(zip(counts.groups, map(float, counts.counts), strict=True))


def summed(cells: dict[tuple[str, str, str], float], *dimensions: int) -> dict[tuple[str, ...], float]:
    """Sum the cells over all but some dimensions."""
    sums: dict[tuple[str, ...], float] = {}
    for group, count in cells.items():
        key = tuple(group[dimension] for dimension in dimensions)
        sums[key] = sums.get(key, 0.0) + count
    return sums


def distance(one: dict[Any, float], other: dict[Any, float]) -> float:
    """Return the total variation distance of two tables of counts, 0 to 1."""
    first, second = sum(one.values()), sum(other.values())
    return sum(abs(one.get(key, 0) / first - other.get(key, 0) / second) for key in {*one, *other}) / 2
