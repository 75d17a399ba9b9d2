"""The two panes: who may see them, what they answer, what they cost."""

import re

import pytest
from django.urls import reverse

from personas.models import Generation, Persona
from sources.packing import SHARES, pack
from tests.builders import make_contents, make_groups, make_interactions, make_organization, make_persona_sets

PROFILE_QUERIES = 16


@pytest.fixture
def generation(organization):
    return make_persona_sets(organization, sizes=(5, 6, 7), period="2026-10")


def screen(client, **query):
    return client.get(reverse("personas", args=["acme"]), query)


def pane(client, target, address, query=None, **headers):
    return client.get(address, query or {}, headers={"HX-Request": "true", "HX-Target": target, **headers})


def names_in(response) -> list[str]:
    return re.findall(r'class="person-name">([^<]+)<', response.content.decode())


def first_persona(generation, size=5) -> Persona:
    return Persona.objects.get(persona_set__generation=generation, persona_set__size=size, position=1)


def test_visitor_who_is_not_signed_in_is_sent_to_sign_in(client, generation):
    assert screen(client).url.startswith(reverse("login"))


def test_owner_sees_the_suggested_set_and_its_first_profile(owner_client, generation):
    response = screen(owner_client)
    assert len(names_in(response)) == 5
    assert 'id="profile-name">Amina Haddad' in response.content.decode()


def test_colleague_with_the_viewer_role_may_look(colleague_client, generation):
    assert len(names_in(screen(colleague_client))) == 5


def test_stranger_learns_nothing(stranger_client, generation):
    persona = first_persona(generation)
    for name, key in [("personas", None), ("persona", persona.pk), ("identity_picture", persona.identity_id)]:
        address = reverse(name, args=["acme", key] if key else ["acme"])
        assert stranger_client.get(address).status_code == 404


def test_persona_of_another_organization_is_not_found(owner_client, generation):
    foreign = first_persona(make_persona_sets(make_organization("elsewhere"), sizes=(5,)))
    assert owner_client.get(reverse("persona", args=["acme", foreign.pk])).status_code == 404


@pytest.mark.parametrize("generation_key", ["0", "999999", "x", "²"])
def test_generation_that_does_not_exist_here_is_not_found(owner_client, generation, generation_key):
    assert screen(owner_client, generation=generation_key).status_code == 404


def test_running_generation_is_not_shown(owner_client, generation):
    Generation.objects.update(state=Generation.State.RUNNING)
    assert screen(owner_client, generation=generation.pk).context["last_run"] == generation


def test_slider_answers_from_the_stored_sets(owner_client, generation):
    response = screen(owner_client, generation=generation.pk, size=7)
    assert len(names_in(response)) == 7
    assert Generation.objects.count() == 1


@pytest.mark.parametrize(("asked", "given"), [("3", 5), ("40", 7), ("nonsense", 5)])
def test_size_that_is_not_stored_gives_the_nearest(owner_client, generation, asked, given):
    assert len(names_in(screen(owner_client, size=asked))) == given


def test_slider_keeps_the_chosen_identity(owner_client, generation):
    chosen = Persona.objects.get(persona_set__size=6, position=4)
    response = screen(owner_client, size=7, identity=chosen.identity_id)
    assert response.context["profile"].identity == chosen.identity
    assert response.context["profile"].persona.persona_set.size == 7


def test_identity_that_is_not_in_the_new_set_gives_way_to_the_first(owner_client, generation):
    last = Persona.objects.get(persona_set__size=7, position=7)
    assert screen(owner_client, size=5, identity=last.identity_id).context["profile"].persona.position == 1


def test_moving_the_slider_answers_both_panes_and_the_address(owner_client, generation):
    query = {"generation": generation.pk, "size": 6, "q": "", "gender": ""}
    response = pane(owner_client, "people", reverse("personas", args=["acme"]), query)
    text = response.content.decode()
    assert "<html" not in text
    assert 'id="people"' in text
    assert re.search(r'<article id="profile"[^>]*hx-swap-oob="true"', text)
    identity = response.context["profile"].identity.pk
    assert response["HX-Push-Url"] == f"/o/acme/personas/?generation={generation.pk}&size=6&identity={identity}"


def test_searching_leaves_no_trail_of_addresses(owner_client, generation):
    headers = {"HX-Trigger-Name": "q"}
    response = pane(owner_client, "people", reverse("personas", args=["acme"]), {"q": "amina"}, **headers)
    assert "HX-Push-Url" not in response
    assert response["HX-Replace-Url"].endswith("&q=amina")


def test_choosing_a_persona_answers_the_profile_alone(owner_client, generation):
    persona = first_persona(generation)
    response = pane(owner_client, "profile", reverse("persona", args=["acme", persona.pk]))
    assert 'id="people"' not in response.content.decode()
    assert "HX-Target" in response["Vary"]


def test_step_back_in_the_history_gets_the_whole_page(owner_client, generation):
    headers = {"HX-History-Restore-Request": "true"}
    response = pane(owner_client, "people", reverse("personas", args=["acme"]), **headers)
    assert "<html" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [({"q": "haddad"}, 1), ({"q": "science"}, 5), ({"gender": "Female"}, 5), ({"age": "13-17"}, 1), ({"q": "zz"}, 0)],
)
def test_search_and_filters_narrow_the_list(owner_client, generation, query, count):
    assert len(names_in(screen(owner_client, **query))) == count


def test_filter_leaves_the_chosen_profile_in_place(owner_client, generation):
    persona = first_persona(generation)
    response = owner_client.get(reverse("persona", args=["acme", persona.pk]), {"q": "zz"})
    assert names_in(response) == []
    assert response.context["profile"].persona == persona


def test_list_is_sorted_by_name(owner_client, generation):
    names = names_in(screen(owner_client, sort="name"))
    assert names == sorted(names)


def test_absent_dimension_is_not_mentioned(owner_client, generation):
    Persona.objects.update(country="")
    assert ' aria-current="true"' in screen(owner_client).content.decode()
    assert 'class="person-who">Female, <bdi dir="ltr">13-17</bdi></span>' in screen(owner_client).content.decode()


def test_profile_says_what_is_not_available_and_why(owner_client, generation):
    text = screen(owner_client).content.decode()
    assert "Not available" in text
    assert "No source of this organization says it." in text


def test_screen_costs_few_queries_whatever_the_size(owner_client, generation, django_assert_max_num_queries):
    screen(owner_client)  # the first visit is also noted in the session
    with django_assert_max_num_queries(PROFILE_QUERIES):
        screen(owner_client, size=5)
    with django_assert_max_num_queries(PROFILE_QUERIES):
        screen(owner_client, size=7)


@pytest.mark.parametrize(("name", "status"), [("generation", 404), ("size", 200)])
def test_number_longer_than_any_key_breaks_nothing(owner_client, generation, name, status):
    assert screen(owner_client, **{name: "9" * 5000}).status_code == status


def test_first_visit_without_data_offers_the_upload(owner_client):
    assert reverse("upload_new", args=["acme"]) in screen(owner_client).content.decode()


def test_first_visit_with_data_offers_the_generation(owner_client, organization):
    make_interactions(make_contents(organization, 2), make_groups())
    text = screen(owner_client).content.decode()
    assert "No personas yet" in text
    assert f'class="btn btn-primary" href="{reverse("generation_new", args=["acme"])}"' in text


def test_first_visit_of_a_viewer_offers_nothing_that_is_not_allowed(colleague_client):
    text = screen(colleague_client).content.decode()
    assert "btn-primary" not in text
    assert "Your role here is viewer" in text


def test_failed_first_run_says_why(owner_client, organization):
    make_interactions(make_contents(organization, 2), make_groups())
    Generation.objects.create(organization=organization, state=Generation.State.FAILED, error="Only 2 contents.")
    assert "Only 2 contents." in screen(owner_client).content.decode()


@pytest.mark.parametrize(("shares", "is_said"), [([0.5, 0.3, 0.2], False), ([0.1, 0.6, 0.3], True)])
def test_it_is_said_why_the_largest_group_does_not_give_the_face(owner_client, generation, shares, is_said):
    persona = first_persona(generation)
    Persona.objects.filter(pk=persona.pk).update(group_shares=pack(shares, SHARES))
    said = owner_client.get(reverse("persona", args=["acme", persona.pk])).content.decode()
    assert ("The largest group does not give the face" in said) is is_said
