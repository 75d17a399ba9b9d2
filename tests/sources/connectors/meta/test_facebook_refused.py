"""What a Facebook page does not tell, or not any more: metrics, contents, tokens and limits."""

import logging
from datetime import date

import pytest

from sources.connectors.faults import QuotaUsedUp, ReconnectNeeded, WrongAccount
from sources.connectors.harvests import Window
from sources.connectors.meta.facebook import Facebook
from tests.platforms.meta_reading import PAGE, USER, by_group, harvest, summed

ONLY_COUNTS = "interactions".__eq__
ONLY_CONTENTS = "contents".__eq__


def test_a_metric_that_died_is_found_and_spoils_nothing_else(page, facebook, world):
    page.pages.alive["video"] -= {"total_video_views_by_country_id", "total_video_views_by_age_bucket_and_gender"}
    told = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 7)), wanted=ONLY_COUNTS)
    item = next(item for item in world.posts if item.total > 1000 and item.made.date() == date(2026, 9, 2))
    cells = by_group(next(one for one in told.counts if one.content_id == world.post_id(item)))
    truth = summed(world.truth()[world.post_id(item)], 0, 1)
    assert summed(cells, 0, 1) == pytest.approx(truth)  # by the time watched, which here goes with the views
    assert len([words for words in told.complaints if "does not give total_video_views_by" in words]) == 2


def test_a_metric_that_died_is_not_asked_for_again(page, facebook):
    page.pages.alive["video"] -= {"total_video_views_by_country_id"}
    harvest(facebook, wanted=ONLY_COUNTS)
    asked = [r for r in page.asked if "total_video_views_by_country_id" in r.one("metric")]
    assert len(asked) == 3  # with the others, with one of them, alone


def test_what_was_stored_stays_where_every_metric_died(page, facebook):
    page.pages.alive["video"], page.pages.alive["post"] = set(), set()
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert told.counts == []
    assert told.complaints


def test_another_version_than_the_one_asked_for_is_told_once(page, facebook):
    page.graph.version = "v27.0"
    complaints = harvest(facebook, wanted=ONLY_CONTENTS).complaints
    assert [words for words in complaints if "v27.0" in words] == complaints != []


def test_a_video_that_was_deleted_meanwhile_leaves_the_others(page, facebook, world):
    gone = page.graph.error("Unsupported get request. Object with ID '888001' does not exist", 100, 33)
    page.graph.server.fail("GET", "888001/video_insights", gone)
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert len(told.counts) == 119
    assert any("does not find this" in words for words in told.complaints)


def test_the_token_of_a_person_is_not_that_of_the_page(page, world):
    with pytest.raises(WrongAccount, match="Choose the page again"):
        harvest(Facebook(page.http(USER), page.addresses, world.page))


@pytest.mark.parametrize("sub", [458, 459, 460, 463, 464, 467, 492])
def test_a_dead_token_asks_to_reconnect_in_its_own_words(page, facebook, sub):
    page.graph.dead[PAGE] = sub
    with pytest.raises(ReconnectNeeded) as told:
        harvest(facebook)
    assert told.value.code == f"190/{sub}"
    assert "no longer accepts" not in str(told.value)


def test_a_used_up_limit_ends_the_collection_with_the_minutes_that_it_names(page, facebook):
    page.graph.usage = {"X-Business-Use-Case-Usage": {"1": [{"type": "pages", "estimated_time_to_regain_access": 19}]}}
    page.graph.server.fail("GET", "video_insights", page.graph.error("(#80001) Too many calls", 80001), times=9)
    with pytest.raises(QuotaUsedUp) as told:
        harvest(facebook)
    assert told.value.wait == 19 * 60
    assert page.waits == []


def test_the_token_stands_in_no_address_log_error_or_complaint(page, facebook, caplog):
    caplog.set_level(logging.DEBUG)
    page.graph.empty_pages = {100}
    page.pages.few_followers = True
    leak = page.graph.error(f"Error for https://graph.facebook.com/x?access_token={PAGE} with {PAGE}", 100, 33)
    page.graph.server.fail("GET", "888001/video_insights", leak)
    told = harvest(facebook)
    assert told.complaints
    assert PAGE not in " ".join(told.complaints)
    assert PAGE not in caplog.text
    assert not any(PAGE in str(request.query) for request in page.asked)
