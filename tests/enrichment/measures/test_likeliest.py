"""The most likely job of some groups: planted estimates, nearest first, never guessed."""

import numpy as np
import pytest

from enrichment.measures.likeliest import Estimates
from sources.connectors.records import AttributeRow

GROUPS = [("female", "25-34", "MX"), ("male", "25-34", "MX"), ("female", "25-34", "US"), ("male", "65+", "US")]


def row(value, share, gender="", age="", country="", source="Survey", attribute="job") -> tuple[int, AttributeRow]:
    return 1, AttributeRow(gender, age, country, attribute, value, share, source)


def likeliest(rows, shares, attribute="job", face=0):
    return Estimates(rows, GROUPS).likeliest(attribute, np.array(shares), face)


def test_only_groups_of_the_faces_gender_and_age_are_averaged():
    rows = [row("Nurse", 0.2, *GROUPS[0]), row("Clerk", 0.6, *GROUPS[2]), row("Retired", 0.9, *GROUPS[3])]
    found = likeliest(rows, [0.3, 0, 0.1, 0.6])
    assert (found.value, found.share, found.coverage) == ("Clerk", pytest.approx(0.15), pytest.approx(1.0))


def test_estimates_of_others_alone_say_nothing_of_the_faces_gender_and_age():
    rows = [row("Retired", 0.9, *GROUPS[3])]
    assert likeliest(rows, [0.4, 0, 0, 0.6]) is None
    assert likeliest(rows, [0.4, 0, 0, 0.6], face=3).value == "Retired"


def test_the_value_with_the_largest_share_over_the_groups_is_the_likeliest():
    rows = [row("Nurse", 0.6, *GROUPS[0]), row("Clerk", 0.3, *GROUPS[0]), row("Clerk", 0.5, *GROUPS[2])]
    found = likeliest(rows, [0.5, 0, 0.5, 0])
    assert (found.value, found.share, found.coverage) == ("Clerk", pytest.approx(0.4), pytest.approx(1.0))


def test_the_groups_own_estimate_goes_before_wider_ones():
    rows = [row("Wide", 0.9, country="MX"), row("Wider", 0.9), row("Own", 0.2, *GROUPS[0])]
    assert likeliest(rows, [1, 0, 0, 0]).value == "Own"


@pytest.mark.parametrize(
    ("known", "level"),
    [
        (["ga", "gc", "c", ""], "gender and age"),
        (["gc", "ac", "c", ""], "gender and country"),
        (["ac", "c", "g", ""], "age and country"),
        (["c", "g", "a", ""], "country"),
        (["g", "a", ""], "gender"),
        (["a", ""], "age"),
        ([""], "the whole audience"),
    ],
)
def test_wider_estimates_stand_in_by_their_order(known, level):
    parts = {"g": {"gender": "female"}, "a": {"age": "25-34"}, "c": {"country": "MX"}}
    rows = [row(name or "all", 0.5, **{k: v for letter in name for k, v in parts[letter].items()}) for name in known]
    assert likeliest(rows, [1, 0, 0, 0]).levels == ((level, 1.0),)


def test_it_tells_whose_estimates_these_are_and_for_what_part_of_the_people():
    rows = [row("Nurse", 0.6, *GROUPS[0], source="Survey"), row("nurse", 0.5, country="US", source="Census")]
    found = likeliest(rows, [0.3, 0.2, 0.5, 0])
    assert found.sources == ("Census", "Survey")
    assert found.levels == (("country", pytest.approx(0.625)), ("gender, age and country", pytest.approx(0.375)))
    assert found.coverage == pytest.approx(0.8)
    assert found.share == pytest.approx((0.3 * 0.6 + 0.5 * 0.5) / 0.8)


@pytest.mark.parametrize(("part", "known"), [(0.29, False), (0.31, True)])
def test_nothing_is_said_below_the_least_coverage(part, known):
    found = likeliest([row("Nurse", 0.9, *GROUPS[0])], [part, 1 - part, 0, 0])
    assert (found is not None) == known


def test_an_attribute_without_estimates_is_not_known():
    estimates = Estimates([row("Nurse", 0.9)], GROUPS)
    assert "education" not in estimates
    assert estimates.likeliest("education", np.array([1.0, 0, 0, 0]), 0) is None


def test_two_piles_that_estimate_one_group_are_averaged():
    one, other = row("Nurse", 0.6, country="MX"), row("Nurse", 0.2, country="MX")
    assert likeliest([one, (2, other[1])], [1, 0, 0, 0]).share == pytest.approx(0.4)


def test_a_dimension_that_the_audience_lacks_takes_only_estimates_that_leave_it_open():
    estimates = Estimates([row("Nurse", 0.9, "female", "", "MX"), row("Clerk", 0.5, country="MX")], [("", "", "MX")])
    assert estimates.likeliest("job", np.array([1.0]), 0).value == "Clerk"
