"""Two files of a day, joined by hand: what they say, and what they keep back."""

import numpy as np
import pytest

from sources.connectors.youtube.report_files import Damaged, joined

BASIC = "date,channel_id,video_id,live_or_on_demand,subscribed_status,country_code,engaged_views,views\n"
PEOPLE = "date,channel_id,video_id,live_or_on_demand,subscribed_status,country_code,age_group,gender,views_percentage\n"


def day(*views, people=(), basic=BASIC, demographics=PEOPLE):
    """One day's two files, from rows without date and channel."""
    lines = [[f"20261007,UC1,{row}\n" for row in rows] for rows in (views, people)]
    return (basic + "".join(lines[0])).encode(), (demographics + "".join(lines[1])).encode()


def groups_of(column):
    return dict(zip(column.groups, column.counts, strict=True))


def test_percentages_are_taken_of_the_views_with_the_same_key():
    files = day(
        "v1,on_demand,subscribed,QA,70,80",
        "v1,on_demand,not_subscribed,QA,20,20",
        people=["v1,on_demand,subscribed,QA,AGE_18_24,FEMALE,75", "v1,on_demand,subscribed,QA,AGE_65_,GENDER_OTHER,25"],
    )
    (column,) = joined([files]).counts
    assert groups_of(column) == {("female", "18-24", "QA"): 60, ("user_specified", "65+", "QA"): 20}
    assert (column.period, column.suppressed, column.unknown) == ("2026-10", 20, 0)


def test_percentages_that_sum_to_more_than_100_make_no_views():
    people = [
        f"v1,on_demand,subscribed,QA,AGE_18_24,{gender},{part}" for gender, part in [("MALE", 60.2), ("FEMALE", 40.1)]
    ]
    (column,) = joined([day("v1,on_demand,subscribed,QA,9,10", people=people)]).counts
    assert (column.counts.sum(), column.suppressed) == (pytest.approx(10), pytest.approx(0))


def test_live_views_are_joined_with_live_percentages_only():
    files = day("v1,live,subscribed,QA,9,10", people=["v1,on_demand,subscribed,QA,AGE_18_24,FEMALE,100"])
    (column,) = joined([files]).counts
    assert (groups_of(column), column.suppressed) == ({}, 10)


def test_subscribers_are_told_from_others():
    files = day("v1,on_demand,subscribed,QA,9,10", "v1,on_demand,not_subscribed,ZZ,9,30")
    (row,) = joined([files]).loyalty
    assert (row.kind, row.content_id, row.period, row.loyal, row.total) == ("subscribed", "v1", "2026-10", 10, 40)


def test_views_from_nowhere_are_unknown_even_with_percentages():
    files = day("v1,on_demand,subscribed,ZZ,9,10", people=["v1,on_demand,subscribed,ZZ,AGE_18_24,MALE,100"])
    (column,) = joined([files]).counts
    assert (groups_of(column), column.unknown, column.suppressed) == ({}, 10, 0)


def test_a_new_age_is_unknown_and_told_once():
    row = "v1,on_demand,subscribed,QA,AGE_65_74,MALE,50"
    result = joined([day("v1,on_demand,subscribed,QA,9,10", people=[row])] * 2)
    assert (result.counts[0].unknown, result.counts[0].suppressed) == (10, 10)
    assert result.complaints == [
        "YouTube has a new age group, 'AGE_65_74': its views count as unknown until we know it."
    ]


def test_cells_without_a_number_are_kept_back_and_told():
    files = day(
        "v1,on_demand,subscribed,QA,,",
        "v1,on_demand,subscribed,US,9,10",
        people=["v1,on_demand,subscribed,US,AGE_18_24,MALE,", "v1,on_demand,subscribed,US,AGE_25_34,MALE,40"],
    )
    result = joined([files])
    assert groups_of(result.counts[0]) == {("male", "25-34", "US"): 4}
    assert result.counts[0].suppressed == 6
    assert result.complaints == [
        "YouTube keeps back the views of some small cells of its files; they are in no video's count."
    ]


def test_columns_are_read_by_name_in_any_order():
    basic = "views,country_code,subscribed_status,live_or_on_demand,video_id,date\n10,QA,subscribed,live,v1,20261007\n"
    (column,) = joined([(basic.encode(), b"")]).counts
    assert column.suppressed == 10


def test_engaged_views_are_another_column():
    (column,) = joined([day("v1,on_demand,subscribed,QA,8,10")], "engagedViews").counts
    assert column.suppressed == 8


def test_files_of_size_zero_are_days_without_views():
    result = joined([(b"", b"")])
    assert (result.counts, result.loyalty, result.complaints) == ([], [], [])


def test_a_file_without_a_column_is_no_data():
    with pytest.raises(Damaged, match="no column country_code"):
        joined([(b"date,video_id,views\n20261007,v1,3\n", b"")])


@pytest.mark.parametrize(
    ("wrong", "right"), [(b"\xff", b"v1"), (b"10 views", b"10"), (b"2026-10-07", b"20261007"), (b'"', b"v1")]
)
def test_a_damaged_file_is_no_fault_of_ours(wrong, right):
    basic, people = day("v1,on_demand,subscribed,QA,9,10")
    with pytest.raises(Damaged, match="A file of the YouTube Reporting API cannot be read"):
        joined([(basic.replace(right, wrong), people)])


def test_days_sum_to_their_month_and_months_stay_apart():
    first, second = day("v1,on_demand,subscribed,QA,9,10"), day("v1,on_demand,subscribed,QA,9,5")
    other = (second[0].replace(b"20261007", b"20261101"), second[1])
    columns = joined([first, second, other]).counts
    assert [(column.period, column.suppressed) for column in columns] == [("2026-10", 15), ("2026-11", 5)]
    assert all(isinstance(column.counts, np.ndarray) for column in columns)
