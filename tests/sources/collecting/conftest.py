"""A connected source with a platform in memory that it collects from, and an ad account with Facebook's advertising."""

import pytest
from django.utils import timezone

from sources.collecting import running as collecting
from sources.models import Collection, Connection, DataSource
from tests.platforms.meta import Graph
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.meta_ads_world import Ads
from tests.platforms.server import PlatformServer
from tests.running import run
from tests.sources.collecting.planted import PlantedConnector


@pytest.fixture
def source(organization):
    granted = Connection.objects.create(organization=organization, provider=Connection.Provider.GOOGLE, token="planted")
    return DataSource.objects.create(
        organization=organization,
        name="Channel",
        kind=DataSource.Kind.YOUTUBE,
        account="UC1",
        connection=granted,
        due_at=timezone.now(),
    )


@pytest.fixture
def connector(monkeypatch):
    planted = PlantedConnector()

    def connector_for(source, *, sleep):
        planted.sleep = sleep
        return planted

    monkeypatch.setattr(collecting, "connector_for", connector_for)
    return planted


@pytest.fixture
def collect(source, connector):
    """Collect once, and return the collection as it ended."""

    def collect() -> Collection:
        return run(Collection.objects.create(source=source))

    return collect


@pytest.fixture
def periods():
    today = timezone.now().date()
    months = [today.year * 12 + today.month - 1 - back for back in (3, 2, 1, 0)]
    return [f"{month // 12}-{month % 12 + 1:02}" for month in months]


@pytest.fixture
def ads(settings):
    """An advertiser at Facebook, whose app has the access that asks for no waiting."""
    server, token, secret = PlatformServer(), "EAAads", "app-secret"
    ads = MetaAds(Graph(server, accepts=lambda given: given == token, secret=secret), ads=Ads(per_set=1))
    ads.tier, ads.per_hour = "standard_access", 100_000
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | ads.addresses(base)
        settings.META_APP_ID, settings.META_APP_SECRET = "1", secret
        yield ads
    assert ads.graph.violations == []


@pytest.fixture
def account(organization):
    granted = Connection.objects.create(organization=organization, provider=Connection.Provider.META, token="EAAads")
    return DataSource.objects.create(
        organization=organization, name="Ads", kind="facebook_ads", account=ACCOUNT, connection=granted
    )
