"""A pack from the hand to the library: checked without a trace, confirmed, imported whole or not at all."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from enrichment import importing
from enrichment.importing import GONE, check_again, confirm_pack, discard_pack, hand_in_pack
from enrichment.models import PackRun, Photo, PhotoPack
from sources.errors import DataError
from sources.queueing import waiting
from sources.runs import RunCancelled
from tests.photos import make_photo, pack, picture
from tests.running import run

FILES = {"a.jpg": picture(1, "JPEG"), "b.png": picture(2), "small.png": picture(3, size=(150, 150))}


def hand_in(organization, files=FILES, user=None) -> PhotoPack:
    file = SimpleUploadedFile("pack.zip", pack(files).getvalue(), "application/zip")
    return hand_in_pack(organization=organization, name="Autumn", file=file, created_by=user)


@pytest.fixture
def checked(organization, owner):
    handed = hand_in(organization, user=owner)
    run(handed.runs.get())
    return handed


def stored_files() -> set[str]:
    return {path.suffix for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_pack_that_is_handed_in_waits_for_its_check(organization, owner):
    handed = hand_in(organization, user=owner)
    check = handed.runs.get()
    assert (check.task, check.state, check.requested_by) == ("check", "queued", owner)
    assert ("enrichment.PackRun", check.pk) in waiting()


def test_what_is_no_pack_is_not_kept(organization):
    with pytest.raises(DataError, match="not a ZIP"):
        hand_in_pack(organization=organization, name="No", file=SimpleUploadedFile("p.zip", b"no"), created_by=None)
    assert not PhotoPack.objects.exists()
    assert stored_files() == set()


def test_the_check_reports_every_file_and_writes_no_photo(checked):
    check = checked.runs.get()
    assert (check.state, check.accepted, check.refused) == ("done", 2, 1)
    assert {finding["file"]: finding["outcome"] for finding in check.findings}["small.png"] == "refused"
    assert not Photo.objects.exists()
    assert stored_files() == {".zip"}


def test_a_confirmed_pack_brings_pending_photos_and_its_file_goes(
    checked, organization, owner, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        done = run(confirm_pack(pack=checked, requested_by=owner))
    assert (done.state, done.accepted, [stage["stage"] for stage in done.stages]) == ("done", 2, ["check", "store"])
    photos = Photo.objects.order_by("file_name")
    assert [(photo.file_name, photo.state, photo.pack) for photo in photos] == [
        ("a.jpg", "pending", checked),
        ("b.png", "pending", checked),
    ]
    assert {photo.organization for photo in photos} == {organization}
    assert [str(place) for place in photos[0].places.all()] == ["SA"]
    assert stored_files() == {".jpg"}


def test_pictures_are_stored_drawn_anew_and_small(checked):
    run(confirm_pack(pack=checked, requested_by=None))
    photo = Photo.objects.first()
    assert Image.open(photo.image.path).size == (512, 512)
    assert Image.open(photo.thumbnail.path).size == (192, 192)


def test_the_same_pack_again_brings_nothing(checked, organization):
    run(confirm_pack(pack=checked, requested_by=None))
    again = hand_in(organization)
    check = run(again.runs.get())
    assert (check.accepted, check.refused) == (0, 3)
    assert "the same file as photo" in check.findings[0]["reason"]
    with pytest.raises(DataError, match="Nothing in this pack can be taken"):
        confirm_pack(pack=again, requested_by=None)


def test_an_import_that_is_delivered_again_does_nothing(checked):
    done = run(confirm_pack(pack=checked, requested_by=None))
    assert not PackRun.objects.get(pk=done.pk).claim()
    with pytest.raises(DataError, match="was imported"):
        confirm_pack(pack=checked, requested_by=None)
    assert Photo.objects.count() == 2


def test_the_check_compares_with_the_shared_library_too(organization):
    make_photo(seed=1)
    check = run(hand_in(organization, {"c.jpg": picture(1, "JPEG")}).runs.get())
    (finding,) = check.findings
    assert "It looks the same as photo" in finding["notes"][0]


def test_a_pack_is_confirmed_after_its_check_only(organization):
    handed = hand_in(organization)
    with pytest.raises(DataError, match="worked on just now"):
        confirm_pack(pack=handed, requested_by=None)
    handed.runs.get().request_cancel()
    with pytest.raises(DataError, match="not checked to its end"):
        confirm_pack(pack=handed, requested_by=None)


def test_a_pack_is_checked_again(checked):
    again = check_again(pack=checked, requested_by=None)
    assert run(again).state == "done"
    assert checked.runs.count() == 2


def test_a_manifest_that_cannot_be_used_fails_in_words(organization):
    handed = hand_in(organization)
    Path(handed.file.path).write_bytes(pack({}, text=b"file\n").getvalue())
    check = run(handed.runs.get())
    assert check.state == "failed"
    assert "manifest.csv has no column gender" in check.error


def test_a_file_that_is_gone_fails_in_words(checked):
    queued = confirm_pack(pack=checked, requested_by=None)
    Path(checked.file.path).unlink()
    assert (run(queued).state, PackRun.objects.first().error) == ("failed", GONE)


def test_an_import_that_is_cancelled_leaves_nothing(checked, monkeypatch):
    queued = confirm_pack(pack=checked, requested_by=None)

    def stop(self):
        raise RunCancelled

    monkeypatch.setattr(PackRun, "completing", stop)
    assert run(queued).state == "cancelled"
    assert not Photo.objects.exists()
    assert stored_files() == {".zip"}


def test_two_imports_of_the_same_photos_do_not_double_them(checked, organization, monkeypatch):
    queued = confirm_pack(pack=checked, requested_by=None)
    known = importing.known_photos(organization)
    make_photo(organization, seed=2)
    monkeypatch.setattr(importing, "known_photos", lambda organization: known)
    ended = run(queued)
    assert ended.state == "failed"
    assert "Another import" in ended.error
    assert Photo.objects.count() == 1


def test_a_pack_is_thrown_away_with_its_file_and_its_photos_stay(checked, django_capture_on_commit_callbacks):
    run(confirm_pack(pack=checked, requested_by=None))
    with django_capture_on_commit_callbacks(execute=True):
        discard_pack(pack=checked)
    assert not PackRun.objects.exists()
    assert {photo.pack for photo in Photo.objects.all()} == {None}


def test_a_pack_that_is_worked_on_is_not_thrown_away(organization):
    handed = hand_in(organization)
    with pytest.raises(DataError, match="worked on"):
        discard_pack(pack=handed)
    assert PhotoPack.objects.exists()
