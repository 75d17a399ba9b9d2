"""Single tables of Google Analytics 4's CSV exports: where the one of pages stands in a file, its days and its rows.

Reports and explorations download as CSV with comment lines in front (account, property, days), often with several
tables below each other; the one that names pages and views is read. https://support.google.com/analytics/answer/9317657
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sources.connectors.files.blocks import Record
from sources.connectors.files.cells import CellError
from sources.connectors.files.export_tables import COMMENT, ExportTable
from sources.connectors.files.layout import header_key
from sources.connectors.files.numbers import number_or_none, read_number
from sources.connectors.files.rejects import RejectFile
from sources.connectors.harvests import Window
from sources.connectors.identifiers import stored_id
from sources.connectors.records import DIMENSIONS
from sources.connectors.vocabulary import vocabulary

# Nobody else names a column so; the shorter names count below the comment lines of an export only.
PAGES = ("pagepathandscreenclass", "pagepathquerystringandscreenclass")
TITLES = ("pagetitleandscreenclass", "pagetitleandscreenname")
SHORT_PAGES, SHORT_TITLES = ("pagepath", "pagepathquerystring", "pagelocation"), ("pagetitle",)
VIEWS = ("views", "screenpageviews")
COLUMNS = {
    "gender": ("gender", "usergender"),
    "age_group": ("age", "useragebracket"),
    "country": ("country", "countryid"),
}
MONTHS = ("yearmonth", "month")
TOTALS = frozenset({"grand total", "total", "totals"})
NO_PAGE = frozenset({"(other)", "(not set)", ""})
LONGEST_TITLE = 500
_DAY = r"(\d{4}-?\d\d-?\d\d)"
_START, _END = (re.compile(rf"{word} date:? *{_DAY}", re.IGNORECASE) for word in ("start", "end"))
_RANGE = re.compile(rf"\b{_DAY} ?[-–] ?{_DAY}\b")

Key = tuple[str, str]  # period, content id
Cell = tuple[str, ...]  # a value for each of the table's dimensions, "" where it is not known


@dataclass(frozen=True)
class Section:
    """One of the tables below each other in a file."""

    notes: list[str]
    header: list[str]
    rows: list[Record]

    def place(self, names: Sequence[str]) -> int | None:
        keys = [header_key(cell) for cell in self.header]
        return next((keys.index(name) for name in names if name in keys), None)

    @property
    def page(self) -> int | None:
        names = (*PAGES, *SHORT_PAGES) if self.notes else PAGES
        place = self.place(names)
        return self.title if place is None else place

    @property
    def title(self) -> int | None:
        return self.place((*TITLES, *SHORT_TITLES) if self.notes else TITLES)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, as the comment lines say."""
        text = "\n".join(self.notes)
        found = [match[1] for match in (_START.search(text), _END.search(text)) if match]
        both = _RANGE.search(text)
        return _days(found) if len(found) == 2 else _days([both[1], both[2]]) if both else None


@dataclass
class PageTable:
    """One table read: views by page and by the values of `dimensions`.

    total: views of the row of totals; odd: those of pages without a name; read: all the others.
    """

    name: str
    dimensions: tuple[str, ...]
    days: tuple[date, date] | None
    cells: dict[Key, dict[Cell, float]] = field(default_factory=dict)
    titles: dict[str, dict[str, float]] = field(default_factory=dict)
    total: float | None = None
    odd: float = 0.0
    read: float = 0.0
    rows_read: int = 0
    dated: bool = False

    @property
    def month(self) -> str:
        """YYYY-MM when the days lie in one month, else ""."""
        return Window(*self.days).period if self.days and len(Window(*self.days).months()) == 1 else ""


def section_of(table: ExportTable) -> Section | None:
    """Return the table of pages and views in a file, None when there is none."""
    return next((s for s in _sections(table) if s.page is not None and s.place(VIEWS) is not None), None)


def _sections(table: ExportTable) -> Iterator[Section]:
    """Yield the tables of a file; comment lines part them, and those above a table hold for what is below, too."""
    notes, header, rows = list(table.notes), table.header, list[Record]()
    for record in table.rows:
        if record.cells[0].lstrip().startswith(COMMENT):
            if header:
                yield Section(list(notes), header, rows)
            notes, header, rows = [*notes, " ".join(record.cells).lstrip("# ").strip()], [], []
        elif header:
            rows.append(record)
        else:
            header = [" ".join(cell.split()) for cell in record.cells]
    if header:
        yield Section(notes, header, rows)


def read_pages(name: str, section: Section, period: str, out: RejectFile) -> PageTable:
    """Return the section's rows as numbers; `period` stands for its own days. Rows that cannot be read go out."""
    columns = {name: place for name in DIMENSIONS if (place := section.place(COLUMNS[name])) is not None}
    read = PageTable(name, tuple(columns), section.days)
    month = section.place(MONTHS)
    read.dated = month is not None
    views = section.place(VIEWS)
    assert views is not None
    for record in section.rows:
        if _is_total(record, section, columns):
            read.total = number_or_none(record.cells[views] if len(record.cells) > views else "")
            continue
        read.rows_read += 1
        try:
            _take(read, record, section, columns, period or read.month)
        except CellError as error:
            out.add(record.line, error.column, error.value, error.reason, [name, ", ".join(record.cells)])
    return read


def _take(read: PageTable, record: Record, section: Section, columns: dict[str, int], period: str) -> None:
    cells = [cell.strip() for cell in record.cells]
    if len(cells) < len(section.header):
        raise CellError("", ", ".join(cells), f"the row has {len(cells)} cells, the header {len(section.header)}")
    views = _views(cells[section.place(VIEWS) or 0])
    page = cells[section.page or 0]
    if page in NO_PAGE:
        read.odd += views
        return
    page = stored_id(page)
    month = section.place(MONTHS)
    when = period if month is None else _month(cells[month], read.days)
    cell = tuple(_word(name, cells[place]) for name, place in columns.items())
    found = read.cells.setdefault((when, page), {})
    found[cell] = found.get(cell, 0.0) + views
    read.read += views
    if section.title is not None:
        titles = read.titles.setdefault(page, {})
        titles[cells[section.title]] = titles.get(cells[section.title], 0.0) + views


def _word(dimension: str, cell: str) -> str:
    words = vocabulary(dimension)
    code = 0 if cell == "(other)" else words.code(cell)
    if code is None:
        raise CellError(dimension, cell, words.reason(cell))
    return words.values[code]


def _views(cell: str) -> float:
    try:
        return read_number(cell)
    except ValueError:
        raise CellError("Views", cell, "not a number of views") from None


def _is_total(record: Record, section: Section, columns: dict[str, int]) -> bool:
    """Totals stand in a row without page and people, or say so where the page stands."""
    cells = [cell.strip() for cell in record.cells]
    page, *people = (cells[place] if place < len(cells) else "" for place in (section.page or 0, *columns.values()))
    return page.casefold() in TOTALS or not (page or any(people))


def _month(cell: str, days: tuple[date, date] | None) -> str:
    """Return YYYY-MM of "202608", or of "08" when all the days are of one year."""
    digits = re.sub(r"\D", "", cell)
    year = f"{days[0]:%Y}" if days and days[0].year == days[1].year else ""
    whole = digits if len(digits) == 6 else f"{year}{digits:0>2}" if len(digits) in (1, 2) and year else ""
    if not whole or not 1 <= int(whole[4:]) <= 12:
        raise CellError("period", cell, "not a month of a known year")
    return f"{whole[:4]}-{whole[4:]}"


def _days(found: list[str]) -> tuple[date, date] | None:
    try:
        first, last = (datetime.strptime(day.replace("-", ""), "%Y%m%d").date() for day in found)
    except ValueError:
        return None
    return (first, last) if first <= last else None
