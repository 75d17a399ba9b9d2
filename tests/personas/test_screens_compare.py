"""Two or three personas side by side."""

import numpy as np
import pytest
from django.urls import reverse

from personas.comparing import REST, WHOLE, sections
from personas.models import Persona
from sources.models import ContentUnit
from sources.packing import IDS, SHARES, pack
from tests.builders import make_organization, make_persona_sets

COMPARE_QUERIES = 8


@pytest.fixture
def generation(organization):
    return make_persona_sets(organization, sizes=(5, 6), period="2026-10")


@pytest.fixture
def people(generation) -> list[Persona]:
    return list(Persona.objects.filter(persona_set__generation=generation, persona_set__size=5).with_profile())


def compare(client, personas):
    return client.get(reverse("persona_compare", args=["acme"]), {"with": [getattr(p, "pk", p) for p in personas]})


def section(personas, title):
    found = sections(personas, personas[0].persona_set.generation.audience)
    return next(one for one in found if one.title == title)


def cells(row) -> list[float | None]:
    return [cell and cell.share for cell in row.cells]


def test_compare_is_for_members_only(client, colleague_client, stranger_client, people):
    assert compare(colleague_client, people[:2]).status_code == 200
    assert compare(stranger_client, people[:2]).status_code == 404
    assert compare(client, people[:2]).url.startswith(reverse("login"))


@pytest.mark.parametrize("count", [2, 3])
def test_personas_stand_in_the_order_they_were_named(owner_client, people, count):
    asked = people[:count][::-1]
    response = compare(owner_client, asked)
    assert [one.pk for one in response.context["cards"]] == [one.pk for one in asked]
    assert all(one.identity.name in response.content.decode() for one in asked)


def test_one_persona_is_answered_with_words_and_the_others_to_choose(owner_client, people):
    response = compare(owner_client, people[:1])
    assert response.status_code == 400
    assert "One persona alone cannot be compared" in response.content.decode()
    assert f'value="{people[0].pk}" checked' in response.content.decode()
    assert f'value="{people[4].pk}">' in response.content.decode()


def test_the_same_persona_twice_is_one(owner_client, people):
    assert "One persona alone" in compare(owner_client, [people[0], people[0]]).content.decode()


def test_four_personas_are_too_many(owner_client, people):
    response = compare(owner_client, people[:4])
    assert response.status_code == 400
    assert "Up to three personas stand side by side, but 4 were chosen" in response.content.decode()


def test_no_persona_is_answered_with_the_way_to_them(owner_client, generation):
    response = compare(owner_client, [])
    assert response.status_code == 400
    assert f'class="btn btn-primary" href="{reverse("personas", args=["acme"])}"' in response.content.decode()


def test_personas_of_different_sets_cannot_be_compared(owner_client, people, generation):
    other = Persona.objects.get(persona_set__generation=generation, persona_set__size=6, position=2)
    response = compare(owner_client, [people[0], other])
    assert response.status_code == 400
    assert "These personas are of different sets" in response.content.decode()


def test_persona_of_another_organization_is_not_found(owner_client, people):
    foreign = make_persona_sets(make_organization("elsewhere"), sizes=(5,)).sets.get().personas.first()
    assert compare(owner_client, [people[0], foreign]).status_code == 404


@pytest.mark.parametrize("key", ["0", "999999999999999999", "9" * 40, "x", "-1", "²", ""])
def test_persona_that_does_not_exist_is_not_found(owner_client, people, key):
    assert compare(owner_client, [people[0], key]).status_code == 404


def test_like_stands_beside_like(people):
    female, male = section(people[:2], "Gender").rows
    assert (female.label, cells(female)) == ("Female", pytest.approx([1, 1]))
    assert (male.label, cells(male)) == ("Male", [0, 0])
    age = section(people[:2], "Age")
    assert [row.label for row in age.rows][:3] == ["13-17", "18-24", "25-34"]
    assert cells(age.rows[0]) == pytest.approx([1, 0])
    assert cells(age.rows[1]) == pytest.approx([0, 1])


def test_rest_of_the_audience_is_what_no_persona_here_stands_for(people):
    a, b = people[:2]
    groups = len(a.persona_set.generation.audience.groups)
    a.group_rows, b.group_rows = (pack(range(half, half + groups // 2), IDS) for half in (0, groups // 2))
    for persona, share in ((a, 0.5), (b, 0.1)):
        persona.share = share
        persona.group_shares = pack(np.full(groups // 2, 2 / groups), SHARES)
    gender = section([a, b], "Gender")
    assert gender.against == REST
    assert [row.against.share for row in gender.rows] == pytest.approx([0, 1])


def test_share_of_the_rest_is_what_is_left(owner_client, people):
    assert compare(owner_client, people[:3]).context["rest"] == pytest.approx(0.4)


def test_topics_that_both_have_come_first_and_a_dash_is_not_a_zero(people):
    people[0].topics = [{"label": "World", "share": 0.9, "lift": 3.0}, {"label": "sport", "share": 0.3, "lift": 1.5}]
    people[1].topics = [{"label": "Sport", "share": 0.1, "lift": 0.5}]
    topics = section(people[:2], "Topics of interest")
    assert [(row.label, cells(row)) for row in topics.rows] == [("sport", [0.3, 0.1]), ("World", [0.9, None])]
    assert topics.against == WHOLE
    assert [row.against.share for row in topics.rows] == pytest.approx([0.2, 0.3])


def test_topic_that_the_audience_never_looks_at_has_no_part_of_it(people):
    people[0].topics = [{"label": "World", "share": 0.9, "lift": 0.0}]
    people[1].topics = []
    assert section(people[:2], "Topics of interest").rows[0].against is None


def test_many_places_are_drawn_as_the_largest_and_the_others(people):
    audience = people[0].persona_set.generation.audience
    codes = ["US", "IN", "EG", "DE", "FR", "GB", "MX", "BR", "PK", "NG", "KE", "JP"]
    audience.groups = [[g, a, codes[n % 12]] for n, (g, a, _) in enumerate(audience.groups)]
    rows = section(people[:2], "Country").rows
    assert len(rows) == 9
    assert (rows[-1].label, rows[-1].is_rest) == ("4 others", True)
    assert sum(row.cells[0].share for row in rows) == pytest.approx(1)


def test_dimension_that_the_data_lacks_is_left_out(people):
    audience = people[0].persona_set.generation.audience
    audience.groups = [["", age, country] for _, age, country in audience.groups]
    assert [one.title for one in sections(people[:2], audience)] == ["Age", "Country", "Topics of interest"]


def test_most_viewed_contents_of_each_stand_in_its_column(owner_client, people):
    ContentUnit.objects.filter(pk=people[0].contents[0]["id"]).delete()
    contents = compare(owner_client, people[:2]).context["contents"]
    assert [len(lines) for _, lines in contents] == [4, 5]
    assert contents[1][1][0].unit.pk == people[1].contents[0]["id"]


def test_profile_offers_the_others_of_its_set(owner_client, people):
    text = owner_client.get(reverse("persona", args=["acme", people[0].pk])).content.decode()
    assert f'<input type="hidden" name="with" value="{people[0].pk}">' in text
    assert text.count('type="checkbox" name="with"') == 4


def test_profile_alone_offers_them_too(owner_client, people):
    headers = {"HX-Request": "true", "HX-Target": "profile"}
    response = owner_client.get(reverse("persona", args=["acme", people[0].pk]), headers=headers)
    assert len(response.context["others"]) == 4


@pytest.mark.parametrize("count", [2, 3])
def test_compare_costs_as_many_queries_for_three_as_for_two(owner_client, people, count, django_assert_max_num_queries):
    compare(owner_client, people[:2])  # the first visit is also noted in the session
    with django_assert_max_num_queries(COMPARE_QUERIES):
        compare(owner_client, people[:count])
