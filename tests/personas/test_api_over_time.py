"""The months of an audience in the API: the same facts as on the page."""

import pytest

from personas.models import Generation, Persona
from tests import builders
from tests.api_calls import ROOT, program, queries_of
from tests.personas.months import make_months, personas_of
from tests.personas.test_over_time import become_somebody_else

ADDRESS = f"{ROOT}over-time/"


@pytest.fixture
def months(organization):
    return make_months(organization)


@pytest.fixture
def reader(organization):
    return program(organization, "read")


def test_figures_and_months_are_told(months, reader):
    other = become_somebody_else(months[2])
    told = reader.get(ADDRESS).json()
    assert (told["unit"], told["size"], told["sizes"]) == ("country", 5, [5, 6])
    assert (told["unique_personas"], told["persistence"], told["topic_change"]) == (6, pytest.approx(0.9), 0)
    last = told["months"][-1]
    assert (last["period"], last["new"], last["stable"], last["drifting"]) == ("2026-10", 1, 4, 0)
    assert [one["name"] for one in last["gone"]] == ["Amina Haddad"]
    assert (last["personas"][0]["identity"], last["personas"][0]["state"]) == (other.pk, "new")
    assert last["personas"][1]["topics"] == ["Science", "Sport"]


def test_first_month_has_nothing_to_compare_with(months, reader):
    first = reader.get(ADDRESS, {"size": 6}).json()["months"][0]
    assert (first["persistence"], first["topic_change"], first["compared"]) == (None, None, False)
    assert {one["state"] for one in first["personas"]} == {""}
    assert len(first["personas"]) == 6


def test_month_that_does_not_carry_on_tells_no_numbers(months, reader):
    Generation.objects.filter(pk=months[2].pk).update(continues=None)
    last = reader.get(ADDRESS).json()["months"][-1]
    assert [last[name] for name in ("new", "stable", "drifting", "persistence", "gone")] == [None, None, None, None, []]


@pytest.mark.parametrize("query", ["unit=planet", "size=many", "size=0", "colour=red"])
def test_a_wish_that_makes_no_sense_is_refused(months, reader, query):
    response = reader.get(f"{ADDRESS}?{query}")
    assert (response.status_code, set(response.json())) == (400, {query.split("=")[0]})


def test_months_of_others_are_not_there(months, stranger, client):
    assert program(stranger.organizations.get(), "read").get(ADDRESS).json()["months"] == []
    assert client.get(ADDRESS).status_code == 401
    assert program(months[0].organization, "run").get(ADDRESS).status_code == 403


def test_many_months_cost_as_many_queries_as_few(organization, months, reader):
    few = queries_of(lambda: reader.get(ADDRESS))
    make_months(organization, ("2026-11", "2026-12"))
    assert queries_of(lambda: reader.get(ADDRESS)) == few


def test_a_persona_is_told_with_its_state(months, reader):
    personas_of(months[2], position=1).update(likeness=0.5, stability=0.75)
    one = Persona.objects.get(persona_set__generation=months[2], persona_set__size=5, position=1)
    told = reader.get(f"{ROOT}personas/{one.pk}/").json()
    assert (told["state"], told["likeness"], told["stability"]) == ("drifting", 0.5, 0.75)


def test_a_persona_of_the_first_set_has_no_state(organization, reader):
    builders.make_persona_sets(organization, sizes=(5,))
    told = reader.get(f"{ROOT}personas/").json()["results"][0]
    assert (told["state"], told["likeness"], told["stability"]) == ("", None, None)
