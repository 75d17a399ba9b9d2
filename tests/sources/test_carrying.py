"""Work carried out: however it ends, its run is closed once, in words for whoever asked for it."""

import time

import pytest

from personas.models import Generation
from sources.carrying import carry_out
from sources.errors import DataError
from tests import builders

State = Generation.State


@pytest.fixture
def run(organization):
    return Generation.objects.create(organization=organization)


@pytest.fixture
def doing(monkeypatch):
    """Have generations do what the test hands in instead."""

    def does(work):
        monkeypatch.setattr(Generation, "runner", f"{__name__}.work")
        monkeypatch.setitem(globals(), "work", work)

    return does


def raising(error):
    def work(run):
        raise error

    return work


def stored(run):
    return Generation.objects.get(pk=run.pk)


def test_work_that_ends_well_is_done(run, doing):
    doing(lambda run: run.report("all", 1, 1))
    carry_out(run)
    assert (run.state, run.error, run.attempt) == (State.DONE, "", 1)


def test_the_listener_hears_every_report(run, doing):
    heard = []
    doing(lambda run: [run.report("rows", step, 3) for step in range(4)])
    carry_out(run, lambda *report: heard.append(report))
    assert heard == [("rows", 0, 3), ("rows", 1, 3), ("rows", 2, 3), ("rows", 3, 3)]


def test_a_run_that_another_has_claimed_is_not_carried_out(run, doing):
    doing(raising(AssertionError("the work was done twice")))
    stored(run).claim()
    carry_out(run)
    assert run.state == State.RUNNING


def test_what_the_data_got_wrong_fails_the_run_with_its_words(run, doing):
    doing(raising(DataError("Line 3 is empty.")))
    carry_out(run)
    assert (run.state, run.error) == (State.FAILED, "Line 3 is empty.")


def test_what_we_got_wrong_keeps_its_secrets_in_the_log(run, doing, caplog):
    doing(raising(ValueError("a secret detail")))
    carry_out(run)
    assert run.state == State.ERRORED
    assert f"personas.Generation {run.pk}" in run.error
    assert "secret" not in run.error
    assert "a secret detail" in caplog.text


def test_memory_that_ran_out_is_said(run, doing):
    doing(raising(MemoryError()))
    carry_out(run)
    assert run.state == State.ERRORED
    assert "out of memory" in run.error


def test_work_that_hears_the_wish_to_cancel_is_cancelled(run, doing):
    def work(run):
        stored(run).request_cancel()
        run.report("next", 0, 1)

    doing(work)
    carry_out(run)
    assert run.state == State.CANCELLED


def test_work_that_lost_its_run_says_nothing(run, doing):
    def work(run):
        stored(run).err("swept")
        run.report("next", 0, 1)

    doing(work)
    carry_out(run)
    assert (stored(run).state, stored(run).error) == (State.ERRORED, "swept")


@pytest.mark.parametrize(
    ("error", "state"), [(KeyboardInterrupt(), State.CANCELLED), (SystemExit("bye"), State.ERRORED)]
)
def test_an_interrupt_closes_the_run_and_goes_on(run, doing, error, state):
    doing(raising(error))
    with pytest.raises(type(error)):
        carry_out(run)
    assert stored(run).state == state


@pytest.mark.django_db(transaction=True)
def test_a_long_step_in_place_keeps_its_lease(settings, doing):
    settings.RUN_LEASE_SECONDS = 0.4
    run = Generation.objects.create(organization=builders.make_organization())
    beats = []

    def work(run):
        for _ in range(8):
            time.sleep(0.1)
            beats.append(stored(run).heartbeat_at)

    doing(work)
    carry_out(run)
    assert run.state == State.DONE
    assert len(set(beats)) > 2


def test_a_wish_to_cancel_that_comes_while_results_are_written_comes_too_late(run, doing):
    def work(run):
        with run.completing():
            stored(run).request_cancel()
        stored(run).request_cancel()

    doing(work)
    carry_out(run)
    assert stored(run).state == State.DONE


def test_what_breaks_after_the_results_does_not_undo_the_run(run, doing):
    def work(run):
        with run.completing():
            pass
        raise OSError("a folder could not be removed")

    doing(work)
    carry_out(run)
    assert stored(run).state == State.DONE
