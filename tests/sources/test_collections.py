"""A collection ends with its data, its report and its state together, or with none of them."""

import csv
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.urls import reverse

from sources import importing
from sources.models import Collection, DataSource, PackedInteractions, Upload
from tests.running import run

HEADER = "content_id,gender,age_group,country,count\n"
MIXED = HEADER + "a,female,25-34,QA,3\na,female,25-34,QA,many\n"


@pytest.fixture
def queued(organization):
    """Queue the reading of a text into a source."""

    def queue(text: str) -> Collection:
        upload = Upload.objects.create(organization=organization, names={"interactions": "a.csv"})
        upload.interactions.save("a.csv", ContentFile(text.encode()))
        source = DataSource.objects.create(organization=organization, name="Files")
        return Collection.objects.create(source=source, upload=upload)

    return queue


@pytest.fixture
def while_writing(monkeypatch):
    """Have something happen after the data is written and before the transaction ends."""

    def arrange(happen):
        write = importing.write_files

        def write_and_more(**options):
            told = write(**options)
            happen()
            return told

        monkeypatch.setattr(importing, "write_files", write_and_more)

    return arrange


def rejects_on_disk() -> list[Path]:
    return list((Path(site.MEDIA_ROOT) / "rejects").rglob("*.csv"))


def test_a_wish_to_cancel_that_comes_while_it_writes_is_too_late(queued, while_writing):
    collection = queued(MIXED)
    while_writing(lambda: Collection.objects.get(pk=collection.pk).request_cancel())
    done = run(collection)
    assert (done.state, done.rows_accepted, done.rows_rejected) == ("done", 1, 1)
    assert PackedInteractions.objects.count() == 1


def test_a_wish_to_cancel_that_comes_before_it_writes_changes_nothing(queued, monkeypatch):
    collection = queued(MIXED)
    check = importing.check_files

    def check_and_cancel(**options):
        checked = check(**options)
        Collection.objects.get(pk=collection.pk).request_cancel()
        return checked

    monkeypatch.setattr(importing, "check_files", check_and_cancel)
    assert run(collection).state == "cancelled"
    assert not PackedInteractions.objects.exists()


def test_a_run_closed_by_a_sweeper_while_it_writes_leaves_nothing(queued, while_writing):
    collection = queued(MIXED)
    while_writing(lambda: Collection.objects.filter(pk=collection.pk).update(attempt=7))
    lost = run(collection)
    assert (lost.rows_read, lost.summary, lost.rejects_file.name) == (0, {}, "")
    assert not PackedInteractions.objects.exists()
    assert rejects_on_disk() == []


def test_a_file_of_bad_rows_only_fails_and_gives_them_back(queued, owner_client):
    failed = run(queued(HEADER + "a,female,25-34,QA,many\na,x9,25-34,QA,3\n"))
    assert (failed.state, failed.rows_read, failed.rows_rejected) == ("failed", 2, 2)
    answer = owner_client.get(reverse("collection_rejects", args=["acme", failed.pk]))
    rows = csv.DictReader(b"".join(answer.streaming_content).decode().splitlines())
    assert [(row["line"], row["column"]) for row in rows] == [("2", "count"), ("3", "gender")]


def test_rejected_rows_whose_file_is_gone_are_not_found(queued, owner_client):
    done = run(queued(MIXED))
    for path in rejects_on_disk():
        path.unlink()
    assert owner_client.get(reverse("collection_rejects", args=["acme", done.pk])).status_code == 404
