"""Parts that the platform refused are asked for once more, and what a pause or a refusal leaves is told as it is."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from sources.collecting.cycling import open_cycle
from sources.collecting.requesting import new_collection
from sources.connectors.faults import QuotaUsedUp, Refused
from sources.connectors.harvests import Shard
from sources.errors import DataError
from sources.models import Checkpoint, Collection, Cycle, PackedInteractions
from tests.running import run
from tests.sources.collecting.planted import PlantedConnector

GROUP = ["female", "25-34", "QA"]


def months(connector) -> list[int]:
    """How many months each collection asked for."""
    return [len(window.months()) for window in connector.windows]


def test_a_month_that_was_refused_in_the_first_collection_is_asked_for_once_more(collect, connector, periods):
    connector.faults[f"interactions/{periods[0]}/1"] = Refused("Not just now.")
    collect()
    before = PackedInteractions.objects.count()
    collect()
    assert PackedInteractions.objects.count() == before + 5
    collect()
    assert months(connector)[:2] == [4, 4] > months(connector)[1:]


def test_who_refuses_twice_is_not_asked_for_ever(collect, connector, periods):
    for _ in range(2):
        connector.faults[f"interactions/{periods[0]}/1"] = Refused("Never.")
        collect()
    collect()
    assert months(connector)[1] == 4 > months(connector)[2]


def test_refusals_before_and_after_a_pause_are_added_up(collect, connector, periods):
    for period in periods:
        connector.faults |= {f"interactions/{period}/{part}": Refused("Not for you.") for part in range(3)}
    connector.faults[f"interactions/{periods[1]}/0"] = QuotaUsedUp("Later.", wait=60.0)
    assert collect().goes_on_at
    connector.faults[f"interactions/{periods[1]}/0"] = Refused("Not for you.")
    failed = collect()
    assert (failed.state, failed.error) == (
        "failed",
        "The platform gave no interactions of this account. Not for you.",
    )


def test_a_wish_for_estimates_outlives_an_account_that_gives_nothing(collect, connector, source, periods):
    open_cycle(source, timezone.now())
    Cycle.objects.update(audience=[GROUP])
    for period in periods:
        connector.faults |= {f"interactions/{period}/{part}": Refused("Not for you.") for part in range(3)}
    assert collect().state == "failed"
    assert open_cycle(source, timezone.now()).audience == [GROUP]


def test_a_way_of_which_nothing_is_stored_has_the_days_of_the_night_that_begins_it(source):
    before = open_cycle(source, timezone.now() - timedelta(days=3)).last_day
    assert open_cycle(source, timezone.now()).last_day == before + timedelta(days=3)
    assert Cycle.objects.count() == 1


@dataclass
class Growing(PlantedConnector):
    """Cuts its contents otherwise every time, as a report does that grows."""

    def _stage(self, stage, parts, read):
        for shard in super()._stage(stage, parts, read):
            key = f"{shard.key} of cut {len(self.windows)}" if stage == "interactions" else shard.key
            yield Shard(shard.stage, key, shard.place, shard.total, shard.read)


def test_what_was_cut_otherwise_after_a_pause_counts_once(collect, source, monkeypatch, periods):
    growing = Growing()
    monkeypatch.setattr("sources.collecting.running.connector_for", lambda source, **how: growing)
    told = []
    for _ in range(3):
        growing.faults[f"interactions/{periods[0]}/2"] = QuotaUsedUp("Later.", wait=60.0)
        told.append(collect().summary["coverage"]["explained"])
    stored = sum(column.total - column.unknown for column in PackedInteractions.objects.all())
    assert told == [pytest.approx(stored)] * 3
    assert Checkpoint.objects.filter(stage="interactions").count() == 2


def test_a_run_that_goes_on_behind_a_pause_keeps_all_checkpoints(collect, connector, periods):
    connector.faults[f"interactions/{periods[2]}/1"] = QuotaUsedUp("Later.", wait=60.0)
    collect()
    kept = set(Checkpoint.objects.values_list("key", flat=True))
    connector.faults[f"interactions/{periods[2]}/1"] = QuotaUsedUp("Later.", wait=60.0)
    collect()
    assert set(Checkpoint.objects.values_list("key", flat=True)) == kept


class TestCancelling:
    def test_of_what_is_over_moves_no_night(self, collect, source):
        done = collect()
        source.refresh_from_db()
        before = source.due_at
        done.request_cancel()
        source.refresh_from_db()
        assert (source.due_at, done.state) == (before, "done")

    def test_of_a_queued_one_waits_for_the_night(self, source):
        Collection.objects.create(source=source).request_cancel()
        source.refresh_from_db()
        assert source.due_at > timezone.now()


class TestKilledWithoutAWorker:
    def test_the_next_one_ends_it(self, source, connector):
        long_ago = timezone.now() - timedelta(hours=1)
        killed = Collection.objects.create(source=source, state="running", lease_until=long_ago)
        assert run(new_collection(source=source)).state == "done"
        killed.refresh_from_db()
        assert (killed.state, "stopped without a word" in killed.error) == ("errored", True)

    def test_one_that_gave_a_sign_just_now_is_let_alone(self, source):
        soon = timezone.now() - timedelta(seconds=1)
        Collection.objects.create(source=source, state="running", lease_until=soon)
        with pytest.raises(DataError, match="is being collected just now"):
            new_collection(source=source)
