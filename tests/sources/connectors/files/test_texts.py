import csv
from datetime import UTC, datetime

import pytest

from sources.connectors.records import CommentRow, ContentRow, FileError

CONTENT = "content_id,title\nv1,Water\n"


def test_a_content_is_read_with_all_it_can_have(checked_contents):
    result = checked_contents(
        "content_id,title,description,category,tags,url,thumbnail,published_at\n"
        "v1,Water,Why it rains,News,rain|sea,https://example.org/v1,http://example.org/v1.jpg,2026-05-01T10:00:00Z\n"
    )
    assert result.rows == [
        ContentRow(
            "v1", "Water", "Why it rains", "News", ("rain", "sea"), "https://example.org/v1",
            "http://example.org/v1.jpg", datetime(2026, 5, 1, 10, tzinfo=UTC),
        )
    ]  # fmt: skip


def test_a_content_needs_no_more_than_id_and_title(checked_contents):
    assert checked_contents(CONTENT).rows == [ContentRow("v1", "Water")]


def test_the_columns_that_the_file_has_are_told(checked_contents):
    assert checked_contents("content_id,title,topic\nv1,Water,News\n").columns == ("content_id", "title", "category")


def test_the_last_of_two_rows_with_one_id_wins_and_this_is_said(checked_contents):
    result = checked_contents(CONTENT + "v1,Wind\n")
    assert [row.title for row in result.rows] == ["Wind"]
    assert (result.duplicates, result.duplicate_examples) == (1, ["line 3 takes the place of line 2: v1"])


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ('"a|b, c|a"', ("a", "b, c")),
        ("a; b", ("a", "b")),
        ('"a, b ,#c"', ("a", "b", "c")),
        ('"[""a"", ""b""]"', ("a", "b")),
        (" ", ()),
    ],
)
def test_tags_are_parted_each_once(checked_contents, cell, tags):
    assert checked_contents(f"content_id,title,tags\nv1,Water,{cell}\n").rows[0].tags == tags


@pytest.mark.parametrize(
    "cell",
    [
        "2026-05-31", "20260531", "2026/05/31", "31.05.2026", "31/05/2026", "05/31/2026", '"May 31, 2026"',
        "31 May 2026", "2026-05-31T03:00:00+03:00", "2026-05-31 00:00:00 UTC", '"Sun, 31 May 2026 00:00:00 GMT"',
    ],
)  # fmt: skip
def test_dates_are_read_in_many_ways(checked_contents, cell):
    row = checked_contents(f"content_id,title,published_at\nv1,Water,{cell}\n").rows[0]
    assert row.published_at == datetime(2026, 5, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("published_at", "soon", "not a date"),
        ("published_at", "2026-02-30", "not a date"),
        ("published_at", "1026-02-03", "between 1970 and 2100"),
        ("published_at", "1 Jan 2024 00:00:00 +99999999999999999", "not a date"),
        ("published_at", "05/06/2026", "day and month cannot be told apart"),
        ("url", "javascript:alert(1)", "http:// or https://"),
        ("url", "www.example.org", "http:// or https://"),
        ("url", "http://[", "not a web address"),
        ("thumbnail", "ftp://example.org/a.jpg", "http:// or https://"),
        ("thumbnail", "https://example.org/" + "a" * 1000, "longer than 1000"),
    ],
)
def test_a_bad_cell_rejects_its_row(checked_contents, column, cell, reason):
    result = checked_contents(f"content_id,title,{column}\nv1,Water,{cell}\nv2,Wind,\n")
    reject = result.first_rejects[0]
    assert (result.accepted, reject.line, reject.column) == (1, 2, column)
    assert reason in reject.reason


@pytest.mark.parametrize(("row", "column"), [(" ,Water", "content_id"), ("v1, ", "title"), ("v1,a,b", "")])
def test_a_content_without_id_or_title_is_rejected(checked_contents, row, column):
    assert checked_contents(CONTENT + row + "\n").first_rejects[0].column == column


def test_a_missing_title_column_is_said(checked_contents):
    with pytest.raises(FileError, match="'title' is missing"):
        checked_contents("content_id,titel\nv1,Water\n")


def test_a_comment_of_several_lines_is_one_row_and_lines_stay_true(checked_comments):
    result = checked_comments('content_id,text,likes\nv1,"one\ntwo\n\nthree",3\n,lost,1\n')
    assert result.rows == [CommentRow("v1", "one\ntwo\n\nthree", likes=3)]
    assert (result.first_rejects[0].line, result.first_rejects[0].column) == (6, "content_id")


def test_comments_without_an_id_all_stay(checked_comments):
    result = checked_comments("content_id,text\nv1,good\nv1,good\n")
    assert (len(result.rows), result.duplicates) == (2, 0)


def test_the_last_of_two_comments_with_one_id_wins(checked_comments):
    result = checked_comments("content_id,text,comment_id\nv1,good,1\nv1,better,1\n")
    assert [row.text for row in result.rows] == ["better"]
    assert result.duplicate_examples == ["line 3 takes the place of line 2: v1, 1"]


def test_comments_with_one_id_under_two_contents_are_two(checked_comments):
    result = checked_comments("content_id,text,comment_id\nv1,first,1\nv2,second,1\n", known={"v1", "v2"})
    assert ([row.text for row in result.rows], result.duplicates) == (["first", "second"], 0)


@pytest.mark.parametrize(("likes", "reason"), [("-1", "negative"), ("many", "not a number"), ("9999999999", "larger")])
def test_likes_that_are_no_number_reject_the_comment(checked_comments, likes, reason):
    assert reason in checked_comments(f"content_id,text,likes\nv1,good,{likes}\n").first_rejects[0].reason


def test_a_comment_on_content_nobody_knows_is_rejected(checked_comments):
    result = checked_comments("content_id,text\nv1,good\nv9,good\n")
    assert (result.first_rejects[0].line, result.first_rejects[0].value) == (3, "v9")


def test_a_blank_comment_is_rejected(checked_comments):
    assert checked_comments("content_id,text\nv1, \nv1,good\n").first_rejects[0].reason == "the text is blank"


STRANGE = "content_id,title,url\n=HYPERLINK(1),Water,\nx2,Wind,ftp://x\nx2,Wind,\n\nx3,Sun,\n"


def test_a_file_of_strange_contents_comes_back_whole_with_true_lines_and_without_formulas(checked_contents):
    result = checked_contents(STRANGE, known={"v1"})
    with result.reject_file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["line"], row["column"]) for row in rows] == [
        ("2", "content_id"), ("3", "url"), ("4", "content_id"), ("6", "content_id"),
    ]  # fmt: skip
    assert {rows[0]["value"], rows[0]["content_id"]} == {"'=HYPERLINK(1)"}
    assert (result.rows, result.accepted, result.rejected_count) == ([], 0, 4)


def test_a_file_of_strange_contents_is_told_what_its_ids_should_look_like(checked_contents):
    (warning,) = checked_contents(CONTENT, known={"abc"}).warnings
    assert "'abc'" in warning


def test_one_known_content_is_enough_for_a_file_to_be_the_right_one(checked_contents):
    assert checked_contents(CONTENT + "v2,Wind\n", known={"v2"}).accepted == 2
