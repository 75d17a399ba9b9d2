"""Text cut into blocks of whole rows, each with the number of its first line, so that any row's line is known."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sources.connectors.records import FileError

LONGEST_LINE = 16 << 20
LONGEST_ROW = 1 << 20
MOST_LINES_OF_A_ROW = 200


@dataclass(frozen=True)
class Block:
    """Whole rows as UTF-8 bytes; first_line counts the file's physical lines from 1."""

    first_line: int
    data: bytes

    @cached_property
    def line_ends(self) -> int:
        """The number of LF bytes; numpy counts them ten times quicker than bytes.count."""
        return int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == 10))


@dataclass(frozen=True)
class Record:
    """One row: its first line, its cells, and what is wrong with its text ("" for nothing)."""

    line: int
    cells: list[str]
    problem: str = ""


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """Yield the text in blocks about as large as its chunks that end where a row ends."""
    line, rest = 1, b""
    for chunk in chunks:
        rest += chunk
        end = _end_of_rows(rest)
        if end == 0:
            if len(rest) > LONGEST_LINE:
                raise FileError(
                    f"Line {line} is longer than 16 MB: this is not a CSV file, or a quote is never closed."
                )
            continue
        block = Block(line, rest[:end])
        yield block
        line += block.line_ends
        rest = rest[end:]
    if rest:
        yield Block(line, rest)


def records(block: Block, delimiter: str) -> Iterator[Record]:
    """Yield the rows of a block one by one, slowly and exactly; blank lines are passed over.

    A quote that is never closed spoils its own line only.
    """
    lines = block.data.removesuffix(b"\n").split(b"\n")
    index = 0
    while index < len(lines):
        cells, used, problem = _row_at(lines, index, delimiter)
        if problem or any(cell.strip() for cell in cells):
            yield Record(block.first_line + index, cells, problem)
        index += used


def parse_line(line: bytes, delimiter: str) -> list[str]:
    """Return the cells of one row, forgiving what can be forgiven."""
    text = line.decode("utf-8", "replace").removesuffix("\r")
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _end_of_rows(data: bytes) -> int:
    """The position after the last line end that is not inside quotes; a stray quote must not hold up the whole file."""
    end = last = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, end) % 2
    while odd and last - end < LONGEST_ROW:
        start = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
        odd ^= data.count(b'"', start, end) % 2
        end = start
    return last if odd or last - end > LONGEST_ROW else end


def _row_at(lines: list[bytes], index: int, delimiter: str) -> tuple[list[str], int, str]:
    """Return the cells of the row that starts at the line, the number of lines it takes, and its problem."""
    line = lines[index]
    if line.count(b'"') % 2 and _is_open(line, delimiter):
        used = _lines_of_row(lines, index, delimiter)
        if used == 0:
            return parse_line(line, delimiter), 1, "a quote is opened and never closed"
        line = b"\n".join(lines[index : index + used])
        return parse_line(line, delimiter), used, _damage(line)
    return parse_line(line, delimiter), 1, _damage(line)


def _lines_of_row(lines: list[bytes], index: int, delimiter: str) -> int:
    """Return how many lines the row takes whose first one ends inside quotes, 0 when no row comes of it."""
    for end in range(index + 2, min(index + MOST_LINES_OF_A_ROW, len(lines)) + 1):
        if b'"' not in lines[end - 1]:
            continue
        data = b"\n".join(lines[index:end])
        if not _is_open(data, delimiter):
            return end - index if _is_a_row(data, delimiter) else 0
    return 0


def _is_open(data: bytes, delimiter: str) -> bool:
    """Tell whether the text ends inside quotes."""
    try:
        list(csv.reader([data.decode("utf-8", "replace")], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _is_a_row(data: bytes, delimiter: str) -> bool:
    """Tell whether the text is one row; quotes that close in the middle of a cell were not meant to open it."""
    try:
        rows = list(csv.reader([data.decode("utf-8", "replace").removesuffix("\r")], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1


def _damage(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "holds bytes that are not UTF-8 text"
    return ""
