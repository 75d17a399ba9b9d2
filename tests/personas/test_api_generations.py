"""Generations in the API: started, followed, cancelled."""

import pytest
from django_q.models import OrmQ

from personas.models import Generation
from tests import builders
from tests.api_calls import ROOT, program

ADDRESS = f"{ROOT}generations/"


@pytest.fixture
def runner(organization):
    return program(organization, "read", "run")


@pytest.fixture
def elsewhere(stranger):
    return program(stranger.organizations.get(), "read", "run")


def start(client, **wish):
    return client.post(ADDRESS, wish, format="json")


def test_a_generation_is_accepted_queued_and_followed_at_its_location(runner):
    response = start(runner)
    assert response.status_code == 202
    followed = runner.get(response["Location"]).json()
    assert followed == response.json()
    assert (followed["state"], followed["method"], followed["sizes"]) == ("queued", "balanced", list(range(5, 16)))
    assert OrmQ.objects.count() == 1


def test_a_generation_is_made_as_wished(organization, runner):
    source = builders.make_contents(organization, 1)[0].source
    start(runner, sizes=[9, 6, 6], method="reference", unit="region", period="2026-10", seed=3, sources=[source.pk])
    made = Generation.objects.get()
    assert (made.organization, made.sizes, made.method) == (organization, [6, 9], "reference")
    assert (made.unit, made.period, made.seed, made.source_ids) == ("region", "2026-10", 3, [source.pk])


def test_a_generation_names_who_made_the_key(organization, owner):
    start(program(organization, "run", created_by=owner))
    assert Generation.objects.get().requested_by == owner


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"sizes": []}, "sizes"),
        ({"sizes": [1]}, "sizes"),
        ({"sizes": [41]}, "sizes"),
        ({"sizes": "5-15"}, "sizes"),
        ({"method": "magic"}, "method"),
        ({"period": "October"}, "period"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"sources": [10**30]}, "sources"),
        ({"sources": ["x"]}, "sources"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_name(runner, wish, field):
    response = start(runner, **wish)
    assert response.status_code == 400
    assert set(response.json()) == {field}
    assert not Generation.objects.exists()


@pytest.mark.parametrize("key", ["1e400", "-1e400", "true", "1.5", "{}"])
def test_a_source_that_is_no_whole_number_is_refused(runner, key):
    response = runner.post(ADDRESS, f'{{"sources": [{key}]}}', content_type="application/json")
    assert response.status_code == 400
    assert set(response.json()) == {"sources"}


def test_a_source_of_others_does_not_exist(runner, stranger):
    foreign = builders.make_contents(stranger.organizations.get(), 1)[0].source
    response = start(runner, sources=[foreign.pk])
    assert response.status_code == 400
    assert "does not exist" in str(response.json()["sources"])


def test_a_second_generation_is_a_conflict_while_one_is_open(runner):
    start(runner)
    response = start(runner)
    assert response.status_code == 409
    assert "already waiting or running" in response.json()["detail"]
    assert Generation.objects.count() == OrmQ.objects.count() == 1


def test_a_body_that_is_no_json_is_refused(runner):
    response = runner.post(ADDRESS, "{sizes", content_type="application/json")
    assert response.status_code == 400
    assert "JSON" in response.json()["detail"]


@pytest.mark.parametrize("scopes", [["read"], ["write"]])
def test_starting_needs_the_scope_run(organization, scopes):
    response = start(program(organization, *scopes))
    assert response.status_code == 403
    assert "“run”" in response.json()["detail"]
    assert not Generation.objects.exists()


def test_starting_needs_a_key(client, organization):
    assert client.post(ADDRESS, {}, content_type="application/json").status_code == 401


def test_a_failed_generation_tells_why(organization, runner):
    Generation.objects.create(organization=organization, state="failed", error="There are only 4 groups.")
    (told,) = runner.get(f"{ADDRESS}?state=failed").json()["results"]
    assert (told["state"], told["error"], told["sets"]) == ("failed", "There are only 4 groups.", [])


def test_a_complete_generation_links_to_its_sets(organization, runner):
    generation = builders.make_persona_sets(organization, sizes=(5, 6))
    told = runner.get(f"{ADDRESS}{generation.pk}/").json()
    assert told["sets"] == [{"id": one.pk, "size": one.size} for one in generation.sets.all()]
    assert told["suggested_size"] == 5


def test_a_generation_is_cancelled(runner):
    place = start(runner)["Location"]
    response = runner.post(f"{place}cancel/")
    assert (response.status_code, response.json()["state"]) == (200, "cancelled")


def test_cancelling_needs_the_scope_run(organization, runner):
    place = start(runner)["Location"]
    assert program(organization, "read").post(f"{place}cancel/").status_code == 403
    assert Generation.objects.get().state == "queued"


def test_generations_of_others_are_not_there(runner, elsewhere):
    place = start(runner)["Location"]
    assert elsewhere.get(ADDRESS).json()["count"] == 0
    assert elsewhere.get(place).status_code == 404
    assert elsewhere.post(f"{place}cancel/").status_code == 404
    assert Generation.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("query", "count"), [("state=done", 1), ("period=2026-09", 0), ("method=balanced", 1), ("unit=region", 0)]
)
def test_generations_are_filtered(organization, runner, query, count):
    builders.make_persona_sets(organization, sizes=(5,), period="2026-10")
    assert runner.get(f"{ADDRESS}?{query}").json()["count"] == count
