"""YouTube Studio's exports through command and page: into the tables, marked as estimated, told in words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from sources.models import Collection, ContentUnit, DataSource, PackedInteractions, Upload
from tests.builders import make_contents, make_groups, make_interactions
from tests.running import run
from tests.sources import files_of
from tests.sources import studio_files as studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def downloads(tmp_path):
    for name, data in studio.exports().items():
        (tmp_path / name).write_bytes(data)
    return sorted(tmp_path.glob("*.zip"))


def hand_in(client, **exports):
    given = [SimpleUploadedFile(name, data) for name, data in studio.exports(**exports).items()]
    address = reverse("upload_new", args=["acme"])
    return client.post(address, {"source": "Studio", "mode": "replace", "interactions": given})


def confirmed(client) -> Collection:
    chosen = {"source": "Studio", "mode": "replace", "period": ""}
    client.post(reverse("upload_mapping", args=["acme", Upload.objects.get().pk]), chosen)
    return run(Collection.objects.get())


def test_the_command_takes_all_files_of_an_export(downloads, capsys):
    call_command("import_interactions", *downloads, organization="acme")
    told = capsys.readouterr().out
    assert re.search(r"rows accepted +\d", told)
    assert "joint counts are estimated" in told
    assert set(PackedInteractions.objects.values_list("content__external_id", "period", "estimated", "seed")) == {
        ("aaaaaaaaaa1", "2026-10", True, "independence"),
        ("-bbbbbbbbb2", "2026-10", True, "independence"),
    }


def test_a_channel_beside_says_how_the_tables_go_together(organization, owner_client, downloads):
    videos = make_contents(organization, 3, source_name="Channel")
    make_interactions(videos, make_groups(countries=("QA", "EG")))
    DataSource.objects.update(kind=DataSource.Kind.YOUTUBE)
    hand_in(owner_client)
    page = owner_client.get(reverse("upload_mapping", args=["acme", Upload.objects.get().pk])).content.decode()
    assert "as they go together in Channel (YouTube)" in page
    assert confirmed(owner_client).state == Collection.State.DONE
    seeds = PackedInteractions.objects.filter(content__source__name="Studio").values_list("seed", flat=True)
    assert set(seeds) == {"Channel (YouTube)"}


def test_contents_get_their_titles_and_addresses(downloads):
    call_command("import_interactions", *downloads, organization="acme")
    bread = ContentUnit.objects.get(external_id="aaaaaaaaaa1")
    assert (bread.title, bread.url) == ("Bread, from scratch", "https://www.youtube.com/watch?v=aaaaaaaaaa1")


def test_views_of_no_known_country_are_kept_as_unknown(downloads):
    call_command("import_interactions", *downloads, organization="acme")
    column = PackedInteractions.objects.get(content__external_id="aaaaaaaaaa1")
    assert (column.total, column.unknown) == pytest.approx((1000, 100))


def test_a_second_import_of_the_same_files_writes_nothing(downloads, capsys):
    call_command("import_interactions", *downloads, organization="acme")
    call_command("import_interactions", *downloads, organization="acme")
    assert "2026-10: nothing changed" in capsys.readouterr().out


def test_measured_counts_take_the_place_of_estimated_ones(downloads, tmp_path):
    call_command("import_interactions", *downloads, organization="acme")
    table = tmp_path / "measured.csv"
    table.write_text("content_id,gender,age_group,country,count,period\naaaaaaaaaa1,male,18-24,QA,3,2026-10\n")
    call_command("import_interactions", table, organization="acme")
    assert list(PackedInteractions.objects.values_list("estimated", "seed")) == [(False, "")]


def test_a_correction_of_single_groups_leaves_the_column_estimated(downloads, tmp_path):
    call_command("import_interactions", *downloads, organization="acme")
    table = tmp_path / "corrected.csv"
    table.write_text("content_id,gender,age_group,country,count,period\naaaaaaaaaa1,male,18-24,QA,3,2026-10\n")
    call_command("import_interactions", table, organization="acme", add=True)
    assert set(PackedInteractions.objects.values_list("seed", flat=True)) == {"independence"}


def test_channel_tables_alone_end_the_command_with_words(tmp_path, capsys):
    path = tmp_path / "channel.zip"
    path.write_bytes(studio.packed(studio.exports(of_videos=False)))
    with pytest.raises(SystemExit):
        call_command("import_interactions", path, organization="acme")
    assert "one and the same audience" in capsys.readouterr().err
    assert not PackedInteractions.objects.exists()


def test_the_page_tells_what_was_recognised_and_asks_for_no_columns(owner_client, organization):
    page = owner_client.get(hand_in(owner_client).url).content.decode()
    assert "Content: 3 videos, 4,400 views." in page
    assert "Viewer gender: for 2 of the videos and for the channel." in page
    assert "interactions.content_id" not in page


def test_the_confirmed_exports_are_imported_by_the_queue(owner_client, organization):
    hand_in(owner_client)
    done = confirmed(owner_client)
    assert done.state == Collection.State.DONE
    assert PackedInteractions.objects.filter(estimated=True).count() == 2
    assert str(done.upload) == "10 files"


def test_exports_that_say_too_little_are_refused_beside_the_field(owner_client, organization):
    answer = hand_in(owner_client, of_videos=False)
    assert "No table is of a single video" in answer.context["form"].errors["interactions"][0]
    assert not Upload.objects.exists()


def test_two_ordinary_tables_at_once_are_refused(owner_client, organization):
    given = [files_of.interactions(), files_of.titles()]
    answer = owner_client.post(reverse("upload_new", args=["acme"]), {"source": "Files", "interactions": given})
    assert "no export that we know" in answer.context["form"].errors["interactions"][0]


def test_the_data_page_tells_what_is_estimated_and_from_what(owner_client, organization):
    hand_in(owner_client)
    confirmed(owner_client)
    page = owner_client.get(reverse("sources", args=["acme"])).content.decode()
    assert "100% of the interactions of known groups estimated from totals" in page


def test_the_data_page_says_nothing_of_estimates_where_all_is_measured(owner_client, organization, tmp_path):
    table = tmp_path / "measured.csv"
    table.write_text("content_id,gender,count\na,male,3\n")
    call_command("import_interactions", table, organization="acme")
    assert "estimated" not in owner_client.get(reverse("sources", args=["acme"])).content.decode()


def test_a_stranger_does_not_see_the_upload(owner_client, stranger_client, organization):
    address = hand_in(owner_client).url
    assert stranger_client.get(address).status_code == 404
