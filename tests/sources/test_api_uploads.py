"""Files handed in through the API, and the runs that read them."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from sources.importing import run_collection
from sources.models import Collection, DataSource, PackedInteractions, Upload
from tests.api_calls import ROOT, program, queries_of

GOOD = "content_id,gender,age_group,country,count\nv1,female,25-34,DE,10\nv2,male,18-24,IN,20\n"
BAD_ROW = GOOD + "v3,male,18-24,IN,many\n"


def csv(text: str, name: str = "october.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


@pytest.fixture
def writer(organization):
    return program(organization, "read", "write")


def send(client, **given):
    return client.post(f"{ROOT}uploads/", given, format="multipart")


def read_the_files() -> None:
    """Do what the worker does with the run that was queued."""
    collection = Collection.objects.get()
    assert collection.claim()
    run_collection(collection)
    collection.finish()


def test_an_upload_is_accepted_queued_and_followed_at_its_location(writer):
    response = send(writer, interactions=csv(GOOD), source="Site", period="2026-10")
    assert response.status_code == 202
    followed = writer.get(response["Location"]).json()
    assert followed == response.json()
    assert followed["names"] == {"interactions": "october.csv"}
    assert (followed["collection"]["state"], followed["collection"]["period"]) == ("queued", "2026-10")
    assert OrmQ.objects.count() == 1


def test_an_upload_that_was_read_tells_its_counts(writer, organization):
    upload = send(writer, interactions=csv(GOOD), source="Site", period="2026-10").json()
    read_the_files()
    run = writer.get(f"{ROOT}uploads/{upload['id']}/").json()["collection"]
    assert (run["state"], run["rows_read"], run["rows_accepted"], run["rows_rejected"]) == ("done", 2, 2, 0)
    assert (run["rejects"], run["summary"]["groups"]) == (None, 2)
    assert PackedInteractions.objects.of(organization, period="2026-10").count() == 2


def test_a_file_without_a_required_column_is_refused_at_once(writer):
    response = send(writer, interactions=csv(GOOD.replace("count", "clout")))
    assert response.status_code == 400
    assert "The column 'count' is missing." in str(response.json()["interactions"])
    assert not Upload.objects.exists()


def test_rejected_rows_are_handed_back(writer):
    send(writer, interactions=csv(BAD_ROW))
    read_the_files()
    (run,) = writer.get(f"{ROOT}collections/").json()["results"]
    response = writer.get(run["rejects"])
    assert run["rows_rejected"] == 1
    assert "attachment" in response["Content-Disposition"]
    assert b"many" in b"".join(response.streaming_content)


def test_rejected_rows_whose_file_is_gone_are_answered_in_words(writer):
    send(writer, interactions=csv(BAD_ROW))
    read_the_files()
    file = Collection.objects.get().rejects_file
    file.storage.delete(file.name)
    response = writer.get(f"{ROOT}collections/{Collection.objects.get().pk}/rejects/")
    assert response.status_code == 404
    assert "is gone" in response.json()["detail"]


def test_a_run_without_rejects_says_so(writer):
    send(writer, interactions=csv(GOOD))
    response = writer.get(f"{ROOT}collections/{Collection.objects.get().pk}/rejects/")
    assert response.status_code == 404
    assert response.json() == {"detail": "No row of this collection was rejected."}


def test_an_upload_goes_to_the_keys_organization_and_names_its_maker(organization, owner, stranger):
    send(program(organization, "write", created_by=owner), interactions=csv(GOOD), source="Site")
    source = DataSource.objects.get()
    assert (source.organization, source.name) == (organization, "Site")
    assert Collection.objects.get().requested_by == Upload.objects.get().created_by == owner


def test_an_upload_without_files_is_refused(writer):
    response = send(writer, source="Site")
    assert response.status_code == 400
    assert "at least one file" in str(response.json())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "erase"}, "mode"),
        ({"period": "2026-13"}, "period"),
        ({"source": "\x00"}, "source"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_name(writer, given, field):
    response = send(writer, interactions=csv(GOOD), **given)
    assert response.status_code == 400
    assert set(response.json()) == {field}
    assert not Upload.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_in_words_and_not_kept(writer, settings):
    response = send(writer, interactions=csv("PK\x03\x04 and more"))
    assert response.status_code == 400
    assert "ZIP" in str(response.json()["interactions"])
    assert not Upload.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_is_refused(writer, settings):
    settings.UPLOAD_MAX_BYTES = 20
    response = send(writer, interactions=csv(GOOD))
    assert response.status_code == 400
    assert "larger than" in response.json()["interactions"][0]


def test_a_second_upload_into_a_busy_source_is_a_conflict_and_not_kept(writer):
    send(writer, interactions=csv(GOOD), source="Site")
    response = send(writer, interactions=csv(GOOD), source="Site")
    assert response.status_code == 409
    assert "being read into “Site”" in response.json()["detail"]
    assert Upload.objects.count() == Collection.objects.count() == 1


def test_a_body_that_is_no_form_is_refused(writer):
    assert writer.post(f"{ROOT}uploads/", {"source": "Site"}, format="json").status_code == 415


@pytest.mark.parametrize("scopes", [["read"], ["run"]])
def test_uploading_needs_the_scope_write(organization, scopes):
    response = send(program(organization, *scopes), interactions=csv(GOOD))
    assert response.status_code == 403
    assert "“write”" in response.json()["detail"]
    assert not Upload.objects.exists()


def test_a_queued_run_is_cancelled(writer):
    send(writer, interactions=csv(GOOD))
    response = writer.post(f"{ROOT}collections/{Collection.objects.get().pk}/cancel/")
    assert (response.status_code, response.json()["state"]) == (200, "cancelled")


def test_cancelling_needs_the_scope_write(writer, organization):
    send(writer, interactions=csv(GOOD))
    response = program(organization, "read").post(f"{ROOT}collections/{Collection.objects.get().pk}/cancel/")
    assert response.status_code == 403
    assert Collection.objects.get().state == "queued"


@pytest.mark.parametrize("path", ["uploads/{upload}/", "collections/{run}/", "collections/{run}/rejects/"])
def test_uploads_of_others_are_not_there(writer, stranger, path):
    send(writer, interactions=csv(GOOD))
    Collection.objects.get().rejects_file.save("r.csv", ContentFile(b"secret"))
    elsewhere = program(stranger.organizations.get(), "read", "write")
    address = ROOT + path.format(upload=Upload.objects.get().pk, run=Collection.objects.get().pk)
    assert writer.get(address).status_code == 200
    assert elsewhere.get(address).status_code == 404


def test_runs_of_others_cannot_be_cancelled(writer, stranger):
    send(writer, interactions=csv(GOOD))
    elsewhere = program(stranger.organizations.get(), "read", "write")
    assert elsewhere.post(f"{ROOT}collections/{Collection.objects.get().pk}/cancel/").status_code == 404
    assert Collection.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("query", "count"), [("state=queued", 1), ("state=done", 0), ("period=2026-10", 1), ("source=0", 0)]
)
def test_collections_are_filtered(writer, query, count):
    send(writer, interactions=csv(GOOD), period="2026-10")
    assert writer.get(f"{ROOT}collections/?{query}").json()["count"] == count


@pytest.mark.parametrize("name", ["uploads", "collections"])
def test_many_runs_cost_as_many_queries_as_one(writer, name):
    send(writer, interactions=csv(GOOD), source="One")
    few = queries_of(lambda: writer.get(f"{ROOT}{name}/"))
    for number in range(5):
        send(writer, interactions=csv(GOOD), source=f"More {number}")
    assert queries_of(lambda: writer.get(f"{ROOT}{name}/")) == few
