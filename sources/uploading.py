"""Uploads: files are kept as they came, looked at, and read by a collection once somebody confirmed the columns."""

import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from sources.connecting.seeding import joint_for_files
from sources.connectors.files import checking
from sources.connectors.files.export_seeds import Joint, JointOf
from sources.connectors.records import FileError, Preview
from sources.errors import DataError
from sources.importing import GONE, KINDS
from sources.models import Collection, DataSource, Organization, Upload
from sources.organizing import delete_files_on_commit, upload_paths
from sources.queueing import enqueue

LONGEST_NAME = 200


class UnreadableFiles(DataError):
    """Files that cannot be used at all, each with words for the person who chose it."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(" ".join(words.values()))
        self.words = dict(words)


def store_upload(
    *, organization: Organization, created_by, given: Mapping[str, UploadedFile], by_name: bool = False
) -> Upload:
    """Keep the files (by kind, as in KINDS); UnreadableFiles says which cannot be used.

    `by_name`: nobody will choose the columns, so that each required one has to be found by its name.
    """
    upload = Upload(organization=organization, created_by=created_by)
    upload.names = {kind: given[kind].name[-LONGEST_NAME:] for kind in KINDS if kind in given}
    try:
        for kind in upload.names:
            # A name of our own: the user's may be longer than the disk allows.
            getattr(upload, kind).save(f"{secrets.token_hex(8)}-{kind}.csv", given[kind], save=False)
        _refuse_unreadable(upload, by_name)
        upload.save()
    except BaseException:
        for path in upload_paths(upload):
            path.unlink(missing_ok=True)
        raise
    return upload


def preview_upload(upload: Upload) -> dict[str, Preview]:
    """Look at the start of each file, by kind; FileError when one has become unreadable."""
    joint = partial(joint_for_files, upload.organization)
    return {kind: _preview(upload, kind, joint) for kind in KINDS if getattr(upload, kind)}


def confirm_upload(
    *, upload: Upload, source_name: str, requested_by, mapping: dict[str, dict[str, str]], mode: str, period: str = ""
) -> Collection:
    """Queue the reading of an upload into a source, which is made if it is new; both or neither.

    Raises DataError when the source is busy, and the upload stays as it was, or when the upload is gone.
    """
    try:
        with transaction.atomic():
            if not _locked(upload):
                raise DataError(GONE)
            source, _ = DataSource.objects.get_or_create(organization=upload.organization, name=source_name)
            collection = Collection.objects.create(
                source=source, upload=upload, requested_by=requested_by, mapping=mapping, mode=mode, period=period
            )
            enqueue(collection)
    except IntegrityError:
        sources = DataSource.objects.filter(organization=upload.organization, name=source_name)
        if not Collection.objects.open().filter(source__in=sources).exists():
            raise
        raise DataError(
            f"“{source_name}” is being imported just now. Your files and choices are kept: "
            "wait until that is done, or cancel it, then confirm again."
        ) from None
    return collection


@transaction.atomic
def discard_upload(*, upload: Upload) -> None:
    """Throw away files that nobody read yet; DataError once a collection has them."""
    if not _locked(upload):
        return
    if upload.collections.exists():
        raise DataError("These files have been imported. Delete their source to remove them.")
    delete_files_on_commit(upload_paths(upload))
    upload.delete()


def _locked(upload: Upload) -> bool:
    """Keep others from confirming and discarding the upload until the transaction ends; False when it is gone."""
    return Upload.objects.select_for_update().filter(pk=upload.pk).first() is not None


def _preview(upload: Upload, kind: str, joint: JointOf = Joint) -> Preview:
    path = Path(getattr(upload, kind).path)
    return checking.preview(path, filename=upload.names.get(kind, kind), table=kind, joint=joint)


def _refuse_unreadable(upload: Upload, by_name: bool) -> None:
    words = {}
    for kind in upload.names:
        try:
            preview = _preview(upload, kind)
        except FileError as error:
            words[kind] = str(error)
        else:
            if by_name and preview.missing:
                words[kind] = " ".join(preview.missing)
    if words:
        raise UnreadableFiles(words)
