"""The files of the YouTube Reporting API on our disk: each downloaded once, a restated day's replaced by the newer."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from sources.connectors.harvests import Window
from sources.connectors.youtube.reporting import Job, Report, family_of
from sources.models import DataSource, PlatformFile

Read = Callable[[], bytes]


def folder_of(source: DataSource) -> Path:
    """Return where the files of a source lie."""
    return Path(default_storage.path(f"platforms/{source.pk}"))


def keep_file(source: DataSource, job: Job, report: Report, data: bytes) -> None:
    """Store a file that was downloaded, in place of an older one of the same day.

    Its name follows from what it is: what a kill leaves behind before there is a row is written over.
    """
    family = family_of(job.report_type) or ""
    name = f"platforms/{source.pk}/{family}-{report.start:%Y-%m-%d}-{_plain(report.id)}.csv.gz"
    before = PlatformFile.objects.filter(source=source, family=family, start=report.start).first()
    if before and before.created > report.created:
        return
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(gzip.compress(data, mtime=0)))
    told = {"job": job.id, "report": report.id, "end": report.end, "created": report.created, "data": stored}
    PlatformFile.objects.update_or_create(source=source, family=family, start=report.start, defaults=told)
    if before and before.data.name != stored:
        default_storage.delete(before.data.name)


def kept_files(source: DataSource, job: Job, window: Window) -> Iterator[tuple[Report, Read]]:
    """Yield the stored files of some days, of earlier jobs of the family too; one that is gone is left out."""
    first = datetime.combine(window.first, time(0), UTC)
    behind = datetime.combine(window.last + timedelta(days=1), time(0), UTC)
    found = PlatformFile.objects.filter(source=source, family=family_of(job.report_type) or "")
    for file in found.filter(start__gte=first, start__lt=behind).order_by("start"):
        path = Path(file.data.path)
        if path.exists():
            yield Report(file.report, file.job, file.start, file.end, file.created, ""), partial(_read, path)


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def _plain(text: str) -> str:
    """Return an id of the platform without what may stand in no name of a file."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)[:80]
