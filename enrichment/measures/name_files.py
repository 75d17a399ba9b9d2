"""Names in a CSV: read with every row that cannot be, written so that it reads back the same."""

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from enrichment.measures.name_changes import Entry, complaint, english_names
from enrichment.measures.naming import NamePools
from sources.connectors.files.rejects import guarded, unguarded
from sources.errors import DataError

COLUMNS = ("pool", "kind", "gender", "value", "value_female", "cohort", "action")
NEEDED = ("pool", "kind", "value")
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken: its line in the file, the column and the value at fault, and why."""

    line: int
    column: str
    value: str
    reason: str


def decode_names(raw: bytes) -> str:
    """Return the text of a file; DataError when it is not UTF-8 or UTF-16, since names need every letter right."""
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise DataError("This is no CSV in UTF-8. Save the sheet as “CSV UTF-8”, and hand that in.") from None
    if "\0" in text:
        raise DataError("This is not a text file. Hand in a CSV file, as UTF-8 text.")
    return text


def read_names(text: str, pools: NamePools) -> tuple[list[Entry], list[Refused]]:
    """Return the entries of a CSV and the rows that cannot be; DataError when it is no such file.

    Columns: pool, kind, value; optional gender, value_female, cohort, action (add when empty). A name that stands
    twice is taken once, with its last row refused.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    header = [str(name).strip().lower() for name in reader.fieldnames or ()]
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise DataError(
            f"The column “{missing[0]}” is missing. The first line names the columns: {', '.join(COLUMNS)}."
        )
    reader.fieldnames = header
    english, entries, refused = english_names(pools), {}, []
    for number, row in enumerate(reader):
        if number >= MOST_ROWS:
            raise DataError(f"This file has more than {MOST_ROWS:,} names. Hand it in in parts.")
        entry = _entry(row)
        column, reason = complaint(entry, pools, english)
        if not reason and entry.key in entries:
            column, reason = "value", "This name stands in the file already."
        if reason:
            value = entry.female if column == "value_female" else getattr(entry, column)
            refused.append(Refused(reader.line_num, column, value, reason))
        else:
            entries[entry.key] = entry
    return list(entries.values()), refused


def write_names(entries: Iterable[Entry]) -> str:
    """Return the entries as a CSV that `read_names` reads back."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in entries:
        # Years like -1969 are for a program; a spreadsheet must not take a name for a formula.
        words = map(guarded, (one.value, one.female))
        writer.writerow([one.pool, one.kind, one.gender, *words, one.cohort, one.action])
    return stream.getvalue()


def _entry(row: dict[str, str | None]) -> Entry:
    cell = {name: " ".join(unguarded(str(row.get(name) or "")).split()) for name in COLUMNS}
    return Entry(
        pool=cell["pool"].lower(),
        kind=cell["kind"].lower(),
        gender=cell["gender"].lower(),
        value=cell["value"],
        female=cell["value_female"],
        cohort=cell["cohort"],
        action=cell["action"].lower() or "add",
    )
