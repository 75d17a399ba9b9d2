"""Where a source has no categories and tags, topics come from its titles, and say so."""

import pytest

from enrichment.titling import titled
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
