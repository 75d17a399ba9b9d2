"""Which sources a generation is of, also when one of them is deleted before, while or after it runs."""

import pytest
from django.urls import reverse

from enrichment.enriching import Enricher
from personas import frames
from personas import generation as generating
from personas.estimating import estimate
from personas.generation import new_generation
from personas.models import Generation, Persona
from sources.carrying import carry_out
from sources.models import ContentUnit, DataSource, PackedInteractions
from sources.organizing import delete_source
from sources.packing import COUNTS, IDS, pack
from tests.api_calls import ROOT, program
from tests.builders import make_contents, make_groups, make_interactions, make_persona_sets


@pytest.fixture
def blog(organization):
    return source_with_data(organization, "Blog")


@pytest.fixture
def films(organization):
    return source_with_data(organization, "Films")


def source_with_data(organization, name: str) -> DataSource:
    make_interactions(make_contents(organization, 25, source_name=name), make_groups())
    return DataSource.objects.get(name=name)


def generate(*sources, organization) -> Generation:
    generation = new_generation(organization=organization, sizes=(5,), sources=sources)
    carry_out(generation)
    return generation


def seen_contents(generation) -> set[str]:
    ids = {line["id"] for p in Persona.objects.filter(persona_set__generation=generation) for line in p.contents}
    return set(ContentUnit.objects.filter(pk__in=ids).values_list("source__name", flat=True))


def test_a_generation_reads_the_sources_that_were_chosen(organization, blog, films):
    assert seen_contents(generate(films, organization=organization)) == {"Films"}
    assert seen_contents(generate(organization=organization)) == {"Blog", "Films"}


def test_a_chosen_source_that_is_gone_is_told_and_nothing_else_is_read(organization, blog, films):
    queued = new_generation(organization=organization, sizes=(5,), sources=[films])
    delete_source(source=films)
    carry_out(queued)
    assert (queued.state, queued.fingerprint) == ("failed", "")
    assert queued.error.startswith("“Films” was deleted since this was asked for.")


def test_a_finished_generation_goes_on_naming_a_source_that_was_deleted(owner_client, organization, blog):
    kept = [{"id": 5, "name": "Films", "kind": "files"}]
    persona_set = make_persona_sets(organization, sizes=(5,), chosen_sources=kept).sets.get()
    pages = [reverse("generations", args=["acme"]), reverse("personas", args=["acme"])]
    for page in [*pages, reverse("set_method", args=["acme", persona_set.pk])]:
        assert "Films" in owner_client.get(page).content.decode()


def test_a_generation_of_all_sources_names_those_that_gave_contents(owner_client, organization, films):
    make_interactions(make_contents(organization, 3, source_name="Stories"), make_groups(), period="")
    made = new_generation(organization=organization, sizes=(5,), period="2026-10")
    carry_out(made)
    assert made.used_names == ["Films"]
    page = owner_client.get(reverse("set_method", args=["acme", made.sets.get().pk])).content.decode()
    assert "<dt>Sources</dt><dd>Films</dd>" in page


def test_before_a_month_is_generated_it_is_told_which_sources_give_nothing(owner_client, organization, films):
    make_interactions(make_contents(organization, 3, source_name="Stories"), make_groups(), period="")
    wish = {"unit": "country", "period": "2026-10", "sources": DataSource.objects.values_list("pk", flat=True)}
    page = owner_client.get(reverse("generation_estimate", args=["acme"]), wish).content.decode()
    assert "“Stories” has interactions without months, and so nothing of October 2026" in page


def test_before_a_generation_is_made_of_ads_too_it_is_told_what_they_tell(organization, films):
    ads = source_with_data(organization, "Promotion")
    DataSource.objects.filter(pk=ads.pk).update(kind="facebook_ads")
    (notice,) = estimate(organization).notices
    assert notice.startswith("“Promotion” tells whom ads were shown to.")
    assert estimate(organization, sources=[films]).notices == []


def test_a_month_without_interactions_fails_with_why(organization, films):
    empty = new_generation(organization=organization, sizes=(5,), period="2026-08", sources=[films])
    carry_out(empty)
    assert empty.error.startswith("There are no interactions in 2026-08. “Films” has nothing in August 2026.")


@pytest.mark.parametrize(
    ("place", "name"),
    [(frames, "read_interactions"), (generating, "draw_sets"), (Enricher, "profile")],
    ids=["read", "drawn", "enriched"],
)
def test_a_source_deleted_while_a_generation_is_on_fails_it_with_words(
    organization, blog, films, monkeypatch, place, name
):
    step = getattr(place, name)

    def then_delete(*args, **kwargs):
        result = step(*args, **kwargs)
        DataSource.objects.filter(name="Films").delete()
        return result

    monkeypatch.setattr(place, name, then_delete)
    generation = generate(organization=organization)
    assert generation.state == "failed"
    assert generation.error.startswith("A source was deleted while this ran")
    assert not Persona.objects.exists()


def test_what_is_made_of_ads_says_so_on_its_pages_and_to_programs(owner_client, organization):
    used = [{"id": 1, "name": "Promotion", "kind": "facebook_ads"}, {"id": 2, "name": "Films", "kind": "youtube"}]
    made = make_persona_sets(organization, sizes=(5,), used_sources=used).sets.get()
    pages = [reverse("personas", args=["acme"]), reverse("set_method", args=["acme", made.pk])]
    for page in pages:
        assert "“Promotion” tells whom ads were shown to." in owner_client.get(page).content.decode()
    persona = program(organization).get(f"{ROOT}personas/{made.personas.first().pk}/").json()
    assert persona["provenance"]["notices"] == made.generation.notices != []


def test_contents_that_only_small_groups_look_at_are_not_promised(organization, films):
    (few,) = make_groups(countries=("QA",), genders=("female",), ages=("65+",))
    one = {"period": "2026-10", "group_ids": pack([few.pk], IDS), "counts": pack([1.0], COUNTS), "total": 1}
    pages = make_contents(organization, 30, source_name="Pages")
    PackedInteractions.objects.bulk_create(PackedInteractions(content=page, **one) for page in pages)
    told = estimate(organization, sources=[DataSource.objects.get(name="Pages")])
    assert (told.interactions, told.kept, told.contents) == (30, 0, 0)
    assert told.objections[0].startswith("There are interactions with 0 contents")
    assert estimate(organization).contents == 55
