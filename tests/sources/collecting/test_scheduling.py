"""Which days are collected, and when quotas and nights come: at the ends of months and years, and in both zones."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sources.collecting.scheduling import RESTATED, next_night, quota_renewed, window_of
from sources.connectors.harvests import Window

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(800)]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 2), date(2025, 10, 1), date(2026, 1, 1)),
        (date(2028, 3, 1), date(2027, 12, 1), date(2028, 2, 29)),
        (date(2026, 11, 30), date(2026, 8, 1), date(2026, 11, 29)),
    ],
)
def test_a_first_collection_takes_whole_months_up_to_yesterday(today, first, last):
    assert window_of(today, None) == Window(first, last)


TODAY, LAST = date(2026, 11, 25), date(2026, 11, 24)


def test_more_months_than_were_ever_asked_for_are_reached_back_to():
    assert window_of(TODAY, LAST, 12, reached=date(2026, 8, 1)) == Window(date(2025, 11, 1), LAST)


@pytest.mark.parametrize(
    ("months", "reached"), [(12, date(2025, 11, 1)), (12, date(2025, 1, 1)), (1, date(2026, 8, 1))]
)
def test_months_that_were_asked_for_are_not_reached_back_to(months, reached):
    assert window_of(TODAY, LAST, months, reached=reached).first == date(2026, 10, 1)


def test_time_that_passes_alone_reaches_back_to_nothing():
    first = window_of(DAYS[0], None).first
    assert all(window_of(day, day - timedelta(days=1), reached=first).first > first for day in DAYS[120:])


def test_without_months_back_the_first_of_a_month_still_has_a_day():
    assert window_of(date(2026, 3, 1), None, months=0) == Window(date(2026, 2, 1), date(2026, 2, 28))


def test_nights_miss_no_day_and_take_every_month_whole():
    until = DAYS[0]
    for today in DAYS[1:]:
        window = window_of(today, until)
        assert window.first.day == 1
        assert window.first <= until
        assert window.first <= today - RESTATED
        assert window.last == today - timedelta(days=1)
        until = window.last


def test_a_month_is_read_again_until_what_was_told_late_is_in_it():
    last = [today for today in DAYS if window_of(today, today - timedelta(days=2)).first <= date(2026, 2, 28)][-1]
    assert last - date(2026, 2, 28) >= RESTATED


@pytest.mark.parametrize(
    ("now", "renewed"),
    [
        (datetime(2026, 11, 25, 7, 59, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),  # winter
        (datetime(2026, 11, 25, 8, 0, tzinfo=UTC), datetime(2026, 11, 26, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC)),  # summer
        (datetime(2026, 3, 8, 12, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),  # the day on which it begins
        (datetime(2026, 12, 31, 20, 0, tzinfo=UTC), datetime(2027, 1, 1, 8, tzinfo=UTC)),
    ],
)
def test_googles_day_ends_at_midnight_in_california(now, renewed):
    assert quota_renewed(now, None, by_google=True) == renewed


def test_a_wait_that_is_named_counts_whoever_names_it():
    now = datetime(2026, 11, 25, 7, 59, tzinfo=UTC)
    assert quota_renewed(now, 90.0, by_google=True) == now + timedelta(seconds=90)


@pytest.mark.parametrize("hour", range(24))
def test_the_next_night_is_at_least_six_hours_away_and_less_than_thirty(hour):
    now = datetime(2026, 2, 28, hour, 30, tzinfo=UTC)
    for source in range(60):
        turn = next_night(now, source)
        assert timedelta(hours=6) <= turn - now < timedelta(hours=30)
        assert 1 <= turn.hour < 5
