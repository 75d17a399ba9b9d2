"""A part of an audience becomes a person, from stored contents."""

from dataclasses import replace

import numpy as np
import pytest

from enrichment.attributing import Whole
from enrichment.enriching import Enricher, Subject
from sources.attributing import store_attributes
from sources.connectors.records import AttributeRow
from sources.models import Comment
from tests.builders import make_contents

GROUPS = [
    (gender, age, country)
    for gender in ("female", "male")
    for age in ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    for country in ("EG", "IN", "US", "DE", "FR")
]
FACE = GROUPS.index(("female", "25-34", "EG"))
WOMEN = np.array([0.03 if gender == "female" else 0.1 / 30 for gender, *_ in GROUPS])


def make_enricher(contents, groups=GROUPS) -> Enricher:
    whole = Whole(groups, np.full(len(groups), 1000.0), np.ones(len(contents)))
    usual = np.full(len(contents), 60_000 / len(contents))
    ids, sources = np.array([unit.pk for unit in contents]), {unit.source_id for unit in contents}
    return Enricher(ids, usual, 2026, whole, sources=sources)


@pytest.fixture
def contents(organization):
    return make_contents(organization, 20)


@pytest.fixture
def enricher(contents):
    return make_enricher(contents)


@pytest.fixture
def subject():
    weights = np.where(np.arange(20) % 4 == 0, 0.15, 0.25 / 15)  # four times in five on science
    ages = {"25-34": 0.7, "35-44": 0.3}
    return Subject("key", "female", "25-34", "EG", "Egypt", ages, 0.2, 12, 0.4, weights, 0, WOMEN, GROUPS[FACE])


def missing(profile) -> dict[str, str]:
    return dict(profile.unavailable)


def test_topics_come_from_what_this_part_prefers(enricher, subject):
    best = enricher.profile(subject, "Mona Farid").topics[0]
    assert (best.label, best.share, best.lift) == ("Science", pytest.approx(0.75), pytest.approx(3.0))


def test_age_lies_inside_the_band(enricher, subject):
    assert 25 <= enricher.profile(subject, "Mona Farid").age <= 34


def test_face_has_a_name_that_nobody_has_and_a_picture(enricher, subject):
    first = enricher.face(subject, set())
    second = enricher.face(subject, {first.name})
    assert second.name != first.name
    assert first.picture.startswith(b"\x89PNG")
    assert "country" in first.name_origin


def test_description_tells_the_facts_in_two_sentences(enricher, subject):
    text = enricher.profile(subject, "Mona Farid").description
    assert {"Mona Farid" in text, "Egypt" in text, "Science" in text, "20%" in text} == {True}


def test_what_the_data_cannot_say_is_listed_with_why(enricher, subject):
    gone = missing(enricher.profile(replace(subject, gender="", country="", place=""), "Mona Farid"))
    assert {"Gender", "Country", "Job", "Quotes"} <= gone.keys()
    assert "Age" not in gone
    assert "no source" in gone["Quotes"]


def test_stored_comments_are_not_said_to_be_missing(contents, subject):
    Comment.objects.create(content=contents[0], external_id="1", text="Fine")
    enricher = make_enricher(contents)
    assert "stored" in missing(enricher.profile(subject, "Mona Farid"))["Sentiment"]


def test_what_differs_from_the_rest_sets_apart(enricher, subject):
    profile = enricher.profile(subject, "Mona Farid")
    (gender,) = [one for one in profile.apart if one.kind == "gender"]
    assert (gender.value, gender.share, gender.rest) == ("male", pytest.approx(0.1), pytest.approx(0.6))
    assert "What sets them apart" not in missing(profile)


def test_nothing_sets_apart_who_is_like_everybody(contents, enricher, subject):
    alike = replace(subject, weights=np.full(20, 1 / 20), group_weights=np.full(len(GROUPS), 1 / len(GROUPS)))
    profile = enricher.profile(alike, "Mona Farid")
    assert profile.apart == ()
    assert "by more than chance" in missing(profile)["What sets them apart"]


def test_loyalty_is_the_part_of_contents_watched_more_than_expected(enricher, subject):
    assert (enricher.profile(subject, "Mona Farid").loyalty.contents, 20) == (5, 20)


def test_loyalty_is_missing_where_few_contents_can_tell(organization, subject):
    few = make_contents(organization, 8, source_name="Few")
    profile = make_enricher(few).profile(replace(subject, weights=np.full(8, 1 / 8)), "Mona Farid")
    assert profile.loyalty is None
    assert "fewer than 20 contents" in missing(profile)["Loyalty"]


def test_estimates_of_the_groups_give_the_likeliest_job(contents, subject):
    row = AttributeRow("female", "", "", "job", "Nurse", 0.4, "Survey")
    store_attributes(contents[0].source, [row])
    profile = make_enricher(contents).profile(subject, "Mona Farid")
    (job,) = profile.likely
    assert (job.value, job.coverage, job.sources) == ("Nurse", pytest.approx(0.9), ("Survey",))
    assert "Nurse" in profile.description
    assert {"Education", "Relationship"} <= missing(profile).keys()
    assert "Job" not in missing(profile)


def test_a_girl_of_sixteen_has_no_job_and_no_relationship_of_adults_and_it_says_why(contents, subject):
    rows = [
        AttributeRow("female", age, "", name, "Told", 0.6, "Meta")
        for age in ("25-34", "35-44", "45-54")
        for name in ("job", "relationship")
    ]
    store_attributes(contents[0].source, rows)
    groups = [*GROUPS, ("female", "13-17", "EG")]
    weights = np.append(WOMEN * 0.8, 0.2)
    girl = replace(subject, age_group="13-17", ages={"13-17": 1.0}, face=groups[-1], group_weights=weights)
    profile = make_enricher(contents, groups).profile(girl, "Mona Farid")
    assert profile.likely == ()
    assert "none of people of the same gender and age" in missing(profile)["Relationship"]
    assert "Told" not in profile.description


def test_estimates_of_too_few_of_the_people_give_nothing_and_say_so(contents, subject):
    row = AttributeRow("male", "", "", "job", "Nurse", 0.4, "Survey")
    store_attributes(contents[0].source, [row])
    profile = make_enricher(contents).profile(subject, "Mona Farid")
    assert profile.likely == ()
    assert missing(profile)["Job"] == "The estimates cover 10% of the people behind this persona; it needs 30%."
