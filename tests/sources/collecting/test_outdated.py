"""What is no longer in a report loses its column in the month that was asked for, and nothing else does."""

import random
from dataclasses import dataclass, field

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from sources.collecting.harvesting import store_harvest
from sources.connectors.faults import Refused
from sources.connectors.harvests import ContentCounts, Harvest, LoyaltyRow, Stretch
from sources.connectors.identifiers import bounds, stored_id
from sources.models import ContentUnit, DataSource, Loyalty, PackedInteractions
from tests.sources.collecting import test_killing as killing
from tests.sources.collecting.planted import GROUPS, PlantedConnector
from tests.sources.collecting.tables import tables

MONTH = "2026-10"


@dataclass
class Site(PlantedConnector):
    """Names only what has views, and says in which stretch that is all: as Google Analytics does."""

    gone: set[str] = field(default_factory=set)

    def _interactions(self, part) -> Harvest:
        ids, period = part
        told = [name for name in ids if name not in self.gone]
        following = [name for name in self.world.ids if name > ids[-1]]
        stretch = Stretch(period, "" if ids[0] == self.world.ids[0] else ids[0], next(iter(following), None))
        return Harvest(counts=[self.world.of(name, period) for name in told], whole=[stretch])


@pytest.fixture
def connector(monkeypatch):
    site = Site()
    monkeypatch.setattr("sources.collecting.running.connector_for", lambda source, **how: site)
    return site


def columns_of(*names: str) -> set[tuple[str, str]]:
    rows = PackedInteractions.objects.values_list("content__external_id", "period")
    return set(rows.filter(content__external_id__in=names) if names else rows)


def read_again(periods) -> list[str]:
    """The months that a second collection reads again."""
    first = f"{timezone.now().date() - timezone.timedelta(days=35):%Y-%m}"
    return [period for period in periods if period >= first]


def test_what_left_the_report_leaves_the_months_that_were_asked_for(collect, connector, periods):
    collect()
    before = columns_of()
    connector.gone = {"v00", "v04", "v11"}
    collect()
    assert before - columns_of() == {(name, month) for name in connector.gone for month in read_again(periods)}


def test_what_left_the_report_stays_a_content(collect, connector):
    collect()
    connector.gone = {"v04"}
    collect()
    assert ContentUnit.objects.filter(external_id="v04").exists()


def test_a_part_that_was_refused_lets_nothing_vanish(collect, connector, periods):
    collect()
    before = columns_of()
    connector.gone = {"v00", "v07"}
    months = read_again(periods)
    connector.faults = {f"interactions/{month}/0": Refused("Not for you.") for month in months}
    collect()
    assert before - columns_of() == {("v07", month) for month in months}


def test_what_is_told_again_comes_back(collect, connector):
    collect()
    before = tables()["columns"]
    connector.gone = {"v04"}
    collect()
    connector.gone = set()
    collect()
    assert tables()["columns"] == before


@pytest.mark.parametrize("seed", range(12))
def test_killed_at_any_moment_and_resumed_the_outdated_are_gone(source, collect, connector, seed):
    collect()
    connector.gone = {"v00", "v04", "v07", "v11"}
    statements = killing.statements_of(source)
    wanted = tables()["columns"]
    connector.gone = {"v02"}
    collect()
    connector.gone = {"v00", "v04", "v07", "v11"}
    with connection.execute_wrapper(killing.Reaper(random.Random(seed).randint(3, statements * 9 // 10))):
        assert killing.is_killed(source)
    assert not killing.is_killed(source)
    assert tables()["columns"] == wanted


def counted(name: str, period: str = MONTH) -> ContentCounts:
    return ContentCounts(name, period, GROUPS[:1], np.array([5.0]))


def test_undated_columns_other_months_and_other_sources_stay(source, organization):
    other = DataSource.objects.create(organization=organization, name="Other")
    for one in (source, other):
        store_harvest(one, Harvest(counts=[counted("/a", period) for period in (MONTH, "2026-09", "")]))
    store_harvest(source, Harvest(whole=[Stretch(MONTH)]))
    assert sorted(column.period for column in PackedInteractions.objects.filter(content__source=source)) == [
        "",
        "2026-09",
    ]
    assert PackedInteractions.objects.filter(content__source=other).count() == 3


def test_a_stretch_is_of_code_points_whatever_the_language_of_the_database(source):
    names = sorted(["/B", "/a", "/a-b", "/a/b", "/é", "/z", "/愛", "/😀"])
    for start in range(len(names)):
        store_harvest(source, Harvest(counts=[counted(name) for name in names]))
        first, *inside = names[start : start + 4]
        store_harvest(source, Harvest(whole=[Stretch(MONTH, first, inside[-1] if len(inside) == 3 else None)]))
        gone = [first, *(inside[:-1] if len(inside) == 3 else inside)]
        assert columns_of() == {(name, MONTH) for name in names if name not in gone}


def test_loyalty_goes_with_its_column(source):
    rows = [LoyaltyRow("subscribed", month, "a", ("", "", ""), 1.0, 5.0) for month in (MONTH, "2026-09")]
    for outdated in (Harvest(whole=[Stretch(MONTH)]), Harvest(counts=[ContentCounts("a", MONTH, [], np.zeros(0))])):
        store_harvest(source, Harvest(counts=[counted("a")], loyalty=rows))
        store_harvest(source, outdated)
        assert [row.period for row in Loyalty.objects.all()] == ["2026-09"]


def test_ids_that_were_shortened_lie_in_the_stretch_of_their_paths_or_in_none():
    stem = "/" + "x" * 182
    paths = sorted([f"/{'x' * size}" for size in (1, 180, 182, 183, 199, 200, 300)] + [stem + c * 40 for c in "aqz~é"])
    for at, first in enumerate(paths):
        for behind in [*paths[at + 1 :], None]:
            low, high = bounds(first, behind)
            inside = {path for path in paths if low <= stored_id(path) and (high is None or stored_id(path) < high)}
            assert inside <= {path for path in paths if first <= path and (behind is None or path < behind)}
