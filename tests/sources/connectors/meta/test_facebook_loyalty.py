"""How many of those who saw a Facebook page's contents follow it."""

from datetime import date

from sources.connectors.harvests import Window
from sources.connectors.meta.facebook_insights import FOLLOWERS
from sources.connectors.meta.metrics import choices
from tests.platforms.meta_reading import harvest
from tests.platforms.server import Answer

ONLY_COUNTS = "interactions".__eq__
ONLY_LOYALTY = "audience".__eq__


def test_followers_among_the_viewers_are_told_per_post_and_per_month(read, page, world):
    rows = {(row.content_id, row.period): row for row in read[0].loyalty}
    item = world.posts[3]
    assert (rows[world.post_id(item), ""].loyal, rows[world.post_id(item), ""].total) == (item.followers, item.total)
    days = [page.pages.viewers_on(date(2026, 9, day)) for day in range(1, 31)]
    month = rows["", "2026-09"]
    assert (month.total, month.loyal) == (sum(total for total, _ in days), sum(loyal for _, loyal in days))
    assert {row.kind for row in rows.values()} == {"follower"}


def test_a_month_is_told_whole_though_the_window_begins_in_it(page, facebook):
    (row,) = harvest(facebook, Window(date(2026, 9, 12), date(2026, 9, 30)), wanted=ONLY_LOYALTY).loyalty
    assert row.total == sum(page.pages.viewers_on(date(2026, 9, day))[0] for day in range(1, 31))


def test_a_month_that_is_too_much_is_asked_for_in_parts(page, facebook):
    too_much = page.graph.error(
        "Please reduce the amount of data you're asking for, then retry your request", 1, 0, 500
    )
    page.graph.server.fail("GET", "/insights", too_much, times=2)
    (row,) = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 30)), wanted=ONLY_LOYALTY).loyalty
    assert row.total == sum(page.pages.viewers_on(date(2026, 9, day))[0] for day in range(1, 31))


def test_a_month_whose_first_days_are_forgotten_is_not_told_in_part(page, facebook):
    days = [
        {"value": 5, "end_time": f"2026-09-{day:02}T07:00:00+0000", FOLLOWERS: fan} for day in (6, 7) for fan in "01"
    ]
    left = {"data": [{"name": choices("page", "total")[0].name, "values": days}]}
    page.graph.server.fail("GET", "/insights", Answer(left))
    assert harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 30)), wanted=ONLY_LOYALTY).loyalty == []


def test_a_page_of_few_followers_still_tells_its_views(page, facebook, world):
    page.pages.few_followers = True
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert told.loyalty == []
    assert {one.content_id: one.unknown for one in told.counts}[world.post_id(world.posts[119])] > 0
    assert sum("is_from_followers" in words for words in told.complaints) == 1
    assert page.graph.server.count("insights") < 2 * 120 + 20


def test_one_post_that_is_not_for_us_does_not_end_the_asking_for_followers(page, facebook):
    page.graph.server.fail("GET", "_\\d+/insights", page.graph.error("(#10) Not permitted", 10, status=403))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert (len(told.counts), len(told.loyalty)) == (119, 119)
    refusals = [words for words in told.complaints if "does not tell who saw" not in words]
    assert refusals == ["Facebook does not give this: (#10) Not permitted"]
