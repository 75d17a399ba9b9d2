"""Organizations, the data page, and the page of a collection."""

import pytest
from django.urls import reverse

from sources.models import Collection, DataSource, Upload
from sources.queueing import give_a_sign
from tests import builders
from tests.sources import files_of
from tests.sources.test_uploads import hand_in, import_now

BAD_ROWS = ("v1,female,18-24,Atlantis,5", "v1,female,18-24,US,-4", "v1,,18-24,US,50")


@pytest.fixture
def imported(owner_client, organization):
    return import_now(owner_client, interactions=files_of.interactions(bad=BAD_ROWS))


@pytest.fixture
def queued(owner, organization):
    source = DataSource.objects.create(organization=organization, name="Files")
    return Collection.objects.create(source=source, requested_by=owner)


def page_of(collection, name="collection") -> str:
    return reverse(name, args=["acme", collection.pk])


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_data_page_of_an_empty_organization_offers_the_upload(owner_client):
    page = text(owner_client.get(reverse("sources", args=["acme"])))
    assert "There is no data yet" in page
    assert reverse("upload_new", args=["acme"]) in page


def test_the_data_page_counts_what_each_source_holds(owner_client, organization):
    builders.make_interactions(builders.make_contents(organization, 25), builders.make_groups(), period="2026-09")
    builders.make_contents(organization, 3, source_name="Archive")
    lines = owner_client.get(reverse("sources", args=["acme"])).context["lines"]
    assert [(line.source.name, line.contents, line.span) for line in lines] == [
        ("Archive", 3, ""),
        ("Files", 25, "2026-09"),
    ]


def test_the_data_page_takes_the_same_queries_for_many_sources(
    owner_client, organization, django_assert_max_num_queries
):
    for number in range(8):
        source = DataSource.objects.create(organization=organization, name=f"Source {number}")
        Collection.objects.create(source=source, state="done")
    with django_assert_max_num_queries(20):
        owner_client.get(reverse("sources", args=["acme"]))


def test_a_viewer_sees_the_data_and_no_button_that_changes_it(colleague_client, imported):
    page = text(colleague_client.get(reverse("sources", args=["acme"])))
    assert "Files" in page
    assert reverse("upload_new", args=["acme"]) not in page
    assert reverse("source_delete", args=["acme", imported.source_id]) not in page


def test_an_import_that_waits_without_a_worker_says_how_to_start_one(owner_client, queued):
    assert "No worker is running" in text(owner_client.get(page_of(queued)))


def test_an_import_that_waits_for_a_busy_worker_just_waits(owner_client, queued):
    give_a_sign()
    page = text(owner_client.get(page_of(queued)))
    assert "No worker is running" not in page
    assert "Waiting for a free worker" in page


def test_progress_says_which_step_and_how_far(owner_client, queued):
    queued.claim()
    queued.report("reading", 25, 100)
    response = owner_client.get(page_of(queued, "collection_progress"))
    assert response.status_code == 200
    assert [(step.state, step.percent) for step in response.context["steps"]] == [
        ("now", 25),
        ("ahead", 0),
        ("ahead", 0),
    ]


def test_polling_ends_when_the_import_is_over(owner_client, imported):
    response = owner_client.get(page_of(imported, "collection_progress"))
    assert response.status_code == 286
    assert "Imported, with 2 rows left out" in text(response)


def test_an_import_can_be_cancelled_before_it_begins(owner_client, queued):
    owner_client.post(page_of(queued, "collection_cancel"))
    queued.refresh_from_db()
    assert queued.state == "cancelled"
    assert "Nothing was changed" in text(owner_client.get(page_of(queued)))


def test_a_failed_import_shows_its_words_and_the_way_back_to_the_columns(owner_client, organization):
    failed = import_now(owner_client, interactions=files_of.csv("x.csv", "content_id,gender,count", "a,F,x"))
    page = text(owner_client.get(page_of(failed)))
    assert "None of the 1 rows can be used" in page
    assert reverse("upload_mapping", args=["acme", failed.upload_id]) in page


def test_the_report_lists_each_rejected_row_and_the_unknown_mass(owner_client, imported):
    response = owner_client.get(page_of(imported))
    report = response.context["report"]
    assert [(row["line"], row["column"], row["value"]) for row in report.rejects] == [
        (578, "country", "Atlantis"),
        (579, "count", "-4"),
    ]
    assert report.unknown.mass == 50
    assert [name for name, _, _ in report.unknown.dimensions] == ["gender"]
    assert "Generate personas" in text(response)


def test_the_report_says_which_dimension_the_file_does_not_have(owner_client, organization):
    done = import_now(owner_client, interactions=files_of.csv("x.csv", "content_id,age,country,count", "a,18-24,US,5"))
    words = "This file has no gender: groups are made of age and country."
    assert words in text(owner_client.get(page_of(done)))


def test_a_report_without_any_detail_is_still_a_page(owner_client, queued):
    Collection.objects.filter(pk=queued.pk).update(state="done", summary={})
    assert owner_client.get(page_of(queued)).status_code == 200


def test_what_a_file_contains_is_never_taken_for_markup(owner_client, organization):
    row = "v1,female,18-24,<script>alert(1)</script>,5"
    done = import_now(owner_client, interactions=files_of.interactions(bad=(row,)))
    page = text(owner_client.get(page_of(done)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_rejected_rows_come_back_as_a_file(colleague_client, imported):
    response = colleague_client.get(page_of(imported, "collection_rejects"))
    assert response["Content-Disposition"] == f'attachment; filename="rejected-{imported.pk}.csv"'
    assert "Atlantis" in b"".join(response.streaming_content).decode()


def test_rejected_rows_can_be_corrected_and_uploaded_again(owner_client, imported):
    rejects = b"".join(owner_client.get(page_of(imported, "collection_rejects")).streaming_content).decode()
    corrected = rejects.replace("Atlantis", "GB").replace(",-4", ",4")
    again = import_now(owner_client, mode="add", interactions=files_of.csv("corrected.csv", corrected))
    assert (again.rows_accepted, again.rows_rejected) == (2, 0)


def test_there_is_no_file_when_nothing_was_rejected(owner_client, queued):
    assert owner_client.get(page_of(queued, "collection_rejects")).status_code == 404


@pytest.mark.parametrize("name", ["collection", "collection_progress", "collection_rejects"])
def test_a_stranger_finds_no_collection(name, stranger_client, imported):
    assert stranger_client.get(page_of(imported, name)).status_code == 404
    elsewhere = reverse(name, args=["elsewhere", imported.pk])
    assert stranger_client.get(elsewhere).status_code == 404


def test_a_viewer_may_not_cancel(colleague_client, queued):
    assert colleague_client.post(page_of(queued, "collection_cancel")).status_code == 403
    queued.refresh_from_db()
    assert queued.state == "queued"


@pytest.mark.parametrize("name", ["sources", "welcome", "organization_settings", "upload_new"])
def test_who_is_not_signed_in_is_asked_to(client, organization, name):
    address = reverse(name, args=["acme"])
    assert client.get(address).url == f"{reverse('login')}?next={address}"


def test_no_page_has_style_or_script_of_its_own(owner_client, imported):
    hand_in(owner_client, interactions=files_of.interactions())
    waiting = Upload.objects.get(collections=None)
    names = ("sources", "welcome", "organization_settings", "upload_new")
    addresses = [reverse(name, args=["acme"]) for name in names]
    addresses += [page_of(imported), reverse("upload_mapping", args=["acme", waiting.pk])]
    for address in addresses:
        page = text(owner_client.get(address))
        assert " style=" not in page, address
        assert "<style" not in page, address
        assert "<script>" not in page, address
        assert " onclick=" not in page, address


def test_who_deletes_a_source_is_told_what_stays_of_it(owner_client, imported):
    page = text(owner_client.get(reverse("source_delete", args=["acme", imported.source.pk])))
    assert "descriptions that were written then: these may name its titles" in page
