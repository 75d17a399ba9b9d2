"""A planted Facebook page, and planted ads, each served while a test reads it."""

import pytest
import requests

from sources.connectors.http import Http
from sources.connectors.meta.ads import FacebookAds
from sources.connectors.meta.ads_pacing import Tier
from sources.connectors.meta.audience_estimates import AudienceEstimates
from sources.connectors.meta.facebook import Facebook
from sources.connectors.meta.faults import judge
from sources.connectors.meta.pacing import Paced
from tests.platforms.meta import Graph
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.meta_reading import harvest, served
from tests.platforms.meta_world import make_world
from tests.platforms.server import PlatformServer


@pytest.fixture(scope="package")
def world():
    return make_world()


@pytest.fixture
def page(world):
    with served(world) as page:
        yield page


@pytest.fixture
def facebook(page, world):
    return Facebook(page.http(), page.addresses, world.page)


@pytest.fixture(scope="package")
def read(world):
    """Everything that the page tells, and what was asked for it."""
    with served(world) as page:
        yield harvest(Facebook(page.http(), page.addresses, world.page)), page.asked


@pytest.fixture(scope="package")
def counts(read):
    return {one.content_id: one for one in read[0].counts}


class Time:
    """A clock that only sleep moves."""

    def __init__(self):
        self.now, self.waits = 0.0, []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def ads(time):
    server = PlatformServer()
    ads = MetaAds(Graph(server), clock=lambda: time.now)
    with server.running():
        yield ads
    assert ads.graph.violations == []


@pytest.fixture
def waits():
    return []


@pytest.fixture
def http(waits):
    session = requests.Session()
    session.headers["Authorization"] = "Bearer EAAuser"
    return Http(session, judge, waits.append)


@pytest.fixture
def connector(ads, http):
    return FacebookAds(http, ads.addresses(ads.server.base), ACCOUNT)


@pytest.fixture
def cache():
    return {}


@pytest.fixture
def estimates(ads, time, cache):
    session = requests.Session()
    session.headers["Authorization"] = "Bearer EAAuser"

    def make(**options):
        tier = Tier(time.sleep)
        kept = {
            "known": lambda *key: cache.get(key),
            "keep": lambda key, month, answer: cache.update({(key, month): answer}),
        }
        http = Http(Paced(session, time.sleep), judge, time.sleep, tier.hear)
        given = {"month": "2026-11", "tier": tier, **kept, **options}
        return AudienceEstimates(http, ads.addresses(ads.server.base), ACCOUNT, **given)

    return make
