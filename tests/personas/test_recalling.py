"""Which time a generation carries on."""

import pytest

from personas.generation import new_generation
from personas.models import Persona
from personas.recalling import memory_of
from sources.carrying import carry_out
from sources.models import DataSource
from tests.builders import make_contents, make_groups, make_interactions

MONTHS = ("2026-08", "2026-09", "2026-10")


@pytest.fixture
def months(organization):
    """Three months of the same contents and people."""
    contents, groups = make_contents(organization, 30), make_groups()
    for seed, period in enumerate(MONTHS):
        make_interactions(contents, groups, period=period, seed=seed)
    return organization


def generate(organization, period="", **wish):
    generation = new_generation(organization=organization, sizes=(5,), period=period, **wish)
    carry_out(generation)
    assert generation.state == "done", generation.error
    return generation


def test_a_month_carries_on_the_last_month_before_it(months):
    august, october = generate(months, MONTHS[0]), generate(months, MONTHS[2])
    september = generate(months, MONTHS[1])
    assert (august.continues, september.continues, october.continues) == (None, august, august)
    assert generate(months, MONTHS[2], seed=1).continues == september


def test_the_same_data_once_more_carries_on_the_same_time(months):
    generate(months)
    make_interactions(make_contents(months, 30, source_name="More"), make_groups(), seed=9)
    first = generate(months)
    assert generate(months).continues == first.continues is not None


def test_months_and_all_periods_do_not_carry_each_other_on(months):
    generate(months, MONTHS[0])
    assert generate(months).continues is None


def test_the_reference_carries_nothing_on(months):
    generate(months, MONTHS[0])
    assert generate(months, MONTHS[1], method="reference").continues is None


def test_other_sources_are_another_audience(months):
    make_interactions(make_contents(months, 30, source_name="More"), make_groups(), period=MONTHS[0], seed=9)
    generate(months, MONTHS[0], sources=[DataSource.objects.get(name="More")])
    assert generate(months, MONTHS[1]).continues is None


def test_the_memory_holds_every_interaction_of_the_set(months):
    generation = generate(months, MONTHS[0])
    mass = memory_of(generation).masses[5]
    personas = Persona.objects.filter(persona_set__generation=generation).order_by("thread")
    assert mass.sum(axis=0) == pytest.approx([persona.interactions for persona in personas], rel=1e-5)


def test_a_person_who_is_carried_on_tells_how_like_before(months):
    generate(months, MONTHS[0])
    later = generate(months, MONTHS[1])
    states = {persona.state for persona in Persona.objects.filter(persona_set__generation=later)}
    assert states <= {"new", "stable", "drifting"}
    assert {persona.state for persona in Persona.objects.filter(persona_set__generation=later.continues)} == {""}
