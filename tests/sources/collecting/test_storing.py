"""What a platform tells is stored, restated and removed as it says."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.utils import timezone

from sources.collecting.harvesting import store_harvest
from sources.connectors.harvests import ContentCounts, Harvest, LoyaltyRow
from sources.connectors.records import CommentRow, ContentRow
from sources.models import Comment, ContentUnit, Cycle, DataSource, DemographicGroup, Loyalty, PackedInteractions
from tests.sources.collecting.planted import GROUPS, World, half_estimated, nothing
from tests.sources.collecting.tables import cells_of, tables


def test_everything_that_is_told_is_stored(collect, connector, periods):
    done = collect()
    assert (done.state, done.error, done.goes_on_at) == ("done", "", None)
    world, stored = connector.world, tables()
    assert [row[0] for row in stored["contents"]] == world.ids
    assert {(row[0], row[1]) for row in stored["columns"]} == {(name, at) for name in world.ids for at in periods}
    for name, period, cells, total, unknown, estimated in stored["columns"]:
        told = world.of(name, period)
        assert [count for _, count in cells] == _by_group(told)
        assert (total, unknown, estimated) == (told.counts.sum() + unknown, told.unknown + told.suppressed, False)
    assert [len(stored[name]) for name in ("comments", "loyalty", "attributes", "sizes")] == [36, 48, 1, 1]


def _by_group(told) -> list[float]:
    named = {str(DemographicGroup(gender=g, age_group=a, country=c)): n for (g, a, c), n in _pairs(told)}
    return [named[name] for name in sorted(named)]


def _pairs(told):
    return [pair for pair in zip(told.groups, told.counts.tolist(), strict=True) if pair[1]]


def test_a_first_collection_goes_back_three_whole_months_and_ends_yesterday(collect, connector, periods):
    collect()
    (window,) = connector.windows
    assert f"{window.first}" == f"{periods[0]}-01"
    assert window.last == timezone.now().date() - timedelta(days=1)


def test_a_source_may_say_how_far_it_goes_back(collect, connector, source, periods):
    DataSource.objects.filter(pk=source.pk).update(options={"months": 1})
    collect()
    assert connector.windows[0].period == periods[2]


def test_a_finished_collection_is_due_again_in_the_next_night(collect, source):
    collect()
    source.refresh_from_db()
    assert timedelta(hours=6) <= source.due_at - timezone.now() <= timedelta(hours=30)
    assert 1 <= source.due_at.hour < 5


def test_the_summary_adds_up_what_the_shards_held(collect, connector, periods):
    half_estimated(connector.world, periods[1])
    summary = collect().summary
    told = [connector.world.of(name, period) for name in connector.world.ids for period in periods]
    estimated = sum(one.counts.sum() for one in told if one.estimated)
    assert summary["coverage"] == {
        "explained": sum(one.counts.sum() for one in told),
        "suppressed": sum(one.suppressed for one in told),
        "unknown": sum(one.unknown for one in told),
        "estimated": estimated,
    }
    assert (summary["shards_now"], summary["shards_before"]) == (17, 0)
    assert summary["complaints"] == [{"words": "Small groups are kept back.", "count": 12}]


def test_what_was_restated_is_replaced(collect, connector, periods):
    collect()
    connector.world.counts["v03", periods[-1]] = ContentCounts("v03", periods[-1], GROUPS[:2], np.array([7.0, 8.0]))
    collect()
    stored = PackedInteractions.objects.get(content__external_id="v03", period=periods[-1])
    assert (sorted(count for _, count in cells_of(stored)), stored.total, stored.unknown) == ([7, 8], 15, 0)


def test_what_vanished_is_removed_and_all_else_stays(collect, connector, periods):
    collect()
    before = tables()["columns"]
    connector.world.counts["v03", periods[-1]] = nothing("v03", periods[-1])
    collect()
    assert tables()["columns"] == [row for row in before if row[:2] != ("v03", periods[-1])]


def test_loyalty_of_which_nothing_is_left_is_removed(collect, connector, source):
    collect()
    harvest = Harvest(loyalty=[LoyaltyRow("subscribed", "2026-01", "v03", ("", "", ""), 3.0, 9.0)])
    store_harvest(source, harvest)
    store_harvest(source, Harvest(loyalty=[LoyaltyRow("subscribed", "2026-01", "v03", ("", "", ""), 0.0, 0.0)]))
    assert not Loyalty.objects.filter(period="2026-01").exists()
    assert Loyalty.objects.count() == 48


def test_the_same_told_again_writes_no_column_anew(collect):
    collect()
    before = list(PackedInteractions.objects.order_by("pk").values_list("pk", "total"))
    collect()
    assert list(PackedInteractions.objects.order_by("pk").values_list("pk", "total")) == before


def test_a_measured_column_takes_the_place_of_an_equal_estimate(collect, connector, periods):
    half_estimated(connector.world, periods[-1])
    collect()
    connector.world.counts.clear()
    collect()
    assert not PackedInteractions.objects.filter(estimated=True).exists()


def test_later_collections_read_a_trailing_window_again(collect, connector):
    collect()
    collect()
    first, second = connector.windows
    assert second.first == (timezone.now().date() - timedelta(days=35)).replace(day=1)
    assert second.last == first.last


def test_a_source_that_was_long_away_misses_no_month(collect, connector, periods):
    collect()
    Cycle.objects.update(last_day=f"{periods[0]}-10")
    collect()
    assert connector.windows[1].period == periods[0]


def test_only_new_comments_are_asked_for(collect, connector):
    collect()
    old, *others = connector.world.comments_of("v01")
    connector.world.comments["v01"] = [replace(old, text="Changed, but old"), *others]
    collect()
    assert not Comment.objects.filter(text="Changed, but old").exists()


def test_a_world_of_no_contents_is_collected_too(collect, connector):
    connector.world = World(size=0)
    assert collect().state == "done"


def test_ids_and_texts_longer_than_our_columns_are_cut_and_stay_apart(source):
    paths = [f"/{'x' * 300}{end}" for end in "ab"]
    harvest = Harvest(
        contents=[ContentRow(path, "t" * 600, url=f"https://example.org{path * 4}") for path in paths],
        counts=[
            ContentCounts(path, "2026-10", GROUPS[:1], np.array([place + 1.0])) for place, path in enumerate(paths)
        ],
        loyalty=[LoyaltyRow("returning", "2026-10", path, ("", "", ""), 1.0, 2.0) for path in paths],
        comments=[CommentRow(path, "Good", f"{'c' * 300}{path}") for path in paths],
    )
    for _ in range(2):
        store_harvest(source, harvest)
    units = ContentUnit.objects.order_by("interactions__total")
    assert [(len(unit.external_id), len(unit.title), unit.url) for unit in units] == [(200, 500, "")] * 2
    assert [unit.interactions.get().total for unit in units] == [1, 2]
    assert Loyalty.objects.count() == Comment.objects.count() == 2
