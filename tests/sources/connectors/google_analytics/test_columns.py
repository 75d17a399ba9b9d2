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


def column_of(**rows):
    """The column of one page, from the rows of each report without the path."""
    reports = {"joint": JOINT, "people": PEOPLE, "countries": COUNTRIES, "views": VIEWS}
    told = {reports[name]: [("/a", *row) for row in found] for name, found in rows.items()}
    made = columns(Part(Span("", None), told, ()), "2026-08", 0.9, lambda: EVERYBODY)
    (column,) = made.counts
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
