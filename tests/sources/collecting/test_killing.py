"""A collection that is killed at any moment and resumed ends with the tables of an undisturbed one."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from sources.collecting import running as collecting
from sources.models import AudienceAttribute, AudienceSize, Collection, ContentUnit, Cycle, Loyalty
from tests.sources.collecting.tables import tables


class Killed(BaseException):
    """Stands for a process that is gone at this very moment."""


class Reaper:
    """Kills at the n-th statement from now on.

    Never at the end of a savepoint: Django keeps what was done if the end itself fails so, where a database that lost
    its client keeps nothing. To the tables it is the same as to be killed at the statement before.
    """

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith("RELEASE SAVEPOINT"):
            self.left -= 1
            if self.left == 0:
                raise Killed
        return execute(sql, params, many, context)


def statements_of(source) -> int:
    """How many statements a collection takes."""
    counter = Reaper(0)
    with connection.execute_wrapper(counter):
        is_killed(source)
    return -counter.left


def is_killed(source) -> bool:
    """Collect, and tell whether the process was killed in the middle; a sweeper has closed the run then."""
    collection = Collection.objects.create(source=source)
    collection.claim()
    try:
        collecting.run_collection(collection)
    except Killed:
        Collection.objects.filter(pk=collection.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert Collection.objects.all().end_abandoned() == 1
        return True
    return False


@pytest.fixture
def undisturbed(source, connector):
    """The tables after a collection that nothing disturbed, and how many statements it took; all is gone again."""
    statements = statements_of(source)
    wanted = tables()
    Cycle.objects.all().delete()
    ContentUnit.objects.all().delete()
    for model in (AudienceAttribute, AudienceSize, Loyalty, Collection):
        model.objects.all().delete()
    assert not any(tables().values())
    return wanted, statements


@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_and_resumed_it_gives_the_same_tables(source, connector, undisturbed, seed):
    wanted, statements = undisturbed
    moments = random.Random(seed)
    last = statements * 9 // 10  # how many there are depends a little on how quick they are
    with connection.execute_wrapper(Reaper(moments.randint(3, last))):
        assert is_killed(source)
    if not Cycle.objects.filter(finished_at__isnull=False):
        with connection.execute_wrapper(Reaper(moments.randint(3, last))):
            is_killed(source)
    while not Cycle.objects.filter(finished_at__isnull=False):
        assert not is_killed(source)
    assert tables() == wanted
