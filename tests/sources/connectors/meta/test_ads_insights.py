"""Questions about ads that are too much for Meta: asked in shorter pages, for fewer days, and as reports."""

from datetime import date

import pytest

from sources.connectors.faults import Unavailable
from sources.connectors.harvests import Known, Window
from sources.connectors.meta.ads import FacebookAds
from tests.platforms.meta_ads import ACCOUNT
from tests.platforms.server import Answer
from tests.sources.connectors.meta.ads_reading import NOTHING_KNOWN, OCTOBER, as_cells, columns, read


def test_a_heavy_question_is_halved_in_length_before_it_is_split_in_time(ads, connector):
    usual = columns(connector)
    ads.capacity = 31 * 125
    asked = len(ads.server.asked)
    assert _same(columns(connector), usual)
    assert all(request.method != "POST" for request in ads.server.asked[asked:])
    assert {request.one("time_range") for request in ads.server.asked[asked:] if "insights" in request.path} == {
        '{"since": "2026-10-01", "until": "2026-10-31"}'
    }


def test_a_heavier_one_is_split_in_time(ads, connector):
    usual = columns(connector)
    ads.capacity = 16 * 31
    assert _same(columns(connector), usual)
    assert ads.server.counts()[f"POST /graph/v26.0/{ACCOUNT}/insights"] == 0


def test_the_heaviest_becomes_reports_that_sum_to_the_same(ads, connector, waits):
    usual = columns(connector)
    ads.capacity = 0
    assert _same(columns(connector), usual)
    assert ads.server.counts()[f"POST /graph/v26.0/{ACCOUNT}/insights"] == 6
    assert sum(waits) == 6 * (5 + 10)


def test_a_report_that_fails_is_started_once_more(ads, connector):
    usual = columns(connector)
    ads.capacity, ads.failing = 0, 1
    assert _same(columns(connector), usual)
    assert ads.server.counts()[f"POST /graph/v26.0/{ACCOUNT}/insights"] == 7


def test_splitting_a_report_keeps_making_reports(ads, connector):
    usual = columns(connector)
    ads.capacity, ads.report_days = 0, 9
    asked = len(ads.server.asked)
    assert _same(columns(connector), usual)
    at_once = [r for r in ads.server.asked[asked:] if r.method == "GET" and r.path.endswith(f"{ACCOUNT}/insights")]
    assert {r.one("time_range") for r in at_once} >= {'{"since": "2026-10-01", "until": "2026-10-15"}'}
    assert not any('"until": "2026-10-07"' in r.one("time_range") for r in at_once)


def test_what_is_never_made_is_told_and_leaves_the_columns_alone(ads, connector):
    ads.capacity, ads.report_days = 0, 0
    (harvest,) = read(connector)
    assert harvest.counts == ()
    assert "2026-10 are not to be had" in harvest.complaints[0]


def test_people_reached_are_never_summed_over_days(ads, http):
    connector = FacebookAds(http, ads.addresses(ads.server.base), ACCOUNT, metric="reach")
    ads.capacity = 0
    read(connector)
    asked = [r.form["time_range"][0] for r in ads.server.asked if r.method == "POST"]
    assert set(asked) == {'{"since": "2026-10-01", "until": "2026-10-31"}'}


def test_people_reached_longer_ago_than_meta_tells_are_not_to_be_had(ads, http):
    connector = FacebookAds(http, ads.addresses(ads.server.base), ACCOUNT, metric="reach")
    ads.reach_since = date(2026, 10, 1)
    september, october = read(connector, Window(date(2026, 9, 1), date(2026, 10, 31)))
    assert (september.counts, len(october.counts)) == ((), len(ads.ads.ads))
    assert "reach of ads in 2026-09 are not to be had" in september.complaints[0]


def test_a_month_too_old_for_people_reached_keeps_no_counts_of_another_kind(ads, http):
    connector = FacebookAds(http, ads.addresses(ads.server.base), ACCOUNT, metric="reach")
    ads.reach_since = date(2026, 10, 1)
    known = Known(lambda: ["238"])
    old, *_, recent, _ = read(connector, Window(date(2025, 9, 1), date(2026, 10, 31)), known)
    assert [(one.content_id, one.period, len(one.counts)) for one in old.counts] == [("238", "2025-09", 0)]
    assert recent.counts == ()


def test_a_list_of_ads_that_is_too_long_is_read_in_shorter_pages(ads, connector):
    ads.graph.largest = 25
    contents = next(shard for shard in connector.shards(OCTOBER, NOTHING_KNOWN)).read().contents
    assert len(contents) == len(ads.ads.ads)


def test_an_empty_page_is_not_the_end_and_the_address_of_the_next_is_not_followed(ads, connector):
    ads.graph.largest, ads.graph.empty_pages = 25, {25}
    ads.ads.ads += [{**ad, "id": f"9{ad['id']}"} for ad in ads.ads.ads]
    contents = next(shard for shard in connector.shards(OCTOBER, NOTHING_KNOWN)).read().contents
    assert len({row.external_id for row in contents}) == len(ads.ads.ads) == 48
    assert not any("access_token" in request.query for request in ads.server.asked)


def _same(mine, usual):
    return mine.keys() == usual.keys() and all(
        as_cells(mine[ad]) == pytest.approx(as_cells(usual[ad]))
        and mine[ad].unknown == pytest.approx(usual[ad].unknown)
        for ad in mine
    )


@pytest.mark.parametrize("body", [{}, {"report_run_id": ""}, {"report_run_id": None}])
def test_a_report_that_got_no_number_is_a_fault_of_facebooks(ads, connector, body):
    ads.capacity = 0
    ads.server.fail("POST", "insights", Answer(body))
    with pytest.raises(Unavailable, match="took the order for a report of ads and gave it no number"):
        read(connector)


def test_a_question_that_times_out_every_time_becomes_a_report(ads, connector):
    usual = columns(connector)
    late = ads.graph.error("Your request timed out. Please try a smaller date range", 2, 1504018, 500)
    ads.server.fail("GET", f"{ACCOUNT}/insights$", late, times=4)
    assert _same(columns(connector), usual)
    assert ads.server.counts()[f"POST /graph/v26.0/{ACCOUNT}/insights"] == 1
