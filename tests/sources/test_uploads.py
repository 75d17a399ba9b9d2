"""Files handed in through the browser: kept, looked at, confirmed, imported."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import IntegrityError
from django.urls import reverse
from django_q.models import OrmQ

from sources.errors import DataError
from sources.models import Collection, DataSource, PackedInteractions, Upload
from sources.uploading import confirm_upload
from tests import builders
from tests.running import run
from tests.sources import files_of


def hand_in(client, slug="acme", source="Files", mode="", **files):
    return client.post(reverse("upload_new", args=[slug]), {"source": source, "mode": mode, **files})


def choices_of(page) -> dict:
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def confirm(client, response, **changed):
    """Follow from the upload to the mapping, change some choices and confirm."""
    page = client.get(response.url)
    return client.post(response.url, choices_of(page) | changed)


def import_now(client, **wish) -> Collection:
    confirm(client, hand_in(client, **wish))
    return run(Collection.objects.latest("pk"))


def stored_files() -> list[Path]:
    return [path for path in Path(site.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_kept_and_nothing_is_imported_before_it_is_confirmed(owner_client, organization):
    response = hand_in(owner_client, interactions=files_of.interactions())
    upload = Upload.objects.get()
    assert response.url.startswith(reverse("upload_mapping", args=["acme", upload.pk]))
    assert upload.names == {"interactions": "interactions.csv"}
    assert not Collection.objects.exists()
    assert not DataSource.objects.exists()


def test_a_confirmed_upload_is_imported_by_the_queue(owner_client, organization):
    done = import_now(owner_client, interactions=files_of.interactions(), contents=files_of.titles())
    assert done.state == "done", done.error
    assert done.rows_accepted == 24 * 24
    assert PackedInteractions.objects.of(organization).count() == 24
    assert done.source.contents.get(external_id="v3").title == "Title 3"


def test_confirming_puts_exactly_one_task_into_the_queue(owner_client, organization):
    response = confirm(owner_client, hand_in(owner_client, interactions=files_of.interactions()))
    collection = Collection.objects.get()
    assert response.url == reverse("collection", args=["acme", collection.pk])
    assert [entry.task["args"] for entry in OrmQ.objects.all()] == [("sources.Collection", collection.pk)]


def test_the_names_of_the_file_choose_the_columns(owner_client, organization):
    file = files_of.csv("export.csv", "Video ID;Sex;Age bracket;Views", "a;F;18-24;3")
    page = owner_client.get(hand_in(owner_client, interactions=file).url)
    chosen = choices_of(page)
    assert chosen["interactions.content_id"] == "Video ID"
    assert chosen["interactions.gender"] == "Sex"
    assert chosen["interactions.count"] == "Views"
    assert chosen["interactions.country"] == ""


def test_a_column_that_the_person_chose_is_the_one_that_is_read(owner_client, organization):
    file = files_of.csv("odd.csv", "thing,sex,how many,other", "a,F,3,9", "b,M,4,9")
    response = confirm(
        owner_client,
        hand_in(owner_client, interactions=file),
        **{"interactions.content_id": "thing", "interactions.count": "how many"},
    )
    assert response.status_code == 302
    run(Collection.objects.get())
    totals = PackedInteractions.objects.order_by("content__external_id").values_list("content__external_id", "total")
    assert list(totals) == [("a", 3.0), ("b", 4.0)]


def test_a_column_that_is_needed_must_be_chosen(owner_client, organization):
    file = files_of.csv("odd.csv", "thing,sex,how many", "a,F,3")
    page = confirm(owner_client, hand_in(owner_client, interactions=file))
    assert "interactions.count" in page.context["form"].errors
    assert not Collection.objects.exists()


def test_one_column_cannot_be_two_of_ours(owner_client, organization):
    response = hand_in(owner_client, interactions=files_of.interactions())
    page = confirm(owner_client, response, **{"interactions.country": "gender"})
    assert page.context["form"].errors["interactions.country"] == ["“gender” is already Gender."]


def test_groups_need_at_least_one_dimension(owner_client, organization):
    response = hand_in(owner_client, interactions=files_of.interactions())
    nothing = {f"interactions.{name}": "" for name in ("gender", "age_group", "country")}
    page = confirm(owner_client, response, **nothing)
    assert "at least one of gender, age group and country" in page.context["form"].non_field_errors()[0]


def test_a_binary_file_is_refused_beside_its_field_and_not_kept(owner_client, organization):
    file = files_of.csv("photo.csv", "\x89PNG\x00\x00\x1a")
    page = hand_in(owner_client, interactions=file, contents=files_of.titles())
    assert list(page.context["form"].errors) == ["interactions"]
    assert not Upload.objects.exists()
    assert stored_files() == []


def test_an_empty_file_is_refused(owner_client, organization):
    page = hand_in(owner_client, interactions=files_of.csv("empty.csv"))
    assert "empty" in page.context["form"].errors["interactions"][0]


def test_no_file_at_all_is_refused(owner_client, organization):
    page = hand_in(owner_client)
    assert page.context["form"].non_field_errors() == ["Choose at least one file."]


def test_a_file_above_the_limit_is_refused_with_both_sizes(owner_client, organization, settings):
    settings.UPLOAD_MAX_BYTES = 100
    page = hand_in(owner_client, interactions=files_of.interactions())
    words = page.context["form"].errors["interactions"][0]
    assert "100" in words
    assert "Split it" in words
    assert not Upload.objects.exists()


def test_a_name_longer_than_the_disk_allows_is_kept_under_another(owner_client, organization):
    file = files_of.interactions()
    file.name = "ي" * 230 + ".csv"
    assert hand_in(owner_client, interactions=file).status_code == 302
    assert Upload.objects.get().interactions.name.isascii()


def test_a_source_that_is_busy_keeps_the_files_and_says_so(owner_client, organization):
    confirm(owner_client, hand_in(owner_client, interactions=files_of.interactions()))
    page = confirm(owner_client, hand_in(owner_client, interactions=files_of.interactions()))
    assert "is being imported just now" in page.context["form"].non_field_errors()[0]
    assert Collection.objects.count() == 1
    assert Upload.objects.filter(collections=None).count() == 1


def test_a_source_is_not_made_when_the_queue_does_not_take_the_run(owner, organization, monkeypatch):
    upload = Upload.objects.create(organization=organization)
    monkeypatch.setattr("sources.queueing.async_task", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        confirm_upload(upload=upload, source_name="New", requested_by=owner, mapping={}, mode="replace")
    assert not DataSource.objects.exists()
    assert not Collection.objects.exists()


def test_an_upload_that_is_gone_cannot_be_confirmed(owner, organization):
    upload = Upload.objects.create(organization=organization)
    Upload.objects.filter(pk=upload.pk).delete()
    with pytest.raises(DataError, match="gone"):
        confirm_upload(upload=upload, source_name="New", requested_by=owner, mapping={}, mode="replace")
    assert not DataSource.objects.exists()


def test_only_a_busy_source_is_told_as_busy(owner, organization, monkeypatch):
    upload = Upload.objects.create(organization=organization)
    monkeypatch.setattr("sources.uploading.enqueue", _break_a_constraint)
    with pytest.raises(IntegrityError, match="another constraint"):
        confirm_upload(upload=upload, source_name="New", requested_by=owner, mapping={}, mode="replace")


def _break_a_constraint(run):
    raise IntegrityError("another constraint")


def test_corrected_rows_are_added_to_what_is_there(owner_client, organization):
    import_now(owner_client, interactions=files_of.interactions())
    response = hand_in(
        owner_client, mode="add", interactions=files_of.csv("more.csv", "content_id,gender,count", "new,female,7")
    )
    assert choices_of(owner_client.get(response.url))["mode"] == "add"
    confirm(owner_client, response)
    run(Collection.objects.latest("pk"))
    assert PackedInteractions.objects.of(organization).count() == 25


def test_rows_without_a_period_take_the_month_that_was_named(owner_client, organization):
    confirm(owner_client, hand_in(owner_client, interactions=files_of.interactions()), period="2026-09")
    run(Collection.objects.get())
    assert PackedInteractions.objects.periods() == ["2026-09"]


def test_a_month_that_is_none_is_refused(owner_client, organization):
    page = confirm(owner_client, hand_in(owner_client, interactions=files_of.interactions()), period="2026-13")
    assert "YYYY-MM" in page.context["form"].errors["period"][0]


def test_files_that_wait_can_be_discarded(owner_client, organization, django_capture_on_commit_callbacks):
    hand_in(owner_client, interactions=files_of.interactions())
    assert len(stored_files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(reverse("upload_discard", args=["acme", Upload.objects.get().pk]))
    assert not Upload.objects.exists()
    assert stored_files() == []


def test_imported_files_cannot_be_discarded(owner_client, organization):
    import_now(owner_client, interactions=files_of.interactions())
    owner_client.post(reverse("upload_discard", args=["acme", Upload.objects.get().pk]))
    assert Upload.objects.exists()


def test_files_that_vanished_are_said_to_be_gone(owner_client, organization):
    response = hand_in(owner_client, interactions=files_of.interactions())
    for path in stored_files():
        path.unlink()
    page = owner_client.get(response.url, follow=True)
    assert "gone or damaged" in str(page.content)


@pytest.mark.parametrize("kind", ["interactions", "contents", "comments", "attributes"])
def test_a_template_is_understood_as_it_is(owner_client, organization, kind):
    template = owner_client.get(reverse("csv_template", args=[kind]))
    assert "attachment" in template["Content-Disposition"]
    file = files_of.csv(f"{kind}.csv", b"".join(template.streaming_content).decode())
    page = owner_client.get(hand_in(owner_client, **{kind: file}).url)
    assert page.context["form"].previews[kind].unmapped == []


def test_the_templates_can_be_imported_together(owner_client, organization):
    kinds = ("interactions", "contents", "comments", "attributes")
    texts = {k: b"".join(owner_client.get(reverse("csv_template", args=[k])).streaming_content).decode() for k in kinds}
    done = import_now(owner_client, **{kind: files_of.csv(f"{kind}.csv", text) for kind, text in texts.items()})
    assert done.state == "done", done.error
    assert done.rows_rejected == 0
    assert done.source.contents.count() == 2


@pytest.mark.parametrize("name", ["upload_new", "upload_mapping", "upload_discard"])
def test_a_viewer_may_not_upload_and_a_stranger_finds_nothing(name, colleague_client, stranger_client, organization):
    upload = Upload.objects.create(organization=organization)
    args = ["acme"] if name == "upload_new" else ["acme", upload.pk]
    assert colleague_client.post(reverse(name, args=args)).status_code == 403
    assert stranger_client.post(reverse(name, args=args)).status_code == 404


def test_the_upload_of_another_organization_is_not_found(owner_client, stranger):
    elsewhere = builders.make_organization("third")
    upload = Upload.objects.create(organization=elsewhere)
    assert owner_client.get(reverse("upload_mapping", args=["acme", upload.pk])).status_code == 404


def test_a_name_of_a_source_is_cleaned_before_it_is_looked_for(owner_client, organization):
    address = hand_in(owner_client, interactions=files_of.interactions()).url
    place = address.partition("?")[0]
    assert owner_client.get(f"{place}?source=a%00b").context["source_name"] == "ab"
    page = owner_client.post(place, choices_of(owner_client.get(address)) | {"source": "Z\0"})
    assert "source" in page.context["form"].errors
    assert "\0" not in page.context["source_name"]


@pytest.fixture
def channel(organization):
    source = DataSource.objects.create(organization=organization, name="News Channel", kind="youtube", account="UC1")
    Collection.objects.create(source=source, state="done")
    return source


def test_a_source_of_a_platform_is_never_proposed(owner_client, organization, channel):
    def proposed():
        return owner_client.get(reverse("upload_new", args=["acme"])).context["form"]["source"].value()

    assert proposed() == "Files"
    import_now(owner_client, source="Shop", interactions=files_of.interactions())
    Collection.objects.create(source=channel, state="done")
    assert proposed() == "Shop"


def test_who_would_replace_what_was_collected_is_warned_before(owner_client, organization, channel):
    builders.make_interactions(builders.make_contents(organization, 3, channel.name), builders.make_groups())
    channel.connection = organization.connections.create(provider="google")
    channel.save()
    page = owner_client.get(hand_in(owner_client, source=channel.name, interactions=files_of.interactions()).url)
    words = page.context["warning"]
    assert words in page.content.decode()
    assert "“News Channel” is collected from YouTube. A file that replaces deletes" in words
    assert re.search(r"\(the source holds [\d,]+ interactions now\)", words)
    assert "import the file into another source" in words


def test_of_a_disconnected_source_the_warning_says_that_nothing_brings_it_back(owner_client, organization, channel):
    page = owner_client.get(hand_in(owner_client, source=channel.name, interactions=files_of.interactions()).url)
    assert "only once the source is connected again" in page.context["warning"]


def test_titles_for_a_source_of_a_platform_and_files_for_files_warn_of_nothing(owner_client, organization, channel):
    for wish in ({"source": channel.name, "contents": files_of.titles()}, {"interactions": files_of.interactions()}):
        assert owner_client.get(hand_in(owner_client, **wish).url).context["warning"] == ""
