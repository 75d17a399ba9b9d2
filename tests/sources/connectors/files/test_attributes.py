"""Attributes files: estimates of groups, every row checked."""

import csv

import pytest

from sources.connectors.files.attributes import check_attributes, read_share
from sources.connectors.records import AttributeRow, FileError

HEADER = "gender,age_group,country,attribute,value,share,source\n"


@pytest.fixture
def checked(tmp_path):
    def check(rows: str, header: str = HEADER):
        path = tmp_path / "attributes.csv"
        path.write_text(header + rows, encoding="utf-8")
        return check_attributes(path, rejects=tmp_path / "rejects.csv")

    return check


def reason(checked) -> tuple[str, str, str]:
    (reject,) = checked.first_rejects
    return reject.column, reject.value, reject.reason


def test_a_row_is_read_with_every_spelling(checked):
    found = checked("F,25–34 years,Mexico,Occupation,Nurse,31%,Survey\n")
    assert found.rows == [AttributeRow("female", "25-34", "MX", "job", "Nurse", 0.31, "Survey")]


def test_a_blank_dimension_and_the_word_any_mean_any(checked):
    found = checked(",any,All,education,College,0.5,Survey\n")
    assert (found.rows[0].gender, found.rows[0].age_group, found.rows[0].country) == ("", "", "")


def test_dimensions_may_have_no_column(checked):
    found = checked("MX,job,Nurse,0.4,Census\n", "country,attribute,value,share,source\n")
    assert found.rows == [AttributeRow("", "", "MX", "job", "Nurse", 0.4, "Census")]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("robot,,,job,Nurse,0.4,S", "gender", "not a gender we know"),
        ("unknown,,,job,Nurse,0.4,S", "gender", "an unknown group has no estimates"),
        (",,Mexco,job,Nurse,0.4,S", "country", "did you mean Mexico (MX)?"),
        (",,,shoe size,42,0.4,S", "attribute", "not an attribute of personas (job, education, relationship)"),
        (",,,job,,0.4,S", "value", "the value is blank"),
        (",,,job,Nurse,,S", "share", "the share is blank"),
        (",,,job,Nurse,many,S", "share", "not a share: write 0.35 or 35%"),
        (",,,job,Nurse,31,S", "share", "a share is at most 1: write 0.35 or 35%"),
        (",,,job,Nurse,-0.1,S", "share", "not a share: write 0.35 or 35%"),
        (",,,job,Nurse,0.4,", "source", "the source is blank"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_with_why(checked, row, column, words):
    found = checked(f"{row}\n,,,job,Clerk,0.1,S\n")
    assert (found.accepted, found.rejected_count) == (1, 1)
    assert reason(found)[0] == column
    assert words in reason(found)[2]


def test_shares_of_one_group_that_sum_to_more_than_all_are_left_out_together(checked, tmp_path):
    found = checked(",,MX,job,Nurse,0.7,S\n,,MX,job,Clerk,0.6,S\n,,US,job,Clerk,0.6,S\n")
    assert [row.country for row in found.rows] == ["US"]
    assert "the shares of job for MX sum to 1.30" in found.first_rejects[0].reason
    rows = list(csv.DictReader((tmp_path / "rejects.csv").open(encoding="utf-8")))
    assert [(row["line"], row["column"]) for row in rows] == [("2", "share"), ("3", "share")]


def test_rounded_shares_may_sum_to_a_little_more(checked):
    assert checked(",,,job,A,0.34,S\n,,,job,B,0.34,S\n,,,job,C,0.33,S\n").accepted == 3


def test_the_last_of_two_rows_of_one_group_and_value_wins(checked):
    found = checked(",,,job,Nurse,0.2,S\n,,,job,nurse,0.3,S\n")
    assert [(row.value, row.share) for row in found.rows] == [("nurse", 0.3)]
    assert (found.accepted, found.duplicates) == (2, 1)


def test_a_file_without_a_source_column_is_refused(checked):
    with pytest.raises(FileError, match="'source' is missing"):
        checked(",,,job,Nurse,0.4\n", "gender,age_group,country,attribute,value,share\n")


@pytest.mark.parametrize(("text", "share"), [("0.35", 0.35), ("35%", 0.35), ("35,5 %", 0.355), (",5", 0.5), ("1", 1.0)])
def test_a_share_is_a_part_or_a_percentage(text, share):
    assert read_share(text) == pytest.approx(share)
