"""What was estimated instead of measured: carried from the columns to the set, the persona, the pages and the API."""

import pytest
from django.urls import reverse

from personas.frames import read_audience
from personas.generation import new_generation
from personas.models import Generation, Persona
from sources.models import ContentUnit, PackedInteractions
from tests import builders
from tests.api_calls import ROOT, program
from tests.personas.test_generation import generate


@pytest.fixture
def audience(organization):
    contents = builders.make_contents(organization)
    builders.make_interactions(contents, builders.make_groups())
    return contents


def estimate(contents, seed="channel") -> float:
    """Mark the columns of these contents as estimated; return their part of all."""
    columns = PackedInteractions.objects
    columns.filter(content__in=contents).update(estimated=True, seed=seed)
    totals = list(columns.values_list("seed", "total"))
    return sum(total for named, total in totals if named) / sum(total for _, total in totals)


def screen(client):
    return client.get(reverse("personas", args=["acme"])).content.decode()


def method_page(client, generation):
    return client.get(reverse("set_method", args=["acme", generation.sets.first().pk])).content.decode()


def test_the_parts_of_columns_and_the_sums_by_seed_are_read(organization, audience):
    estimate(audience[:3], "channel")
    estimate(audience[3:5], "independence")
    found, _, estimates = read_audience(new_generation(organization=organization))
    marked = {unit.pk for unit in audience[:5]}
    assert [part == 1 for part in estimates.parts] == [pk in marked for pk in found.content_ids.tolist()]
    assert set(estimates.by_seed) == {"channel", "independence"}


def test_a_content_estimated_in_one_of_two_months_is_estimated_in_part(organization, audience):
    builders.make_interactions(audience, builders.make_groups(), seed=1, period="2026-11")
    PackedInteractions.objects.filter(period="2026-11").update(estimated=True, seed="channel")
    _, _, estimates = read_audience(new_generation(organization=organization))
    assert all(0.3 < part < 0.7 for part in estimates.parts)


def test_another_seed_is_another_fingerprint(organization, audience):
    prints = []
    for seed in ("", "channel", "site"):
        PackedInteractions.objects.update(estimated=bool(seed), seed=seed)
        prints.append(read_audience(Generation(organization=organization, threshold=1))[1])
    assert len(set(prints)) == 3


def test_a_generation_keeps_the_share_its_seeds_and_each_personas_own(organization, audience):
    share = estimate([unit for number, unit in enumerate(audience) if number % 4 == 0])
    generation = generate(organization)
    assert generation.estimated_share == pytest.approx(share)
    assert list(generation.seeds) == ["channel"]
    assert generation.sets.first().measures["estimated"] == pytest.approx(share)
    personas = Persona.objects.filter(persona_set=generation.sets.first())
    assert sum(one.share * one.estimated_share for one in personas) == pytest.approx(share, abs=0.02)
    assert max(one.estimated_share for one in personas) > 1.3 * share  # a taste that the marked contents serve


def test_the_owner_sees_the_mark_and_how(owner_client, organization, audience):
    generation = builders.make_persona_sets(organization, sizes=(5,), estimated_total=400.0, seeds={"channel": 400.0})
    Persona.objects.update(estimated_share=0.4)
    assert "Partly estimated: 40.0%" in screen(owner_client)
    assert "40.0% of the interactions with known groups are estimated" in method_page(owner_client, generation)
    assert "channel (400 interactions)" in method_page(owner_client, generation)


def test_a_persona_that_is_estimated_for_the_most_part_says_so(owner_client, organization):
    builders.make_persona_sets(organization, sizes=(5,), estimated_total=400.0, seeds={"channel": 400.0})
    Persona.objects.update(estimated_share=0.87)
    assert "Mostly estimated: 87.0% of these interactions come from totals, not from counts by group." in screen(
        owner_client
    )


def test_a_colleague_sees_it_and_a_stranger_nothing(colleague_client, stranger_client, organization):
    builders.make_persona_sets(organization, sizes=(5,), estimated_total=1000.0, seeds={"independence": 1000.0})
    Persona.objects.update(estimated_share=1.0)
    assert "Estimated: all of these interactions" in screen(colleague_client)
    assert stranger_client.get(reverse("personas", args=["acme"])).status_code == 404


def test_nothing_is_shown_where_all_was_measured(owner_client, organization, audience):
    generation = builders.make_persona_sets(organization, sizes=(5,))
    assert "stimated: " not in screen(owner_client)
    assert "with known groups are estimated" not in method_page(owner_client, generation)


def test_measured_data_makes_no_measure_of_estimates(organization, audience):
    assert "estimated" not in generate(organization).sets.first().measures


def test_the_api_tells_share_and_seeds(organization):
    builders.make_persona_sets(organization, sizes=(5,), estimated_total=400.0, seeds={"channel": 400.0})
    Persona.objects.update(estimated_share=0.25)
    told = program(organization, "read").get(f"{ROOT}personas/{Persona.objects.first().pk}/").json()
    assert told["estimated_share"] == 0.25
    assert told["provenance"]["estimated_share"] == 0.4
    assert told["provenance"]["seeds"] == {"channel": 400.0}


def test_contents_without_any_estimate_cost_nothing(organization, audience):
    _, _, estimates = read_audience(new_generation(organization=organization))
    assert estimates.total == 0
    assert len(estimates.parts) == ContentUnit.objects.count()
