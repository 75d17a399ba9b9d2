"""Bulk writing gives what was given, in every database."""

import pytest

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
