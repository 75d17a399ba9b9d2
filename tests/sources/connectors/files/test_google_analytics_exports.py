"""Google Analytics' CSV exports as they come: comment lines, words for headers, totals; read like any other file."""

import zipfile

import numpy as np
import pytest

from sources.connectors.files.exports import check_export, preview_export, reader_of
from sources.connectors.records import FileError

HEAD = """# ----------------------------------------
# Free form 1
# Account: Example Media
# Property: Example Magazine
# ----------------------------------------
#
# All Users
# Start date: 20260801
# End date: 20260831

"""
JOINT = """Page path and screen class,Age,Gender,Country,Views
,,,,1000,Grand total
/a,25-34,female,Qatar,300
/a,18-24,male,United Kingdom,150
/a,unknown,unknown,Qatar,100
/b,65+,male,Türkiye,40
/b,65+,male,(not set),5
(other),25-34,female,Qatar,7
"""
BY_COUNTRY = "Page path and screen class,Country,Views\n/a,Qatar,60\n/a,India,40\n/b,India,10\n"
BY_AGE = "Page path and screen class,Age,Views\n/a,25-34,30\n/a,18-24,20\n/a,unknown,50\n/b,18-24,10\n/c,18-24,3\n"
BY_GENDER = "Page path and screen class,Gender,Views\n/a,female,25\n/a,male,25\n/a,unknown,50\n/b,male,10\n"


@pytest.fixture
def read(saved, tmp_path):
    """Check one export; gives its interactions and contents."""

    def check(content, **options):
        path = content if hasattr(content, "open") else saved(content, "utf-8-sig")
        reader = reader_of(path)
        assert reader is not None
        assert reader.name == "Google Analytics"
        return check_export(reader, path, rejects=tmp_path / "rejects.csv", **options)

    return check


@pytest.fixture
def bundle(tmp_path):
    def pack(*texts):
        path = tmp_path / "exports.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number, text in enumerate(texts):
                archive.writestr(f"export-{number}.csv", HEAD + text)
        return path

    return pack


def test_an_exploration_of_all_dimensions_is_the_joint(read, cells):
    found, _ = read(HEAD + JOINT)
    assert cells(found) == {
        ("2026-08", "/a", ("female", "25-34", "QA")): 300,
        ("2026-08", "/a", ("male", "18-24", "GB")): 150,
        ("2026-08", "/b", ("male", "65+", "TR")): 40,
    }
    assert found.seeds == ["", ""]


def test_people_who_are_not_known_are_unknown_and_unnamed_pages_are_told(read):
    found, _ = read(HEAD + JOINT)
    assert found.columns.unknown.tolist() == [100, 5]
    assert any(words.endswith("does not name their pages: 7 views.") for words in found.warnings)


def test_views_that_the_rows_lack_are_told_by_the_grand_total(read):
    found, _ = read(HEAD + JOINT)
    assert any("602 of 1,000 views" in words and "39.8%" in words for words in found.warnings)
    assert found.rows_read == 6


def test_a_row_of_people_without_a_page_is_no_total(read):
    found, _ = read(HEAD + JOINT + ",25-34,female,Qatar,30\n")
    assert any(words.endswith("does not name their pages: 37 views.") for words in found.warnings)
    assert any("632 of 1,000 views" in words for words in found.warnings)


def test_a_page_whose_title_is_a_word_for_totals_is_a_page(read):
    table = "Page path and screen class,Page title and screen class,Country,Views\n/a,Totals,QA,3\n/b,B,QA,9\n"
    assert read(HEAD + table)[0].content_ids == ["/a", "/b"]


@pytest.mark.parametrize("total", ["Grand total,,,,1000", ",,,,1000", ",,,,1000,Grand total"])
def test_totals_stand_in_a_row_without_page_and_people_or_say_so(read, total):
    found, _ = read(HEAD + JOINT.replace(",,,,1000,Grand total", total))
    assert any("602 of 1,000 views" in words for words in found.warnings)


@pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "\r\n"), lambda text: text.replace(",", "\t")])
def test_line_ends_and_tabs_make_no_difference(read, cells, change):
    assert cells(read(change(HEAD + JOINT))[0]) == cells(read(HEAD + JOINT)[0])


def test_the_table_of_pages_is_found_below_others(read, cells):
    lines = "Nth day,/a,/b\n0000,12,3\n0001,9,4\n"
    found, _ = read(HEAD + lines + "#\n# Pages\n" + JOINT)
    assert cells(found) == cells(read(HEAD + JOINT)[0])


def test_a_row_that_cannot_be_read_is_left_out_with_its_line(read):
    found, _ = read(HEAD + JOINT + "/c,25-34,female,Atlantis,9\n")
    (reject,) = found.first_rejects
    assert (reject.line, reject.column, reject.value) == (19, "country", "Atlantis")
    assert found.accepted == found.rows_read - 1


def test_days_of_one_month_are_its_period_and_others_are_said(read):
    two_months = HEAD.replace("20260801", "20260701")
    found, _ = read(two_months + JOINT)
    assert found.periods == [""]
    assert any("several months" in words for words in found.warnings)
    assert read(two_months + JOINT, period="2026-07")[0].periods == ["2026-07"]


def test_a_column_of_months_parts_the_views(read):
    found, _ = read(HEAD + "Page path and screen class,Month,Country,Views\n/a,07,QA,3\n/a,08,QA,4\n/a,8,QA,1\n")
    assert found.periods == ["2026-07", "2026-08"]
    assert found.columns.count.tolist() == [3, 5]


def test_a_report_of_countries_alone_has_groups_of_countries(read, cells):
    found, _ = read(HEAD + BY_COUNTRY)
    assert cells(found)["2026-08", "/a", ("", "", "IN")] == 40
    assert found.absent_dimensions == ("gender", "age_group")


def test_reports_exported_apart_are_raked_page_by_page_and_say_so(read, bundle):
    found, _ = read(bundle(BY_COUNTRY, BY_AGE, BY_GENDER))
    assert found.content_ids == ["/a", "/b"]
    assert found.seeds == ["independence", "independence"]
    total = found.columns.count[: found.columns.starts[1]].sum()
    assert total == pytest.approx(50)
    assert found.columns.unknown[0] == pytest.approx(50)
    assert any("independent of each other" in words for words in found.warnings)
    assert any("in some of the tables only" in words and words.endswith(": 1 page.") for words in found.warnings)


def test_margins_of_raked_pages_are_those_of_the_reports(read, bundle, cells):
    found = {group: count for (_, page, group), count in cells(read(bundle(BY_COUNTRY, BY_AGE, BY_GENDER))[0]).items()
             if page == "/a"}  # fmt: skip
    assert np.isclose(sum(count for group, count in found.items() if group[1] == "25-34"), 30)
    assert np.isclose(sum(count for group, count in found.items() if group[2] == "QA"), 30)
    assert np.isclose(sum(count for group, count in found.items() if group[0] == "male"), 25)


def test_a_table_that_knows_less_than_another_is_left_out(read, bundle, cells):
    found, _ = read(bundle(JOINT, BY_COUNTRY))
    assert cells(found) == cells(read(HEAD + JOINT)[0])
    assert any("Country adds nothing" in words for words in found.warnings)


def test_pages_that_only_the_tables_apart_have_are_raked_beside_the_joint(read, bundle, cells):
    with_more = [BY_COUNTRY + "/d,Qatar,8\n", BY_AGE + "/d,25-34,8\n", BY_GENDER + "/d,male,8\n"]
    found, _ = read(bundle(JOINT, *with_more))
    alone, _ = read(HEAD + JOINT)
    assert cells(found) == cells(alone) | {("2026-08", "/d", ("male", "25-34", "QA")): pytest.approx(8)}
    assert found.seeds == ["", "", "independence"]
    assert "Left out of the table of Country, for the one of Gender, Age, Country knows more of them: 2 pages." in (
        found.warnings
    )


def test_months_that_only_the_tables_apart_have_are_raked_beside_the_joint(read, bundle):
    head = "Page path and screen class,Month,{},Views\n/a,07,{},40\n/a,08,{},40\n"
    apart = [("Country", "Qatar"), ("Age", "25-34"), ("Gender", "male")]
    found, _ = read(bundle(JOINT, *(head.format(name, value, value) for name, value in apart)))
    assert found.periods == ["2026-07", "2026-08"]
    assert (found.seeds, found.columns.count[0]) == (["independence", "", ""], pytest.approx(40))


def test_a_page_of_which_not_all_is_known_in_any_table_is_left_out_and_told(read, bundle, cells):
    found, _ = read(bundle(JOINT, BY_COUNTRY + "/d,Qatar,8\n"))
    assert cells(found) == cells(read(HEAD + JOINT)[0])
    assert any("in some of the tables only" in words and words.endswith(": 1 page.") for words in found.warnings)


def test_pages_are_raked_from_whichever_tables_know_most_of_them(read, bundle, cells):
    people = "Page path and screen class,Age,Gender,Views\n/e,18-24,male,6\n"
    found, _ = read(bundle(people, BY_COUNTRY + "/e,India,6\n", BY_AGE + "/e,25-34,6\n", BY_GENDER))
    assert found.content_ids == ["/a", "/b", "/e"]
    assert cells(found)["2026-08", "/e", ("male", "18-24", "IN")] == pytest.approx(6)


def test_titles_beside_the_paths_name_the_contents(read):
    table = "Page path and screen class,Page title and screen class,Country,Views\n/a,Old,QA,3\n/a,New,QA,9\n"
    _, contents = read(HEAD + table)
    assert [(row.external_id, row.title) for row in contents.rows] == [("/a", "New")]


def test_a_report_without_groups_says_how_to_export_them(read):
    with pytest.raises(FileError, match=r"It tells of no group of people.*Free form"):
        read(HEAD + "Page path and screen class,Views,Active users\n/a,12,3\n")


def test_a_look_at_an_export_says_what_was_recognised(saved):
    path = saved(HEAD + JOINT)
    look = preview_export(reader_of(path), path)
    assert look.recognised == ["2 pages by Gender, Age, Country, 595 views, 2026-08-01 to 2026-08-31."]
    assert look.sample_rows[0][0] == "/a"


@pytest.mark.parametrize(
    "text",
    [
        "content_id,gender,age_group,country,count\n/a,female,25-34,QA,3\n",
        "Page path,Age,Gender,Country,Views\n/a,25-34,female,QA,3\n",
        "content_id,gender,age_group,country,count\n#food,female,25-34,QA,3\n#cats,male,25-34,QA,3\n",
    ],
)
def test_files_of_ones_own_stay_ordinary_files(saved, text):
    assert reader_of(saved(text)) is None
