"""A fake property of Google Analytics and the connector that reads it."""

from contextlib import contextmanager
from datetime import date

import numpy as np
import requests

from sources.connectors.google.faults import judge_analytics
from sources.connectors.google_analytics.web_property import GoogleAnalytics
from sources.connectors.harvests import Known, Window
from sources.connectors.http import Http
from tests.platforms.google_analytics import GoogleAnalyticsFake
from tests.platforms.google_analytics_world import AGES, COUNTRIES, GENDERS, World
from tests.platforms.server import PlatformServer

AUGUST = Window(date(2026, 8, 1), date(2026, 8, 31))
SMALL = {"pages": 24, "views": 60.0}


class Reading:
    """A fake property and a connector that reads it."""

    def __init__(self, server: PlatformServer, fake: GoogleAnalyticsFake, base: str) -> None:
        self.server, self.fake, self.world = server, fake, fake.world
        self.addresses, self.waits = fake.addresses(base), list[float]()
        self.http = Http(requests.Session(), judge_analytics, self.waits.append)

    def connector(self, account: str = "421337", **options) -> GoogleAnalytics:
        return GoogleAnalytics(self.http, self.addresses, account, **options)

    def harvests(self, window: Window = AUGUST, **options) -> dict:
        return {shard.key: shard.read() for shard in self.connector(**options).shards(window, Known(list))}

    def columns(self, **options) -> dict:
        counts = [one for harvest in self.harvests(**options).values() for one in harvest.counts]
        assert len({(one.content_id, one.period) for one in counts}) == len(counts)
        return {one.content_id: one for one in counts}


@contextmanager
def reading(world=None, **options):
    server = PlatformServer()
    fake = GoogleAnalyticsFake(server, World(**(SMALL | (world or {}))), **options)
    with server.running() as base:
        yield Reading(server, fake, base)


def known_truth(world: World, page: int, period: str = "2026-08") -> dict:
    cells = world.truth(period)[page]
    return {
        (GENDERS[g], AGES[a], COUNTRIES[c]): int(cells[c, a, g])
        for c, a, g in np.argwhere(cells > 0)
        if COUNTRIES[c] != "(not set)" and AGES[a] != "unknown" and GENDERS[g] != "unknown"
    }


def as_dict(column) -> dict:
    return dict(zip(column.groups, column.counts.tolist(), strict=True))
