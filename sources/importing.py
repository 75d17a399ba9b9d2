"""Bringing files in: checked whole, then written in one transaction; the one verb behind command, page and API."""

import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction

from sources import storing
from sources.connectors import files
from sources.connectors.records import CheckedComments, CheckedContents, CheckedInteractions, Reject
from sources.errors import DataError
from sources.models import Collection, DataSource
from sources.rejecting import refuse_strange_contents

Report = Callable[[str, int, int], None]
KINDS = ("interactions", "contents", "comments")
SHOWN = 100


@dataclass(frozen=True)
class ImportReport:
    """What an import read, took and left out; the rejected rows stand in one CSV for each kind of file."""

    read: int
    accepted: int
    rejected: int
    summary: dict
    reject_files: dict[str, Path] = field(default_factory=dict)


def import_files(
    *,
    source: DataSource,
    paths: dict[str, Path],
    rejects: Path,
    period: str = "",
    mode: str = Collection.Mode.REPLACE,
    mapping: dict[str, dict[str, str]] | None = None,
    report: Report = lambda stage, done, total: None,
) -> ImportReport:
    """Check the files (by kind: interactions, contents, comments) whole, then write what is good in one transaction.

    `rejects` is a folder that takes `<kind>.csv` with the rows left out. Raises DataError when a file cannot be used
    at all, or when none of the rows is good; nothing is written then.
    """
    began = time.monotonic()
    mapping = mapping or {}
    checked = _check_all(source, paths, rejects, period, mapping, report)
    _refuse_if_nothing_is_good(checked)
    report("store", 0, 1)
    with transaction.atomic():
        written = _write(source, checked, mode)
    report("store", 1, 1)
    seconds = time.monotonic() - began
    return _told(checked, written, seconds)


def run_collection(collection: Collection) -> None:
    """Import the uploaded files of a collection, and keep the report and the rejected rows on its row."""
    upload = collection.upload
    if upload is None:
        raise DataError("The files of this upload are gone. Please upload them again.")
    paths = {kind: Path(getattr(upload, kind).path) for kind in KINDS if getattr(upload, kind)}
    with TemporaryDirectory() as folder:
        told = import_files(
            source=collection.source,
            paths=paths,
            rejects=Path(folder),
            period=collection.period,
            mode=collection.mode,
            mapping=collection.mapping,
            report=collection.report,
        )
        keep_report(collection, told)


def keep_report(collection: Collection, told: ImportReport) -> None:
    """Store the figures of an import and its rejected rows: one CSV, or a ZIP when several files had some."""
    collection.rows_read, collection.rows_accepted, collection.rows_rejected = told.read, told.accepted, told.rejected
    collection.summary = told.summary
    if told.reject_files:
        with TemporaryDirectory() as folder:
            path = _one_file(told.reject_files, Path(folder))
            with path.open("rb") as stream:
                collection.rejects_file.save(path.name, File(stream), save=False)
    collection.save(update_fields=["rows_read", "rows_accepted", "rows_rejected", "summary", "rejects_file"])


def _check_all(source: DataSource, paths: dict[str, Path], rejects: Path, period: str, mapping: dict, report: Report):
    """Check the files in the order in which they need each other."""
    checked: dict = {}
    for kind in KINDS:
        if kind not in paths:
            continue
        options = {"mapping": mapping.get(kind) or None, "rejects": rejects / f"{kind}.csv", "report": report}
        known = _known_contents(source, checked.get("interactions"))
        try:
            if kind == "interactions":
                checked[kind] = files.check_interactions(paths[kind], period=period or None, **options)
            elif kind == "contents":
                checked[kind] = refuse_strange_contents(files.check_contents(paths[kind], **options), known)
            else:
                checked[kind] = files.check_comments(paths[kind], known=known, **options)
        except files.FileError as error:
            raise DataError(f"The {kind} file: {error}") from error
    return checked


def _known_contents(source: DataSource, interactions: CheckedInteractions | None) -> set[str]:
    known = set(storing.content_ids(source))
    return known | set(interactions.content_ids) if interactions else known


def _refuse_if_nothing_is_good(checked: dict) -> None:
    if any(part.accepted for part in checked.values()):
        return
    rejects = [reject for part in checked.values() for reject in part.first_rejects]
    if not rejects:
        raise DataError("There is no row under the header. Add rows and upload the file again.")
    first = rejects[0]
    count = sum(part.rejected_count for part in checked.values())
    raise DataError(
        f"None of the {count:,} rows can be used. The first: line {first.line}, column {first.column}, "
        f"value {first.value!r}: {first.reason}"
    )


def _write(source: DataSource, checked: dict, mode: str) -> list[storing.Written]:
    # A row lock (PostgreSQL) or the write transaction itself (SQLite) keeps two imports into one source apart.
    DataSource.objects.select_for_update().get(pk=source.pk)
    written = []
    if "interactions" in checked:
        written = storing.store_interactions(source, checked["interactions"], mode)
    if "contents" in checked:
        storing.describe_contents(source, checked["contents"].rows)
    if "comments" in checked:
        storing.store_comments(storing.content_ids(source), checked["comments"].rows)
    return written


def _told(checked: dict, written: list[storing.Written], seconds: float) -> ImportReport:
    main = checked.get("interactions")
    rows = [main] if main else list(checked.values())
    read, accepted = sum(part.rows_read for part in rows), sum(part.accepted for part in rows)
    summary = {
        "seconds": round(seconds, 3),
        "rows_per_second": round(sum(part.rows_read for part in checked.values()) / max(seconds, 1e-6)),
        "warnings": [f"{kind}: {words}" for kind, part in checked.items() for words in part.warnings],
        "duplicates": sum(part.duplicates for part in checked.values()),
        "duplicate_examples": [str(example) for part in checked.values() for example in part.duplicate_examples][:10],
        "first_rejects": [_shown(kind, r) for kind, part in checked.items() for r in part.first_rejects][:SHOWN],
        "replaced": [asdict(period) for period in written],
    }
    for kind in ("contents", "comments"):
        if kind in checked:
            part: CheckedContents | CheckedComments = checked[kind]
            summary[kind] = {"read": part.rows_read, "accepted": part.accepted, "rejected": part.rejected_count}
    if main:
        summary |= _interaction_summary(main)
    rejects = {kind: part.reject_file for kind, part in checked.items() if part.rejected_count}
    return ImportReport(read, accepted, sum(part.rejected_count for part in rows), summary, rejects)


def _interaction_summary(main: CheckedInteractions) -> dict:
    return {
        "periods": main.periods,
        "groups": len(main.groups),
        "content_units": len(main.content_ids),
        "total_mass": float(main.columns.count.sum()) + main.unknown_mass,
        "unknown_mass": main.unknown_mass,
        "unknown_by_dimension": main.unknown_by_dimension,
        "absent_dimensions": list(main.absent_dimensions),
    }


def _shown(kind: str, reject: Reject) -> dict:
    return {
        "file": kind,
        "line": reject.line,
        "column": reject.column,
        "value": reject.value[:200],
        "reason": reject.reason,
    }


def _one_file(reject_files: dict[str, Path], folder: Path) -> Path:
    if len(reject_files) == 1:
        kind, path = next(iter(reject_files.items()))
        return path.rename(folder / f"rejected-{kind}.csv")
    archive = folder / "rejected.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for kind, path in reject_files.items():
            pack.write(path, f"rejected-{kind}.csv")
    return archive
