"""What changed of a persona since the last set, and an address to share."""

import pytest
from django.urls import reverse

from personas.changing import change_since
from personas.models import Generation, Persona
from tests.builders import make_organization, make_persona_sets


@pytest.fixture
def earlier(organization):
    return make_persona_sets(organization, sizes=(5, 6), period="2026-09")


@pytest.fixture
def later(organization, earlier):
    return make_persona_sets(organization, sizes=(5, 7), period="2026-10")


def persona_of(generation, size=5, position=1) -> Persona:
    of = Persona.objects.filter(persona_set__generation=generation, persona_set__size=size)
    return of.with_profile().get(position=position)


def profile_text(client, persona) -> str:
    return client.get(reverse("persona", args=["acme", persona.pk])).content.decode()


def test_share_then_and_now(owner_client, earlier, later):
    Persona.objects.filter(persona_set__generation=earlier).update(share=0.152)
    Persona.objects.filter(persona_set__generation=later).update(share=0.134)
    change = change_since(persona_of(later))
    assert (change.then.share, change.now.share) == (0.152, 0.134)
    assert "−1.8 points" in profile_text(owner_client, persona_of(later))


def test_topics_that_came_and_went_whatever_their_case(earlier, later):
    topics = [{"label": label, "share": 0.2, "lift": 2.0} for label in ("Science", "sport", "Law")]
    Persona.objects.filter(persona_set__generation=earlier).update(topics=topics)
    change = change_since(persona_of(later))
    assert (change.came, change.went) == ([], ["Law"])
    assert change_since(persona_of(earlier)) is None


def test_same_group_gives_the_face_or_another(owner_client, earlier, later):
    assert "The same: Female" in profile_text(owner_client, persona_of(later))
    Persona.objects.filter(persona_set__generation=earlier).update(age_group="65+")
    assert not change_since(persona_of(later)).same_group
    assert "Another one: then Female" in profile_text(owner_client, persona_of(later))


def test_set_of_the_same_size_is_compared_and_else_the_nearest(owner_client, earlier, later):
    assert change_since(persona_of(later, 5)).then.persona_set.size == 5
    assert change_since(persona_of(later, 7)).then.persona_set.size == 6
    assert "That set has 6 personas and this one 7" in profile_text(owner_client, persona_of(later, 7))


def test_last_of_several_earlier_sets_is_meant(organization, earlier, later):
    latest = make_persona_sets(organization, sizes=(5,), period="2026-11")
    assert change_since(persona_of(latest)).then.persona_set.generation == later


def test_generation_without_the_identity_is_passed_over(organization, earlier, later):
    latest = make_persona_sets(organization, sizes=(5,), period="2026-11")
    Persona.objects.filter(persona_set__generation=later, position=1).delete()
    assert change_since(persona_of(latest)).then.persona_set.generation == earlier


@pytest.mark.parametrize("other", [{"unit": Generation.Unit.REGION}, {"state": Generation.State.FAILED}])
def test_other_unit_and_incomplete_generation_do_not_count(owner_client, earlier, later, other):
    Generation.objects.filter(pk=earlier.pk).update(**other)
    assert change_since(persona_of(later)) is None
    assert "Since the last set" not in profile_text(owner_client, persona_of(later))


def test_first_set_has_no_such_card(owner_client, earlier):
    assert "Since the last set" not in profile_text(owner_client, persona_of(earlier))


def test_change_costs_one_query(later, django_assert_num_queries):
    persona = persona_of(later)
    with django_assert_num_queries(1):
        change = change_since(persona)
        assert str(change.then_who) == str(change.now_who)
        assert change.then.persona_set.generation.period == "2026-09"


def test_same_name_elsewhere_is_somebody_else(organization, earlier):
    foreign = make_persona_sets(make_organization("elsewhere"), sizes=(5,))
    assert change_since(persona_of(foreign)) is None


def test_shared_address_opens_the_same_persona_for_members_only(
    owner_client, colleague_client, stranger_client, earlier
):
    persona = persona_of(earlier, position=3)
    address = owner_client.get(reverse("persona", args=["acme", persona.pk])).context["shared_address"]
    assert address == f"http://testserver/o/acme/personas/{persona.pk}/"
    assert f'value="{address}" readonly' in profile_text(owner_client, persona)
    assert colleague_client.get(address).context["profile"].persona == persona
    assert stranger_client.get(address).status_code == 404


def test_screen_of_a_set_shares_the_persona_not_the_list(owner_client, earlier):
    response = owner_client.get(reverse("personas", args=["acme"]), {"sort": "name"})
    assert response.context["shared_address"].endswith(f"/personas/{persona_of(earlier).pk}/")


def of_sources(generation, **names) -> None:
    used = [{"id": pk, "name": name, "kind": "files"} for name, pk in names.items()]
    Generation.objects.filter(pk=generation.pk).update(used_sources=used)


def test_sources_that_came_and_went_since_are_named(owner_client, earlier, later):
    of_sources(earlier, Films=1, Blog=2)
    of_sources(later, Films=1, Shop=3)
    words = "“Shop” came to the sources and “Blog” went from the sources since then"
    assert change_since(persona_of(later)).other_sources.startswith(words)
    assert words in profile_text(owner_client, persona_of(later))


def test_of_the_same_sources_and_of_unknown_ones_nothing_is_said(earlier, later):
    of_sources(later, Films=1)
    assert change_since(persona_of(later)).other_sources == ""
    of_sources(earlier, Films=1)
    assert change_since(persona_of(later)).other_sources == ""


def test_a_month_is_not_held_against_all_periods_nor_against_other_sources(organization, earlier, later):
    whole = make_persona_sets(organization, sizes=(5,))
    films = [{"id": 1, "name": "Films", "kind": "files"}]
    of_films = make_persona_sets(organization, sizes=(5,), period="2026-11", chosen_sources=films)
    last = make_persona_sets(organization, sizes=(5,), period="2026-12")
    assert change_since(persona_of(whole)) is None
    assert change_since(persona_of(of_films)) is None
    assert change_since(persona_of(last)).then.persona_set.generation == later
