"""A file that Google Analytics exported, through the command and the upload's verb, ends as stored interactions."""

import pytest
from django.core.management import call_command

from sources.connectors.identifiers import stored_id
from sources.models import ContentUnit, PackedInteractions

pytestmark = pytest.mark.django_db

EXPORT = """# ----------------------------------------
# Free form 1
# Start date: 20260801
# End date: 20260831
# ----------------------------------------

Page path and screen class,Page title and screen class,Age,Gender,Country,Views
,,,,,450,Grand total
/a,First,25-34,female,Qatar,300
/b,Second,18-24,male,India,150
"""


def test_an_export_is_imported_as_it_comes(tmp_path, capsys):
    path = tmp_path / "download.csv"
    path.write_text(EXPORT, "utf-8-sig")
    call_command("import_interactions", path, organization="acme")
    assert {(one.content.external_id, one.period, one.total) for one in PackedInteractions.objects.all()} == {
        ("/a", "2026-08", 300),
        ("/b", "2026-08", 150),
    }
    assert set(ContentUnit.objects.values_list("title", flat=True)) == {"First", "Second"}
    assert "rows read" in " ".join(capsys.readouterr().out.split())


def test_paths_too_long_to_be_stored_are_kept_apart_as_collecting_keeps_them(tmp_path):
    paths = [f"/{'x' * 300}{end}" for end in "ab"]
    path = tmp_path / "download.csv"
    path.write_text(EXPORT.replace("/a,", f"{paths[0]},").replace("/b,", f"{paths[1]},"), "utf-8-sig")
    call_command("import_interactions", path, organization="acme")
    assert dict(PackedInteractions.objects.values_list("content__external_id", "total")) == {
        stored_id(paths[0]): 300,
        stored_id(paths[1]): 150,
    }
