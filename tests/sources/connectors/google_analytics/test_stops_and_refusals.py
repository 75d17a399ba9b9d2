"""Where Google Analytics gives no more, or nothing: quotas, server errors, accounts and properties of others."""

import pytest

from sources.connectors.faults import AccountLost, QuotaUsedUp, ReconnectNeeded, Unavailable, WrongAccount
from sources.connectors.google_analytics.web_property import accounts
from sources.connectors.harvests import Known
from tests.platforms.google_analytics import failure
from tests.platforms.google_analytics_world import World
from tests.sources.connectors.google_analytics.reading import AUGUST, SMALL, as_dict, known_truth, reading

EXHAUSTED = "Exhausted potentially thresholded requests quota. This quota will refresh in under an hour."


def test_collecting_stops_before_the_last_tenth_of_the_hours_questions():
    with reading(limited=True) as read:
        with pytest.raises(QuotaUsedUp, match=r"1[2-6] of 120") as stopped:
            read.harvests(limit=10)
        assert stopped.value.wait == 3600
        assert read.fake.left["potentiallyThresholdedRequestsPerHour"] >= 12


def test_a_collection_that_stopped_goes_on_to_the_same_end():
    with reading({"pages": 60}, limited=True) as read:
        done, stops = {}, 0
        while stops < 30:
            try:
                for shard in read.connector(limit=60).shards(AUGUST, Known(list)):
                    if shard.key not in done:
                        done[shard.key] = shard.read()
                break
            except QuotaUsedUp:
                stops += 1
                read.fake.renew()
        columns = {one.content_id: as_dict(one) for harvest in done.values() for one in harvest.counts}
        assert stops
        assert columns == {read.world.path(page): known_truth(read.world, page) for page in range(60)}


def test_a_report_that_shrank_between_stop_and_resume_loses_no_page():
    with reading({"pages": 60}) as read:
        shards = [*read.connector(limit=60).shards(AUGUST, Known(list))]
        done = {shard.key: shard.read() for shard in shards[: len(shards) // 2]}
        read.fake.world = World(**(SMALL | {"pages": 60, "threshold": 2}))
        for shard in read.connector(limit=60).shards(AUGUST, Known(list)):
            if shard.key not in done:
                done[shard.key] = shard.read()
        stored = {one.content_id for harvest in done.values() for one in harvest.counts}
        assert stored == {read.world.path(page) for page in range(60)}


def test_the_platforms_own_word_that_the_quota_is_used_up_ends_the_collection():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(429, EXHAUSTED, "RESOURCE_EXHAUSTED"))
        with pytest.raises(QuotaUsedUp) as stopped:
            read.harvests()
    assert (stopped.value.wait, read.waits) == (1800.0, [])


def test_a_server_error_is_asked_again_once():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(503, "Try later.", "UNAVAILABLE"))
        assert read.columns()
    assert len(read.waits) == 1


def test_server_errors_are_a_quota_and_are_not_asked_a_third_time():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(500, "Broken.", "INTERNAL"), times=9)
        with pytest.raises(Unavailable):
            read.harvests()
        assert read.server.count("batchRunReports") == 2


def test_a_property_that_the_permission_does_not_reach_is_lost():
    with reading() as read, pytest.raises(AccountLost, match="no longer gives this property"):
        list(read.connector("999").shards(AUGUST, Known(list)))


def test_a_dead_token_says_reconnect():
    with reading(accepts=lambda token: False) as read, pytest.raises(ReconnectNeeded):
        read.harvests()


@pytest.mark.parametrize(
    ("account", "words"), [("G-AB12CD34", "measurement id"), ("UA-1234-1", "old"), ("site", "not")]
)
def test_what_is_no_property_is_said_to_be_none_before_anything_is_asked(account, words):
    with reading() as read:
        with pytest.raises(WrongAccount, match=words):
            list(read.connector(account).shards(AUGUST, Known(list)))
        assert read.http.calls == 0


def test_all_pages_of_the_list_of_properties_are_read():
    with reading(others=450) as read:
        found = accounts(read.http, read.addresses)
        assert read.server.count("accountSummaries") == 3
    assert len(found) == 451
    assert ("421337", "Example Magazine") in {(one.id, one.name) for one in found}


def test_an_account_without_properties_says_whom_to_ask():
    with reading() as read:
        read.server.fail("GET", "accountSummaries", failure_of_nothing())
        with pytest.raises(WrongAccount, match="Viewer"):
            accounts(read.http, read.addresses)


def failure_of_nothing():
    answer = failure(400, "", "OK")
    return type(answer)({})


@pytest.mark.parametrize(
    ("left", "stops"),
    [
        ({"tokensPerDay": 20_004, "tokensPerHour": 40_000}, True),
        ({"tokensPerDay": 300_000, "tokensPerHour": 39_000}, True),
        ({"tokensPerDay": 300_000, "tokensPerHour": 50_000}, False),
        ({"tokensPerDay": 300_000, "tokensPerHour": 50_000, "serverErrorsPerProjectPerHour": 6}, False),
        ({"tokensPerDay": 300_000, "tokensPerHour": 50_000, "serverErrorsPerProjectPerHour": 4}, True),
    ],
)
def test_analytics_360_has_more_of_which_a_tenth_is_left(left, stops):
    with reading(limited=True) as read:
        read.fake.left |= {"tokensPerProjectPerHour": 100_000} | left
        if stops:
            with pytest.raises(QuotaUsedUp, match="are left"):
                read.harvests()
        else:
            assert read.columns()
