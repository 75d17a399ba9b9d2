"""Estimates come in by command, page and API, and are read back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from sources.attributing import read_attributes, store_attributes
from sources.connectors.records import AttributeRow
from sources.importing import import_files
from sources.models import AudienceAttribute, Collection, DataSource, Upload
from tests.api_calls import ROOT, program

HEADER = "gender,age_group,country,attribute,value,share,source\n"
ROWS = HEADER + "female,25-34,MX,job,Nurse,0.31,Survey\n,,MX,education,College,40%,Census\n,,,shoes,42,1,Shop\n"


@pytest.fixture
def source(organization):
    return DataSource.objects.create(organization=organization, name="Files")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "attributes.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def row(value: str, share: float, country: str = "MX") -> AttributeRow:
    return AttributeRow("", "", country, "job", value, share, "Survey")


def test_good_rows_are_stored_and_others_are_told(source, file, tmp_path):
    told = import_files(source=source, paths={"attributes": file}, rejects=tmp_path)
    assert told.summary["attributes"] == {"read": 3, "accepted": 2, "rejected": 1}
    assert told.summary["first_rejects"][0]["column"] == "attribute"
    assert read_attributes([source.pk]) == [
        (source.pk, AttributeRow("female", "25-34", "MX", "job", "Nurse", 0.31, "Survey")),
        (source.pk, AttributeRow("", "", "MX", "education", "College", 0.4, "Census")),
    ]


def test_a_file_is_the_whole_truth_about_the_groups_that_it_names(source):
    store_attributes(source, [row("Nurse", 0.5), row("Clerk", 0.2), row("Clerk", 0.3, "US")])
    store_attributes(source, [row("Farmer", 0.6)])
    assert [(r.value, r.country) for _, r in read_attributes([source.pk])] == [("Clerk", "US"), ("Farmer", "MX")]


def test_estimates_go_with_their_source(source):
    store_attributes(source, [row("Nurse", 0.5)])
    source.delete()
    assert not AudienceAttribute.objects.exists()


def test_the_command_takes_a_file_of_attributes(db, file, tmp_path, capsys):
    interactions = tmp_path / "interactions.csv"
    interactions.write_text("content_id,gender,age_group,country,count\na,F,25-34,MX,5\n", encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    call_command("import_interactions", interactions, organization="acme", attributes=file, rejects=rejects)
    out = capsys.readouterr().out
    assert "attributes" in out
    assert "2 accepted, 1 rejected" in out
    assert "shoes" in (tmp_path / "rejects.attributes.csv").read_text(encoding="utf-8")


def test_the_page_takes_a_file_of_attributes_and_shows_its_columns(owner_client, organization):
    given = {"source": "Files", "attributes": SimpleUploadedFile("jobs.csv", ROWS.encode())}
    answer = owner_client.post(reverse("upload_new", args=["acme"]), given, follow=True)
    assert b"jobs.csv" in answer.content
    assert b"Attribute" in answer.content
    upload = Upload.objects.get()
    names = HEADER.strip().split(",")
    chosen = {"source": "Files"} | {f"attributes.{name}": name for name in names}
    owner_client.post(reverse("upload_mapping", args=["acme", upload.pk]), chosen)
    assert Collection.objects.get().mapping == {"attributes": {name: name for name in names}}


def test_the_api_takes_a_file_of_attributes(organization):
    client = program(organization, "write")
    answer = client.post(f"{ROOT}uploads/", {"attributes": SimpleUploadedFile("jobs.csv", ROWS.encode())})
    assert answer.status_code == 202
    assert answer.json()["names"] == {"attributes": "jobs.csv"}
