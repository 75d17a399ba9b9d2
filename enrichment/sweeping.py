"""Putting away what nobody comes back to: packs that were not imported, files of imports that were killed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from enrichment.importing import discard_pack
from enrichment.models import PackRun, Photo, PhotoPack
from sources.errors import DataError

UNCONFIRMED_PACKS_LIVE = timedelta(days=30)
UNKNOWN_FILES_LIVE = timedelta(days=1)
FOLDER = "photos"


def discard_forgotten_packs() -> int:
    """Throw away the packs that were not imported within a month, and return how many these were."""
    before = timezone.now() - UNCONFIRMED_PACKS_LIVE
    discarded = 0
    for pack in PhotoPack.objects.filter(created_at__lt=before).exclude(file=""):
        with suppress(DataError):  # it is worked on just now
            discard_pack(pack=pack)
            discarded += 1
    return discarded


def delete_unknown_photo_files() -> int:
    """Delete the files among the photos that no photo has, a day old or more, and return how many these were.

    A process that is killed in the middle of an import has written files for photos that were never stored. Nothing
    is deleted while an import is open.
    """
    if PackRun.objects.open().filter(task=PackRun.Task.IMPORT).exists():
        return 0
    storage = Photo._meta.get_field("image").storage
    before = timezone.now() - UNKNOWN_FILES_LIVE
    old = [name for name in _files(storage, FOLDER) if storage.get_modified_time(name) < before]
    known = set(Photo.objects.values_list("image", flat=True)) | set(Photo.objects.values_list("thumbnail", flat=True))
    unknown = [name for name in old if name not in known]
    for name in unknown:
        storage.delete(name)
    return len(unknown)


def _files(storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # no photo was ever stored
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files(storage, f"{folder}/{name}")
