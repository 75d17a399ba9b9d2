"""The life of a run on its row: claimed once, reported cheaply, closed once."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from personas.models import Generation
from sources import runs
from sources.runs import RunCancelled, RunLost

State = Generation.State


@pytest.fixture
def run(organization):
    return Generation.objects.create(organization=organization)


@pytest.fixture
def claimed(run):
    assert run.claim()
    return run


def stored(run):
    return Generation.objects.get(pk=run.pk)


def expire(run):
    Generation.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_only_one_of_two_workers_gets_a_run(run):
    assert run.claim()
    assert not stored(run).claim()
    assert stored(run).attempt == 1


def test_a_claim_takes_a_lease_of_the_length_that_is_set(run, settings):
    settings.RUN_LEASE_SECONDS = 7
    run.claim()
    assert run.lease_until - run.started_at == timedelta(seconds=7)


def test_a_run_that_is_to_be_cancelled_cannot_be_claimed(run):
    Generation.objects.filter(pk=run.pk).update(cancel_requested=True)
    assert not run.claim()


def test_a_beat_renews_the_lease(claimed):
    expire(claimed)
    claimed.beat()
    assert stored(claimed).lease_until > timezone.now()


def test_a_beat_hears_the_wish_to_cancel(claimed):
    stored(claimed).request_cancel()
    with pytest.raises(RunCancelled) as heard:
        claimed.beat()
    assert heard.type is RunCancelled


def test_a_beat_notices_that_the_run_was_closed_by_another(claimed):
    stored(claimed).err("swept")
    with pytest.raises(RunLost):
        claimed.beat()


def test_who_lost_the_run_can_no_longer_close_it(claimed):
    stored(claimed).err("swept")
    assert not claimed.finish()
    assert (stored(claimed).state, stored(claimed).error) == (State.ERRORED, "swept")


def test_cancelling_closes_a_queued_run_at_once(run):
    run.request_cancel()
    assert run.state == State.CANCELLED
    assert run.finished_at is not None


def test_cancelling_leaves_a_closed_run_as_it_is(claimed):
    claimed.finish()
    claimed.request_cancel()
    assert (claimed.state, claimed.cancel_requested) == (State.DONE, False)


def test_silent_runs_are_ended_with_words_and_lively_ones_are_not(claimed):
    assert Generation.objects.end_abandoned() == 0
    expire(claimed)
    assert Generation.objects.end_abandoned() == 1
    assert stored(claimed).state == State.ERRORED
    assert "stopped without a word" in stored(claimed).error


def test_a_report_tells_the_stage_and_renews_the_lease(claimed):
    expire(claimed)
    claimed.report("matrix", 3, 10)
    row = stored(claimed)
    assert (row.stage, row.stage_done, row.stage_total) == ("matrix", 3, 10)
    assert row.lease_until > timezone.now()


def test_a_new_stage_closes_the_one_before_with_its_count(claimed):
    claimed.report("matrix", 10, 10)
    claimed.report("patterns", 0, 11)
    claimed.finish()
    passed = [(stage["stage"], stage["count"]) for stage in stored(claimed).stages]
    assert passed == [("matrix", 10), ("patterns", 11)]
    assert all(stage["seconds"] >= 0 for stage in stored(claimed).stages)


def test_many_reports_of_a_stage_cost_few_updates(claimed, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(runs.time, "monotonic", lambda: 1000.0)
    with django_assert_max_num_queries(2):  # the first and the last
        for step in range(1, 10_001):
            claimed.report("rows", step, 10_000)
    assert stored(claimed).stage_done == 10_000


def test_a_report_passes_again_after_a_quarter_of_a_second(claimed, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(runs.time, "monotonic", lambda: now[0])
    for now[0], step in [(1000.0, 1), (1000.1, 2), (1000.2, 3)]:
        claimed.report("rows", step, 9)
    assert stored(claimed).stage_done == 1
    now[0] = 1000.3
    claimed.report("rows", 4, 9)
    assert stored(claimed).stage_done == 4


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_loses_a_report_but_not_the_work(claimed, caplog):
    def locked(execute, sql, params, many, context):
        raise OperationalError("database is locked")

    with connection.execute_wrapper(locked):
        claimed.report("rows", 1, 2)
    assert "database is locked" in caplog.text


def complete(run, organization, meanwhile=lambda: None):
    """Write a name as the result of the run."""
    with run.completing():
        organization.name = "Written"
        organization.save()
        meanwhile()


def is_written(organization):
    organization.refresh_from_db()
    return organization.name == "Written"


def test_results_and_the_end_of_a_run_are_written_together(claimed, organization):
    complete(claimed, organization)
    assert (stored(claimed).state, is_written(organization)) == (State.DONE, True)


def test_results_that_break_leave_the_run_open_and_nothing_written(claimed, organization):
    with pytest.raises(ZeroDivisionError):
        complete(claimed, organization, meanwhile=lambda: 1 / 0)
    assert (stored(claimed).state, is_written(organization)) == (State.RUNNING, False)


def test_who_lost_the_run_leaves_nothing_written(claimed, organization):
    with pytest.raises(RunLost):
        complete(claimed, organization, meanwhile=lambda: stored(claimed).err("swept"))
    assert not is_written(organization)


def test_a_wish_to_cancel_is_heard_before_anything_is_written(claimed, organization):
    stored(claimed).request_cancel()
    with pytest.raises(RunCancelled):
        complete(claimed, organization)
    assert not is_written(organization)
