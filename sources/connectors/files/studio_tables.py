"""Single tables of YouTube Studio's exports: what each is about, and its rows as numbers.

Studio's advanced mode exports one dimension at a time, as a ZIP named "Viewer age 2026-10-01_2026-10-31 SUBJECT.zip"
that holds "Table data.csv", "Totals.csv" and "Chart data.csv"; SUBJECT is the channel, or the video that was looked at.
https://support.google.com/youtube/answer/9002587
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from sources.connectors.files.blocks import Record
from sources.connectors.files.cells import CellError, read_date
from sources.connectors.files.export_tables import ExportTable
from sources.connectors.files.layout import header_key
from sources.connectors.files.numbers import number_or_none, read_number
from sources.connectors.files.rejects import RejectFile
from sources.connectors.harvests import Window
from sources.connectors.records import ContentRow
from sources.connectors.vocabulary import vocabulary

ABOUT = {"vieweragegroup": "age_group", "viewerage": "age_group", "viewergender": "gender", "geography": "country"}
CONTENT = ("content", "videotitle", "views")
BESIDE = ("totals.csv", "chart data.csv")
LONGEST_ID, LONGEST_TITLE = 200, 500
_NAMED = re.compile(r".*?(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)(?:[ _](.*))?")
_AGAIN = re.compile(r" *\(\d+\)$")  # what browsers put behind the name of a second download
_NOTE = re.compile(r"showing (the )?top .*", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """One row of the table of contents; views are those of the table's days."""

    row: ContentRow
    views: float


@dataclass
class StudioTable:
    """One table read: contents, or what part of the views (or how many) each value of a dimension has.

    subjects: what the names of file and folders say that it is about, the likeliest first. whose: the same in Studio's
    own names, as it is compared; "" where somebody chose another name. total: views of the row "Total". cut: whether
    Studio notes that only the top rows are shown.
    """

    name: str
    about: str
    subjects: list[str]
    whose: str
    days: tuple[date, date] | None
    percent: bool = False
    contents: list[Content] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)
    total: float | None = None
    cut: bool = False
    rows_read: int = 0

    @property
    def known(self) -> float:
        """What all the values have together that are known."""
        return sum(number for value, number in self.values.items() if value)

    @property
    def period(self) -> str:
        """YYYY-MM when the days lie in one month, else ""."""
        if self.days is None or len(Window(*self.days).months()) != 1:
            return ""
        return Window(*self.days).period


def about(table: ExportTable) -> str:
    """Return what a table of Studio is about: contents, one of DIMENSIONS, "beside" for what adds nothing, else ""."""
    keys = table.keys
    if not keys:
        return ""
    if set(CONTENT) <= set(keys) and not set(keys) & set(ABOUT):
        return "beside" if keys[0] == "date" else "contents"
    if keys[0] in ABOUT and not set(keys) & {"content", "contentid", "videoid"} and _measure(table) is not None:
        return ABOUT[keys[0]]
    return "beside" if PurePosixPath(table.name).name.lower() in BESIDE and keys[0] == "date" else ""


def read_table(table: ExportTable, out: RejectFile) -> StudioTable:
    """Return the table's rows as numbers; rows that cannot be read go out, and the totals row is kept apart."""
    subjects, whose, days = _named(table.name)
    read = StudioTable(table.name, about(table), subjects, whose, days)
    column = _measure(table)
    assert column is not None
    read.percent = "%" in table.header[column]
    for record in _rows(table, read):
        try:
            if read.about == "contents":
                _read_content(table, record, column, read)
            else:
                _read_value(record, column, read)
        except CellError as error:
            row = [table.name, ", ".join(record.cells)]
            out.add(record.line, error.column, error.value, error.reason, row)
    return read


def _measure(table: ExportTable) -> int | None:
    names = [" ".join(cell.casefold().split()) for cell in table.header]
    return next((names.index(name) for name in ("views", "views (%)", "views %") if name in names), None)


def _named(name: str) -> tuple[list[str], str, tuple[date, date] | None]:
    parts = [re.sub(r"\.(csv|tsv|txt|zip)$", "", part, flags=re.IGNORECASE) for part in PurePosixPath(name).parts]
    subjects, whose, days = list[str](), "", None
    for part in reversed(parts):
        match = _NAMED.fullmatch(part)
        subject = (match[3] or "").strip() if match else part
        once = _AGAIN.sub("", subject)
        subjects += [subject, once]  # a title may end in a number, too
        if match:
            days, whose = days or _days(match[1], match[2]), whose or header_key(once)
    return [subject for subject in subjects if subject and subject.casefold() != "table data"], whose, days


def _days(first: str, last: str) -> tuple[date, date] | None:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return days if days[0] <= days[1] else None


def _rows(table: ExportTable, read: StudioTable) -> Iterator[Record]:
    column = _measure(table) or 0
    for record in table.rows:
        first = record.cells[0].strip()
        if _NOTE.fullmatch(first):
            read.cut = True
        elif first.casefold() == "total":
            read.total = number_or_none(record.cells[column]) if len(record.cells) > column else None
        else:
            read.rows_read += 1
            yield record


def _number(record: Record, column: int, *, percent: bool = False) -> float:
    cell = record.cells[column] if len(record.cells) > column else ""
    if not cell.strip():
        return 0.0  # Studio leaves a cell empty where there is nothing to count
    try:
        return read_number(cell, percent=percent)
    except ValueError:
        raise CellError("Views", cell, "not a number of views") from None


def _read_content(table: ExportTable, record: Record, column: int, read: StudioTable) -> None:
    cells = dict(zip(table.keys, record.cells, strict=False))
    external_id = cells.get("content", "").strip()  # ids that begin with a hyphen come with a blank before it
    if not external_id or len(external_id) > LONGEST_ID:
        raise CellError("Content", external_id, "not the id of a video")
    try:
        published = read_date({"published_at": cells.get("videopublishtime", "")})
    except CellError:
        published = None  # other languages write months in words
    row = ContentRow(
        external_id=external_id,
        title=cells.get("videotitle", "").strip()[:LONGEST_TITLE],
        url=f"https://www.youtube.com/watch?v={external_id}",
        published_at=published,
    )
    read.contents.append(Content(row, _number(record, column)))


def _read_value(record: Record, column: int, read: StudioTable) -> None:
    words = vocabulary(read.about)
    cell = record.cells[0]
    code = words.code(cell)
    if code is None:
        raise CellError(read.about, cell, words.reason(cell))
    number = _number(record, column, percent=read.percent)
    if read.percent and number > 100:
        raise CellError("Views (%)", record.cells[column], "more than 100 %")
    value = words.values[code]
    read.values[value] = read.values.get(value, 0.0) + number
