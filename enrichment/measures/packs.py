"""A pack of photos looked at file by file: which can be taken, which not and why; nothing is written here."""

import hashlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from enrichment.measures.archives import Archive, is_junk
from enrichment.measures.manifests import LARGEST_BYTES as LARGEST_MANIFEST
from enrichment.measures.manifests import NAME, Row, Tags, read_manifest
from enrichment.measures.photographs import LARGEST_BYTES, clean_picture_bytes
from enrichment.measures.resemblance import NEAR, distance, likeness
from sources.errors import DataError

ACCEPTED, REFUSED, LEFT_OUT = "accepted", "refused", "left out"
NO_RELEASE = "It names no model release: it can be approved only once one is recorded."
SHOWN_NEIGHBOURS = 3

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Verdict:
    """What becomes of one file: accepted, refused or left out, with the reason and what else there is to say.

    `digest` is the SHA-256 of the file as it came, `likeness` the hash of what it shows, `picture` the cleaned JPEG.
    """

    file: str
    line: int | None
    outcome: str
    reason: str = ""
    notes: tuple[str, ...] = ()
    tags: Tags | None = None
    digest: str = ""
    likeness: int = 0
    picture: bytes = field(default=b"", repr=False)


@dataclass
class Known:
    """The pictures that are there, by the digest of their file and by what they show, each with words to name it."""

    digests: dict[str, str] = field(default_factory=dict)
    likenesses: list[tuple[int, str]] = field(default_factory=list)

    def add(self, digest: str, shows: int, name: str) -> None:
        self.digests[digest] = name
        self.likenesses.append((shows, name))

    def near(self, shows: int) -> list[str]:
        """Return the names of the pictures that look the same, the nearest first."""
        found = [(distance(shows, other), name) for other, name in self.likenesses]
        return [name for bits, name in sorted(found) if bits <= NEAR]


def look_into(file: BinaryIO) -> None:
    """Raise DataError when a file is no archive with a manifest that can be read."""
    _manifest(Archive(file))


def check_pack(file: BinaryIO, known: Known, report: Report) -> Iterator[Verdict]:
    """Yield what becomes of every row of the manifest, then of every file that it does not name.

    `known` is the library; what is accepted joins it, so that a pack is compared with itself, too. Raises DataError
    when the archive or its manifest cannot be used at all.
    """
    archive = Archive(file)
    folder, rows = _manifest(archive)
    named: set[str] = set()
    for done, row in enumerate(rows):
        report("check", done, len(rows))
        name = folder + row.file
        yield _verdict(archive, row, name, known, seen=name in named)
        named.add(name)
    report("check", len(rows), len(rows))
    for name, problem in archive.problems.items():
        if name not in named and name != folder + NAME:
            yield _unnamed(name, problem)


def _manifest(archive: Archive) -> tuple[str, list[Row]]:
    """Return the folder that the manifest lies in, and its rows."""
    found = [name for name in archive.problems if posixpath.basename(name) == NAME and not is_junk(name)]
    if not found:
        raise DataError(f"The archive holds no {NAME}. Put one beside the pictures that says what each one shows.")
    if len(found) > 1:
        raise DataError(f"The archive holds several files called {NAME}: {', '.join(sorted(found)[:3])}. Keep one.")
    try:
        raw = archive.read(found[0], LARGEST_MANIFEST)
    except DataError as error:
        raise DataError(f"{found[0]} cannot be read. {error}") from error
    return found[0].removesuffix(NAME), read_manifest(raw)


def _verdict(archive: Archive, row: Row, name: str, known: Known, *, seen: bool) -> Verdict:
    try:
        if not row.tags:
            raise DataError(row.problem)
        if seen:
            raise DataError("An earlier row names this file, too.")
        if name not in archive.problems:
            raise DataError(f"{NAME} names it, and it is not in the archive.")
        raw = archive.read(name, LARGEST_BYTES)
        digest = hashlib.sha256(raw).hexdigest()
        if digest in known.digests:
            raise DataError(f"It is the same file as {known.digests[digest]}.")
        picture = clean_picture_bytes(raw)
    except DataError as error:
        return Verdict(row.file or f"line {row.line}", row.line, REFUSED, str(error))
    shows = likeness(picture)
    verdict = Verdict(
        row.file, row.line, ACCEPTED, "", _notes(row.tags, known.near(shows)), row.tags, digest, shows, picture
    )
    known.add(digest, shows, f"{row.file} of this pack")
    return verdict


def _notes(tags: Tags, near: list[str]) -> tuple[str, ...]:
    notes = [] if tags.release else [NO_RELEASE]
    if near:
        others = f" and {len(near) - SHOWN_NEIGHBOURS} more" if len(near) > SHOWN_NEIGHBOURS else ""
        notes.append(f"It looks the same as {', '.join(near[:SHOWN_NEIGHBOURS])}{others}.")
    return tuple(notes)


def _unnamed(name: str, problem: str) -> Verdict:
    if is_junk(name):
        return Verdict(name, None, LEFT_OUT, "An operating system put it there.")
    return Verdict(name, None, REFUSED, problem or f"{NAME} does not name it.")
