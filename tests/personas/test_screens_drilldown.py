"""From a profile down to the groups, the contents and the interactions; and how a set was made."""

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from personas.models import Generation, Persona, PersonaSet
from sources.models import ContentUnit, DemographicGroup, PackedInteractions
from sources.packing import COUNTS, IDS, pack, unpack
from tests.builders import make_contents, make_organization, make_persona_sets


@pytest.fixture
def generation(organization):
    return make_persona_sets(organization, sizes=(5, 6), period="2026-10", fingerprint="f" * 64, seed=7)


@pytest.fixture
def persona(generation):
    return Persona.objects.get(persona_set__generation=generation, persona_set__size=5, position=1)


def page(client, name, *keys, **query):
    return client.get(reverse(name, args=["acme", *keys]), query)


def rows(response) -> list:
    return list(response.context["page"])


@pytest.mark.parametrize("name", ["persona_groups", "persona_contents"])
def test_drill_down_is_for_members_only(colleague_client, stranger_client, persona, name):
    assert page(colleague_client, name, persona.pk).status_code == 200
    assert page(stranger_client, name, persona.pk).status_code == 404


def test_groups_carry_share_and_lift(owner_client, persona):
    first = rows(page(owner_client, "persona_groups", persona.pk))[0]
    assert (first.share, first.is_face) == (0.5, True)
    assert first.lift == pytest.approx(0.5 * 56)
    assert first.belonging == 1.0


def test_groups_sort_by_any_column(owner_client, persona):
    shares = [line.share for line in rows(page(owner_client, "persona_groups", persona.pk, sort="lift"))]
    assert shares == sorted(shares)


def test_unknown_order_is_not_found(owner_client, persona):
    assert page(owner_client, "persona_groups", persona.pk, sort="pk").status_code == 404


def test_groups_page_has_no_column_for_an_absent_dimension(owner_client, persona):
    audience = persona.persona_set.generation.audience
    audience.groups = [["", age, country] for _, age, country in audience.groups]
    audience.save()
    assert page(owner_client, "persona_groups", persona.pk).context["dimensions"] == ["age", "place"]


def test_contents_are_found_by_words(owner_client, persona):
    found = rows(page(owner_client, "persona_contents", persona.pk, q="SPORT title"))
    assert {line.unit.category for line in found} == {"Sport"}


def test_contents_of_a_deleted_source_are_gone(owner_client, persona):
    ContentUnit.objects.filter(pk=persona.contents[0]["id"]).delete()
    assert len(rows(page(owner_client, "persona_contents", persona.pk))) == 9


def test_content_shows_the_counts_that_were_stored(owner_client, persona):
    content = ContentUnit.objects.get(pk=persona.contents[0]["id"])
    column = PackedInteractions.objects.get(content=content)
    stored = dict(zip(unpack(column.group_ids, IDS).tolist(), unpack(column.counts, COUNTS).tolist(), strict=True))
    for line in rows(page(owner_client, "persona_content", persona.pk, content.pk)):
        gender, age_group, country = line.group.key
        group = DemographicGroup.objects.get(gender=gender, age_group=age_group, country=country)
        assert line.counts == [stored[group.pk]]


@pytest.mark.parametrize(
    ("estimated", "words"),
    [
        ([False, False], "in a group, as they came from the source."),
        ([True, False], "in a group: some as they came from the source, some estimated from totals."),
        ([True, True], "in a group, all of them estimated from the totals that came from the source."),
    ],
)
def test_content_says_whether_all_some_or_none_of_its_counts_are_estimated(owner_client, persona, estimated, words):
    Generation.objects.update(period="")
    column = PackedInteractions.objects.get(content=persona.contents[0]["id"])
    PackedInteractions.objects.filter(content=column.content).delete()
    for period, column.estimated in zip(("2026-09", "2026-10"), estimated, strict=True):
        column.pk, column.period = None, period
        column.save()
    text = page(owner_client, "persona_content", persona.pk, column.content_id).content.decode()
    assert f"Counts of everybody {words} A group" in text


def test_group_that_was_not_counted_has_no_row_and_a_missing_period_is_not_zero(owner_client, persona):
    content = ContentUnit.objects.get(pk=persona.contents[0]["id"])
    Generation.objects.update(period="")
    key = persona.persona_set.generation.audience.groups[0]
    group = DemographicGroup.objects.get(gender=key[0], age_group=key[1], country=key[2])
    PackedInteractions.objects.filter(content=content).delete()
    for period, ids in [("2026-08", [group.pk]), ("2026-09", [])]:
        counts = np.full(len(ids), 9.0)
        PackedInteractions.objects.create(
            content=content, period=period, group_ids=pack(ids, IDS), counts=pack(counts, COUNTS), total=counts.sum()
        )
    response = page(owner_client, "persona_content", persona.pk, content.pk)
    assert response.context["counts"].periods == ["2026-08", "2026-09"]
    assert [line.counts for line in rows(response)] == [[9.0, None]]


def test_countries_are_counted_into_their_region(owner_client, persona):
    Generation.objects.update(unit=Generation.Unit.REGION)
    audience = persona.persona_set.generation.audience
    audience.groups = [[gender, age, "northern-america"] for gender, age, _ in audience.groups]
    audience.save()
    content = persona.contents[0]["id"]
    lines = rows(page(owner_client, "persona_content", persona.pk, content))
    assert str(lines[0].group.who) == "Female, 13-17, Northern America"


def test_content_of_another_organization_is_not_found(owner_client, persona):
    foreign = make_contents(make_organization("elsewhere"), 1)[0]
    assert page(owner_client, "persona_content", persona.pk, foreign.pk).status_code == 404


@pytest.mark.parametrize("name", ["persona_groups", "persona_contents"])
def test_drill_down_costs_few_queries(owner_client, persona, name, django_assert_max_num_queries):
    page(owner_client, name, persona.pk)  # the first visit is also noted in the session
    with django_assert_max_num_queries(7):
        page(owner_client, name, persona.pk)


def test_method_page_says_all_that_is_needed_to_make_the_set_again(owner_client, generation):
    persona_set = PersonaSet.objects.get(generation=generation, size=5)
    text = page(owner_client, "set_method", persona_set.pk).content.decode()
    figures = ("Fairness gap", "0.030", "98.0%", "40.0%, 45.0% at most")
    for said in ("f" * 64, "October 2026", "50 interactions", "numpy", *figures):
        assert said in text


def test_method_page_shows_what_was_left_out(owner_client, generation):
    Generation.objects.update(interaction_total=1000, unknown_total=100, small_total=50, absent_dimensions=["gender"])
    persona_set = PersonaSet.objects.get(generation=generation, size=5)
    response = page(owner_client, "set_method", persona_set.pk)
    assert [part.share for part in response.context["parts"]] == [0.85, 0.05, 0.1]
    assert "5 personas from 850 of 1,000 interactions, by 56 groups with 25 contents" in response.content.decode()
    assert "The data has no gender" in response.content.decode()
    assert "each demographic group (age group and country)" in response.content.decode()


def test_method_page_draws_the_size_curve(owner_client, generation):
    Generation.objects.update(size_curve={"5": {"stability": 0.9}, "6": {"stability": 0.7}})
    persona_set = PersonaSet.objects.get(generation=generation, size=6)
    points = page(owner_client, "set_method", persona_set.pk).context["curves"][0].curve.points
    assert [(point.label, point.present) for point in points] == [("5", False), ("6", True)]
    assert points[0].y < points[1].y


def test_method_of_another_organization_is_not_found(owner_client, stranger_client, generation):
    persona_set = PersonaSet.objects.get(generation=generation, size=5)
    assert page(stranger_client, "set_method", persona_set.pk).status_code == 404
    foreign = make_persona_sets(make_organization("far-away"), sizes=(5,)).sets.get()
    assert page(owner_client, "set_method", foreign.pk).status_code == 404


def test_picture_is_handed_to_members_as_it_is_stored(owner_client, persona):
    persona.identity.picture.save("face.png", ContentFile(b"\x89PNG picture"))
    response = page(owner_client, "identity_picture", persona.identity_id)
    assert response.getvalue() == b"\x89PNG picture"
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "private, max-age=86400")


def test_identity_without_a_picture_gets_its_initials(owner_client, persona):
    response = page(owner_client, "identity_picture", persona.identity_id)
    assert ">AH<" in response.content.decode()
    assert response["Content-Type"] == "image/svg+xml"


def test_picture_whose_file_is_gone_gets_initials(owner_client, persona):
    persona.identity.picture.save("face.png", ContentFile(b"x"))
    persona.identity.picture.storage.delete(persona.identity.picture.name)
    assert page(owner_client, "identity_picture", persona.identity_id)["Content-Type"] == "image/svg+xml"
