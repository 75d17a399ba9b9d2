"""Where a source has no categories and tags, topics come from its titles, and say so."""

import pytest

from enrichment.measures.topics import TopicIndex
from enrichment.titling import found_in_titles, titled
from personas.generation import new_generation
from personas.models import Persona
from sources.frames import read_contents
from sources.models import ContentUnit
from tests import builders
from tests.enrichment.measures.headlines import headlines
from tests.running import run


@pytest.fixture
def untagged(organization):
    titles, _ = headlines(0)
    units = builders.make_contents(organization, len(titles))
    for unit, title in zip(units, sorted(titles), strict=True):
        unit.title, unit.category, unit.tags = title, "", []
    ContentUnit.objects.bulk_update(units, ["title", "category", "tags"])
    return units


def label_places(units):
    ids = [unit.pk for unit in units]
    found = read_contents(ids)
    return titled(ids, [found[pk] for pk in ids])


def test_only_sources_without_any_label_are_titled(organization, untagged):
    tagged = builders.make_contents(organization, 30, source_name="Tagged")
    assert set(label_places([*tagged, *untagged])) == set(range(30, 30 + len(untagged)))


def test_personas_tell_topics_from_titles_with_what_they_cover(organization, untagged):
    builders.make_interactions(untagged, builders.make_groups())
    run(new_generation(organization=organization, sizes=[5]))
    topics = [topic for persona in Persona.objects.all() for topic in persona.topics]
    assert topics
    assert {topic["origin"] for topic in topics} == {"titles"}
    assert all(0.5 < topic["coverage"] <= 1 for topic in topics)


@pytest.fixture
def mixed(organization, untagged):
    """Personas of one source with categories and tags and one with neither."""
    tagged = builders.make_contents(organization, 30, source_name="Tagged")
    builders.make_interactions([*tagged, *untagged], builders.make_groups())
    done = run(new_generation(organization=organization, sizes=[5]))
    assert done.state == "done", done.error
    return list(Persona.objects.all())


def test_each_topic_from_titles_says_so_beside_those_that_were_given(mixed):
    origins = {topic["label"]: topic.get("origin") for persona in mixed for topic in persona.topics}
    given = {"Science", "Sport", "World", "Health"}
    assert {label: origin for label, origin in origins.items() if label in given} == dict.fromkeys(
        given & set(origins), None
    )
    found = {label for label in origins if label not in given and not label.startswith("tag")}
    assert found
    assert {origins[label] for label in found} == {"titles"}


def test_nothing_from_titles_sets_apart_as_a_category(mixed):
    categories = {one["value"] for persona in mixed for one in persona.apart if one["kind"] == "category"}
    assert categories <= {"Science", "Sport", "World", "Health"}


def test_label_that_a_content_was_given_is_not_found(organization):
    index = TopicIndex(["", "", "Sport"], [["Cats"], ["Sport"], []])
    assert found_in_titles(index, {0: "Cats", 1: "Sport"}) == {"Cats"}
