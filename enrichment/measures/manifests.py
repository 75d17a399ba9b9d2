"""The manifest of a pack of photos: what each picture shows, and by which right it is used."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from enrichment.measures.places import Place, UnknownPlace, read_countries, read_regions, tidy
from sources.connectors.files.encodings import FALLBACK
from sources.connectors.vocabulary import vocabulary
from sources.errors import DataError

NAME = "manifest.csv"
LARGEST_BYTES = 4 * 2**20
MOST_ROWS = 5_000
NEEDED = ("file", "gender", "age_min", "age_max", "licence")
PLACES = ("countries", "regions")
RIGHTS = ("licence", "licence_url", "credit", "release")
COLUMNS = (*NEEDED, *PLACES, *RIGHTS[1:])
SPELLINGS = {"license": "licence", "license_url": "licence_url", "country": "countries", "region": "regions"}
LONGEST = {"licence": 60, "licence_url": 300, "credit": 100, "release": 200}
"""Characters; licence and credit are told together under every picture."""
YOUNGEST, OLDEST = 13, 110
FORMULA = ("=", "+", "-", "@")
ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
NEEDS_CREDIT = re.compile(r"\bCC[ -]?BY\b", re.IGNORECASE)
NO_RELEASE = frozenset({"", "no", "none", "false", "0", "-"})


@dataclass(frozen=True)
class Tags:
    """What a photo shows (gender, ages in years, places) and by which right it is used; a blank release is none."""

    gender: str
    age_min: int
    age_max: int
    places: tuple[Place, ...]
    licence: str
    licence_url: str
    credit: str
    release: str


@dataclass(frozen=True)
class Row:
    """A row of the manifest: its line, the file it names, and its tags or what is wrong with them."""

    line: int
    file: str
    tags: Tags | None
    problem: str


def read_manifest(raw: bytes) -> list[Row]:
    """Return every row; DataError when the manifest cannot be used at all."""
    text = _text(raw)
    if "\0" in text:
        raise DataError(f"{NAME} is not a text file. Save it as CSV.")
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first))
    try:
        return _rows(_lines(reader, lambda: reader.line_num))
    except csv.Error as error:
        raise DataError(f"{NAME}, line {reader.line_num}: it cannot be read ({error}).") from error


def read_tags(cells: Mapping[str, str]) -> Tags:
    """Return the tags that the cells of a row say; DataError names the first column that is wrong, and why."""
    tags = Tags(
        gender=_gender(cells.get("gender", "")),
        age_min=_age("age_min", cells.get("age_min", "")),
        age_max=_age("age_max", cells.get("age_max", "")),
        places=read_places(cells.get("countries", ""), cells.get("regions", "")),
        **{column: read_right(column, cells.get(column, "")) for column in RIGHTS},
    )
    refuse_contradictions(tags)
    return tags


def refuse_contradictions(tags: Tags) -> None:
    """Raise DataError when the tags are no photo's that can be used, however well each is written."""
    if tags.age_min > tags.age_max:
        raise DataError(f"age_min: {tags.age_min} is above age_max, {tags.age_max}.")
    if not tags.places:
        raise DataError("countries: neither a country nor a region is named.")
    if not tags.licence:
        raise DataError("licence: it is empty. Name the licence that allows to use the picture.")
    if NEEDS_CREDIT.search(tags.licence) and not tags.credit:
        raise DataError(f"credit: it is empty, and the licence {tags.licence} asks to name the author.")


def read_right(column: str, cell: str) -> str:
    """Return what a cell of licence, licence_url, credit or release says; DataError when it cannot be kept."""
    if column == "release" and cell.strip().casefold() in NO_RELEASE:
        return ""
    text = _plain(column, cell)
    if column == "licence_url" and text and not ADDRESS.fullmatch(text):
        raise DataError("licence_url: it is not an address that starts with https:// or http://.")
    return text


def read_places(countries: str, regions: str) -> tuple[Place, ...]:
    """Return the places that two cells name; DataError says which word is none."""
    try:
        named = read_countries(countries)
    except UnknownPlace as error:
        raise DataError(f"countries: {error}.") from error
    try:
        return tidy(named | read_regions(regions))
    except UnknownPlace as error:
        raise DataError(f"regions: {error}.") from error


def _rows(lines: Iterator[tuple[int, list[str]]]) -> list[Row]:
    header = _header(next(lines, (1, []))[1])
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == MOST_ROWS:
            raise DataError(f"{NAME} has more than {MOST_ROWS:,} rows. Split the pack.")
        rows.append(_row(line, header, cells))
    if not rows:
        raise DataError(f"{NAME} has no row under its header.")
    return rows


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    file = unicodedata.normalize("NFC", named.get("file", "")).replace("\\", "/").removeprefix("./")
    if not file:
        return Row(line, "", None, "file: it is empty.")
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        return Row(line, file, None, f"The row has {len(cells)} cells, the header {len(header)}.")
    try:
        return Row(line, file, read_tags(named), "")
    except DataError as error:
        return Row(line, file, None, str(error))


def _lines(reader: Iterable[list[str]], line: Callable[[], int]) -> Iterator[tuple[int, list[str]]]:
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line(), cells


def _header(cells: list[str]) -> list[str]:
    names = [re.sub(r"[\s-]+", "_", cell.strip().casefold()) for cell in cells]
    header = [SPELLINGS.get(name, name) for name in names]
    missing = [name for name in NEEDED if name not in header]
    if not missing and not any(name in header for name in PLACES):
        missing = ["countries or regions"]
    if missing:
        raise DataError(f"{NAME} has no column {', '.join(missing)}. Its columns are: {', '.join(COLUMNS)}.")
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise DataError(f"{NAME} has two columns {twice[0]}. Remove one.")
    return header


def _text(raw: bytes) -> str:
    """Decode as spreadsheets save: UTF-16 with its mark, UTF-8 with or without, else the code page of the house."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(FALLBACK, "replace")


def _delimiter(header: str) -> str:
    return max((",", ";", "\t"), key=header.count)


def _gender(cell: str) -> str:
    known = vocabulary("gender")
    code = known.code(cell)
    if code:
        return known.values[code]
    raise DataError("gender: it is empty." if not cell else f"gender: “{cell}” is {known.reason(cell)}.")


def _age(column: str, cell: str) -> int:
    if not cell.isascii() or not cell.isdecimal() or not YOUNGEST <= int(cell[:4]) <= OLDEST:
        raise DataError(f"{column}: “{cell}” is not a number of years from {YOUNGEST} to {OLDEST}.")
    return int(cell)


def _plain(column: str, cell: str) -> str:
    text = " ".join(cell.split())
    if text.startswith(FORMULA):
        raise DataError(f"{column}: it starts with “{text[0]}”, which a spreadsheet takes for a formula. Write words.")
    if not text.isprintable():
        raise DataError(f"{column}: it holds characters that cannot be shown.")
    if len(text) > LONGEST[column]:
        raise DataError(f"{column}: it is longer than {LONGEST[column]} characters.")
    return text
