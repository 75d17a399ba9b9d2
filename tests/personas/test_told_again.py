"""What a later month keeps of names, topics and quotes, of an audience whose tastes stay and whose contents change."""

from itertools import pairwise

import pytest

from personas.generation import new_generation
from personas.merging import merge_identities
from personas.models import Persona
from personas.over_time import over_time
from personas.recalling import there_before, told_before
from tests.builders import make_contents, make_groups, make_interactions
from tests.comments import make_comments, make_readings
from tests.running import run

MONTHS = ("2026-08", "2026-09", "2026-10")
FRESH = 8  # contents of 40 that a month has in place of others


@pytest.fixture
def months(organization):
    contents, groups = make_contents(organization, 40 + FRESH * 2), make_groups()
    words = ["river", "harbour", "market", "bridge", "forest", "island", "station", "garden"]
    texts = [f"The {words[n % 8]} of number {n} taught my {words[n // 8]} something new" for n in range(len(contents))]
    make_readings(make_comments(contents, texts))
    for seed, period in enumerate(MONTHS):
        make_interactions(contents[seed * FRESH :][:40], groups, period=period, seed=seed)
    return [generate(organization, period) for period in MONTHS]


def generate(organization, period):
    generation = run(new_generation(organization=organization, sizes=(5, 6), period=period))
    assert generation.state == "done", generation.error
    return generation


def people(generation):
    return {one.identity_id: one for one in Persona.objects.filter(persona_set__generation=generation)}


def kept(months, told):
    """The part of what is told of the people of each month that is told of them in the next, too."""
    parts = []
    for before, now in pairwise(map(people, months)):
        for who in before.keys() & now.keys():
            then = told(before[who])
            parts.append(len(then & told(now[who])) / len(then))
    assert parts
    return sum(parts) / len(parts)


def test_a_later_month_keeps_most_names(months):
    for before, now in pairwise(map(people, months)):
        assert len(before.keys() & now.keys()) / len(before) >= 0.6


def test_a_later_month_keeps_most_topics(months):
    assert kept(months, lambda one: {topic["label"] for topic in one.topics}) >= 0.75
    assert kept(months, lambda one: {topic["label"] for topic in one.topics[:3]}) >= 0.75


def test_a_later_month_keeps_quotes_whose_contents_are_still_seen(months):
    assert kept(months, lambda one: {quote["comment"] for quote in one.quotes}) >= 0.5


def test_nothing_was_told_before_the_first_month(months):
    assert told_before(months[0], (5, 6)) == {}


def test_what_was_told_is_that_of_the_same_size_or_else_of_the_nearest(months):
    of = {one.persona_set.size: one for one in Persona.objects.filter(persona_set__generation=months[0], thread=0)}
    told = told_before(months[1], (6, 9))
    for size in (6, 9):
        before = told[size, of[6].identity_id]
        assert before.topics == tuple(topic["label"] for topic in of[6].topics)
        assert before.quotes == {quote["comment"] for quote in of[6].quotes}


def test_of_merged_personas_each_pattern_is_told_like_itself(months):
    kept_one, other = (
        one.identity for one in Persona.objects.filter(persona_set__generation=months[0], persona_set__size=5)[:2]
    )
    told = told_before(months[1], (5,))
    merge_identities(kept=kept_one, merged=other)
    assert told_before(months[1], (5,)) == told


def test_the_page_over_time_and_the_profile_say_the_same_of_everybody(organization, months):
    for size in (5, 6):
        for month in over_time(organization, "country", size).months[1:]:
            assert {one.persona.pk: one.state for one in month.people} == {
                one.persona.pk: one.persona.state for one in month.people
            }


def test_who_stood_in_a_set_before_is_told_by_size(organization, months):
    before = Persona.objects.filter(persona_set__generation=months[0])
    one = before.get(persona_set__size=6, position=1)
    before.filter(persona_set__size=5, identity=one.identity).delete()
    there = there_before(months[1])
    assert (one.identity_id in there[5], one.identity_id in there[6]) == (False, True)
    assert there_before(months[0]) == {}
