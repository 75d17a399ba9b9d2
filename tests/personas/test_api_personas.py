"""Sets and personas in the API: what the page shows, for the key's organization only."""

import numpy as np
import pytest
from django.core.files.base import ContentFile

from personas.models import Generation, Identity, Persona, PersonaSet
from sources.models import ContentUnit, DemographicGroup
from sources.packing import IDS, SHARES, pack
from tests import builders
from tests.api_calls import ROOT, program, queries_of

PNG = b"\x89PNG\r\n\x1a\n and the rest"


@pytest.fixture
def generation(organization):
    generation = builders.make_persona_sets(organization, sizes=(5, 6), period="2026-10", seed=7)
    source = organization.sources.get()
    generation.chosen_sources = [{"id": source.pk, "name": source.name, "kind": source.kind}]
    generation.save(update_fields=["chosen_sources"])
    return generation


@pytest.fixture
def persona(generation):
    return Persona.objects.filter(persona_set__size=5).order_by("position").first()


@pytest.fixture
def reader(organization):
    return program(organization, "read")


@pytest.fixture
def elsewhere(stranger):
    return program(stranger.organizations.get(), "read")


def read(client, persona, query=""):
    return client.get(f"{ROOT}personas/{persona.pk}/{query}").json()


def test_a_set_tells_what_it_is_and_how_good(generation, reader):
    (found,) = reader.get(f"{ROOT}persona-sets/?size=6").json()["results"]
    assert (found["generation"], found["size"], found["period"], found["method"]) == (
        generation.pk,
        6,
        "2026-10",
        "balanced",
    )
    assert found["measures"]["coverage"] == 0.98
    assert reader.get(f"{ROOT}persona-sets/{found['id']}/").json() == found


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("size=5", 1), ("period=2026-09", 0), ("method=reference", 0), ("unit=country", 2), ("generation=0", 0)],
)
def test_sets_are_filtered(generation, reader, query, count):
    assert reader.get(f"{ROOT}persona-sets/?{query}").json()["count"] == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 11),
        ("size=5", 5),
        ("gender=female", 11),
        ("gender=male", 0),
        ("age_group=25-34", 2),
        ("country=us", 4),
        ("country=ZZ", 0),
        ("set=0", 0),
    ],
)
def test_personas_are_filtered(generation, reader, query, count):
    assert reader.get(f"{ROOT}personas/?{query}").json()["count"] == count


def test_personas_are_filtered_by_set_generation_and_identity(generation, persona, reader):
    for query, count in (
        (f"set={persona.persona_set_id}", 5),
        (f"generation={generation.pk}", 11),
        (f"identity={persona.identity_id}", 2),
    ):
        assert reader.get(f"{ROOT}personas/?{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["gender=robot", "age_group=5", "size=many", "set=1e400", "colour=red"])
def test_a_filter_that_makes_no_sense_is_refused(generation, reader, query):
    response = reader.get(f"{ROOT}personas/?{query}")
    assert response.status_code == 400
    assert set(response.json()) == {query.split("=")[0]}


def test_a_persona_in_a_list_is_told_briefly(persona, reader):
    first = reader.get(f"{ROOT}personas/?size=5").json()["results"][0]
    assert (first["id"], first["name"], first["country_name"]) == (
        persona.pk,
        persona.identity.name,
        "United States of America",
    )
    assert "groups" not in first
    assert read(reader, persona).items() >= first.items()


def test_a_persona_is_told_with_who_it_is(persona, reader):
    told = read(reader, persona)
    identity = persona.identity
    assert (told["identity"], told["name"], told["size"]) == (identity.pk, identity.name, 5)
    assert (told["gender"], told["age_group"], told["age"], told["country"]) == ("female", "13-17", 29, "US")
    assert (told["share"], told["interactions"]) == (0.2, 200)
    assert told["description"] == persona.description
    assert told["topics"][0] == {"label": "Science", "share": 0.4, "lift": 2.1}
    assert told["unavailable"] == [{"attribute": "Job", "why": "No source of this organization says it."}]


def test_a_persona_is_told_with_its_contents(persona, reader):
    ContentUnit.objects.filter(external_id="v000").update(url="https://example.org/v000")
    contents = read(reader, persona)["contents"]
    assert len(contents) == 10
    assert contents[0] == {
        "id": ContentUnit.objects.get(external_id="v000").pk,
        "external_id": "v000",
        "title": "Title 0 about science",
        "url": "https://example.org/v000",
        "share": 0.5,
        "lift": 2.5,
    }


def test_a_content_that_was_deleted_is_left_out(persona, reader):
    ContentUnit.objects.filter(external_id="v000").delete()
    assert [unit["external_id"] for unit in read(reader, persona)["contents"]][:2] == ["v001", "v002"]


def test_a_persona_is_told_with_the_groups_behind_it(persona, reader):
    told = read(reader, persona)
    groups = told["groups"]
    assert told["group_count"] == 3
    assert [round(group["share"], 6) for group in groups] == [0.5, 0.3, 0.2]
    assert (groups[0]["gender"], groups[0]["age_group"], groups[0]["country"]) == ("female", "13-17", "US")
    assert groups[0]["interactions"] == pytest.approx(100)
    assert groups[0]["lift"] == pytest.approx(0.5 * DemographicGroup.objects.count())


def test_a_persona_of_many_groups_shows_fifty_or_all_when_asked(persona, reader):
    rows = np.arange(56)
    Persona.objects.filter(pk=persona.pk).update(
        group_rows=pack(rows, IDS), group_shares=pack(np.full(56, 1 / 56), SHARES)
    )
    assert [len(read(reader, persona, query)["groups"]) for query in ("", "?groups=all")] == [50, 56]
    assert read(reader, persona)["group_count"] == 56


def test_a_persona_is_told_beside_the_whole_audience(persona, reader):
    gender, age, country = read(reader, persona)["breakdowns"]
    assert [one["dimension"] for one in (gender, age, country)] == ["Gender", "Age", "Country"]
    assert [(part["label"], part["share"], part["audience_share"]) for part in gender["values"]] == [
        ("Female", pytest.approx(1), pytest.approx(0.5)),
        ("Male", 0, pytest.approx(0.5)),
    ]
    assert sum(part["audience_share"] for part in country["values"]) == pytest.approx(1)


def test_a_persona_is_told_with_what_changed_since_last_time(persona, generation, reader):
    alike = {"period": "2026-11", "chosen_sources": generation.chosen_sources}
    now = builders.make_persona_sets(generation.organization, sizes=(5,), **alike).sets.get().personas.first()
    Persona.objects.filter(pk=now.pk).update(share=0.25, topics=[{"label": "Music", "share": 1.0, "lift": 2.0}])
    change = read(reader, now)["change"]
    assert (change["persona"], change["generation"], change["size"]) == (persona.pk, generation.pk, 5)
    assert (change["share"], change["points"]) == (0.2, pytest.approx(0.05))
    assert (change["topics_that_came"], change["topics_that_went"]) == (["Music"], ["Science", "Sport"])
    assert read(reader, persona)["change"] is None


def test_a_persona_is_told_with_its_pattern_at_every_size(persona, reader):
    of_six = {one.thread: one for one in Persona.objects.filter(persona_set__size=6)}
    told = read(reader, persona)["sizes"]
    assert [(step["size"], step["persona"]) for step in told] == [(5, persona.pk), (6, of_six[persona.thread].pk)]
    absent = dict.fromkeys(("persona", "share", "gender", "age_group", "country"))
    assert read(reader, of_six[5])["sizes"][0] == {"size": 5, **absent}


def test_a_content_of_another_organization_is_left_out(persona, reader, stranger):
    foreign = builders.make_contents(stranger.organizations.get(), 1)[0]
    Persona.objects.filter(pk=persona.pk).update(contents=[{"id": foreign.pk, "share": 0.5, "lift": 1.0}])
    assert read(reader, persona)["contents"] == []


def test_another_wish_for_groups_is_refused(persona, reader):
    response = reader.get(f"{ROOT}personas/{persona.pk}/?groups=some")
    assert response.status_code == 400
    assert response.json() == {"groups": "Unknown value. Known is: all."}


def test_a_persona_is_told_with_how_it_was_made(persona, generation, reader):
    made = read(reader, persona)["provenance"]
    assert (made["id"], made["method"], made["unit"], made["period"]) == (
        generation.pk,
        "balanced",
        "country",
        "2026-10",
    )
    assert (made["seed"], made["threshold"]) == (7, 50)
    assert [source["name"] for source in made["sources"]] == ["Files"]


def test_a_new_name_is_told_at_once(persona, reader):
    Identity.objects.filter(pk=persona.identity_id).update(name="Nora Lindqvist")
    assert read(reader, persona)["name"] == "Nora Lindqvist"


def test_a_dimension_that_the_data_lacks_is_blank(persona, reader):
    Persona.objects.filter(pk=persona.pk).update(country="", gender="", age=None)
    told = read(reader, persona)
    assert (told["country"], told["country_name"], told["gender"], told["age"]) == ("", "", "", None)


def test_a_picture_is_handed_out_with_the_key(persona, reader):
    persona.identity.picture.save("face.png", ContentFile(PNG))
    response = reader.get(read(reader, persona)["picture"])
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == PNG


def test_a_persona_without_a_picture_says_so(persona, reader):
    assert read(reader, persona)["picture"] is None
    response = reader.get(f"{ROOT}personas/{persona.pk}/picture/")
    assert (response.status_code, response.json()) == (404, {"detail": "This persona has no picture."})


def test_a_picture_whose_file_is_gone_is_not_there(persona, reader):
    persona.identity.picture.save("face.png", ContentFile(PNG))
    persona.identity.picture.storage.delete(persona.identity.picture.name)
    assert reader.get(f"{ROOT}personas/{persona.pk}/picture/").status_code == 404


def test_personas_of_others_are_not_there(persona, elsewhere):
    persona.identity.picture.save("face.png", ContentFile(PNG))
    for name, key in (("personas", persona.pk), ("persona-sets", persona.persona_set_id)):
        assert elsewhere.get(f"{ROOT}{name}/").json()["count"] == 0
        assert elsewhere.get(f"{ROOT}{name}/{key}/").status_code == 404
    assert elsewhere.get(f"{ROOT}personas/{persona.pk}/picture/").status_code == 404


def test_what_is_not_complete_is_not_there(persona, generation, reader):
    Generation.objects.update(state="running")
    assert reader.get(f"{ROOT}personas/").json()["count"] == 0
    assert reader.get(f"{ROOT}personas/{persona.pk}/").status_code == 404
    assert reader.get(f"{ROOT}persona-sets/{persona.persona_set_id}/").status_code == 404


@pytest.mark.parametrize("name", ["personas", "persona-sets", "generations"])
def test_many_cost_as_many_queries_as_few(organization, reader, name):
    builders.make_persona_sets(organization, sizes=(5,))
    few = queries_of(lambda: reader.get(f"{ROOT}{name}/"))
    builders.make_persona_sets(organization, sizes=(5, 6, 7))
    assert queries_of(lambda: reader.get(f"{ROOT}{name}/")) == few
    assert PersonaSet.objects.count() == 4


def test_a_persona_costs_as_many_queries_however_much_stands_behind_it(persona, reader):
    Persona.objects.filter(pk=persona.pk).update(contents=persona.contents[:1])
    few = queries_of(lambda: read(reader, persona))
    Persona.objects.filter(pk=persona.pk).update(contents=persona.contents)
    assert queries_of(lambda: read(reader, persona)) == few
