import csv

import numpy as np
import pytest

from sources.connectors.records import FileError

GOOD = "v1,female,18-24,QA,5\n"


def reject(result):
    assert result.rejected_count == 1
    return result.first_rejects[0]


def test_rows_become_sorted_columns_of_group_codes_and_counts(checked):
    result = checked("b,male,65+,US,3\na,female,18-24,QA,5\nb,female,18-24,QA,2\n")
    assert result.content_ids == ["b", "a"]
    assert result.groups == [("female", "18-24", "QA"), ("male", "65+", "US")]
    assert result.columns.starts.tolist() == [0, 2, 3]
    assert result.columns.group_code.tolist() == [0, 1, 0]
    assert result.columns.count.tolist() == [2, 3, 5]
    assert (result.rows_read, result.accepted, result.rejected_count) == (3, 3, 0)


def test_arrays_have_the_types_that_are_packed(checked):
    columns = checked(GOOD).columns
    types = [array.dtype for array in (columns.group_code, columns.content_code, columns.count, columns.unknown)]
    assert types == [np.int32, np.int32, np.float64, np.float64]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("v1,female,18-24,Atlantis,5", "country", "Atlantis", "not a country we know"),
        ("v1,female,18-24,Jermany,5", "country", "Jermany", "did you mean Germany (DE)?"),
        ("v1,female,12 years,QA,5", "age_group", "12 years", "13-17, 18-24"),
        ("v1,x9,18-24,QA,5", "gender", "x9", "female, male, user_specified"),
        ("v1,female,18-24,QA,many", "count", "many", "not a number"),
        ("v1,female,18-24,QA,-5", "count", "-5", "negative"),
        ("v1,female,18-24,QA,1e400", "count", "1e400", "not a finite number"),
        ('v1,female,18-24,QA,"1,234"', "count", "1,234", "thousands separator"),
        (" ,female,18-24,QA,5", "content_id", " ", "blank"),
        ("x" * 201 + ",female,18-24,QA,5", "content_id", "x" * 200, "longer than 200 characters"),
        ("v1,female,18-24,QA", "", "v1 female 18-24 QA", "the row has 4 cells, the header 5"),
        ("v1,female,18-24,QA,5,6", "", "v1 female 18-24 QA 5 6", "the row has 6 cells, the header 5"),
    ],
)
def test_a_bad_row_is_rejected_by_line_column_value_and_reason(checked, row, column, value, reason):
    result = checked(GOOD + row + "\n" + GOOD)
    bad = reject(result)
    assert (bad.line, bad.column, bad.value) == (3, column, value)
    assert reason in bad.reason
    assert result.accepted == 2


def test_a_row_with_two_faults_is_one_reject_with_the_first(checked):
    assert reject(checked(GOOD + "v1,x9,18-24,Atlantis,many\n")).column == "gender"


def test_a_content_whose_rows_are_all_rejected_is_not_named(checked):
    assert checked(GOOD + "v2,x9,18-24,QA,5\n").content_ids == ["v1"]


def test_a_file_of_bad_rows_only_gives_no_columns(checked):
    result = checked("v1,x9,18-24,QA,5\n")
    assert (result.accepted, len(result.columns), result.content_ids, result.periods) == (0, 0, [], [])


def test_content_ids_keep_their_case_and_lose_their_blanks(checked):
    assert checked(" Ab ,female,18-24,QA,5\nab,female,18-24,QA,5\nAb,male,18-24,QA,5\n").content_ids == ["Ab", "ab"]


def test_zero_is_a_cell_of_its_own_for_a_correction_to_name(checked, cells):
    result = checked(GOOD + "v2,male,18-24,QA,0\n")
    assert (result.accepted, cells(result)["", "v2", ("male", "18-24", "QA")]) == (2, 0)


def test_an_unknown_dimension_is_mass_of_its_content_and_no_group(checked):
    result = checked(GOOD + "v1,,18-24,QA,4\nv1,female,(not set),ZZ,3\n")
    assert (result.accepted, result.groups) == (3, [("female", "18-24", "QA")])
    assert (result.unknown_mass, result.columns.unknown.tolist()) == (7, [7])
    assert result.unknown_by_dimension == {"gender": 4, "age_group": 3, "country": 3}


def test_a_content_with_unknown_mass_alone_is_a_column_without_cells(checked):
    columns = checked("v1,,18-24,QA,4\n" + "v2,male,18-24,QA,1\n").columns
    assert (columns.starts.tolist(), columns.unknown[0]) == ([0, 0, 1], 4)


def test_unknown_mass_of_nothing_is_told_from_none_named(checked):
    unknown = checked("v1,,18-24,QA,0\n" + "v2,male,18-24,QA,1\n").columns.unknown
    assert unknown[0] == 0
    assert np.isnan(unknown[1])


def test_repeated_rows_are_summed_and_said(checked, cells):
    result = checked(GOOD + "v2,male,18-24,QA,1\n" + "v1,F.,AGE_18_24,Qatar,6\n")
    assert cells(result)["", "v1", ("female", "18-24", "QA")] == 11
    assert (result.duplicates, result.accepted) == (1, 3)
    assert [str(example) for example in result.duplicate_examples] == ["line 4 repeats line 2: v1, female, 18-24, QA"]


def test_a_third_repeat_is_told_from_the_first_line(checked):
    lines = [(each.line, each.first_line) for each in checked(GOOD * 3).duplicate_examples]
    assert lines == [(3, 2), (4, 2)]


@pytest.mark.parametrize(
    ("text", "absent", "group"),
    [
        ("content_id,age_group,country,count\nv1,18-24,QA,5\n", ("gender",), ("", "18-24", "QA")),
        ("content_id,gender,age_group,count\nv1,f,18-24,5\n", ("country",), ("female", "18-24", "")),
        ("v1,f,18-24,,5\nv1,f,18-24, ,6\n", ("country",), ("female", "18-24", "")),
        ("content_id,country,count\nv1,QA,5\n", ("gender", "age_group"), ("", "", "QA")),
    ],
)
def test_a_dimension_the_file_does_not_have_is_absent_and_not_unknown(checked, text, absent, group):
    result = checked(text)
    assert (result.absent_dimensions, result.groups, result.unknown_mass) == (absent, [group], 0)


@pytest.mark.parametrize("text", ["content_id,count\nv1,5\n", "v1,,,,5\nv2,,unknown,,6\n"])
def test_a_file_without_any_dimension_is_refused(checked, text):
    with pytest.raises(FileError, match=r"(?i)one of them at least"):
        checked(text)


def test_periods_come_from_the_rows_and_the_rest_from_the_argument(checked, cells):
    text = "content_id,gender,count,period\nv1,f,1,2026-03\nv1,f,2,\nv1,f,4,2026-01-31\nv1,f,8,202603\n"
    found = cells(checked(text, period="2026-02"))
    assert {period: count for (period, _, _), count in found.items()} == {"2026-01": 4, "2026-02": 2, "2026-03": 9}


def test_columns_are_sorted_by_period_whatever_the_order_of_rows(checked):
    result = checked("content_id,gender,count,period\nv1,f,1,2026-03\nv2,f,2,2026-01\n")
    assert (result.periods, result.columns.period_code.tolist()) == (["2026-01", "2026-03"], [0, 1])


def test_rows_without_any_period_are_undated(checked):
    assert checked(GOOD).periods == [""]


def test_a_bad_period_is_rejected(checked):
    text = "content_id,gender,count,period\nv1,f,1,2026-13\nv1,f,1,2026-12\n"
    assert (reject(checked(text)).column, reject(checked(text)).line) == ("period", 2)


def test_a_bad_period_argument_is_said(checked):
    with pytest.raises(FileError, match="'May' is not a month: write YYYY-MM"):
        checked(GOOD, period="May")


def test_rejects_are_written_with_the_row_as_it_was(checked):
    result = checked('content_id,gender,note,count\nv1,x9,"a, b",5\n')
    with result.reject_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "column", "value", "reason", "content_id", "gender", "note", "count"]
    assert (rows[1][:3], rows[1][4:]) == (["2", "gender", "x9"], ["v1", "x9", "a, b", "5"])


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tq", "\rq"])
def test_a_formula_in_a_reject_is_disarmed(checked, cell):
    result = checked(f'{GOOD}v1,"{cell}",18-24,QA,5\n')
    with result.reject_file.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][5] == f"'{cell}"


def test_rejects_mended_and_handed_in_again_are_the_rows_they_were(checked):
    result = checked("-abc,x9,18-24,QA,5\n")
    mended = result.reject_file.read_text(encoding="utf-8").replace("x9", "female")
    assert checked(mended).content_ids == ["-abc"]


def test_only_the_first_hundred_rejects_are_kept_in_memory(checked):
    result = checked(GOOD + "v1,x9,18-24,QA,5\n" * 150)
    assert (result.rejected_count, len(result.first_rejects)) == (150, 100)
    assert len(result.reject_file.read_text().splitlines()) == 151


def test_progress_is_told_in_bytes_and_ends_complete(checked):
    told = []
    checked(GOOD, report=lambda *progress: told.append(progress))
    assert told[-1][0] == "reading"
    assert told[-1][1] == told[-1][2] > 0


def test_a_report_that_raises_stops_the_check(checked):
    def stop(stage, done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        checked(GOOD, report=stop)


def test_many_rows_in_any_order_add_up(checked, cells):
    rng = np.random.default_rng(0)
    content, age, count = rng.integers(0, 500, 300_000), rng.integers(0, 2, 300_000), rng.integers(0, 9, 300_000)
    bands = np.array(["18-24", "25-34"])[age]
    rows = [f"v{c},female,{a},QA,{n}" for c, a, n in zip(content, bands, count, strict=True)]
    rows[299_000] = "v1,female,18-24,QA,bad"
    count[299_000] = 0
    result = checked("\n".join(rows))
    assert (result.accepted, reject(result).line) == (299_999, 299_002)
    assert result.columns.count.sum() == count.sum()
    assert cells(result)["", "v7", ("female", "25-34", "QA")] == count[(content == 7) & (age == 1)].sum()
