"""What the queue's task does without its child; the rest is tried with a real cluster."""

import signal

import pytest

from personas.models import Generation
from sources.tasks import execute, last_words


@pytest.fixture
def run(organization):
    return Generation.objects.create(organization=organization)


@pytest.fixture
def no_child(monkeypatch):
    def refused(*args, **kwargs):
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.Popen", refused)


def test_a_run_that_was_claimed_before_is_left_alone(run, no_child):
    run.claim()
    execute("personas.Generation", run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (Generation.State.RUNNING, 1)


def test_a_run_that_was_cancelled_in_the_queue_is_left_alone(run, no_child):
    run.request_cancel()
    execute("personas.Generation", run.pk)
    run.refresh_from_db()
    assert run.state == Generation.State.CANCELLED


def test_a_run_that_was_deleted_is_said_in_the_log(db, no_child, caplog):
    execute("personas.Generation", 4711)
    assert "personas.Generation 4711 was deleted" in caplog.text


def test_a_child_that_cannot_be_started_closes_the_run(run, no_child):
    with pytest.raises(AssertionError):
        execute("personas.Generation", run.pk)
    run.refresh_from_db()
    assert run.state == Generation.State.ERRORED


def test_the_signal_handler_is_given_back(run, no_child):
    before = signal.getsignal(signal.SIGTERM)
    run.claim()
    execute("personas.Generation", run.pk)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, "was killed (signal 9): most often the machine ran out of memory"),
        (-15, "worker was stopped"),
        (-11, "by signal 11 (Segmentation fault)"),
        (3, "with code 3"),
        (0, "with code 0 and left no result"),
    ],
)
def test_how_a_process_ended_is_told_in_words(code, words):
    assert words in last_words(code)
