"""Numbers in words, bars, charts and labels."""

from datetime import UTC, datetime

import pytest

from personas.drawing import columns, curve
from personas.models import Generation, Identity, Persona, PersonaSet
from personas.presenting import ListWish, card, generation_labels, narrowed, who
from personas.templatetags import apg


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.1234, "12.3%"), (0, "0%"), (1, "100%"), (0.0004, "under 0.1%"), (None, "–")],
)
def test_share_in_words(share, words):
    assert apg.percent(share) == words


@pytest.mark.parametrize(("lift", "words"), [(2.345, "2.3×"), (12.6, "13×"), (1234.0, "1,234×"), (None, "–")])
def test_lift_in_words(lift, words):
    assert apg.times(lift) == words


@pytest.mark.parametrize(
    ("spent", "words"), [(0.042, "0.04 s"), (5.06, "5.1 s"), (95, "1 min 35 s"), (5760, "1 h 36 min")]
)
def test_seconds_in_words(spent, words):
    assert apg.seconds(spent) == words


def test_bar_never_leaves_its_track():
    assert 'class="bar-fill" y="2" width="100.0%"' in apg.bar(3, 2)
    assert 'class="bar-fill" y="2" width="0.0%"' in apg.bar(-1, 2)
    assert 'width="0.0%"' in apg.bar(0, 0)


def test_bar_marks_the_whole_audience_only_when_told():
    assert "bar-mark" not in apg.bar(0.5, 1)
    assert 'class="bar-mark" x="25.0%"' in apg.bar(0.5, 1, 0.25)


def test_stacked_parts_follow_each_other():
    assert 'class="part-small" x="75.0%" width="25.0%"' in apg.stacked([("known", 0.75), ("small", 0.25)])


def test_who_names_only_what_the_data_has():
    assert str(who("female", "25-34", "MX")) == "Female, 25-34, Mexico"
    assert str(who("", "", "northern-africa")) == "Northern Africa"
    assert apg.in_words(who("male", "65+", "")) == 'Male, <bdi dir="ltr">65+</bdi>'


def test_who_escapes_a_place_that_nobody_knows():
    assert "<b>" not in apg.in_words(who("", "", "<b>"))


def test_generations_with_the_same_words_get_their_dates():
    days = [Generation(period="2026-10", finished_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (2, 3)]
    labels = [label for _, label in generation_labels([*days, Generation(period="", unit="region")])]
    assert labels == [
        "October 2026, by country (2 Nov 2026, 00:00)",
        "October 2026, by country (3 Nov 2026, 00:00)",
        "All periods, by region",
    ]


def test_generations_of_chosen_sources_name_the_one_or_how_many():
    chosen = [[], [{"id": 1, "name": "Films"}], [{"id": 1, "name": "Films"}, {"id": 2, "name": "Blog"}]]
    generations = [Generation(period="", unit="country", chosen_sources=sources) for sources in chosen]
    assert [label for _, label in generation_labels(generations)] == [
        "All periods, by country",
        "All periods, by country, Films",
        "All periods, by country, 2 sources",
    ]


def test_list_is_ordered_by_age_and_by_place():
    of = PersonaSet(generation=Generation())
    people = [
        Persona(persona_set=of, identity=Identity(name=name), age=age, country=country, share=0.5, position=position)
        for position, (name, age, country) in enumerate([("A", 40, "MX"), ("B", 20, "US"), ("C", 30, "BR")], 1)
    ]
    cards = [card(one) for one in people]
    assert [one.identity.name for one in narrowed(cards, ListWish(sort="age"))] == ["B", "C", "A"]
    assert [one.identity.name for one in narrowed(cards, ListWish(sort="place"))] == ["C", "A", "B"]
    assert [one.identity.name for one in narrowed(cards, ListWish(sort="x"))] == ["A", "B", "C"]


def test_columns_stand_on_the_foot_and_the_highest_reaches_the_top():
    chart = columns([("5", 1, 0.4, True), ("6", 2, 0.2, False), ("7", None, None, False)])
    tallest, half, none = chart.columns
    assert tallest.y + tallest.height == half.y + half.height == chart.foot
    assert half.height == pytest.approx(tallest.height / 2, abs=0.1)
    assert none.height == 0


def test_curve_of_equal_values_is_drawn_without_dividing_by_zero():
    assert len({point.y for point in curve([(5, 0.3), (6, 0.3)]).points}) == 1
