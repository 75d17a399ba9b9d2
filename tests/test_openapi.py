"""The OpenAPI document, that it tells the truth, and the page that shows it."""

import random
import re

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from personas.models import Generation, Persona
from sources.api.throttles import TokenThrottle
from sources.models import Collection, ContentUnit, DataSource, Upload
from tests import builders
from tests.api_calls import program

FILE = re.compile(r"(picture|rejects)/$")


@pytest.fixture(scope="module")
def document():
    return Client().get("/api/v1/openapi.json").json()


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_valid(document):
    validate_schema(document)


def test_the_document_names_every_address(document):
    names = {path.split("/")[3] for path in document["paths"]}
    assert names == {
        "organizations",
        "sources",
        "content-units",
        "uploads",
        "collections",
        "generations",
        "persona-sets",
        "personas",
        "over-time",
    }


def test_every_operation_asks_for_a_key_and_tells_its_refusals(document):
    assert document["components"]["securitySchemes"]["organizationKey"]["scheme"] == "bearer"
    for path, method, operation in operations(document):
        assert operation["security"] == [{"organizationKey": []}], path
        assert {"401", "403", "429"} <= set(operation["responses"]), path
        assert operation["description"], path
        if "{" in path:
            assert "404" in operation["responses"], path
        if "requestBody" in operation:
            assert {"400", "409", "415"} <= set(operation["responses"]), (path, method)


def test_every_documented_reading_answers_with_the_documented_fields(document, organization):
    keys = a_whole_world(organization)
    client = program(organization, "read")
    for path, method, operation in operations(document):
        if method != "get" or FILE.search(path):
            continue
        response = client.get(re.sub(r"{\w+}", lambda _, path=path: str(keys[path.split("/")[3]]), path))
        assert response.status_code == 200, (path, response.content)
        told = response.json()
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        name = schema["$ref"].split("/")[-1].removeprefix("Paginated").removesuffix("List")
        (told,) = told["results"][:1] if "results" in told else [told]
        assert set(told) == set(document["components"]["schemas"][name]["properties"]), path


def a_whole_world(organization) -> dict[str, object]:
    """Return one key for every kind of thing."""
    builders.make_persona_sets(organization, sizes=(5,))
    upload = Upload.objects.create(organization=organization)
    Collection.objects.create(source=DataSource.objects.get(), upload=upload)
    persona = Persona.objects.first()
    return {
        "organizations": organization.slug,
        "sources": DataSource.objects.get().pk,
        "content-units": ContentUnit.objects.first().pk,
        "uploads": upload.pk,
        "collections": Collection.objects.get().pk,
        "generations": Generation.objects.get().pk,
        "persona-sets": persona.persona_set_id,
        "personas": persona.pk,
    }


NONSENSE = ["", "0", "-1", "1e400", "nan", "\x00", "é" * 300, "9" * 25, "1.5", "٣", "2026-13", "0001-01-01T00:00-23:59"]
WRONG_KINDS = [None, True, [], {}, ["x"], [10**30], -1, 1.5, 10**30]
WISHES = ["sizes", "method", "unit", "period", "seed", "sources"]


def test_nonsense_is_answered_with_documented_codes_only(document, organization, monkeypatch):
    monkeypatch.setattr(TokenThrottle, "rate", "10000/min", raising=False)
    builders.make_persona_sets(organization, sizes=(5,))
    client = program(organization, "read", "write", "run")
    chance = random.Random(1)
    for path, method, operation in operations(document):
        names = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
        for _ in range(12):
            place = re.sub(r"{\w+}", lambda _: chance.choice(["1", "0", "9" * 25, "acme", "٣"]), path)
            if method == "get":
                wish = {name: chance.choice(NONSENSE) for name in chance.sample(names, min(len(names), 2))}
                response = client.get(place, wish)
            else:
                wish = {name: chance.choice([*NONSENSE, *WRONG_KINDS]) for name in chance.sample(WISHES, 2)}
                response = client.post(place, wish, format="json")
            assert str(response.status_code) in operation["responses"], (method, place, wish)


def test_the_document_is_for_everybody(client, db):
    response = client.get("/api/v1/openapi.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_the_docs_page_loads_nothing_from_outside_and_runs_nothing_inline(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert not re.findall(r"<style|style=|<script(?![^>]* src=)", page)


def test_the_root_of_the_api_leads_to_the_docs(client, db):
    assert client.get("/api/v1/")["Location"] == "/api/v1/docs/"
