"""Columns of pages made from reports that contradict each other, as samples do."""

import pytest

from sources.connectors.google_analytics.columns import COUNTRIES, JOINT, PEOPLE, VIEWS, columns
from sources.connectors.google_analytics.walks import Part, Span

EVERYBODY = {
    (gender, age, country): 1.0
    for gender in ("female", "male")
    for age in ("18-24", "25-34")
    for country in ("QA", "DE")
}


REPORTS = {"joint": JOINT, "people": PEOPLE, "countries": COUNTRIES, "views": VIEWS}


def columns_of(**rows):
    """What the rows of each report make."""
    told = {REPORTS[name]: found for name, found in rows.items()}
    return columns(Part(Span("", None), told, ()), "2026-08", 0.9, lambda: EVERYBODY)


def column_of(**rows):
    """The column of one page, from the rows of each report without the path."""
    (column,) = columns_of(**{name: [("/a", *row) for row in found] for name, found in rows.items()}).counts
    return column


def test_margins_that_a_sample_made_too_large_are_raked_to_the_views_of_the_page():
    column = column_of(
        joint=[("QA", "18-24", "female", 12)],
        people=[("18-24", "female", 10), ("25-34", "male", 90)],
        countries=[("QA", 60), ("DE", 40)],
        views=[(100,)],
    )
    assert column.estimated
    assert column.counts.sum() + column.unknown + column.suppressed == pytest.approx(100, rel=1e-3)


def test_what_only_the_joint_lumps_together_is_not_counted_twice():
    joint = [("(other)", "(other)", "(other)", "(other)", 60), ("/a", "QA", "18-24", "female", 40)]
    made = columns_of(joint=joint, people=[("/a", "18-24", "female", 100)], countries=[], views=[("/a", 100)])
    assert [one.counts.sum() + one.suppressed + one.unknown for one in made.counts] == [100]
    assert (made.unnamed, made.complaints) == (0, [])


@pytest.mark.parametrize(
    "new", [("XX", "18-24", "female"), ("QA", "12-17 (beta)", "female"), ("QA", "18-24", "(other)")]
)
def test_a_word_that_is_new_at_google_is_in_no_group(new):
    column = column_of(joint=[(*new, 30), ("QA", "18-24", "female", 70)], views=[(100,)])
    assert dict(zip(column.groups, column.counts, strict=True)) == {("female", "18-24", "QA"): 70}
    assert (column.unknown, column.suppressed) == (30, 0)
