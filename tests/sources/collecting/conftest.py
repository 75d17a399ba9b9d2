"""A connected source, and a platform in memory that it collects from."""

import pytest
from django.utils import timezone

from sources.collecting import running as collecting
from sources.models import Collection, Connection, DataSource
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
