"""One source that is not collected any more, while its permission and what else is read with it go on."""

import pytest
from django.urls import reverse

from sources.models import Collection, Connection, ContentUnit, DataSource, Upload
from tests.sources.connecting.world import connected, text


@pytest.fixture
def source(world, owner_client):
    return connected(owner_client, "google_analytics", "11", "12")


def stop(client, source, slug="acme"):
    return client.post(reverse("source_stop", args=[slug, source.pk]), follow=True)


def state_of(source) -> tuple:
    source.refresh_from_db()
    return source.connection, source.token, source.problem, source.due_at


def options_page(client, source) -> str:
    return text(client.get(reverse("source_options", args=["acme", source.pk])))


def test_it_alone_stops_and_its_data_and_the_permission_stay(source, owner_client, world):
    ContentUnit.objects.create(source=source, external_id="p1")
    DataSource.objects.filter(pk=source.pk).update(token="own", problem="The role was taken back.")
    assert "“News Site” is not collected any more. What came from it stays" in text(stop(owner_client, source))
    assert state_of(source) == (None, "", "", None)
    assert source.contents.count() == 1
    assert Connection.objects.get().is_live
    assert [one.name for one in DataSource.objects.connected()] == ["Shop"]
    assert world.server.count("google_revoke") == 0


@pytest.mark.parametrize(("state", "after"), [("queued", "cancelled"), ("running", "running")])
def test_its_collection_that_is_on_its_way_is_cancelled(source, owner_client, state, after):
    own = Collection.objects.create(source=source, state=state)
    other = Collection.objects.create(source=DataSource.objects.get(name="Shop"), state=state)
    stop(owner_client, source)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, own.cancel_requested, other.cancel_requested) == (after, True, False)
    assert state_of(source)[3] is None


def test_files_that_are_being_read_into_it_go_on(source, owner_client):
    upload = Upload.objects.create(organization=source.organization)
    collection = Collection.objects.create(source=source, upload=upload, state="running")
    stop(owner_client, source)
    collection.refresh_from_db()
    assert not collection.cancel_requested


def test_who_is_no_administrator_is_not_offered_it_and_may_not(source, colleague_client, stranger_client):
    source.organization.memberships.filter(role="viewer").update(role="editor")
    assert "Stop collecting" not in options_page(colleague_client, source)
    assert stop(colleague_client, source).status_code == 403
    for slug in ("acme", "elsewhere"):
        assert stop(stranger_client, source, slug).status_code == 404
    assert state_of(source)[0]


def test_the_page_says_what_it_means_while_the_source_is_connected(source, owner_client):
    assert "What came from it stays; connect it again at any time" in options_page(owner_client, source)
    stop(owner_client, source)
    assert "Stop collecting" not in options_page(owner_client, source)


def test_it_is_connected_again_by_choosing_it(source, owner_client):
    stop(owner_client, source)
    address = reverse("connection_choose", args=["acme", Connection.objects.get().pk, "google_analytics"])
    assert "Known as the source" in text(owner_client.get(address))
    owner_client.post(address, {"account": ["11"]})
    assert state_of(source)[0].is_live
