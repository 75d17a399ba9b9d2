"""CSV files of words that the project ships, read row by row with the place of each."""

import csv
from collections.abc import Iterator
from pathlib import Path

COMMENT = "#"


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (place, row) of a CSV file; lines that start with # are remarks.

    The place names file and line for an error message. ValueError when a column is missing.
    """
    with path.open(encoding="utf-8", newline="") as file:
        numbered = [(number, line) for number, line in enumerate(file, start=1) if not line.startswith(COMMENT)]
    reader = csv.DictReader(line for _, line in numbered)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"{path.name}: the column {missing[0]!r} is missing.")
    # No cell holds a line break, so that the n-th row stands on the n-th line that is no remark.
    for (number, _), row in zip(numbered[1:], reader, strict=True):
        yield f"{path.name}, line {number}", {column: (row[column] or "").strip() for column in columns}
