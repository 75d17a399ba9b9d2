"""Putting away the packs that nobody came back to: they hold the pictures as they came."""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from enrichment.importing import discard_pack
from enrichment.models import PhotoPack
from sources.errors import DataError

UNCONFIRMED_PACKS_LIVE = timedelta(days=30)


def discard_forgotten_packs() -> int:
    """Throw away the packs that were not imported within a month, and return how many these were."""
    before = timezone.now() - UNCONFIRMED_PACKS_LIVE
    discarded = 0
    for pack in PhotoPack.objects.filter(created_at__lt=before).exclude(file=""):
        with suppress(DataError):  # it is worked on just now
            discard_pack(pack=pack)
            discarded += 1
    return discarded
