"""Which column of a file is which of ours, found by name."""

import csv
import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sources.connectors.files.blocks import Block, Record, records
from sources.connectors.records import FileError

DELIMITERS = (",", ";", "\t")
REJECT_COLUMNS = ("line", "column", "value", "reason")
_HEADERS = Path(__file__).parent.parent.parent / "data" / "headers.csv"
_EXCEL_HINT = re.compile(rb'"?sep=([,;\t])"?\r?\n')


@dataclass(frozen=True)
class Column:
    """One of our columns, with the header names that stand for it, the best first."""

    name: str
    required: bool
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A file's header, which starts at `line`, and delimiter; positions goes from our columns to places in a row."""

    table: str
    delimiter: str
    header: list[str]
    line: int
    header_lines: int
    positions: dict[str, int]
    warnings: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.header)

    @property
    def mapping(self) -> dict[str, str]:
        return {name: self.header[position] for name, position in self.positions.items()}

    @property
    def unmapped(self) -> list[str]:
        taken = set(self.positions.values())
        return [name for position, name in enumerate(self.header) if name and position not in taken]

    @property
    def guarded(self) -> bool:
        """Whether this is a file of rejects come back: its cells carry a ' before = + - @."""
        return tuple(self.header[: len(REJECT_COLUMNS)]) == REJECT_COLUMNS

    def missing(self) -> list[str]:
        """Say of each required column that was not found what was there instead, and what may be meant."""
        return [
            _missing(column, self.header, self.unmapped)
            for column in columns(self.table)
            if column.required and column.name not in self.positions
        ]


@cache
def columns(table: str) -> tuple[Column, ...]:
    """Return our columns of interactions, contents or comments."""
    with _HEADERS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Column(row["column"], row["required"] == "yes", _keys(row["column"], row["synonyms"]))
            for row in csv.DictReader(file)
            if row["file"] == table
        )


def read_layout(block: Block, table: str, mapping: Mapping[str, str] | None = None) -> Layout:
    """Return the layout that the first row gives; `mapping` goes from our columns to headers, "" for none.

    Raises FileError when a mapping names a header that is not there, or a name that two columns share is needed.
    """
    delimiter, record = _header(block, table)
    header = [" ".join(cell.split()) for cell in record.cells]
    lines = 1 + sum(cell.count("\n") for cell in record.cells)
    warnings: list[str] = []
    positions = _chosen(header, table, mapping or {})
    for column in columns(table):
        if column.name not in (mapping or {}):
            _match(column, header, positions, warnings)
    positions = {column.name: positions[column.name] for column in columns(table) if column.name in positions}
    return Layout(table, delimiter, header, record.line, lines, positions, warnings)


def require(layout: Layout) -> Layout:
    """Return the layout when every required column is there; raise FileError otherwise."""
    missing = layout.missing()
    if missing and not layout.positions and _looks_like_data(layout.header):
        raise FileError(
            "The file has no header. Its first line must name the columns, such as "
            f"{', '.join(column.name for column in columns(layout.table))}; it is: {', '.join(layout.header)[:200]}."
        )
    if missing:
        raise FileError(" ".join(missing))
    return layout


def header_key(name: str) -> str:
    """Return a header name as it is compared: without case, spaces, underscores, hyphens; accents in their letters."""
    return "".join(letter for letter in unicodedata.normalize("NFC", name).casefold() if letter.isalnum())


def _keys(name: str, synonyms: str) -> tuple[str, ...]:
    return tuple(header_key(word) for word in (name, *synonyms.split("|")))


def _header(block: Block, table: str) -> tuple[str, Record]:
    """Return the delimiter and the header row; a first line "sep=;" as spreadsheets write it settles the delimiter."""
    head = Block(block.first_line, block.data[: 1 << 18])
    hint = _EXCEL_HINT.match(head.data)
    if hint:
        return _best(Block(head.first_line + 1, head.data[hint.end() :]), (hint[1].decode(),), table)
    return _best(head, DELIMITERS, table)


def _best(head: Block, delimiters: tuple[str, ...], table: str) -> tuple[str, Record]:
    """The delimiter that yields the most names we know is the one; then the one that yields the most cells."""
    known = {key for column in columns(table) for key in column.keys}
    found = [(delimiter, next(records(head, delimiter), None)) for delimiter in delimiters]
    rows = [(delimiter, row) for delimiter, row in found if row]
    if not rows:
        raise FileError("The file is empty. It needs a line that names the columns, and rows below it.")
    return max(rows, key=lambda pair: (len(known & set(map(header_key, pair[1].cells))), len(pair[1].cells)))


def _chosen(header: list[str], table: str, mapping: Mapping[str, str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for name, chosen in mapping.items():
        if name not in {column.name for column in columns(table)}:
            raise FileError(f"The mapping names '{name}', which is no column of {table}.")
        if chosen:
            if chosen not in header:
                raise FileError(f"The file has no column '{chosen}'. It has: {', '.join(header)}.")
            if header.index(chosen) in positions.values():
                raise FileError(f"The column '{chosen}' is chosen twice. Choose another, or none.")
            positions[name] = header.index(chosen)
    return positions


def _match(column: Column, header: list[str], positions: dict[str, int], warnings: list[str]) -> None:
    """Find the column by its own name first, then by its synonyms in their order."""
    keys = [header_key(name) for name in header]
    free = [place for place in range(len(keys)) if place not in positions.values()]
    found = sorted((column.keys.index(keys[place]), place) for place in free if keys[place] in column.keys)
    if not found:
        return
    positions[column.name] = found[0][1]
    if len(found) > 1 and found[0][0] == found[1][0]:
        raise FileError(f"Two columns are named '{header[found[0][1]]}'. Keep one of them, or rename the other.")
    rest = [f"'{header[place]}'" for _, place in found[1:]]
    if rest:
        warnings.append(
            f"'{header[found[0][1]]}' is read as {column.name}; {' and '.join(rest)} could be too, and is not."
        )


def _missing(column: Column, header: list[str], unmapped: list[str]) -> str:
    words = f"The column '{column.name}' is missing. The file has: {', '.join(name for name in header if name)[:300]}."
    keys = {header_key(name): name for name in unmapped}
    for key in column.keys:
        near = difflib.get_close_matches(key, keys, n=1, cutoff=0.7)
        if near:
            return f"{words} Is it '{keys[near[0]]}'? Then name it '{column.name}'."
    return f"{words} Add it, or rename the one that holds it."


def _looks_like_data(header: list[str]) -> bool:
    return any(cell and not any(letter.isalpha() for letter in cell) for cell in header)
