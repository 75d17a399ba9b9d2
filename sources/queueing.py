"""The door to the queue: what waits there, and whether anybody is working on it."""

import os
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from sources.runs import Run

EXECUTE = "sources.tasks.execute"
ANSWER = "sources.tasks.answer"
WORKER_VARIABLE = "APG_WORKER"  # names, for the tasks, the worker that they run under
SEEN = "worker-seen"


def enqueue(run: Run) -> None:
    """Hand the run to the queue; belongs into the transaction that makes its row, so that there are both or neither."""
    with transaction.atomic():
        async_task(EXECUTE, run._meta.label, run.pk, task_name=f"{run._meta.model_name} {run.pk}")


def call_by_clock(name: str, function: str, **when) -> None:
    """Have the queue call a function again and again; may be asked for at any time, by several workers at once.

    The table of the clock lets one name stand twice: of those that two workers made together the first stays.
    """
    wish = {"func": function, "repeats": -1, **when}
    same = Schedule.objects.filter(name=name).order_by("pk")
    if not same.update(**wish):
        Schedule.objects.create(name=name, **wish)
    same.filter(pk__in=list(same.values_list("pk", flat=True)[1:])).delete()


def ask_for_a_sign() -> None:
    """Put a tiny task into the queue, which whoever works on the queue will answer."""
    async_task(ANSWER, task_name="canary", save=False)


def give_a_sign() -> None:
    """Note, where all processes can read it, that this worker is alive."""
    cache.set_many({SEEN: timezone.now(), _key(os.environ.get(WORKER_VARIABLE, "")): timezone.now()}, timeout=None)


def worker_seen(worker: str | None = None) -> datetime | None:
    """Return when any worker, or the named one, was last seen alive; None when that never happened."""
    return cache.get(SEEN if worker is None else _key(worker))


def forget(worker: str) -> None:
    """Drop the signs of a worker that has ended; the time when any was seen goes too, for the others to renew."""
    cache.delete_many([SEEN, _key(worker)])


def is_worked_on() -> bool:
    """Whether a worker was seen lately; if not, queued runs wait until somebody starts `manage.py worker`."""
    seen = worker_seen()
    return seen is not None and timezone.now() - seen < timedelta(seconds=4 * settings.WORKER_CANARY_SECONDS)


def waiting() -> set[tuple[str, int]]:
    """Return the model label and key of every run that has a task in the queue."""
    tasks = (entry.task for entry in OrmQ.objects.filter(key=Conf.CLUSTER_NAME).iterator())
    return {tuple(task["args"]) for task in tasks if task.get("func") == EXECUTE}


def deliver_again(taken_before: datetime) -> int:
    """Release the tasks that were taken from the queue before this time and never acknowledged; return how many.

    For tasks whose taker is dead; but even one delivered twice does no harm, since a run can be claimed only once.
    """
    taken = OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__gt=timezone.now())
    return taken.filter(lock__lt=taken_before + timedelta(seconds=Conf.RETRY)).update(lock=timezone.now())


def _key(worker: str) -> str:
    return f"worker-seen-{worker}"
