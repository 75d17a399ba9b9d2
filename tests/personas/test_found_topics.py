"""Topics that were found in texts by machine: each is marked, and none is called a category."""

import pytest
from django.urls import reverse

from personas.merging import merge_identities
from personas.models import Persona
from tests.builders import make_persona_sets

GIVEN = {"label": "Science", "share": 0.4, "lift": 2.1}
FOUND = {"label": "slower last", "share": 0.2, "lift": 1.3, "origin": "titles", "coverage": 0.25}


@pytest.fixture
def persona(organization):
    return Persona.objects.get(persona_set__generation=make_persona_sets(organization, sizes=(5,)), position=1)


def shown(client, persona, **fields) -> str:
    if fields:
        Persona.objects.filter(pk=persona.pk).update(**fields)
    return " ".join(client.get(reverse("persona", args=["acme", persona.pk])).content.decode().split())


def test_topic_found_in_texts_is_marked_wherever_it_stands(owner_client, persona):
    page = shown(owner_client, persona, topics=[GIVEN, FOUND])
    assert page.count(">found in texts<") == 1
    assert "slower last</span> <span" in page
    assert "25.0% of what Amina Haddad looks at has such a topic" in page


def test_topics_that_were_given_bear_no_mark(owner_client, persona):
    assert "found in texts" not in shown(owner_client, persona, topics=[GIVEN])


def test_topic_found_in_texts_that_sets_apart_is_marked(owner_client, persona):
    apart = [{"kind": "topic", "value": "slower last", "label": "slower last", "share": 0.2, "rest": 0.1, "times": 2.0}]
    page = shown(owner_client, persona, topics=[GIVEN, FOUND], apart=apart)
    assert "Topic found in texts" in page


def test_words_without_numbers_name_given_topics_first(owner_client, persona):
    owner_client.post(reverse("numbers", args=["acme"]), {"shown": "off", "next": "/"})
    assert "First among the topics: Science." in shown(owner_client, persona, topics=[FOUND, GIVEN])


def test_topics_of_merged_personas_stay_marked_with_what_titles_cover_of_both(owner_client, persona):
    other = persona.persona_set.personas.get(position=2)
    Persona.objects.filter(pk=persona.pk).update(topics=[GIVEN, FOUND], share=0.3)
    Persona.objects.filter(pk=other.pk).update(topics=[FOUND | {"coverage": 0.5}], share=0.2)
    merge_identities(kept=persona.identity, merged=other.identity)
    merged = Persona.objects.get(combined=True)
    topics = {topic["label"]: topic for topic in merged.topics}
    assert topics["slower last"]["coverage"] == pytest.approx((0.3 * 0.25 + 0.2 * 0.5) / 0.5)
    assert "origin" not in topics["Science"]
    assert shown(owner_client, merged).count(">found in texts<") == 1


def test_a_topic_that_a_part_was_given_is_not_marked_when_merged(persona):
    other = persona.persona_set.personas.get(position=2)
    Persona.objects.filter(pk=persona.pk).update(topics=[FOUND])
    Persona.objects.filter(pk=other.pk).update(topics=[GIVEN | {"label": "Slower last"}])
    merge_identities(kept=persona.identity, merged=other.identity)
    assert "origin" not in Persona.objects.get(combined=True).topics[0]
