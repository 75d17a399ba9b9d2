"""Rows that were left out, written to a file as they come so that any number of them fits."""

import csv
import re
from pathlib import Path
from types import TracebackType

from sources.connectors.files.layout import REJECT_COLUMNS
from sources.connectors.records import Reject

SHOWN = 100
LONGEST_VALUE = 200
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")


class RejectFile:
    """A CSV of rejects: line, column, value, reason, then the row as it was; the first hundred are kept in memory."""

    def __init__(self, path: Path, header: list[str]) -> None:
        self.path = path
        self.count = 0
        self.first: list[Reject] = []
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        # A file of rejects that was corrected in part and handed in again gets new complaints in place of the old.
        self._own = len(REJECT_COLUMNS) if tuple(header[: len(REJECT_COLUMNS)]) == REJECT_COLUMNS else 0
        self._writer.writerow([*REJECT_COLUMNS, *map(guarded, header[self._own :])])

    def __enter__(self) -> "RejectFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, line: int, column: str, value: str, reason: str, row: list[str]) -> None:
        """Take down one row; an overlong value is cut, the row itself never is."""
        self.count += 1
        value = value[:LONGEST_VALUE]
        if len(self.first) < SHOWN:
            self.first.append(Reject(line, column, value, reason, tuple(row)))
        self._writer.writerow([line, column, guarded(value), reason, *map(guarded, row[self._own :])])


def guarded(cell: str) -> str:
    """Return the cell so that a spreadsheet takes it for text: a ' before what would be run as a formula."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell
