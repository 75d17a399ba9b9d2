"""Who is who from generation to generation: the last one's people, and pinned ones after a pause."""

import pytest

from enrichment.measures.choosing import neighbours
from personas.curating import pin, rename_identity
from personas.generation import new_generation
from personas.models import Generation, Identity, Persona
from sources.carrying import carry_out
from sources.models import DataSource
from tests.builders import make_contents, make_groups, make_interactions


@pytest.fixture
def usual(organization):
    return source_of(organization, "Usual", seed=0)


@pytest.fixture
def other(organization):
    """A source whose people live elsewhere: nobody of the usual one is known again in it."""
    return source_of(organization, "Other", seed=1, countries=("BR", "JP", "KE"))


def source_of(organization, name: str, seed: int, **groups) -> DataSource:
    make_interactions(make_contents(organization, 30, source_name=name), make_groups(**groups), seed=seed)
    return DataSource.objects.get(name=name)


def generate(source, sizes=(5,), **wish) -> Generation:
    generation = new_generation(organization=source.organization, sizes=sizes, sources=[source], **wish)
    carry_out(generation)
    assert generation.state == "done", generation.error
    return generation


def people_of(generation) -> list[Identity]:
    return list(Identity.objects.filter(personas__persona_set__generation=generation).order_by("pk").distinct())


def test_a_pinned_person_comes_back_after_a_generation_without_them(usual, other):
    pinned = rename_identity(identity=people_of(generate(usual))[0], name="Nora Lindqvist")
    assert pinned not in people_of(generate(other))
    assert pinned in people_of(generate(usual))


def test_a_pinned_person_who_is_away_stays_as_they_are(usual, other):
    pinned = rename_identity(identity=people_of(generate(usual))[0], name="Nora Lindqvist")
    before = vars(Identity.objects.get(pk=pinned.pk)) | {"_state": None}
    generate(other)
    assert vars(Identity.objects.get(pk=pinned.pk)) | {"_state": None} == before


def test_a_person_who_was_away_is_known_again(usual, other):
    first = people_of(generate(usual))
    generate(other)
    assert people_of(generate(usual)) == first


def test_regions_and_countries_have_people_of_their_own(usual):
    by_country = people_of(generate(usual))
    pin(identity=by_country[0], name=True)
    by_region = people_of(generate(usual, unit="region"))
    assert not set(by_country) & set(by_region)
    assert people_of(generate(usual)) == by_country


def test_the_first_generation_makes_new_people(usual):
    assert len(people_of(generate(usual))) == 5


def grow(identity, age_group: str) -> None:
    """Have somebody been of another age in all sets."""
    Persona.every.filter(identity=identity).update(age_group=age_group)


def test_who_is_of_quite_another_age_now_is_somebody_else(usual):
    before = people_of(generate(usual))
    grow(before[0], "65+" if before[0].age_group in ("13-17", "18-24", "25-34") else "13-17")
    after = people_of(generate(usual))
    assert before[0] not in after
    assert {*before[1:]} < {*after}


def test_who_is_about_as_old_as_in_any_set_is_known_again(usual):
    before = people_of(generate(usual))
    grow(before[0], neighbours(before[0].age_group)[0])
    assert people_of(generate(usual)) == before
