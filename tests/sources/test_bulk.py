"""Bulk writing gives what was given, in every database."""

import pytest
from django.db import connection, transaction

from sources import bulk
from sources.models import ContentUnit, DataSource, PackedInteractions

FIELDS = ("source", "external_id", "title", "description", "category", "tags", "url", "thumbnail")


@pytest.fixture
def source(organization):
    return DataSource.objects.create(organization=organization, name="Files")


@pytest.mark.parametrize("text", ["plain", "tab\there", "line\nend\r\n", "back\\slash", "\\N", "عربي 😀", "' \" ; --"])
def test_text_arrives_as_it_was(source, text):
    bulk.insert(ContentUnit, FIELDS, [(source.pk, "a", text, text, "", '["x\\\\y"]', "", "")])
    unit = ContentUnit.objects.get()
    assert (unit.title, unit.description, unit.tags) == (text, text, ["x\\y"])


def test_bytes_arrive_as_they_were(source):
    unit = ContentUnit.objects.create(source=source, external_id="a")
    names = ("content", "period", "group_ids", "counts", "total", "unknown", "estimated")
    bulk.insert(PackedInteractions, names, [(unit.pk, "2026-10", bytes(range(256)), b"", 1e15 + 0.5, 0.25, False)])
    column = PackedInteractions.objects.get()
    assert bytes(column.group_ids) == bytes(range(256))
    assert (column.total, column.unknown, column.estimated) == (1e15 + 0.5, 0.25, False)


def test_many_chunks_are_written_and_deleted(source, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 7)
    bulk.insert(ContentUnit, FIELDS, ((source.pk, str(i), "", "", "", "[]", "", "") for i in range(50)))
    assert ContentUnit.objects.count() == 50
    bulk.delete(ContentUnit, ContentUnit.objects.values_list("pk", flat=True)[:49])
    assert ContentUnit.objects.count() == 1


def test_rows_are_read_in_chunks_of_columns(source, monkeypatch):
    monkeypatch.setattr(bulk, "READ_CHUNK", 7)
    bulk.insert(ContentUnit, FIELDS, ((source.pk, str(i), "é", "", "", f'["{i % 3}"]', "", "") for i in range(20)))
    units = ContentUnit.objects.filter(source=source).order_by("pk")
    count, chunks = bulk.columns(units.values_list("external_id", "title", "tags", "source_id"))
    found = [row for chunk in chunks for row in zip(*chunk, strict=True)]
    assert (count, found) == (20, list(units.values_list("external_id", "title", "tags", "source_id")))


def test_bytes_and_numbers_are_read_as_they_are(source):
    unit = ContentUnit.objects.create(source=source, external_id="a")
    names = ("content", "period", "group_ids", "counts", "total", "unknown", "estimated")
    bulk.insert(PackedInteractions, names, [(unit.pk, "2026-10", bytes(range(256)), b"", 1e15 + 0.5, 0.25, False)])
    _, chunks = bulk.columns(PackedInteractions.objects.values_list("content_id", "group_ids", "counts", "total"))
    assert [list(map(list, chunk)) for chunk in chunks] == [[[unit.pk], [bytes(range(256))], [b""], [1e15 + 0.5]]]


def test_the_reader_may_ask_and_write_between_the_chunks(source, monkeypatch):
    monkeypatch.setattr(bulk, "READ_CHUNK", 2)
    bulk.insert(ContentUnit, FIELDS, ((source.pk, str(i), "", "", "", "[]", "", "") for i in range(5)))
    _, chunks = bulk.columns(ContentUnit.objects.order_by("pk").values_list("pk"))
    for (keys,) in chunks:
        ContentUnit.objects.filter(pk__in=keys).delete()
    assert not ContentUnit.objects.exists()


@pytest.mark.parametrize("wanted", [[], [0]])
def test_no_rows_are_read_as_none(source, wanted):
    count, chunks = bulk.columns(ContentUnit.objects.filter(pk__in=wanted).values_list("pk"))
    assert (count, list(chunks)) == (0, [])


def test_a_failure_while_rows_are_made_leaves_nothing(source):
    def rows():
        yield (source.pk, "a", "", "", "", "[]", "", "")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"), transaction.atomic():
        bulk.insert(ContentUnit, FIELDS, rows())
    assert not ContentUnit.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL plans by statistics of its own taking")
def test_the_planner_knows_of_many_new_rows_at_once(source, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(bulk, "MANY", 40)
    with django_capture_on_commit_callbacks(execute=True):
        bulk.insert(ContentUnit, FIELDS, ((source.pk, str(i), "", "", "", "[]", "", "") for i in range(40)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [ContentUnit._meta.db_table])
        assert cursor.fetchone() == (40,)
