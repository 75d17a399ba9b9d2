"""Asking about groups may take days: the ads are collected in every night meanwhile, and nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sources.collecting.estimating import groups_waiting
from sources.collecting.scheduling import next_night
from sources.collecting.wanting import new_estimates
from sources.connecting.tuning import change_options
from sources.models import AudienceSize, Collection
from tests.running import run

GROUPS = [("female", "25-34", "QA"), ("male", "35-44", "EG"), ("male", "45-54", "EG")]
ADS = r"act_\d+/insights"
HOUR, DAY = 341, 368  # errors of Meta's that ask to keep away for so long


@pytest.fixture
def stop(ads):
    """Have Meta refuse to tell more, from its second group on, for an hour or a day."""

    def stop(code: int) -> None:
        refused = ads.graph.error("(#341) Limit reached", code)
        ads.server.fail("GET", "delivery_estimate", refused, skip=40)

    return stop


@pytest.fixture
def paused(account, stop):
    stop(HOUR)
    return run(new_estimates(source=account, groups=GROUPS))


def collect(account, **asked) -> Collection:
    return run(Collection.objects.create(source=account, **asked))


def let_a_night_come(account) -> None:
    account.cycles.update(finished_at=timezone.now() - timedelta(days=2))


def test_the_ads_are_done_though_groups_wait(account, paused):
    assert (paused.state, paused.summary["groups_asked"], paused.goes_on_at is None) == ("done", 1, False)
    assert account.cycles.get().finished_at is not None
    assert groups_waiting(account) == GROUPS[1:]


def test_until_the_night_the_groups_are_gone_on_with_and_no_ad_is_asked_about(ads, account, paused):
    asked = ads.server.count(ADS)
    assert collect(account, by_schedule=True).summary["groups_asked"] == len(GROUPS)
    assert ads.server.count(ADS) == asked
    assert (groups_waiting(account), AudienceSize.objects.count()) == ([], len(GROUPS))


def test_in_the_night_the_ads_are_collected_and_then_the_groups_that_were_left(ads, account, paused):
    let_a_night_come(account)
    asked, done = ads.server.count(ADS), account.cycles.get()
    assert collect(account).summary["groups_to_ask"] == 2
    assert ads.server.count(ADS) > asked
    assert account.cycles.first() != done
    assert (groups_waiting(account), AudienceSize.objects.count()) == ([], len(GROUPS))


def test_every_night_has_its_turn_though_the_groups_never_come_to_an_end(ads, account, paused):
    for _ in range(3):
        let_a_night_come(account)
        ads.server.fail("GET", "delivery_estimate", ads.graph.error("(#341) Limit reached", HOUR))
        asked = ads.server.count(ADS)
        collect(account)
        assert ads.server.count(ADS) > asked
        assert groups_waiting(account) == GROUPS[1:]


def test_a_stop_that_lasts_longer_than_the_day_ends_in_the_night(account, stop):
    stop(DAY)
    told = run(new_estimates(source=account, groups=GROUPS))
    account.refresh_from_db()
    night = next_night(account.cycles.get().finished_at, account.pk)
    assert account.due_at == told.goes_on_at == min(night, told.goes_on_at)
    assert account.due_at <= night


def test_groups_that_are_done_after_the_nights_hour_do_not_put_it_off(account, paused):
    almost = timezone.now() - timedelta(hours=5)
    account.cycles.update(finished_at=almost)
    collect(account)
    account.refresh_from_db()
    assert account.due_at == max(next_night(almost, account.pk), account.due_at)
    assert account.due_at - next_night(almost, account.pk) < timedelta(minutes=5)


def test_who_wants_the_ads_now_gets_them_and_the_groups_behind(ads, account, paused):
    asked = ads.server.count(ADS)
    collect(account)
    assert ads.server.count(ADS) > asked
    assert groups_waiting(account) == []


def test_after_a_change_of_what_counts_the_ads_have_their_turn_at_once(ads, account, paused):
    change_options(source=account, chosen={"metric": "clicks"})
    asked = ads.server.count(ADS)
    collect(account, by_schedule=True)
    assert ads.server.count(ADS) > asked


def test_a_cycle_that_is_given_up_leaves_its_groups_to_the_next(account, paused):
    long_ago = timezone.now() - timedelta(days=8)
    account.cycles.update(finished_at=None, started_at=long_ago)
    Collection.objects.update(heartbeat_at=long_ago)
    assert collect(account).summary["groups_to_ask"] == 2
