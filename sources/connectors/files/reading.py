"""A file opened: its text, its layout, and its rows in blocks, with the progress told as they pass."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sources.connectors.files.blocks import Block, blocks
from sources.connectors.files.encodings import CHUNK, FALLBACK, TextFile
from sources.connectors.files.layout import Layout, read_layout
from sources.connectors.records import FileError
from sources.telling import Report

_MONTH = re.compile(r"(\d{4})[-/.]?(\d{2})(?:[-/.]?\d{2}(?:[T ].*)?)?")


@dataclass(frozen=True)
class OpenFile:
    """A file in the middle of being read; `body` yields the blocks below the header, once."""

    text: TextFile
    layout: Layout
    body: Iterator[Block]

    def warnings(self) -> list[str]:
        """What the reader should know although the file could be read; complete once the body has been read."""
        if self.text.encoding != FALLBACK:
            return list(self.layout.warnings)
        words = f"The file is not UTF-8 and was read as Windows {FALLBACK}. Look at names with accents or in Arabic."
        return [words, *self.layout.warnings]


@contextmanager
def opened(
    path: Path,
    table: str,
    mapping: Mapping[str, str] | None = None,
    report: Report | None = None,
    chunk: int = CHUNK,
) -> Iterator[OpenFile]:
    """Open a file of interactions, contents or comments and read its header; raise FileError if that cannot be."""
    with TextFile(path, chunk) as text:
        parts = blocks(text.chunks())
        first = next(parts, None)
        if first is None:
            raise FileError("The file is empty. It needs a line that names the columns, and rows below it.")
        layout = read_layout(first, table, mapping)
        yield OpenFile(text, layout, _told(chain(_below(first, layout), parts), text, report))


def read_period(value: str) -> str:
    """Return the month of a period or a date as YYYY-MM, "" for blank; raise ValueError with a reason otherwise."""
    text = value.strip()
    match = _MONTH.fullmatch(text)
    if not text:
        return ""
    if match is None or not 1 <= int(match[2]) <= 12 or not 1990 <= int(match[1]) <= 2100:
        raise ValueError("not a month: write YYYY-MM, or YYYY-MM-DD")
    return f"{int(match[1]):04}-{int(match[2]):02}"


def _below(first: Block, layout: Layout) -> Iterator[Block]:
    """The rest of the first block; a header may itself hold line ends, in quotes."""
    end = 0
    for _ in range(layout.line + layout.header_lines - first.first_line):
        end = first.data.find(b"\n", end) + 1 or len(first.data)
    if end < len(first.data):
        yield Block(layout.line + layout.header_lines, first.data[end:])


def _told(body: Iterator[Block], text: TextFile, report: Report | None) -> Iterator[Block]:
    for block in body:
        if report:
            report("reading", text.position, text.size)
        yield block
    if report:
        report("reading", text.size, text.size)
