"""The door to the queue."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from personas.models import Generation
from sources import queueing, tasks


@pytest.fixture
def run(organization):
    return Generation.objects.create(organization=organization)


def test_a_run_waits_with_its_label_and_key(run):
    queueing.enqueue(run)
    assert queueing.waiting() == {("personas.Generation", run.pk)}


def test_a_transaction_that_fails_leaves_no_task(run):
    def enqueue_and_break():
        with transaction.atomic():
            queueing.enqueue(run)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enqueue_and_break()
    assert queueing.waiting() == set()


def test_nobody_was_seen_before_a_worker_gave_a_sign(db):
    assert queueing.worker_seen() is None
    assert not queueing.is_worked_on()


def test_a_sign_is_seen_for_any_worker_and_for_this_one(db, monkeypatch):
    monkeypatch.setenv(queueing.WORKER_VARIABLE, "here-1")
    tasks.answer()
    assert timezone.now() - queueing.worker_seen() < timedelta(seconds=5)
    assert queueing.worker_seen("here-1") is not None
    assert queueing.worker_seen("there-2") is None
    assert queueing.is_worked_on()


def test_a_worker_that_has_ended_is_forgotten(db, monkeypatch):
    monkeypatch.setenv(queueing.WORKER_VARIABLE, "here-1")
    tasks.answer()
    queueing.forget("here-1")
    assert not queueing.is_worked_on()


def test_an_old_sign_does_not_count(db, settings):
    tasks.answer()
    settings.WORKER_CANARY_SECONDS = 0
    assert not queueing.is_worked_on()


def test_only_tasks_taken_before_the_given_time_are_delivered_again(run):
    queueing.enqueue(run)
    queueing.enqueue(run)
    taken = timezone.now()
    early, late = OrmQ.objects.order_by("pk")
    for task, at in ((early, taken - timedelta(minutes=5)), (late, taken)):
        OrmQ.objects.filter(pk=task.pk).update(lock=at + timedelta(seconds=queueing.Conf.RETRY))
    assert queueing.deliver_again(taken - timedelta(minutes=1)) == 1
    assert [task.pk for task in OrmQ.objects.filter(lock__lte=timezone.now())] == [early.pk]
