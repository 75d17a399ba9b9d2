"""Margins of people and countries in Meta's spelling, and what becomes of them: known, unknown, suppressed."""

import numpy as np
import pytest

from sources.connectors.meta.people import Audience, counted, countries_of, people_of

PEOPLE = {"F.18-24": 30, "M.18-24": 30, "M.65+": 20, "U.25-34": 20}
COUNTRIES = {"QA": 60, "US": 40}


def only(total=100, people=PEOPLE, countries=COUNTRIES, joint=None, seed=""):
    (one,), complaints = counted([Audience("1", total, people_of(people), countries_of(countries))], joint, seed)
    return one, complaints


def test_people_are_read_as_meta_spells_them():
    margin = people_of(PEOPLE)
    assert margin.counts == {("female", "18-24"): 30, ("male", "18-24"): 30, ("male", "65+"): 20}
    assert (margin.unknown, margin.strange) == (20, [])


def test_countries_are_read_by_code_and_by_region():
    assert countries_of({"QA": 3, "ZZ": 1}).counts == {"QA": 3}
    regions = countries_of(
        {"Doha - Qatar": 2, "Al Wakrah - Qatar": 1, "England - United Kingdom": 4, "A - B - Nowhere": 5}
    )
    assert regions.counts == {"QA": 3, "GB": 4}
    assert (regions.unknown, regions.strange) == (5, ["A - B - Nowhere"])


@pytest.mark.parametrize("value", [None, [], 0, {}])
def test_no_value_is_no_margin(value):
    assert people_of(value).total == countries_of(value).total == 0


def test_the_part_of_unknown_people_is_unknown():
    one, complaints = only()
    assert (float(np.sum(one.counts)), one.unknown, one.suppressed) == pytest.approx((80, 20, 0))
    assert complaints == []


def test_what_is_missing_from_a_list_is_suppressed():
    one, _ = only(countries={"QA": 60, "US": 30})
    assert (float(np.sum(one.counts)), one.unknown, one.suppressed) == pytest.approx((72, 20, 8))


@pytest.mark.parametrize(("people", "countries"), [({}, {}), (PEOPLE, {}), ({}, COUNTRIES)])
def test_without_one_of_the_lists_nobody_is_known(people, countries):
    one, _ = only(people=people, countries=countries)
    assert (len(one.groups), one.estimated, one.unknown + one.suppressed) == (0, False, pytest.approx(100))


def test_nothing_viewed_is_an_empty_column():
    one, _ = only(0, {}, {})
    assert (len(one.groups), one.unknown, one.suppressed) == (0, 0, 0)


def test_a_total_that_is_not_told_is_that_of_the_longer_list():
    one, _ = only(None, countries={"QA": 90})
    assert float(np.sum(one.counts)) + one.unknown + one.suppressed == pytest.approx(100)


def test_lists_that_add_up_to_more_than_the_total_are_told():
    _, complaints = only(50)
    assert "its groups add up to 100, its total is 50" in complaints[0]


def test_a_seed_of_other_groups_gives_way_to_independence():
    one, complaints = only(joint={("female", "13-17", "NO"): 5.0}, seed="own channel")
    assert one.seed == "independence"
    assert "own channel" in complaints[0]


def test_the_odds_of_the_seed_are_kept():
    people, countries = {"F.18-24": 50, "M.18-24": 50}, {"QA": 50, "US": 50}
    keys = [("female", "18-24", "QA"), ("female", "18-24", "US"), ("male", "18-24", "QA"), ("male", "18-24", "US")]
    one, _ = only(100, people, countries, dict(zip(keys, (9e6, 1e6, 1e6, 9e6), strict=True)), "own channel")
    cells = dict(zip(one.groups, one.counts, strict=True))
    assert [cells[key] for key in keys] == pytest.approx([45, 5, 5, 45], rel=1e-2)
