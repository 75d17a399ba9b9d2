"""What dead processes leave behind is put in order, and nothing else is touched."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django_q.models import OrmQ

from enrichment.models import PackRun
from personas.models import Generation
from sources.models import Collection, DataSource, Upload
from sources.queueing import enqueue
from sources.sweeping import Sweeper, delete_unused_uploads, enqueue_lost, run_models
from sources.uploading import discard_upload


@pytest.fixture
def run(organization):
    return Generation.objects.create(organization=organization)


@pytest.fixture
def upload(organization):
    made = Upload.objects.create(organization=organization, names={"interactions": "a.csv"})
    made.interactions.save("a.csv", ContentFile(b"content_id\n"))
    return made


def age(row, **ago):
    type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(**ago))


def expire(run):
    Generation.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_every_kind_of_run_is_known():
    assert set(run_models()) == {Collection, Generation, PackRun}


def test_a_silent_run_is_ended_by_the_second_sweep(run):
    run.claim()
    expire(run)
    sweeper = Sweeper()
    assert [sweeper.sweep(), sweeper.sweep(), sweeper.sweep()] == [0, 1, 0]
    run.refresh_from_db()
    assert run.state == Generation.State.ERRORED


def test_a_run_that_renews_its_lease_between_two_sweeps_goes_on(run):
    run.claim()
    expire(run)
    sweeper = Sweeper()
    sweeper.sweep()
    run.beat()
    assert sweeper.sweep() == 0
    expire(run)
    assert sweeper.sweep() == 0


def test_a_queued_run_without_a_task_gets_one_again(run):
    age(run, hours=1)
    assert enqueue_lost() == 1
    assert [task.task["args"] for task in OrmQ.objects.all()] == [("personas.Generation", run.pk)]
    assert enqueue_lost() == 0


def test_a_queued_run_whose_task_waits_gets_no_second(run):
    enqueue(run)
    age(run, hours=1)
    assert enqueue_lost() == 0


def test_a_young_queued_run_is_left_to_its_maker(run):
    assert enqueue_lost() == 0


def test_an_upload_that_nothing_used_for_a_day_goes_with_its_files(upload, django_capture_on_commit_callbacks):
    age(upload, days=2)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_unused_uploads() == 1
    assert not Upload.objects.exists()
    assert not upload.interactions.storage.exists(upload.interactions.name)


def test_a_file_that_cannot_be_deleted_is_said_in_the_log_and_left(upload, django_capture_on_commit_callbacks, caplog):
    path = Path(upload.interactions.path)
    path.unlink()
    path.mkdir()
    age(upload, days=2)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_unused_uploads() == 1
    assert f"{path} could not be deleted" in caplog.text


def test_a_young_upload_stays(upload):
    assert delete_unused_uploads() == 0
    assert upload.interactions.storage.exists(upload.interactions.name)


def test_an_upload_that_a_collection_used_stays(upload, organization):
    source = DataSource.objects.create(organization=organization, name="Files")
    Collection.objects.create(source=source, upload=upload)
    age(upload, days=2)
    assert delete_unused_uploads() == 0


def test_an_upload_confirmed_while_the_sweep_goes_on_stays(upload, organization, monkeypatch):
    age(upload, days=2)

    def discard_later(*, upload):
        source = DataSource.objects.create(organization=organization, name="Files")
        Collection.objects.create(source=source, upload=upload)
        discard_upload(upload=upload)

    monkeypatch.setattr("sources.sweeping.discard_upload", discard_later)
    assert delete_unused_uploads() == 0
    assert Collection.objects.get().upload == upload
