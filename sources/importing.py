"""Bringing files in: checked whole, then written in one transaction; the one verb behind command, page and API."""

import time
import zipfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from sources import storing
from sources.attributing import store_attributes
from sources.connecting.seeding import joint_for_files
from sources.connectors.files import checking
from sources.connectors.records import CheckedContents, CheckedInteractions
from sources.errors import DataError
from sources.imported import CheckedFiles, Imported, told_of, twice_words
from sources.models import Collection, DataSource, PackedInteractions
from sources.telling import Report

KINDS = ("interactions", "contents", "comments", "attributes")
GONE = "The files of this upload are gone. Please upload them again."


class NothingUsable(DataError):
    """None of the rows is good: nothing was written, and the report tells of every row left out."""

    def __init__(self, words: str, told: Imported) -> None:
        super().__init__(words)
        self.told = told


def import_files(
    *,
    source: DataSource,
    paths: dict[str, Path],
    rejects: Path,
    period: str = "",
    mode: str = Collection.Mode.REPLACE,
    report: Report = lambda stage, done, total: None,
) -> Imported:
    """Check the files (by kind, as in KINDS) whole, then write what is good in one transaction.

    `rejects` is a folder that takes `<kind>.csv` with the rows left out. Raises DataError when a file cannot be used
    at all, and NothingUsable when none of the rows is good; nothing is written then.
    """
    checked = check_files(source=source, paths=paths, rejects=rejects, period=period, report=report)
    report("store", 0, 1)
    with transaction.atomic():
        told = write_files(source=source, checked=checked, mode=mode)
        _note_in_history(source, told, mode=mode, period=period)
    return told


def _note_in_history(source: DataSource, told: Imported, **wish) -> None:
    """Write the import that is done beside those of the queue, so that the pages tell of it, too."""
    now = timezone.now()
    Collection.objects.create(
        source=source,
        state=Collection.State.DONE,
        started_at=now - timedelta(seconds=told.summary["seconds"]),
        finished_at=now,
        rows_read=told.read,
        rows_accepted=told.accepted,
        rows_rejected=told.rejected,
        summary=told.summary,
        **wish,
    )


def check_files(
    *,
    source: DataSource,
    paths: dict[str, Path],
    rejects: Path,
    period: str = "",
    mapping: dict[str, dict[str, str]] | None = None,
    report: Report = lambda stage, done, total: None,
) -> CheckedFiles:
    """Check the files in the order in which they need each other; raises as `import_files` does.

    `mapping` goes, for each kind of file, from our columns to its headers.
    """
    began, parts = time.monotonic(), {}
    for kind in KINDS:
        if kind not in paths:
            continue
        options = {"mapping": (mapping or {}).get(kind), "rejects": rejects / f"{kind}.csv", "report": report}
        try:
            if kind == "interactions":
                parts |= _check_interactions(source, paths[kind], period or None, options)
            elif kind == "attributes":
                parts[kind] = checking.check_attributes(paths[kind], **options)
            else:
                check = checking.check_contents if kind == "contents" else checking.check_comments
                parts[kind] = check(paths[kind], known=_known_contents(source, parts.get("interactions")), **options)
        except checking.FileError as error:
            raise DataError(f"The {kind} file: {error}") from error
    checked = CheckedFiles(parts, began)
    _refuse_if_nothing_is_good(checked)
    return checked


def _check_interactions(
    source: DataSource, path: Path, period: str | None, options: dict
) -> dict[str, CheckedInteractions | CheckedContents]:
    """Check a table of interactions, or a platform's export of such, which may also tell of its contents."""
    reader = checking.reader_of(path)
    if reader is None:
        return {"interactions": checking.check_interactions(path, period=period, **options)}
    options["report"]("reading", 0, 1)
    interactions, contents = checking.check_export(
        reader, path, period=period, rejects=options["rejects"], joint=partial(joint_for_files, source.organization)
    )
    return {"interactions": interactions} | ({"contents": contents} if contents.rows else {})


def write_files(*, source: DataSource, checked: CheckedFiles, mode: str) -> Imported:
    """Write what is good inside the caller's transaction."""
    # A row lock (PostgreSQL) or the write transaction itself (SQLite) keeps two imports into one source apart.
    DataSource.objects.select_for_update().get(pk=source.pk)
    written, warnings, parts = [], [], checked.parts
    if "interactions" in parts:
        written = storing.store_interactions(source, parts["interactions"], mode)
        warnings = _counted_twice(source, parts["interactions"])
        # Months of a platform that a file overwrote may lie before the days that are read every night.
        source.cycles.update(is_outdated=True)
    if "contents" in parts:
        storing.describe_contents(source, parts["contents"].rows, parts["contents"].columns)
    if "comments" in parts:
        storing.store_comments(storing.content_ids(source), parts["comments"].rows)
    if "attributes" in parts:
        store_attributes(source, parts["attributes"].rows)
    return told_of(checked, written, warnings)


def _counted_twice(source: DataSource, checked: CheckedInteractions) -> list[str]:
    """Return a warning on the contents of a file whose interactions may be stored twice: with and without a month."""
    both = PackedInteractions.objects.from_sources([source.pk]).undated_beside_dated().order_by()
    count = len(set(checked.content_ids).intersection(both.values_list("content__external_id", flat=True)))
    return [twice_words(count)] if count else []


def run_collection(collection: Collection) -> None:
    """Import the uploaded files of a collection; the data, the report and the end of the run are one transaction."""
    upload = collection.upload
    if upload is None:
        raise DataError(GONE)
    paths = {kind: Path(getattr(upload, kind).path) for kind in KINDS if getattr(upload, kind)}
    with TemporaryDirectory() as folder:
        try:
            checked = check_files(
                source=collection.source,
                paths=paths,
                rejects=Path(folder),
                period=collection.period,
                mapping=collection.mapping,
                report=collection.report,
            )
        except NothingUsable as error:
            keep_report(collection, error.told)
            raise
        collection.report("store", 0, 1)
        _complete(collection, checked)


def _complete(collection: Collection, checked: CheckedFiles) -> None:
    try:
        with collection.completing():
            keep_report(collection, write_files(source=collection.source, checked=checked, mode=collection.mode))
    except BaseException:
        collection.rejects_file.delete(save=False)  # the row that named it was rolled back
        raise


def keep_report(collection: Collection, told: Imported) -> None:
    """Store the figures of an import and its rejected rows: one CSV, or a ZIP when several files had some."""
    collection.rows_read, collection.rows_accepted, collection.rows_rejected = told.read, told.accepted, told.rejected
    collection.summary = told.summary
    if told.reject_files:
        with TemporaryDirectory() as folder:
            path = _one_file(told.reject_files, Path(folder))
            with path.open("rb") as stream:
                collection.rejects_file.save(path.name, File(stream), save=False)
    collection.save(update_fields=["rows_read", "rows_accepted", "rows_rejected", "summary", "rejects_file"])


def _known_contents(source: DataSource, interactions: CheckedInteractions | None) -> set[str]:
    known = set(storing.content_ids(source))
    return known | set(interactions.content_ids) if interactions else known


def _refuse_if_nothing_is_good(checked: CheckedFiles) -> None:
    parts = checked.parts.values()
    if any(part.accepted for part in parts):
        return
    rejects = [reject for part in parts for reject in part.first_rejects]
    if not rejects:
        raise DataError("There is no row under the header. Add rows and upload the file again.")
    first, count = rejects[0], sum(part.rejected_count for part in parts)
    raise NothingUsable(
        f"None of the {count:,} rows can be used. The first: line {first.line}, column {first.column}, "
        f"value {first.value!r}: {first.reason}",
        told_of(checked, []),
    )


def _one_file(reject_files: dict[str, Path], folder: Path) -> Path:
    if len(reject_files) == 1:
        kind, path = next(iter(reject_files.items()))
        return path.rename(folder / f"rejected-{kind}.csv")
    archive = folder / "rejected.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for kind, path in reject_files.items():
            pack.write(path, f"rejected-{kind}.csv")
    return archive
