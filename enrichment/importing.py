"""Packs of photos: handed in, checked without a trace, confirmed, brought in as pending. One verb for both runs."""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from enrichment.curating import place_rows
from enrichment.measures.packs import ACCEPTED, LEFT_OUT, REFUSED, Known, Verdict, check_pack, look_into
from enrichment.measures.photographs import thumbnail
from enrichment.models import PackRun, Photo, PhotoPack, PhotoPlace
from sources.errors import DataError
from sources.models import Organization
from sources.queueing import enqueue

GONE = "The file of this pack is gone. Please hand it in again."
BATCH = 500


def hand_in_pack(*, organization: Organization | None, name: str, file: UploadedFile, created_by) -> PhotoPack:
    """Keep the archive and queue its check, both or neither; DataError when it is no archive with a manifest."""
    look_into(file)
    file.seek(0)
    pack = PhotoPack(organization=organization, name=name, created_by=created_by)
    # A name of our own: the user's may be longer than the disk allows.
    pack.file.save(f"{secrets.token_hex(8)}.zip", file, save=False)
    try:
        with transaction.atomic():
            pack.save()
            _queue(pack, PackRun.Task.CHECK, created_by)
    except BaseException:
        pack.file.storage.delete(pack.file.name)
        raise
    return pack


@transaction.atomic
def check_again(*, pack: PhotoPack, requested_by) -> PackRun:
    """Queue another check; DataError when the pack is worked on, imported or gone."""
    _refuse_closed(pack)
    return _queue(pack, PackRun.Task.CHECK, requested_by)


@transaction.atomic
def confirm_pack(*, pack: PhotoPack, requested_by) -> PackRun:
    """Queue the import of a pack that was checked; DataError when nothing in it can be taken, or it is not ready."""
    _refuse_closed(pack)
    check = pack.runs.filter(task=PackRun.Task.CHECK).first()
    if check is None or check.state != PackRun.State.DONE:
        raise DataError("This pack was not checked to its end. Check it first.")
    if not check.accepted:
        raise DataError("Nothing in this pack can be taken. Mend what the report says, and hand it in again.")
    return _queue(pack, PackRun.Task.IMPORT, requested_by)


@transaction.atomic
def discard_pack(*, pack: PhotoPack) -> None:
    """Throw away a pack, its file and its reports; photos that it brought stay. DataError while it is worked on."""
    stored = PhotoPack.objects.select_for_update().get(pk=pack.pk)
    if stored.runs.open().exists():
        raise DataError("This pack is worked on just now. Wait until that is done, or cancel it.")
    _delete_file_on_commit(stored)
    stored.delete()


def run_pack(run: PackRun) -> None:
    """Check a pack, or import it: what the check accepts now becomes pending photos, all in one transaction."""
    known = known_photos(run.pack.organization)
    with _opened(run.pack) as file:
        verdicts = check_pack(file, known, run.report)
        if run.task == PackRun.Task.IMPORT:
            _import(run, verdicts)
        else:
            _note(run, [_finding(verdict) for verdict in verdicts])
            with run.completing():
                run.save(update_fields=["findings", "accepted", "refused", "left_out"])


def known_photos(organization: Organization | None) -> Known:
    """Return what the library holds for an organization: a file of it is not taken twice."""
    known = Known()
    rows = Photo.objects.of(organization).order_by("pk").values_list("pk", "digest", "likeness", "file_name")
    for pk, digest, likeness, name in rows.iterator():
        known.add(digest, int(likeness, 16), f"photo {pk} of the library ({name})")
    return known


def _import(run: PackRun, verdicts: Iterator[Verdict]) -> None:
    findings, made = [], []
    with _files_only_if_stored(made):
        for verdict in verdicts:
            findings.append(_finding(verdict))
            if verdict.outcome == ACCEPTED:
                photo = _photo(run.pack, verdict)
                made.append((photo, verdict.tags))
                _save_files(photo, verdict.picture)
        _note(run, findings)
        run.report("store", 0, 1)
        try:
            with run.completing():
                Photo.objects.bulk_create((photo for photo, _ in made), batch_size=BATCH)
                rows = [row for photo, tags in made for row in place_rows(photo, tags)]
                PhotoPlace.objects.bulk_create(rows, batch_size=BATCH)
                run.save(update_fields=["findings", "accepted", "refused", "left_out"])
                _delete_file_on_commit(run.pack)
                PhotoPack.objects.filter(pk=run.pack_id).update(file="")
        except IntegrityError as error:
            words = "Another import brought some of these photos meanwhile. Nothing was changed. Confirm it again."
            raise DataError(words) from error


def _photo(pack: PhotoPack, verdict: Verdict) -> Photo:
    tags = verdict.tags
    return Photo(
        organization=pack.organization,
        pack=pack,
        file_name=verdict.file[-300:],
        gender=tags.gender,
        age_min=tags.age_min,
        age_max=tags.age_max,
        licence=tags.licence,
        licence_url=tags.licence_url,
        credit=tags.credit,
        release=tags.release,
        digest=verdict.digest,
        likeness=f"{verdict.likeness:032x}",
    )


def _save_files(photo: Photo, picture: bytes) -> None:
    name = secrets.token_hex(8)
    photo.image.save(f"{name}.jpg", ContentFile(picture), save=False)
    photo.thumbnail.save(f"{name}-small.jpg", ContentFile(thumbnail(picture)), save=False)


def _note(run: PackRun, findings: list[dict]) -> None:
    counts = Counter(finding["outcome"] for finding in findings)
    run.accepted, run.refused, run.left_out = (counts[outcome] for outcome in (ACCEPTED, REFUSED, LEFT_OUT))
    run.findings = findings


def _finding(verdict: Verdict) -> dict:
    tags = verdict.tags
    shown = {}
    if tags:
        places = [place.country or place.region for place in tags.places]
        shown = {"gender": tags.gender, "ages": [tags.age_min, tags.age_max], "places": places, "right": tags.licence}
    return {
        "file": verdict.file,
        "line": verdict.line,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "notes": list(verdict.notes),
        "shows": shown,
    }


def _queue(pack: PhotoPack, task: str, requested_by) -> PackRun:
    run = PackRun.objects.create(pack=pack, task=task, requested_by=requested_by)
    enqueue(run)
    return run


def _refuse_closed(pack: PhotoPack) -> None:
    stored = PhotoPack.objects.select_for_update().filter(pk=pack.pk).first()
    if stored is None:
        raise DataError("This pack was thrown away.")
    if stored.runs.open().exists():
        raise DataError("This pack is worked on just now. Wait until that is done.")
    if stored.runs.filter(task=PackRun.Task.IMPORT, state=PackRun.State.DONE).exists():
        raise DataError("This pack was imported. Its photos are in the library.")
    if not stored.file:
        raise DataError(GONE)


@contextmanager
def _opened(pack: PhotoPack) -> Iterator[BinaryIO]:
    try:
        file = pack.file.open("rb")
    except (FileNotFoundError, ValueError) as error:  # a file field without a name raises ValueError
        raise DataError(GONE) from error
    with file:
        yield file


@contextmanager
def _files_only_if_stored(made: list) -> Iterator[None]:
    """Take the files of the new photos away again when the block fails: no transaction does that."""
    try:
        yield
    except BaseException:
        for photo, _ in made:
            for file in (photo.image, photo.thumbnail):
                if file:
                    file.storage.delete(file.name)
        raise


def _delete_file_on_commit(pack: PhotoPack) -> None:
    storage, name = pack.file.storage, pack.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
