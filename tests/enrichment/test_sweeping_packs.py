"""Packs that nobody came back to."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from enrichment.models import PackRun, Photo, PhotoPack
from enrichment.sweeping import delete_unknown_photo_files, discard_forgotten_packs
from tests.photos import make_photo


@pytest.fixture
def pack(organization):
    pack = PhotoPack.objects.create(organization=organization, name="Old", file="packs/old.zip")
    PhotoPack.objects.update(created_at=timezone.now() - timedelta(days=31))
    return pack


def test_a_pack_that_was_never_confirmed_goes_after_a_month(pack):
    assert discard_forgotten_packs() == 1
    assert not PhotoPack.objects.exists()


@pytest.mark.parametrize("fields", [{"created_at": timezone.now()}, {"file": ""}], ids=["young", "imported"])
def test_young_packs_and_imported_ones_stay(pack, fields):
    PhotoPack.objects.update(**fields)
    assert discard_forgotten_packs() == 0


def test_a_pack_that_is_worked_on_stays(pack):
    PackRun.objects.create(pack=pack, task="import")
    assert discard_forgotten_packs() == 0
    assert PhotoPack.objects.exists()


@pytest.fixture
def killed(settings, tmp_path):
    """The files that an import wrote before it was killed, two days ago."""
    settings.MEDIA_ROOT = tmp_path
    folder = tmp_path / "photos/2026/10"
    folder.mkdir(parents=True)
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for name in ("a.jpg", "a-small.jpg", "b.jpg", "b-small.jpg"):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (long_ago, long_ago))
    return folder


def test_files_of_a_killed_import_go_and_those_of_photos_stay(killed, organization):
    make_photo(organization)
    Photo.objects.update(image="photos/2026/10/b.jpg", thumbnail="photos/2026/10/b-small.jpg")
    assert delete_unknown_photo_files() == 2
    assert sorted(path.name for path in killed.iterdir()) == ["b-small.jpg", "b.jpg"]


def test_young_files_and_those_of_an_open_import_stay(killed, organization, pack):
    PackRun.objects.create(pack=pack, task="import")
    assert delete_unknown_photo_files() == 0
    PackRun.objects.all().delete()
    for path in killed.iterdir():
        os.utime(path)
    assert delete_unknown_photo_files() == 0
    assert len(list(killed.iterdir())) == 4
