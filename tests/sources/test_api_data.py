"""The organization, its sources and its content units in the API."""

import pytest

from sources.models import ContentUnit
from tests import builders
from tests.api_calls import ROOT, program, queries_of


@pytest.fixture
def contents(organization):
    contents = builders.make_contents(organization, 25)
    builders.make_interactions(contents, builders.make_groups(), period="2026-09")
    builders.make_interactions(contents, builders.make_groups(), period="2026-10")
    return contents


@pytest.fixture
def reader(organization):
    return program(organization, "read")


def test_a_key_sees_its_own_organization_only(organization, stranger, reader):
    listed = reader.get(f"{ROOT}organizations/").json()["results"]
    assert [one["slug"] for one in listed] == ["acme"]
    assert reader.get(f"{ROOT}organizations/acme/").json() == listed[0]
    assert reader.get(f"{ROOT}organizations/elsewhere/").status_code == 404


def test_a_source_says_how_many_contents_it_has(contents, reader):
    (source,) = reader.get(f"{ROOT}sources/").json()["results"]
    assert (source["name"], source["kind"], source["content_count"]) == ("Files", "files", 25)
    assert reader.get(f"{ROOT}sources/{source['id']}/").json() == source


def test_a_content_unit_has_its_fields_and_all_its_interactions(contents, reader):
    unit = reader.get(f"{ROOT}content-units/{contents[3].pk}/").json()
    total = sum(contents[3].interactions.values_list("total", flat=True))
    assert (unit["external_id"], unit["title"], unit["category"]) == ("v003", "Title 3 about health", "Health")
    assert unit["tags"] == ["health", "tag3"]
    assert unit["interactions"] == total > 0


def test_a_content_unit_without_interactions_says_zero(organization, reader):
    builders.make_contents(organization, 1)
    assert reader.get(f"{ROOT}content-units/").json()["results"][0]["interactions"] == 0


@pytest.mark.parametrize("name", ["sources", "content-units"])
def test_what_belongs_to_others_is_not_there(contents, stranger, name):
    elsewhere = program(stranger.organizations.get(), "read")
    foreign = contents[0].source_id if name == "sources" else contents[0].pk
    assert elsewhere.get(f"{ROOT}{name}/").json()["count"] == 0
    assert elsewhere.get(f"{ROOT}{name}/{foreign}/").status_code == 404


@pytest.mark.parametrize("key", ["0", "99999999999999999999999999", "abc", "-1"])
def test_an_id_that_cannot_be_is_not_there(contents, reader, key):
    assert reader.get(f"{ROOT}content-units/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("external_id=v003", 1),
        ("title=ABOUT SPORT", 6),
        ("category=science", 7),
        ("source=0", 0),
        ("source=9223372036854775807", 0),
        ("published_after=2026-01-01", 1),
        ("published_before=2026-01-01T00:00:00Z", 0),
    ],
)
def test_content_units_are_filtered(contents, reader, query, count):
    ContentUnit.objects.filter(external_id="v000").update(published_at="2026-05-05T00:00Z")
    assert reader.get(f"{ROOT}content-units/?{query}").json()["count"] == count


@pytest.mark.parametrize(
    "query",
    [
        "source=x",
        "source=nan",
        "source=99999999999999999999",
        "source=-1",
        "published_after=soon",
        "published_after=0001-01-01T00:00:00%2B14:00",
        "published_before=9999-12-31T23:59:59-14:00",
        "sorce=1",
        "title=%00",
        "page=1&a=b",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_its_name(contents, reader, query):
    response = reader.get(f"{ROOT}content-units/?{query}")
    assert response.status_code == 400
    assert query.split("=")[-2].split("&")[-1] in response.json()


def test_long_lists_come_in_pages_of_fifty(organization, reader):
    builders.make_contents(organization, 60)
    first = reader.get(f"{ROOT}content-units/").json()
    second = reader.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(second["results"])) == (60, 50, 10)


def test_a_page_is_at_most_five_hundred_long(organization, reader):
    builders.make_contents(organization, 510)
    assert len(reader.get(f"{ROOT}content-units/?page_size=501").json()["results"]) == 500


def test_a_page_behind_the_last_is_not_there(contents, reader):
    response = reader.get(f"{ROOT}content-units/?page=99")
    assert response.status_code == 404
    assert response.json() == {
        "detail": "There is no such page. Pages are numbered from 1; `next` leads to the following one."
    }


@pytest.mark.parametrize("name", ["sources", "content-units"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(organization, reader, name):
    builders.make_contents(organization, 2, "First")
    few = queries_of(lambda: reader.get(f"{ROOT}{name}/"))
    for number in range(20):
        builders.make_contents(organization, 2, f"More {number}")
    assert queries_of(lambda: reader.get(f"{ROOT}{name}/")) == few


def test_what_is_not_there_is_told_in_our_words(reader):
    answer = reader.get(f"{ROOT}collections/999999/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "There is nothing with this id here."})
