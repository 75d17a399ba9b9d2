"""Packs that nobody came back to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrichment.models import PackRun, PhotoPack
from enrichment.sweeping import discard_forgotten_packs


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
