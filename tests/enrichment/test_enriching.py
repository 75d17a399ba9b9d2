"""A part of an audience becomes a person, from stored contents."""

from dataclasses import replace

import numpy as np
import pytest

from enrichment.enriching import Enricher, Subject
from sources.models import Comment
from tests.builders import make_contents


@pytest.fixture
def contents(organization):
    return make_contents(organization, 20)


@pytest.fixture
def enricher(contents):
    return Enricher(np.array([unit.pk for unit in contents]), np.ones(20), 2026)


@pytest.fixture
def subject():
    weights = np.where(np.arange(20) % 4 == 0, 0.15, 0.25 / 15)  # four times in five on science
    return Subject("key", "female", "25-34", "EG", "Egypt", {"25-34": 0.7, "35-44": 0.3}, 0.2, 12, 0.4, weights, 0)


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
    enricher = Enricher(np.array([unit.pk for unit in contents]), np.ones(20), 2026)
    assert "stored" in missing(enricher.profile(subject, "Mona Farid"))["Sentiment"]
