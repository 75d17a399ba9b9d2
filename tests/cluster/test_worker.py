"""Runs end in a closed state with words, whichever process is killed in the middle; and the next one runs."""

import sys
from subprocess import PIPE

import psutil
import pytest
from django.conf import settings

from personas.models import Generation
from sources import queueing
from tests import builders
from tests.cluster.conftest import kill, wait_until
from tests.cluster.paced import LAST_WORDS, LOCKS, REAL, REFUSES

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]
State = Generation.State
LONG = 600  # tenths of a second


def test_it_says_in_one_line_what_it_does(worker):
    assert worker.first_line == "Working on the queue with 2 processes, a sign of life every 2 s. Ctrl-C stops it.\n"


def test_a_database_without_its_tables_is_refused_with_what_to_do(environment, tmp_path):
    empty = {**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    refused = psutil.Popen([sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR, env=empty, stderr=PIPE)
    assert b"Run manage.py migrate first." in refused.communicate(timeout=20)[1]
    assert refused.returncode == 1


def test_a_queued_run_is_carried_out(worker, queue, closed):
    run = closed(queue(3))
    assert (run.state, run.error, run.attempt) == (State.DONE, "", 1)
    assert [stage["stage"] for stage in run.stages] == ["walking"]


def test_a_real_generation_makes_its_sets(worker, queue, closed):
    organization = builders.make_organization("real")
    builders.make_interactions(builders.make_contents(organization), builders.make_groups())
    run = closed(queue(REAL, organization=organization), seconds=60)
    assert (run.state, run.error) == (State.DONE, "")
    assert [s.size for s in run.sets.order_by("size")] == [5, 6]


def test_data_that_says_no_fails_the_run_with_its_words(worker, queue, closed):
    run = closed(queue(REFUSES))
    assert (run.state, run.error) == (State.FAILED, "This data says no.")


def test_a_second_delivery_does_nothing(worker, queue, closed):
    run = closed(queue(2))
    before = run.finished_at
    queueing.enqueue(run)
    wait_until(lambda: not queueing.waiting(), what="the second delivery to be acknowledged")
    run.refresh_from_db()
    assert (run.state, run.attempt, run.finished_at) == (State.DONE, 1, before)


def test_a_run_that_is_cancelled_while_it_runs_stops_and_leaves_its_last_words(worker, queue, closed, walking):
    run = walking(queue(LONG))
    child = worker.child()
    run.request_cancel()
    assert closed(run, seconds=30).state == State.CANCELLED
    wait_until(lambda: not child.is_running(), 20, "the child to end")
    run.organization.refresh_from_db()
    assert run.organization.name == LAST_WORDS


def test_neither_busy_workers_nor_a_locked_database_look_like_death(worker, queue, closed):
    cluster = worker.process.children()
    runs = [queue(LOCKS), queue(40)]
    assert [(closed(run).state, run.error) for run in runs] == [(State.DONE, "")] * 2
    assert worker.process.children() == cluster


def test_a_child_that_is_killed_leaves_words_and_the_next_run_runs(worker, queue, closed, walking):
    run = walking(queue(LONG))
    worker.child().kill()
    assert closed(run, seconds=30).state == State.ERRORED
    assert "killed (signal 9): most often the machine ran out of memory" in run.error
    assert closed(queue(1)).state == State.DONE


def test_a_worker_process_that_is_killed_leaves_words_and_the_next_run_runs(worker, queue, closed, walking):
    run = walking(queue(LONG))
    child = worker.child()
    child.parent().kill()
    wait_until(lambda: not child.is_running(), 20, "the orphan to end")
    assert closed(run).state == State.ERRORED
    assert "stopped without a word" in run.error
    assert closed(queue(1)).state == State.DONE


def test_a_queue_whose_waiting_processes_were_killed_is_started_again(worker, queue, closed):
    closed(queue(1))
    for process in worker.idle_processes():
        kill(process)
    assert closed(queue(1), seconds=30).state == State.DONE


def test_the_guard_of_the_queue_killed_leaves_words_and_the_next_run_runs(worker, queue, closed, walking):
    run = walking(queue(LONG))
    worker.process.children()[0].kill()
    assert closed(run).state == State.ERRORED
    assert "stopped" in run.error
    assert closed(queue(1)).state == State.DONE


def test_nothing_goes_on_when_only_the_watchdog_is_killed(worker, queue, walking, processes_left):
    walking(queue(LONG))
    worker.process.kill()
    worker.process.wait()
    wait_until(lambda: not processes_left(), 20, "all processes to end")


def test_all_killed_the_next_worker_leaves_words_and_the_next_run_runs(worker, workers, queue, closed, walking):
    run, behind = walking(queue(LONG)), queue(1)
    wait_until(lambda: closed(behind))
    worker.kill_all()
    waiting = queue(1)
    workers()
    assert closed(waiting).state == State.DONE
    assert closed(run).state == State.ERRORED
    assert "stopped without a word" in run.error


def test_asked_to_end_it_closes_its_runs_and_leaves_no_process(worker, queue, closed, walking, processes_left):
    run = walking(queue(LONG))
    family = worker.family()
    assert worker.stop() < 20
    assert worker.process.returncode == 0
    assert [process for process in family if psutil.pid_exists(process.pid)] == []
    assert processes_left() == []
    assert closed(run, seconds=1).state == State.ERRORED
    assert "worker was stopped" in run.error
    assert queueing.worker_seen() is None
