"""When a collection reaches back: once where the months of a source are raised, weekly where counts have no days."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from sources.collecting.cycling import next_window
from sources.collecting.scheduling import window_of
from sources.connecting.tuning import change_options
from sources.connectors.faults import QuotaUsedUp
from sources.models import Collection, Cycle, PackedInteractions


@pytest.fixture
def first_days(connector):
    """Return the first day of each way that was gone."""
    return lambda: [window.first for window in connector.windows]


def back(months: int) -> date:
    return window_of(timezone.now().date(), None, months).first


def periods_stored() -> list[str]:
    return sorted({*PackedInteractions.objects.values_list("period", flat=True)})


def test_raised_months_are_reached_back_to_once(source, collect, first_days):
    collect()
    change_options(source=source, chosen={"months": 12})
    for _ in "123":
        collect()
    first, second, *later = first_days()
    assert (first, second) == (back(3), back(12))
    assert min(later) > back(3)
    assert len(periods_stored()) == 13


def test_lowered_months_leave_what_is_stored(source, collect, first_days):
    collect()
    before = periods_stored()
    change_options(source=source, chosen={"months": 1})
    collect()
    assert first_days()[1] == next_window(source, timezone.now()).first > back(3)
    assert periods_stored() == before


def test_months_lowered_and_raised_again_are_not_asked_for_twice(source, collect, first_days):
    collect()
    for months in (1, 3):
        change_options(source=source, chosen={"months": months})
        collect()
    assert min(first_days()[1:]) > back(3)


def test_a_way_back_that_is_given_up_is_gone_again(source, collect, connector, first_days):
    collect()
    change_options(source=source, chosen={"months": 12})
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    change_options(source=source, chosen={"months": 10})
    collect()
    assert first_days() == [back(3), back(12), back(10)]
    assert Cycle.objects.first().reached_back_to == back(10)


def test_a_source_of_which_it_was_never_written_down_reaches_back_as_its_last_way(source, collect):
    collect()
    Cycle.objects.update(reached_back_to=None)
    assert next_window(source, timezone.now()).first > back(3)
    source.options = {"months": 4}
    assert next_window(source, timezone.now()).first == back(4)


def test_a_collection_that_goes_on_keeps_its_days(source, collect, connector, first_days):
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    source.options = {"months": 12}
    source.save()
    assert Collection.objects.get().goes_on_at
    collect()
    assert first_days() == [back(3), back(3)]


def test_how_far_earlier_collections_reached_is_read_from_what_they_brought(source, collect):
    collect()
    Cycle.objects.update(reached_back_to=None, first_day=back(1))
    import_module("sources.migrations.0010_reached_back_to").write_down(apps, None)
    assert Cycle.objects.get().reached_back_to == back(3)


def test_of_earlier_collections_that_brought_nothing_the_days_are_taken(source):
    Cycle.objects.create(source=source, first_day="2026-10-01", last_day="2026-11-20")
    import_module("sources.migrations.0010_reached_back_to").write_down(apps, None)
    assert Cycle.objects.get().reached_back_to == date(2026, 10, 1)


def last_read(source, first: date, last: date) -> None:
    Cycle.objects.create(
        source=source, first_day=first, last_day=last, reached_back_to=first, finished_at=timezone.now()
    )


@pytest.mark.parametrize("kind", ["facebook", "instagram"])
def test_counts_without_days_are_read_again_from_the_first_day_once_a_week(source, kind):
    source.kind = kind
    monday = datetime(2026, 11, 23, 3, tzinfo=UTC)
    last_read(source, date(2026, 1, 1), date(2026, 11, 21))
    firsts = []
    for day in range(15):
        window = next_window(source, monday + timedelta(days=day))
        firsts.append(window.first)
        Cycle.objects.update(last_day=window.last)
    assert [day for day, first in enumerate(firsts) if first == date(2026, 1, 1)] == [1, 8]
    assert min(first for day, first in enumerate(firsts) if day not in (1, 8)) == date(2026, 10, 1)


def test_after_a_week_without_nights_counts_without_days_are_read_again_at_once(source):
    source.kind = "facebook"
    last_read(source, date(2026, 1, 1), date(2026, 11, 12))
    assert next_window(source, datetime(2026, 11, 20, tzinfo=UTC)).first == date(2026, 1, 1)


def test_counts_of_months_are_not_read_again_every_week(source):
    last_read(source, date(2026, 1, 1), date(2026, 11, 12))
    assert next_window(source, datetime(2026, 11, 20, tzinfo=UTC)).first == date(2026, 10, 1)


def test_when_what_counts_was_changed_all_days_are_read_again_once(source, collect, first_days):
    change_options(source=source, chosen={"months": 6})
    collect()
    change_options(source=source, chosen={"metric": "engagedViews", "months": 3})
    for _ in "12":
        collect()
    first, second, third = first_days()
    assert first == second == back(6)
    assert third > back(3)


def test_a_change_that_what_counts_does_not_depend_on_reads_nothing_again(source, collect, first_days):
    collect()
    change_options(source=source, chosen={"share": 0.5})
    collect()
    assert first_days()[1] > back(3)


def test_all_days_are_read_again_though_the_way_is_begun_anew(source, collect, connector, first_days):
    collect()
    change_options(source=source, chosen={"metric": "engagedViews"})
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    change_options(source=source, chosen={"metric": "views"})  # a part is stored as engaged views by now
    for _ in "12":
        collect()
    assert first_days()[:3] == [back(3)] * 3
    assert first_days()[3] > back(3)
