"""How many people there are in a persona's group: from the newest estimate to page, API and export, or not at all."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from personas.exporting import as_data
from personas.faces import faces_of
from personas.generation import new_generation
from personas.models import Persona
from sources.carrying import carry_out
from sources.models import AudienceSize, DataSource
from tests import builders
from tests.api_calls import ROOT, program

SIZE = {"lower": 74300, "upper": 87500, "month": "2026-11", "origin": "Meta's estimate for advertisers, 2026-11"}


@pytest.fixture
def persona(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    Persona.objects.update(audience_size=SIZE)
    return Persona.objects.first()


def page(client, persona) -> str:
    return " ".join(client.get(reverse("persona", args=["acme", persona.pk])).content.decode().split())


def estimate(organization, month="2026-11", lower=74300, upper=87500, origin=SIZE["origin"]):
    source, _ = DataSource.objects.get_or_create(organization=organization, name="Ads", kind="facebook_ads")
    groups = [("female", age, country) for age in builders.AGES for country in ("US", "IN", "EG", "DE")]
    groups += [("male", age, country) for _, age, country in groups]
    AudienceSize.objects.bulk_create(
        AudienceSize(
            source=source, gender=gender, age_group=age, country=country, month=month, lower=lower, upper=upper,
            origin=origin,
        )
        for gender, age, country in groups
    )  # fmt: skip


def generate(organization, **options):
    builders.make_interactions(builders.make_contents(organization, 60), builders.make_groups())
    generation = new_generation(organization=organization, sizes=[5], **options)
    carry_out(generation)
    return Persona.objects.filter(persona_set__generation=generation)


def missing(persona) -> dict[str, str]:
    return {one["attribute"]: one["why"] for one in persona.unavailable}


def test_the_page_shows_the_range_with_its_source_and_month(colleague_client, persona):
    shown = page(colleague_client, persona)
    assert "74,300 to 87,500</bdi> people a month" in shown
    assert 'Source: <span dir="auto">Meta&#x27;s estimate for advertisers, 2026-11' in shown


def test_the_measured_size_stands_beside_it(colleague_client, persona):
    assert "Share of the audience" in page(colleague_client, persona)


@pytest.mark.parametrize(("upper", "words"), [(1000, "at most 1,000 people"), (1600, "at most 1,600 people")])
def test_of_few_people_the_most_is_told(colleague_client, persona, upper, words):
    Persona.objects.update(audience_size={**SIZE, "lower": 0, "upper": upper})
    assert f"{words} a month" in page(colleague_client, persona)


def test_few_people_in_words_are_not_called_hundreds(colleague_client, persona):
    colleague_client.cookies["numbers"] = "off"
    Persona.objects.update(audience_size={**SIZE, "lower": 0, "upper": 1600})
    assert "at most hundreds of people a month" in page(colleague_client, persona)


def test_without_numbers_it_is_said_in_words(colleague_client, persona):
    colleague_client.cookies["numbers"] = "off"
    shown = page(colleague_client, persona)
    assert "tens of thousands of people a month" in shown
    assert "74,300" not in shown


def test_without_an_estimate_there_is_no_line(colleague_client, persona):
    Persona.objects.update(audience_size=None)
    assert 'id="audience-size"' not in page(colleague_client, persona)


def test_the_method_page_says_what_it_is(colleague_client, persona):
    method = colleague_client.get(reverse("set_method", args=["acme", persona.persona_set_id])).content.decode()
    assert 'id="audience-size"' in method


def test_the_api_and_the_export_tell_it(organization, persona):
    assert program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["audience_size"] == SIZE
    assert as_data(persona.persona_set.generation)["sets"][0]["personas"][0]["audience_size"] == SIZE


def test_a_generation_stores_the_newest_estimate_of_the_face(organization):
    estimate(organization, month="2026-10", lower=5, upper=6)
    estimate(organization)
    persona = generate(organization).first()
    assert persona.audience_size == SIZE
    assert "Audience size" not in missing(persona)


def test_without_any_estimate_the_profile_says_what_is_needed(organization):
    persona = generate(organization).first()
    assert persona.audience_size is None
    assert "with an ad account connected, ask for audience sizes on the data page" in missing(persona)["Audience size"]


def test_a_set_by_region_has_none_and_says_why(organization):
    estimate(organization)
    persona = generate(organization, unit="region").first()
    assert persona.audience_size is None
    assert "stands for a region" in missing(persona)["Audience size"]


def test_estimates_of_another_organization_tell_nothing(organization):
    estimate(builders.make_organization("other"))
    assert generate(organization).first().audience_size is None


def test_the_faces_of_the_latest_generation_are_asked_about_first(organization):
    personas = generate(organization)
    heaviest = personas.order_by("-share").first()
    if heaviest.age_group != "13-17":
        assert faces_of(organization)[0] == (heaviest.gender, heaviest.age_group, heaviest.country)
    assert all(age != "13-17" for _, age, _ in faces_of(organization))


def test_the_command_says_what_is_missing(organization):
    with pytest.raises(CommandError, match="no Facebook ad account connected"):
        call_command("estimate_audience", organization="acme")
    with pytest.raises(CommandError, match="no organization 'none'"):
        call_command("estimate_audience", organization="none")
