"""Personas that hardly come back when they are drawn again: the pages say so, and what can help."""

import pytest
from django.urls import reverse

from personas.models import Generation, Persona, PersonaSet
from personas.returning import is_unsteady, remedies, seldom_back
from tests.builders import make_persona_sets


@pytest.fixture
def persona_set(organization):
    return make_persona_sets(organization, sizes=(5,)).sets.get()


def come_back(persona_set, *stabilities):
    for persona, stability in zip(persona_set.personas.order_by("position"), stabilities, strict=True):
        Persona.objects.filter(pk=persona.pk).update(stability=stability)
    mean = sum(stabilities) / len(stabilities)
    PersonaSet.objects.filter(pk=persona_set.pk).update(measures=persona_set.measures | {"stability": mean})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def listed(client) -> str:
    return text(client.get(reverse("personas", args=["acme"])))


def told_how(client, persona_set) -> str:
    return text(client.get(reverse("set_method", args=["acme", persona_set.pk])))


@pytest.mark.parametrize(("stability", "seldom"), [(0.125, True), (0.5, False), (1.0, False), (None, False)])
def test_fewer_than_half_of_the_redraws_is_seldom(stability, seldom):
    assert seldom_back(Persona(stability=stability)) is seldom


def test_set_that_was_not_drawn_again_does_not_say():
    assert not is_unsteady(PersonaSet(measures={}))


def test_list_says_how_many_personas_seldom_come_back(owner_client, persona_set):
    come_back(persona_set, 0.75, 0.125, 0.125, 0, 0)
    assert "4 of these 5 personas come back in fewer than half of the redraws" in listed(owner_client)


def test_list_says_nothing_where_all_come_back(owner_client, persona_set):
    come_back(persona_set, 1, 1, 1, 0.875, 0.5)
    assert "fewer than half" not in listed(owner_client)


def test_profile_warns_of_a_persona_that_seldom_comes_back_and_of_no_other(owner_client, persona_set):
    come_back(persona_set, 0.75, 0.125, 1, 1, 1)
    steady, unsteady = persona_set.personas.order_by("position")[:2]
    pages = [text(owner_client.get(reverse("persona", args=["acme", one.pk]))) for one in (steady, unsteady)]
    assert ["seldom comes back" in page for page in pages] == [False, True]


def test_method_page_warns_of_a_set_that_hardly_comes_back_and_says_what_can_help(owner_client, persona_set):
    come_back(persona_set, 0.75, 0.125, 0.125, 0, 0)
    page = told_how(owner_client, persona_set)
    assert "These personas hardly come back" in page
    assert "fewer personas; more data; fewer sources at once; regions instead of countries." in page


def test_method_page_counts_the_few_of_a_steady_set(owner_client, persona_set):
    come_back(persona_set, 1, 1, 1, 1, 0.125)
    page = told_how(owner_client, persona_set)
    assert "1 of these personas comes back in fewer than half" in page
    assert "hardly come back" not in page


def test_remedies_are_those_that_are_left(persona_set):
    generation = Generation(unit="region", period="2026-10", chosen_sources=[{"id": 1, "name": "Files"}])
    assert remedies(PersonaSet(generation=generation, size=2)) == ["a longer period", "more data"]


def test_of_all_sources_fewer_are_advised_only_where_more_than_one_gave_contents(persona_set):
    generation = Generation(unit="region", used_sources=[{"id": 1, "name": "Files", "kind": "files"}])
    assert remedies(PersonaSet(generation=generation, size=2)) == ["more data"]


def test_ads_among_the_sources_are_the_first_to_leave_out(persona_set):
    kinds = [{"id": 1, "name": "Films", "kind": "youtube"}, {"id": 2, "name": "Promotion", "kind": "facebook_ads"}]
    of_ads = remedies(PersonaSet(generation=Generation(unit="region", used_sources=kinds), size=2))
    assert of_ads == ["leaving out the ads, which tell whom they aimed at", "more data", "fewer sources at once"]
