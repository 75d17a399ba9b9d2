import gzip
import io
import zipfile

import pytest

from sources.connectors.files.checking import FileError, check_interactions, preview

HEADER = "content_id,gender,age_group,country,count\n"
GOOD = HEADER + "v1,female,18-24,QA,5\n"


def refusal(checked, content, **options):
    with pytest.raises(FileError) as error:
        checked(content, **options)
    return str(error.value)


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_said_to_be_empty(checked, content):
    assert "The file is empty" in refusal(checked, content)


def test_a_header_without_rows_is_refused(checked):
    assert "holds no rows" in refusal(checked, HEADER)


def test_an_excel_workbook_is_refused_with_what_to_do(checked):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "save the sheet as CSV" in refusal(checked, packed.getvalue())


def test_a_picture_is_called_one(checked):
    assert "picture" in refusal(checked, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)


@pytest.mark.parametrize("content", [bytes(range(256)) * 9, GOOD.encode() + b"a\0b,,,,1\n"])
def test_a_binary_file_is_refused(checked, content):
    assert "not text" in refusal(checked, content).replace("not a text file", "not text")


def test_bytes_that_are_no_text_far_into_the_file_are_refused(checked):
    assert "NUL bytes" in refusal(checked, GOOD.encode() + b"v1,female,18-24,QA,5\n" * 900_000 + b"\0" * 100)


def test_utf_16_without_a_mark_is_named(checked):
    assert "UTF-16" in refusal(checked, GOOD.encode("utf-16-le"))


def test_a_truncated_gzip_file_is_refused(checked):
    assert "damaged or ends too early" in refusal(checked, gzip.compress(GOOD.encode() * 50)[:-20])


def test_gzip_is_known_by_its_bytes_and_not_by_its_name(checked):
    assert checked(gzip.compress(GOOD.encode())).accepted == 1


def test_a_missing_column_is_named_with_those_there_and_the_nearest_guess(checked):
    words = refusal(checked, b"content_id,gender,cuont\nv1,f,1\n")
    assert "'count' is missing" in words
    assert "content_id, gender, cuont" in words
    assert "Is it 'cuont'?" in words


def test_a_missing_column_without_a_guess_says_what_to_do(checked):
    assert "Add it, or rename" in refusal(checked, b"content_id,gender,zzz\nv1,f,1\n")


def test_a_file_without_a_header_is_told_from_one_with_a_missing_column(checked):
    assert "has no header" in refusal(checked, b"v1,female,18-24,QA,5\nv2,female,18-24,QA,5\n")


@pytest.mark.parametrize(
    "header",
    [
        "CONTENT_ID,Gender,Age Group,COUNTRY,Count",
        "Content-Id, gender ,agegroup,country,count",
        "video_id,sex,age,country_code,views",
        "pagePath,userGender,userAgeBracket,countryId,screenPageViews",
    ],
)
def test_header_names_are_matched_without_case_and_by_synonym(checked, header):
    assert checked(f"{header}\nv1,female,18-24,QA,5\n".encode()).groups == [("female", "18-24", "QA")]


def test_a_columns_own_name_goes_before_its_synonyms_and_this_is_said(checked):
    result = checked("content_id,views,gender,count\nv1,9,f,5\n")
    assert result.columns.count.tolist() == [5]
    assert "'views' could be too" in result.warnings[0]


def test_two_columns_of_one_name_are_refused(checked):
    assert "Two columns are named 'count'" in refusal(checked, "content_id,gender,count,count\nv1,f,5,6\n")


def test_a_mapping_goes_before_the_names(checked):
    text = "content_id,gender,count,plays\nv1,f,5,7\n"
    assert checked(text, mapping={"count": "plays"}).columns.count.tolist() == [7]


def test_a_mapping_can_leave_a_column_out(checked):
    text = "content_id,gender,country,count\nv1,f,QA,5\n"
    assert checked(text, mapping={"gender": ""}).absent_dimensions == ("gender", "age_group")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"count": "plays"}, "no column 'plays'"),
        ({"number": "count"}, "names 'number'"),
        ({"gender": "country", "country": "country"}, "chosen twice"),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused(checked, mapping, words):
    assert words in refusal(checked, GOOD, mapping=mapping)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(checked, delimiter):
    assert checked(GOOD.replace(",", delimiter).encode()).accepted == 1


def test_the_hint_of_a_spreadsheet_settles_the_delimiter_and_counts_as_a_line(checked):
    result = checked(b"sep=;\r\n" + GOOD.replace(",", ";").encode() + b"v1;x9;18-24;QA;5\n")
    assert (result.accepted, result.first_rejects[0].line) == (1, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_arabic_survives_every_encoding(checked, encoding):
    assert checked(GOOD.replace("v1", "قطر"), encoding).content_ids == ["قطر"]


def test_the_fallback_encoding_is_said(checked):
    assert "read as Windows cp1256" in checked(GOOD.replace("v1", "قطر"), "cp1256").warnings[0]


def test_the_encoding_is_found_however_late_the_first_letter_comes(checked):
    text = GOOD + "v1,female,18-24,QA,5\n" * 900_000 + "قطر,female,18-24,QA,5\n"
    assert checked(text, "cp1256").content_ids == ["v1", "قطر"]


def test_damaged_utf_16_is_refused(checked):
    assert "damaged" in refusal(checked, GOOD.encode("utf-16")[:-1])


def test_a_damaged_line_in_good_utf_8_is_rejected_alone(checked):
    result = checked((GOOD + "قطر,female,18-24,QA,5\n").encode() + b"\xff\xfe,female,18-24,QA,5\n")
    assert (result.accepted, result.first_rejects[0].line) == (2, 4)
    assert "not UTF-8" in result.first_rejects[0].reason


def test_a_damaged_line_with_too_few_cells_is_rejected_alone(checked):
    result = checked((GOOD + "قطر,female,18-24,QA,5\n").encode() + b"\xff\xfe,female,18-24,QA\n")
    assert (result.accepted, [reject.line for reject in result.first_rejects]) == (2, [4])


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(checked, ending):
    content = (GOOD + "v1,x9,18-24,QA,5\n").replace("\n", ending).encode()
    assert checked(content).first_rejects[0].line == 3


@pytest.mark.parametrize("blank", ["\n", "\r\n", "  \n", ",,,,\n"])
def test_blank_lines_are_passed_over_and_counted_as_lines(checked, blank):
    result = checked((GOOD + blank * 2 + "v1,x9,18-24,QA,5\n" + blank).encode())
    assert (result.rows_read, result.rejected_count, result.first_rejects[0].line) == (2, 1, 5)


def test_blank_lines_before_the_header_are_lines_too(checked):
    assert checked(("\n\n" + GOOD + "v1,x9,18-24,QA,5\n").encode()).first_rejects[0].line == 5


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(checked):
    content = 'content_id,note,gender,count\n"a, ""b""",x,f,1\nc,"two\nlines",f,1\nd,x,x9,1\n'
    result = checked(content)
    assert result.content_ids == ['a, "b"', "c"]
    assert result.first_rejects[0].line == 5


def test_a_row_of_several_lines_with_too_few_cells_is_one_reject(checked):
    result = checked(GOOD + '"v1\nv2",female,18-24,QA\nv3,x9,18-24,QA,5\n')
    assert [(reject.line, reject.column) for reject in result.first_rejects] == [(3, ""), (5, "gender")]


def test_a_quote_never_closed_spoils_its_own_line_only(checked):
    result = checked(GOOD + '"v2,female,18-24,QA,5\n' + "v3,female,18-24,QA,5\n" * 300)
    assert (result.accepted, result.rejected_count) == (301, 1)
    assert (result.first_rejects[0].line, result.first_rejects[0].reason) == (3, "a quote is opened and never closed")


def test_a_stray_quote_inside_a_cell_is_a_letter(checked):
    assert checked(GOOD + '5" disk,female,18-24,QA,5\nv3,female,18-24,QA,5\n').content_ids == ["v1", '5" disk', "v3"]


def test_a_bad_line_near_the_end_of_a_large_file_is_named(checked):
    rows = "v1,female,18-24,QA,5\n" * 2_000_000
    result = checked(GOOD.encode() + rows.encode() + b"v1,female,18-24,QA,five\n" + b"v1,female,18-24,QA,5\n")
    assert (result.accepted, result.rejected_count) == (2_000_002, 1)
    assert (result.first_rejects[0].line, result.first_rejects[0].value) == (2_000_003, "five")


def test_a_preview_shows_mapping_and_sample(saved):
    look = preview(saved("Video ID;Views;Other\n" + "v1;5;x\n" * 30), filename="rows.csv")
    assert (look.encoding, look.delimiter, look.header) == ("utf-8", ";", ["Video ID", "Views", "Other"])
    assert (look.mapping, look.unmapped) == ({"content_id": "Video ID", "count": "Views"}, ["Other"])
    assert look.sample_rows == [["v1", "5", "x"]] * 20


def test_a_preview_of_a_file_with_a_missing_column_says_so(saved):
    look = preview(saved("content_id,gender\nv1,f\n"), filename="rows.csv")
    assert "'count' is missing" in look.problems[0]


def test_a_preview_of_a_workbook_is_refused(saved):
    with pytest.raises(FileError, match="save the sheet as CSV"):
        preview(saved(b"PK\x03\x04rest"), filename="rows.xlsx")


def test_a_file_that_is_refused_leaves_no_file_of_rejects(saved, tmp_path):
    with pytest.raises(FileError):
        check_interactions(saved("a,b\n1,2\n"), rejects=tmp_path / "rejects.csv")
    assert not (tmp_path / "rejects.csv").exists()
