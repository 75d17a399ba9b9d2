"""How many people there are and what they do: planted, asked for, and found again."""

import pytest

from sources.connectors.meta.audience_estimates import Estimate
from sources.connectors.meta.audience_targeting import targeting_spec
from sources.connectors.meta.codes import codes
from tests.platforms.meta_ads_world import INDUSTRIES
from tests.platforms.meta_contract import check_answer

WOMEN, MEN = ("female", "25-34", "QA"), ("male", "65+", "US")


def words(table):
    return {one.code: one.words for one in codes(table).values()}


def test_a_specification_is_what_the_sdk_takes_and_never_widened():
    spec = targeting_spec(WOMEN, "job", {"id": "6008888961983", "name": "Production"})
    check_answer("Targeting", spec)
    assert spec == {
        "geo_locations": {"countries": ["QA"], "location_types": ["home", "recent"]},
        "age_min": 25,
        "age_max": 34,
        "genders": [2],
        "flexible_spec": [{"industries": [{"id": "6008888961983", "name": "Production"}]}],
        "targeting_automation": {"advantage_audience": 0},
    }


def test_an_open_dimension_is_any_adult_of_any_gender():
    spec = targeting_spec(("", "", "QA"), "education", 3)
    assert (spec["age_min"], spec["age_max"], "genders" in spec) == (18, 65, False)
    assert targeting_spec(MEN)["age_min"] == targeting_spec(MEN)["age_max"] == 65


@pytest.mark.parametrize(
    ("group", "why"),
    [
        (("female", "13-17", "QA"), "Not available: Meta tells advertisers nothing of people under 18"),
        (("user_specified", "25-34", "QA"), "women and men only"),
        (("female", "25-34", ""), "this group names none"),
    ],
)
def test_whom_meta_does_not_estimate_is_said_in_words_and_costs_nothing(ads, estimates, group, why):
    harvest = estimates().of(group)
    assert (harvest.sizes, harvest.attributes) == ((), ())
    assert why in harvest.complaints[0]
    assert ads.server.asked == []
    with pytest.raises(ValueError, match=why):
        targeting_spec(group)


@pytest.mark.parametrize("question", ["delivery_estimate", "reachestimate"])
def test_the_planted_size_lies_in_the_range(ads, estimates, question):
    (size,) = estimates(question=question).of(WOMEN).sizes
    assert size.lower <= ads.population.count(targeting_spec(WOMEN)) <= size.upper
    assert (size.group, size.month, size.origin) == (WOMEN, "2026-11", "Meta's estimate for advertisers, 2026-11")


def test_an_object_is_read_like_a_list(ads, estimates):
    usual = estimates().of(WOMEN)
    ads.as_object = True
    assert estimates(known=lambda *key: None).of(WOMEN) == usual


@pytest.mark.parametrize(
    ("attribute", "field", "names"),
    [
        ("relationship", "relationship_statuses", words("relationship")),
        ("education", "education_statuses", words("education")),
        ("job", "industries", INDUSTRIES),
    ],
)
def test_planted_shares_are_recovered_within_rounding(ads, estimates, attribute, field, names):
    found = {row.value: row.share for row in estimates().of(WOMEN).attributes if row.attribute == attribute}
    truth = {names[key]: share for key, share in ads.population.truth(WOMEN, field).items()}
    missed = sum(share for value, share in truth.items() if value not in found)
    assert len(found) > 4
    assert all(abs(share - truth[value]) < 0.01 + missed for value, share in found.items())
    assert sum(found.values()) <= 1 + 1e-9


def test_who_tells_no_value_is_in_no_share_but_told(estimates):
    harvest = estimates().of(WOMEN)
    assert "Not specified" not in {row.value for row in harvest.attributes}
    assert any("relationship: about" in words and "tell none" in words for words in harvest.complaints)


def test_industries_that_meta_gives_up_are_not_asked_for(ads, estimates):
    asking = estimates()
    assert {value.words for value in asking.industries} == set(INDUSTRIES.values())
    asking.of(WOMEN)
    assert not any("6012903167183" in request.one("targeting_spec") for request in ads.server.asked)


def test_a_bound_at_the_floor_is_anything_up_to_it():
    assert (Estimate(1000, 1000).bounds, Estimate(1000, 1000).censored) == ((0, 1000), True)
    assert (Estimate(1000, 1600).bounds, Estimate(1000, 1600).censored) == ((0, 1600), False)
    assert Estimate(1200, 1600).bounds == (1200, 1600)


def test_few_people_are_told_as_few_and_not_asked_about_further(ads, estimates):
    ads.population.people[:] = 40
    harvest = estimates().of(WOMEN)
    assert (harvest.sizes[0].lower, harvest.sizes[0].upper, harvest.attributes) == (0, 1000, ())
    assert "at most 1,000 people" in harvest.complaints[0]
    assert ads.server.count("delivery_estimate") == 1


def test_values_of_few_people_have_no_share_and_are_counted(ads, estimates):
    ads.population.people[:] = 12_000
    harvest = estimates().of(WOMEN)
    jobs = [row for row in harvest.attributes if row.attribute == "job"]
    assert 0 < len(jobs) < len(INDUSTRIES)
    assert any("job: " in words and "values have at most 1,000 people" in words for words in harvest.complaints)


def test_small_values_together_are_no_more_people_than_the_group_has(ads, estimates):
    ads.population.people[:] = 5_000
    married = ads.population.shares["relationship_statuses"]
    for shares in married.values():
        shares[:] = 0.4 / (len(married) - 1)
    married[3][:] = 0.6
    (row,) = (row for row in estimates().of(WOMEN).attributes if row.attribute == "relationship")
    assert (row.value, row.share) == ("Married", pytest.approx(0.75, abs=0.1))  # 0.6 to 1: a fifth of 5,000 may be few


def test_what_meta_cannot_tell_is_neither_nobody_nor_asked_again(ads, estimates):
    ads.untold = ['"relationship_statuses": [3]']
    harvest = estimates().of(WOMEN)
    assert "relationship" not in {row.attribute for row in harvest.attributes}
    words = "female, 25-34, QA, relationship: Meta cannot tell of 1 of 12 values, so no shares are told of it."
    assert words in harvest.complaints
    asked = len(ads.server.asked)
    estimates().of(WOMEN)
    assert len(ads.server.asked) == asked


def test_a_size_that_cannot_be_told_is_no_row(ads, estimates):
    ads.untold = ['"QA"']
    harvest = estimates().of(WOMEN)
    assert (harvest.sizes, harvest.complaints) == ((), ["female, 25-34, QA: Meta cannot tell how many there are."])


def test_one_industry_of_many_may_be_missing(ads, estimates):
    ads.untold = [f'"id": "{next(iter(INDUSTRIES))}"']
    harvest = estimates().of(WOMEN)
    assert "job" in {row.attribute for row in harvest.attributes}
    assert any(
        words.endswith(f"job: Meta cannot tell of 1 of {len(INDUSTRIES)} values.") for words in harvest.complaints
    )


def test_a_size_that_is_not_ready_leaves_what_is_known(ads, estimates):
    ads.unready = ['"QA"']
    harvest = estimates().of(WOMEN)
    assert (harvest.sizes, harvest.settled) == ((), ())
    assert "was not ready to tell" in harvest.complaints[0]


def test_a_value_that_meta_does_not_know_any_more_is_nobodys(ads, estimates):
    gone = ads.graph.error("(#100) Invalid relationship status", 100)
    ads.server.fail("GET", "delivery_estimate", gone, skip=3)
    harvest = estimates().of(WOMEN)
    told = [row for row in harvest.attributes if row.attribute == "relationship"]
    assert len(told) == 9  # of 12: without those who tell none, those who are few, and the one that is gone
    assert not any("cannot tell" in words for words in harvest.complaints)
