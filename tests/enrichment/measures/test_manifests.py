"""The manifest of a pack: good rows become tags, bad ones are told with their column."""

import pytest

from enrichment.measures.manifests import MOST_ROWS, read_manifest
from enrichment.measures.places import Place
from sources.errors import DataError
from tests.photos import COLUMNS, manifest

GOOD = "a.jpg,female,25,34,SA,,CC BY 4.0,https://example.org/by,Jo,signed"


def problem(row: str) -> str:
    (read,) = read_manifest(manifest(row))
    assert read.tags is None
    return read.problem


def test_a_row_becomes_tags():
    (row,) = read_manifest(manifest(GOOD))
    assert (row.line, row.file, row.problem) == (2, "a.jpg", "")
    assert (row.tags.gender, row.tags.age_min, row.tags.age_max) == ("female", 25, 34)
    assert row.tags.places == (Place("SA", "western-asia"),)
    assert (row.tags.licence, row.tags.licence_url) == ("CC BY 4.0", "https://example.org/by")
    assert (row.tags.credit, row.tags.release) == ("Jo", "signed")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + manifest(GOOD),
        manifest(GOOD).decode().encode("utf-16"),
        manifest(GOOD).replace(b"\n", b"\r\n"),
        manifest(GOOD).replace(b",", b";"),
        manifest(GOOD).replace(b",", b"\t"),
        manifest(GOOD, header=COLUMNS.upper().replace("LICENCE", "LICENSE").replace("AGE_", "Age ")),
    ],
    ids=["byte-order mark", "utf-16", "CRLF", "semicolons", "tabs", "other spellings"],
)
def test_spreadsheets_save_in_many_ways(raw):
    (row,) = read_manifest(raw)
    assert (row.problem, row.tags.credit) == ("", "Jo")


@pytest.mark.parametrize("cell", ["", "no", "None", "0", "-"])
def test_no_release_is_kept_as_none(cell):
    (row,) = read_manifest(manifest(GOOD.replace("signed", cell)))
    assert row.tags.release == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("a.jpg", "", "file: it is empty"),
        ("female", "femal", "gender: “femal” is not a gender we know"),
        ("female", "", "gender: it is empty"),
        ("25", "abc", "age_min: “abc” is not a number of years from 13 to 110"),
        ("25", "12", "age_min: “12”"),
        ("34", "111", "age_max: “111”"),
        ("34", "9999999999", "age_max"),
        ("25", "40", "age_min: 40 is above age_max, 34"),
        ("SA", "Atlantis", "countries: “Atlantis”"),
        ("SA", "", "neither a country nor a region"),
        ("CC BY 4.0", "", "licence: it is empty"),
        ("CC BY 4.0", "x" * 61, "licence: it is longer than 60"),
        ("Jo", "", "credit: it is empty, and the licence CC BY 4.0"),
        ("https://example.org/by", "javascript:alert(1)", "licence_url: it is not an address"),
        ("Jo", "=HYPERLINK(1)", "credit: it starts with “=”, which a spreadsheet takes for a formula"),
        ("Jo", "@SUM(1)", "credit: it starts with “@”"),
        ("signed", "+1", "release: it starts with “+”"),
        ("Jo", "J\u202eo", "credit: it holds characters that cannot be shown"),
        ("signed", "signed,and,more", "The row has 12 cells, the header 10"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(old, new, words):
    assert words in problem(GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "has no column file, gender"),
        (manifest(), "no row under its header"),
        (b"file,gender,age_min,age_max,licence\n", "has no column countries or regions"),
        (manifest(GOOD, header=COLUMNS + ",credit"), "two columns credit"),
        (b"\x00\x01\x02", "not a text file"),
        (manifest(f'"{"x" * 140_000}"'), "line .*cannot be read"),
        (manifest(*[GOOD] * (MOST_ROWS + 1)), "more than 5,000 rows"),
    ],
    ids=["empty", "header only", "no places", "twice", "binary", "endless cell", "endless"],
)
def test_a_manifest_that_cannot_be_used_is_refused_in_words(raw, words):
    with pytest.raises(DataError, match=words):
        read_manifest(raw)


def test_lines_are_those_of_the_file():
    rows = read_manifest(manifest("", GOOD, "", '"b.jpg",male,20,20,US,,CC0,,"two\nlines",signed', GOOD))
    assert [row.line for row in rows] == [3, 6, 7]
