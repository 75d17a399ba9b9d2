"""What asking for estimates costs, how quickly it may be done, and what is not asked twice."""

import pytest

from sources.connectors.faults import QuotaUsedUp, Refused
from sources.connectors.meta.audience_targeting import digest
from tests.platforms.meta_ads_world import INDUSTRIES

WOMEN = ("female", "25-34", "QA")
COST = 1 + 12 + 13 + len(INDUSTRIES)  # questions: the size, and one for each value


def test_a_group_costs_one_call_for_the_size_and_one_for_each_value(ads, estimates):
    estimates().of(WOMEN)
    assert ads.server.count("delivery_estimate") == COST


def test_the_second_time_in_a_month_asks_nothing(ads, estimates):
    first = estimates().of(WOMEN)
    asked = len(ads.server.asked)
    assert estimates().of(WOMEN) == first
    assert len(ads.server.asked) == asked


def test_another_month_asks_anew(ads, estimates):
    estimates().of(WOMEN)
    asked = len(ads.server.asked)
    estimates(month="2026-12").of(WOMEN)
    assert len(ads.server.asked) == 2 * asked


def test_what_is_not_ready_is_asked_again_later(ads, estimates):
    ads.unready = ['"relationship_statuses": [3]']
    assert estimates().of(WOMEN).settled == []
    ads.unready, asked = [], len(ads.server.asked)
    assert "Married" in {row.value for row in estimates().of(WOMEN).attributes}
    assert len(ads.server.asked) == asked + 1


def test_an_app_in_development_asks_five_times_a_minute(ads, estimates, time):
    ads.per_hour = 300
    estimates().of(WOMEN)
    assert ads.server.count("estimate|browse|search") == COST + 2
    assert time.waits == [12.0] * (COST + 1)


def test_an_app_with_standard_access_does_not_wait(ads, estimates, time):
    ads.per_hour, ads.tier = 100_000, "standard_access"
    estimates().of(WOMEN)
    assert sum(time.waits) == 0


def test_near_the_limit_it_slows_down_and_all_is_told_in_the_end(ads, estimates, time):
    ads.per_hour = 45
    harvest = estimates().of(WOMEN)
    assert {row.attribute for row in harvest.attributes} == {"relationship", "education", "job"}
    assert {wait for wait in time.waits if wait != 12.0}  # beside what the tier asks for


def test_at_the_limit_it_gives_up_and_goes_on_an_hour_later_where_it_was(ads, estimates, time, cache):
    ads.per_hour = 20
    with pytest.raises(QuotaUsedUp) as told:
        estimates().of(WOMEN)
    assert told.value.wait > 600
    assert len(cache) == 20
    time.now += 3600
    assert {row.attribute for row in estimates().of(WOMEN).attributes} == {"relationship", "education", "job"}
    assert ads.server.count("delivery_estimate") == COST + 1  # the one that was refused


def test_a_named_wait_is_waited(ads, estimates, time):
    too_many = ads.graph.error("(#80004) There have been too many calls to this ad-account.", 80004, 2446079)
    usage = '{"1": [{"type": "ads_management", "call_count": 50, "estimated_time_to_regain_access": 4}]}'
    too_many.headers["X-Business-Use-Case-Usage"] = usage
    ads.server.fail("GET", "delivery_estimate", too_many)
    assert estimates().of(WOMEN).sizes
    assert time.waits[0] == 240.0


def test_a_missing_permission_stops_everything(ads, estimates):
    ads.server.fail("GET", "delivery_estimate", ads.graph.error("(#200) Requires ads_read permission", 200))
    with pytest.raises(Refused):
        estimates().of(WOMEN)


def test_a_digest_does_not_depend_on_the_order_of_its_parts():
    assert digest("q", {"a": 1, "b": [2]}) == digest("q", {"b": [2], "a": 1}) != digest("q", {"a": 1, "b": [3]})
