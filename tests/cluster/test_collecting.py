"""Collections through a real queue: begun by the clock, killed in the middle, gone on with."""

import uuid

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from sources.collecting.requesting import CHECK_PERMISSIONS, queue_collection
from sources.models import Checkpoint, Collection, Connection, DataSource, PackedInteractions
from tests import builders
from tests.cluster.conftest import kill, wait_until
from tests.cluster.planted import HANGS
from tests.sources.collecting.planted import World

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]


@pytest.fixture
def source(database):
    organization = builders.make_organization(uuid.uuid4().hex)
    granted = Connection.objects.create(organization=organization, provider=Connection.Provider.GOOGLE, token="planted")
    return DataSource.objects.create(
        organization=organization, name="Channel", kind=DataSource.Kind.YOUTUBE, account="UC1", connection=granted
    )


def test_a_collection_that_is_killed_goes_on_where_it_was(worker, source, closed):
    first = queue_collection(source=source)
    stored = Checkpoint.objects.filter(cycle__source=source)
    wait_until(lambda: stored.count() >= 3, what="three shards to be stored")
    kill(worker.child())
    assert closed(first).state == "errored"
    before = stored.count()
    second = closed(queue_collection(source=source), 60)
    assert (second.state, second.summary["shards_before"]) == ("done", before)
    world = World()
    columns = PackedInteractions.objects.filter(content__source=source).select_related("content")
    assert columns.count() == 48
    for column in columns:
        told = world.of(column.content.external_id, column.period)
        assert column.total == told.counts.sum() + told.unknown + told.suppressed


def test_a_source_that_is_due_is_collected_by_the_clock(worker, source, closed):
    DataSource.objects.filter(pk=source.pk).update(due_at=timezone.now())
    Schedule.objects.update(next_run=timezone.now())
    collection = wait_until(lambda: Collection.objects.filter(source=source).first(), 90, "the clock")
    assert closed(collection, 60).state == "done"
    source.refresh_from_db()
    assert source.due_at > timezone.now()


def test_permissions_that_a_platform_is_long_in_checking_do_not_look_like_death(worker, source):
    cluster = worker.process.children()
    source.connection.token = HANGS
    source.connection.save()
    for _ in range(2):
        async_task(CHECK_PERMISSIONS)
    wait_until(lambda: CHECK_PERMISSIONS not in {entry.func() for entry in OrmQ.objects.all()}, what="the checks")
    source.connection.refresh_from_db()
    assert source.connection.checked_at
    assert worker.process.children() == cluster
