"""`manage.py import_interactions`: names and outputs are a contract."""

import csv
import gzip

import pytest
from django.core.management import CommandError, call_command

from sources.models import Collection, DataSource, Organization, PackedInteractions

ROWS = "content_id,gender,age_group,country,count\na,female,25-34,QA,3\nb,male,18-24,IN,5\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "interactions.csv"
    path.write_text(ROWS)
    return path


def test_organization_and_source_are_made_when_absent(file):
    call_command("import_interactions", file, organization="new-one", source="YouTube export")
    assert DataSource.objects.get(name="YouTube export").organization.slug == "new-one"


def test_figures_are_printed(file, capsys):
    call_command("import_interactions", file, organization="acme")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["rows", "read", "2"] in lines
    assert ["rows", "accepted", "2"] in lines
    assert ["rows", "rejected", "0"] in lines
    assert any(line[:3] == ["rows", "per", "second"] and line[3] != "0" for line in lines)


def test_packed_file_is_read(tmp_path):
    path = tmp_path / "interactions.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    call_command("import_interactions", path, organization="acme")
    assert PackedInteractions.objects.count() == 2


def test_rejected_rows_are_written_where_asked(file, tmp_path, capsys):
    file.write_text(ROWS + "c,male,18-24,IN,1.5\n")
    call_command("import_interactions", file, organization="acme", rejects=tmp_path / "bad.csv")
    with (tmp_path / "bad.csv").open() as stream:
        (row,) = csv.DictReader(stream)
    assert (row["line"], row["column"], row["value"]) == ("4", "count", "1.5")
    assert str(tmp_path / "bad.csv") in capsys.readouterr().out


def test_exit_is_one_when_nothing_was_accepted(file, tmp_path, capsys):
    file.write_text("content_id,gender,age_group,country,count\na,female,25-34,QA,many\n")
    with pytest.raises(SystemExit) as end:
        call_command("import_interactions", file, organization="acme", rejects=tmp_path / "bad.csv")
    assert end.value.code == 1
    assert "many" in (tmp_path / "bad.csv").read_text()
    assert "Nothing was imported" in capsys.readouterr().err


def test_period_is_given_to_rows_that_name_none(file):
    call_command("import_interactions", file, organization="acme", period="2026-10")
    assert set(PackedInteractions.objects.values_list("period", flat=True)) == {"2026-10"}


def test_one_file_without_and_with_its_month_is_noted(file, capsys):
    call_command("import_interactions", file, organization="acme")
    assert "note:" not in capsys.readouterr().out
    call_command("import_interactions", file, organization="acme", period="2026-10")
    assert "note: interactions: 2 contents of this file now have counts with a month" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [{"period": "October"}, {"organization": "Not A Slug"}])
def test_nonsense_is_refused_before_anything_is_made(file, wrong):
    with pytest.raises(CommandError, match=r"takes a slug|written YYYY-MM"):
        call_command("import_interactions", file, **{"organization": "acme", **wrong})
    assert not Organization.objects.exists()


def test_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("import_interactions", tmp_path / "nowhere.csv", organization="acme")


@pytest.mark.parametrize(("place", "words"), [("missing/bad.csv", "no folder"), ("", "takes a file")])
def test_a_place_for_rejects_that_cannot_be_is_refused_before_the_import(file, tmp_path, place, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_interactions", file, organization="acme", rejects=tmp_path / place)
    assert not PackedInteractions.objects.exists()


def test_a_refusal_without_rejected_rows_leaves_the_file_of_rejects_alone(file, tmp_path):
    target, empty = tmp_path / "bad.csv", tmp_path / "contents.csv"
    target.write_text("from last time")
    empty.write_text("")
    with pytest.raises(SystemExit):
        call_command("import_interactions", file, organization="acme", contents=empty, rejects=target)
    assert target.read_text() == "from last time"


def test_what_was_replaced_is_told(file, capsys):
    call_command("import_interactions", file, organization="acme")
    file.write_text(ROWS.replace("a,female,25-34,QA,3\n", ""))
    call_command("import_interactions", file, organization="acme")
    assert "of 1 taken away; 2 contents before, 1 now" in capsys.readouterr().out


def test_failed_import_leaves_no_empty_organization(file):
    file.write_text("")
    with pytest.raises(SystemExit):
        call_command("import_interactions", file, organization="mistyped")
    assert not Organization.objects.exists()


def test_failed_import_leaves_what_was_there(file, organization):
    file.write_text("")
    with pytest.raises(SystemExit):
        call_command("import_interactions", file, organization="acme", source="New")
    assert list(Organization.objects.all()) == [organization]
    assert not DataSource.objects.exists()


def test_import_stands_in_the_history_of_the_pages(file, owner_client):
    call_command("import_interactions", file, organization="acme")
    run = Collection.objects.get()
    page = owner_client.get(f"/o/acme/collections/{run.pk}/")
    assert (page.status_code, run.rows_accepted) == (200, 2)


def test_who_would_replace_what_was_collected_is_warned(file, capsys):
    organization = Organization.objects.create(slug="acme", name="Acme")
    DataSource.objects.create(organization=organization, name="Channel", kind="youtube")
    call_command("import_interactions", file, organization="acme", source="Channel", add=True)
    assert "warning:" not in capsys.readouterr().err
    call_command("import_interactions", file, organization="acme", source="Channel")
    assert "warning: “Channel” was collected from YouTube. A file that replaces deletes" in capsys.readouterr().err
