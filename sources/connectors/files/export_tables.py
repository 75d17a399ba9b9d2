"""The tables of a platform's export as they come: one CSV, or a ZIP of CSVs and of further such ZIPs."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Protocol

from sources.connectors.files.blocks import Block, Record, records
from sources.connectors.files.encodings import TextFile
from sources.connectors.files.export_seeds import JointOf
from sources.connectors.files.layout import DELIMITERS, header_key
from sources.connectors.files.rejects import RejectFile
from sources.connectors.harvests import ContentCounts
from sources.connectors.records import ContentRow, FileError

ARCHIVE = b"PK\x03\x04"
WORKBOOK = "[Content_Types].xml"
TEXTS = (".csv", ".tsv", ".txt", ".gz")
HEAD = 1 << 13
LARGEST = 256 << 20
MOST_FILES = 5000
NESTED = 2  # a bundle of archives, as somebody packed what the platform had packed
COMMENT = "#"
BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # marks of byte order and white space
SAYS_UTF8 = 0x800  # flag of a member whose name is UTF-8


@dataclass(frozen=True)
class ExportTable:
    """One table: its path in the archive, the comment lines above it, its header, and the rows below that."""

    name: str
    notes: list[str]
    header: list[str]
    rows: list[Record]

    @property
    def keys(self) -> list[str]:
        """The header as it is compared: without case, spaces and punctuation."""
        return [header_key(cell) for cell in self.header]

    def place(self, *names: str) -> int | None:
        """Where the first of the names that there are stands in the header."""
        keys = self.keys
        return next((keys.index(name) for name in map(header_key, names) if name in keys), None)


@dataclass(frozen=True)
class ExportRead:
    """What an export says: `recognised` and `warnings` are in words for the person who handed it in."""

    counts: list[ContentCounts]
    contents: list[ContentRow]
    rows_read: int
    recognised: list[str]
    warnings: list[str]


class ExportReader(Protocol):
    """One platform's exports: tells its tables from their headers and reads those of one hand-in together."""

    name: str

    def recognises(self, table: ExportTable) -> bool: ...

    def read(self, tables: list[ExportTable], *, period: str, out: RejectFile, joint: JointOf) -> ExportRead:
        """Return what the tables say; raise FileError, with what is missing, when no interactions come of them.

        `period` (YYYY-MM) stands where the tables name no month; rows that cannot be used go `out`. What is shown
        apart is estimated from the `joint`.
        """
        ...


def of_days(days: tuple[date, date] | None, month: str, period: str) -> list[str]:
    """Return words on views that are kept under another period than the month of their days, or under none."""
    if days is None or (month and period in ("", month)):
        return []
    kept = f"under {period}, as you asked" if period else "without a month, for they are of several months"
    return [f"The views of {days[0]} to {days[1]} are kept {kept}."]


def is_archive(path: Path) -> bool:
    """Whether the file is a ZIP that can be opened and is no workbook."""
    with path.open("rb") as stream:
        if stream.read(len(ARCHIVE)) != ARCHIVE:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK not in archive.namelist()
    except zipfile.BadZipFile:
        return False


def write_bundle(out: IO[bytes], parts: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Write several files as one archive under their names; one of the same name as another is numbered."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, stream) in enumerate(parts, start=1):
            own = name if name not in archive.namelist() else f"{number}/{name}"
            with archive.open(own, "w") as member:
                shutil.copyfileobj(stream, member)


def first_table(path: Path) -> ExportTable:
    """Return the head of a file: header and the first rows."""
    with TextFile(path, HEAD) as text:
        return _table("", next(text.chunks(), b""))


def tables_of(path: Path) -> list[ExportTable]:
    """Return all tables of a CSV or an archive, in the order of their names; FileError for what cannot be read."""
    if not is_archive(path):
        return [_read(path, "")]
    with TemporaryDirectory() as folder:
        found = sorted(_unpacked(path, Path(folder), NESTED))
        return [_read(file, name) for name, file in found if not _is_blank(file)]


def _read(path: Path, name: str) -> ExportTable:
    try:
        with TextFile(path) as text:
            return _table(name, b"".join(text.chunks()))
    except FileError as error:
        raise FileError(f"{name}: {error}" if name else str(error)) from error


def _table(name: str, data: bytes) -> ExportTable:
    """The delimiter is the one that yields the widest header; comment lines stand above it."""
    best: list[Record] = []
    for delimiter in DELIMITERS:
        found = list(records(Block(1, data), delimiter))
        if _width(found) > _width(best):
            best = found
    start = next((place for place, record in enumerate(best) if not _is_comment(record)), len(best))
    notes = [" ".join(record.cells).lstrip("# ").strip() for record in best[:start]]
    header = [" ".join(cell.split()) for cell in best[start].cells] if start < len(best) else []
    return ExportTable(name, notes, header, best[start + 1 :])


def _is_blank(path: Path) -> bool:
    with path.open("rb") as stream:
        return not stream.read(HEAD).strip(BLANK)


def _is_comment(record: Record) -> bool:
    return record.cells[0].lstrip().startswith(COMMENT)


def _width(found: list[Record]) -> int:
    return next((len(record.cells) for record in found if not _is_comment(record)), 0)


def _unpacked(path: Path, folder: Path, levels: int, under: str = "") -> Iterator[tuple[str, Path]]:
    """Write the archive's texts into the folder under names of our own; yield them with the names they had."""
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if _is_wanted(member, levels)]
        if len(members) > MOST_FILES or sum(member.file_size for member in members) > LARGEST:
            raise FileError(f"The archive holds more than {MOST_FILES:,} files or {LARGEST >> 20} MB. Hand in less.")
        for number, member in enumerate(members):
            name, place = f"{under}{_name_of(member)}", folder / f"{number}"
            _extract(archive, member, place)
            if is_archive(place):
                inner = folder / f"{number}-in"
                inner.mkdir()
                yield from _unpacked(place, inner, levels - 1, f"{name}/")
            else:
                yield name, place


def _name_of(member: zipfile.ZipInfo) -> str:
    """Names are UTF-8 on a Mac, which does not say so; some programs part folders as Windows does."""
    name = member.filename
    if not member.flag_bits & SAYS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _is_wanted(member: zipfile.ZipInfo, levels: int) -> bool:
    place = PurePosixPath(_name_of(member))
    hidden = place.parts[:1] == ("__MACOSX",) or place.name.startswith(".")
    kinds = (*TEXTS, ".zip") if levels else TEXTS
    return not (member.is_dir() or hidden) and place.suffix.lower() in kinds


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    """Sizes in the directory of an archive may lie, so that no more than these are written."""
    try:
        with archive.open(member) as stream, place.open("wb") as out:
            data = stream.read(member.file_size + 1)
            if len(data) > member.file_size:
                raise FileError(f"The archive is damaged: {member.filename} is larger than it says.")
            out.write(data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileError(f"{member.filename} in the archive cannot be unpacked: {error}.") from error
