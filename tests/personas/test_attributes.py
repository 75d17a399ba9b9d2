"""Loyalty, what sets apart and likely attributes: stored, and shown on the page, in the API and in the export."""

import pytest
from django.urls import reverse

from enrichment.measures.loyalty import Loyalty as OverIndexing
from personas.attributes import usual_loyalty
from personas.exporting import as_data
from personas.generation import new_generation
from personas.models import Generation, Persona
from sources.attributing import store_attributes
from sources.carrying import carry_out
from sources.connectors.records import AttributeRow
from sources.models import DataSource, Loyalty
from tests import builders
from tests.api_calls import ROOT, program

LOYALTY = {"kind": "over_indexed", "share": 0.25, "contents": 50, "of": 200, "usual": 0.2}
COUNTED = {
    "kind": "subscribed",
    "share": 0.42,
    "usual": 0.31,
    "coverage": 0.9,
    "by": ["contents", "groups"],
    "contents": None,
    "of": None,
}
APART = {"kind": "country", "value": "MX", "label": "Mexico", "share": 0.4, "rest": 0.1, "times": 4.0}
JOB = {
    "attribute": "job",
    "label": "Job",
    "value": "Nurse",
    "share": 0.31,
    "coverage": 0.8,
    "sources": ["Survey 2026"],
    "levels": [{"by": "gender and age", "share": 0.8}],
}


@pytest.fixture
def persona(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    Persona.objects.update(loyalty=LOYALTY, apart=[APART], attributes=[JOB])
    return Persona.objects.first()


@pytest.fixture
def generation(organization):
    builders.make_interactions(builders.make_contents(organization, 60), builders.make_groups())
    rows = [
        AttributeRow("", "", "", "job", "Nurse", 0.4, "Survey"),
        AttributeRow("", "", "ZA", "education", "X", 1, "S"),
    ]
    store_attributes(DataSource.objects.get(), rows)
    generation = new_generation(organization=organization, sizes=[5])
    carry_out(generation)
    return generation


def page(client, persona) -> str:
    return " ".join(client.get(reverse("persona", args=["acme", persona.pk])).content.decode().split())


def test_the_page_shows_value_share_source_coverage_and_method(colleague_client, persona):
    shown = page(colleague_client, persona)
    for words in ("Nurse", "31.0%", "Survey 2026", "Estimates cover 80.0% of all behind", "by gender and age"):
        assert words in shown


def test_the_page_shows_what_sets_apart_against_the_rest(colleague_client, persona):
    shown = page(colleague_client, persona)
    for words in ("What sets", "Mexico", "40.0%", "10.0%", "4.0×"):
        assert words in shown


def test_the_page_shows_loyalty_against_the_usual_with_its_formula(colleague_client, persona):
    shown = page(colleague_client, persona)
    assert "25.0%</strong> of the contents" in shown
    assert "usual: 20.0%" in shown
    method = colleague_client.get(reverse("set_method", args=["acme", persona.persona_set_id])).content.decode()
    assert 'id="loyalty"' in method
    assert "contents with enough interactions" in method


def test_the_page_shows_the_loyal_that_a_platform_counts_beside_the_whole_audience(colleague_client, persona):
    Persona.objects.update(loyalty=COUNTED)
    shown = page(colleague_client, persona)
    assert "42.0%</strong> by subscribers" in shown
    for words in ("whole audience: 31.0%", "told apart by contents and by groups", "cover 90.0%"):
        assert words in shown
    assert "over-indexes" not in shown
    colleague_client.cookies["numbers"] = "off"
    assert "by subscribers, more than usual" in page(colleague_client, persona)


def test_without_numbers_the_page_says_it_in_words(colleague_client, persona):
    colleague_client.cookies["numbers"] = "off"
    shown = page(colleague_client, persona)
    assert "31.0%" not in shown
    assert "far more than in the rest" in shown
    assert "More than usual" in shown or "more than usual" in shown


def test_what_is_absent_has_no_card(colleague_client, persona):
    Persona.objects.update(loyalty=None, apart=[], attributes=[])
    shown = page(colleague_client, persona)
    assert not any(card in shown for card in ("card-loyalty", "card-apart", "card-work"))


def test_contents_are_ordered_by_share_and_by_lift(colleague_client, persona):
    persona.contents = [
        {"id": entry["id"], "share": entry["share"], "lift": 1 + rank} for rank, entry in enumerate(persona.contents)
    ]
    persona.save()
    Generation.objects.update(threshold=1)
    shown = page(colleague_client, persona)
    by_share, by_lift = shown.split('id="contents-by-lift"')
    heaviest, dearest = persona.contents[0]["id"], persona.contents[-1]["id"]
    assert f"contents/{heaviest}/" in by_share.split('id="contents-by-share"')[1]
    assert f"contents/{dearest}/" in by_lift.split("<li>")[1]


def test_the_api_tells_what_the_page_shows(organization, persona):
    told = program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()
    assert (told["loyalty"], told["apart"], told["attributes"]) == (LOYALTY, [APART], [JOB])


def test_the_api_says_null_where_the_data_cannot_tell(organization, persona):
    Persona.objects.update(loyalty=None)
    assert program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["loyalty"] is None


def test_the_export_tells_them_too(persona):
    first = as_data(persona.persona_set.generation)["sets"][0]["personas"][0]
    assert (first["loyalty"], first["apart"], first["attributes"], first["notes"]) == (LOYALTY, [APART], [JOB], [])


def test_a_generation_stores_what_estimates_say_and_lists_what_is_missing(generation):
    persona = Persona.objects.first()
    (job,) = persona.attributes
    assert (job["value"], job["coverage"], job["levels"][0]["by"]) == (
        "Nurse",
        pytest.approx(1.0),
        "the whole audience",
    )
    why = {one["attribute"]: one["why"] for one in persona.unavailable}
    assert why["Education"].startswith("The estimates cover none")
    assert why["Relationship"].startswith("It needs estimates by group")
    assert "Job" not in why


def test_estimates_in_a_source_of_their_own_are_told_as_far_as_it_is_chosen(organization):
    contents = builders.make_contents(organization)
    builders.make_interactions(contents, builders.make_groups())
    jobs = DataSource.objects.create(organization=organization, name="Jobs")
    store_attributes(jobs, [AttributeRow("", "", "", "job", "Nurse", 0.4, "Survey")])
    for chosen, told in (([], ["Nurse"]), ([contents[0].source], []), ([contents[0].source, jobs], ["Nurse"])):
        generation = new_generation(organization=organization, sizes=[5], sources=chosen)
        carry_out(generation)
        persona = Persona.objects.filter(persona_set__generation=generation).first()
        assert [one["value"] for one in persona.attributes] == told
        assert any(one["attribute"] == "Job" for one in persona.unavailable) == (not told)


def test_planted_tastes_set_personas_apart_and_make_them_loyal(generation):
    personas = list(Persona.objects.all())
    known = [persona.loyalty for persona in personas if persona.loyalty]
    assert any(loyalty["contents"] > 0 for loyalty in known)
    assert len({loyalty["usual"] for loyalty in known}) == 1
    assert any(one["kind"] in ("topic", "category") for persona in personas for one in persona.apart)


def test_a_generation_tells_the_loyalty_that_a_platform_counts(organization):
    contents = builders.make_contents(organization, 60)
    builders.make_interactions(contents, builders.make_groups())
    made = [
        Loyalty(source=one.source, content=one, period=period, kind="subscribed", loyal=loyal, total=100)
        for number, one in enumerate(contents)
        for period, loyal in [("2026-10", 90 if number % 4 == 0 else 10), ("2026-09", 100)]
    ]
    Loyalty.objects.bulk_create(made)
    generation = new_generation(organization=organization, sizes=[5], period="2026-10")
    carry_out(generation)
    told = {one.topics[0]["label"]: one.loyalty for one in Persona.objects.all()}
    assert {one["kind"] for one in told.values()} == {"subscribed"}
    assert {round(one["usual"], 1) for one in told.values()} == {0.3}
    assert told["Science"]["share"] > 0.6 > 0.25 > told["Sport"]["share"]


def test_a_program_reads_the_loyalty_that_a_platform_counts(organization, persona):
    Persona.objects.update(loyalty=COUNTED)
    assert program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["loyalty"] == COUNTED


def test_usual_loyalty_is_the_mean_by_shares():
    assert usual_loyalty(
        [(0.6, OverIndexing(0.1, 1, 10)), (0.2, OverIndexing(0.5, 5, 10)), (0.2, None)]
    ) == pytest.approx(0.2)
    assert usual_loyalty([(1.0, None)]) is None
