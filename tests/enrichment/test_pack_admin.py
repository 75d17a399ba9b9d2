"""Packs in the admin: handed in, their report read, confirmed, thrown away; each by its own administrators."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enrichment.models import PackRun, Photo, PhotoPack
from tests import builders
from tests.personas.test_photo_admin import staff
from tests.photos import ROW, pack, picture
from tests.running import run

LIST = "/admin/enrichment/photopack/"


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


def hand_in(client, organization=None, file=None, name="Autumn"):
    file = file or pack({"a.jpg": picture(1), "=b.jpg": b"no picture"})
    wish = {"name": name, "library": organization.pk if organization else "shared"}
    upload = SimpleUploadedFile("pack.zip", file.getvalue(), "application/zip")
    return client.post(f"{LIST}add/", wish | {"file": upload}, follow=True)


@pytest.fixture
def checked(chief, organization):
    hand_in(chief, organization)
    run(PackRun.objects.get())
    return PhotoPack.objects.get()


def page_of(client, handed) -> str:
    return client.get(f"{LIST}{handed.pk}/change/").content.decode()


def test_a_pack_is_handed_in_and_waits(chief):
    page = hand_in(chief).content.decode()
    assert "Nobody works on the queue" in page
    assert "packs.js" in page
    assert PhotoPack.objects.get().organization is None


def test_nothing_is_shared_by_oversight(chief):
    assert "This field is required" in chief.post(f"{LIST}add/", {"name": "Autumn"}).content.decode()
    assert '<option value="" selected>' in chief.get(f"{LIST}add/").content.decode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.zip", b"no"), "not a ZIP"),
        (pack({"a.jpg": b""}, text=b"file\n"), "has no column"),
    ],
)
def test_what_is_no_pack_is_refused_on_the_form(chief, file, words):
    if not hasattr(file, "getvalue"):
        file.getvalue = file.read
    assert words in hand_in(chief, file=file).content.decode()
    assert not PhotoPack.objects.exists()


def test_a_pack_that_is_too_large_is_refused_on_the_form(chief, settings):
    settings.UPLOAD_MAX_BYTES = 100
    assert "larger than 100" in hand_in(chief).content.decode()


def test_the_report_names_every_file_with_its_reason(chief, checked):
    page = page_of(chief, checked)
    assert "cannot be read as a JPEG, PNG or WEBP" in page
    assert "Female, 25-34; Saudi Arabia; CC0 1.0" in page
    assert "packs.js" not in page
    assert not Photo.objects.exists()


def test_the_report_as_csv_runs_nothing_in_a_spreadsheet(chief, checked):
    text = chief.get(f"{LIST}{checked.pk}/report.csv").content.decode()
    assert text.splitlines()[0] == "file,line,outcome,reason,notes"
    assert "'=b.jpg,3,refused" in text


def test_a_pack_is_confirmed_and_its_photos_wait_for_approval(chief, checked):
    chief.post(f"{LIST}{checked.pk}/confirm/")
    run(PackRun.objects.get(task="import"))
    (link,) = re.findall(r'href="([^"]+)">Look at the 1 pending photo<', page_of(chief, checked))
    assert chief.get(unescape(link)).content.decode().count('class="apg-photo"') == 1
    assert "Imported" in chief.get(LIST).content.decode()
    assert Photo.objects.get().state == "pending"


def test_a_pack_is_not_confirmed_by_looking(chief, checked):
    chief.get(f"{LIST}{checked.pk}/confirm/")
    assert not PackRun.objects.filter(task="import").exists()


def test_what_cannot_be_confirmed_says_why(chief, checked):
    chief.post(f"{LIST}{checked.pk}/check/")
    page = chief.post(f"{LIST}{checked.pk}/confirm/", follow=True).content.decode()
    assert "worked on just now" in page


def test_a_failed_check_tells_why(chief, checked):
    PackRun.objects.update(state="failed", error="The manifest is on holiday.")
    assert "The manifest is on holiday." in page_of(chief, checked)


def test_a_pack_is_thrown_away(chief, checked):
    chief.post(f"{LIST}{checked.pk}/delete/", {"post": "yes"})
    assert not PhotoPack.objects.exists()


def test_a_pack_that_is_worked_on_stays_and_the_admin_says_why(chief):
    hand_in(chief)
    page = chief.post(f"{LIST}{PhotoPack.objects.get().pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "worked on just now" in page
    assert PhotoPack.objects.exists()


def test_the_manifest_to_fill_in_is_one_that_can_be_read(chief):
    raw = b"".join(chief.get(f"{LIST}manifest.csv").streaming_content)
    page = hand_in(chief, file=pack({"woman-1.jpg": picture(1), "man-1.png": picture(2)}, text=raw))
    done = run(PackRun.objects.get())
    assert page.status_code == 200
    assert (done.accepted, done.refused) == (2, 0)


def test_an_administrator_hands_in_for_the_own_organization_only(owner, organization):
    curator, other = staff(owner), builders.make_organization("two")
    for place in (None, other):
        hand_in(curator, place)
    assert not PhotoPack.objects.exists()
    hand_in(curator, organization)
    assert PhotoPack.objects.get().organization == organization


def test_a_shared_pack_is_looked_at_and_not_confirmed_by_an_administrator(owner, chief):
    hand_in(chief)
    run(PackRun.objects.get())
    curator, handed = staff(owner), PhotoPack.objects.get()
    assert "Confirm" not in page_of(curator, handed)
    curator.post(f"{LIST}{handed.pk}/confirm/")
    assert not PackRun.objects.filter(task="import").exists()


def test_colleagues_and_strangers_on_the_staff_see_no_pack(checked, colleague, stranger):
    for person in (colleague, stranger):
        client = staff(person)
        assert "Autumn" not in client.get(LIST).content.decode()
        assert client.get(f"{LIST}{checked.pk}/change/").status_code == 302
        assert client.get(f"{LIST}{checked.pk}/report.csv").status_code == 404
        assert client.post(f"{LIST}{checked.pk}/confirm/").status_code == 404
        assert "Autumn" not in client.get("/admin/enrichment/packrun/").content.decode()


def test_rows_of_the_manifest_are_counted_like_the_files(chief):
    hand_in(chief, file=pack({"a.jpg": picture(1)}, "a.jpg" + ROW, "gone.jpg" + ROW))
    done = run(PackRun.objects.get())
    assert (done.accepted, done.refused, done.left_out) == (1, 1, 0)
