"""The end of a permission: given back, forgotten, with or without what it brought."""

import pytest
from django.urls import reverse

from sources.models import Collection, Connection, ContentUnit, DataSource, Upload
from sources.organizing import delete_source
from tests.platforms.server import Answer
from tests.sources.connecting.world import OWNER, connected, text


@pytest.fixture
def source(world, owner_client):
    source = connected(owner_client)
    ContentUnit.objects.create(source=source, external_id="v1")
    return source


def disconnect(client, source, **form):
    return client.post(reverse("connection_disconnect", args=["acme", source.connection_id]), form, follow=True)


def test_the_permission_goes_and_the_data_stays(source, owner_client, world):
    page = text(disconnect(owner_client, source))
    assert f"Disconnected: Google: {OWNER}. Its permission was given back at Google and is deleted here." in page
    assert "What came from “News Channel” stays." in page
    assert ">Disconnected</span>" in page
    assert f"?source={source.pk}" in page
    assert not Connection.objects.exists()
    source.refresh_from_db()
    assert (source.connection, source.token, source.due_at, source.contents.count()) == (None, "", None, 1)
    assert not any(permission.alive for permission in world.google.given.values())


def test_on_request_the_data_goes_too(source, owner_client):
    page = text(disconnect(owner_client, source, delete_data="on"))
    assert "“News Channel” and all that came from it are deleted." in page
    assert not DataSource.objects.exists()
    assert not ContentUnit.objects.exists()


def test_nothing_is_deleted_while_one_of_the_sources_is_collected(world, owner_client):
    source = connected(owner_client, "google_analytics", "11", "12")
    Collection.objects.create(source=DataSource.objects.get(account="12"), state="running")
    page = text(disconnect(owner_client, source, delete_data="on"))
    assert "“Shop” is being collected just now" in page
    assert (Connection.objects.count(), DataSource.objects.connected().count()) == (1, 2)
    assert world.server.count("google_revoke") == 0


@pytest.mark.parametrize(("state", "after"), [("queued", "cancelled"), ("running", "running")])
def test_a_collection_on_its_way_is_stopped_and_none_follows(source, owner_client, state, after):
    collection = Collection.objects.create(source=source, state=state)
    disconnect(owner_client, source)
    collection.refresh_from_db()
    source.refresh_from_db()
    assert (collection.state, collection.cancel_requested, source.due_at) == (after, True, None)


def test_files_that_are_being_read_go_on(source, owner_client):
    upload = Upload.objects.create(organization=source.organization)
    collection = Collection.objects.create(source=source, upload=upload, state="running")
    disconnect(owner_client, source)
    collection.refresh_from_db()
    assert not collection.cancel_requested


def test_a_collection_that_is_queued_at_the_last_moment_loses_nothing(source, owner_client, world, monkeypatch):
    def and_meanwhile(*, source):
        Collection.objects.create(source=source, state="queued")
        delete_source(source=source)

    monkeypatch.setattr("sources.connecting.disconnecting.delete_source", and_meanwhile)
    disconnect(owner_client, source, delete_data="on")
    assert DataSource.objects.get().connection.is_live
    assert any(permission.alive for permission in world.google.given.values())


def test_a_platform_that_does_not_answer_keeps_nobody_from_disconnecting(source, owner_client, world):
    world.server.fail("POST", "/google_revoke", Answer({}, 503))
    page = text(disconnect(owner_client, source))
    assert "did not confirm that it forgot the permission" in page
    assert "was given back" not in page
    assert not Connection.objects.exists()


def test_a_permission_that_cannot_be_read_can_be_deleted(source, owner_client, settings):
    settings.TOKEN_KEYS = ["Zm9yZ290dGVuLWtleS1mb3Itbm9ib2R5LXRvLXVzZS4="]
    page = text(disconnect(owner_client, source))
    assert "could not be read with the keys of this server" in page
    assert not Connection.objects.exists()


def test_facebook_forgets_the_application(world, owner_client):
    source = connected(owner_client, "facebook_ads")
    token = source.connection.token
    page = text(disconnect(owner_client, source))
    assert "Its permission was given back at Facebook and is deleted here." in page
    assert not world.meta.accepts(token)


def test_where_no_permission_was_kept_nothing_is_said_to_be_given_back(source, owner_client):
    Connection.objects.update(token="")
    assert "Its permission is deleted here." in text(disconnect(owner_client, source))


def test_the_question_says_what_goes_with_it(source, owner_client):
    address = reverse("connection_disconnect", args=["acme", source.connection_id])
    page = text(owner_client.get(address))
    assert "Nothing new comes in for “News Channel”." in page
    assert "The permission is given back at Google and deleted here." in page


def another(source) -> Connection:
    """Another permission of the same person that something is collected with."""
    was = source.connection
    other = Connection.objects.create(
        organization=source.organization, provider=was.provider, person=was.person, token="other"
    )
    DataSource.objects.create(organization=source.organization, name="Site", kind="google_analytics", connection=other)
    return other


def test_a_permission_that_others_are_collected_with_is_not_given_back(source, owner_client, world):
    another(source)
    question = text(owner_client.get(reverse("connection_disconnect", args=["acme", source.connection_id])))
    assert "It is not given back at Google, for “Site” is collected with what the same person allowed." in question
    page = text(disconnect(owner_client, source))
    assert "It was not given back at Google, for others are collected with it." in page
    assert world.server.count("google_revoke") == 0


def test_what_another_organization_collects_is_not_named(source, owner_client, stranger):
    DataSource.objects.filter(connection=another(source)).update(organization=stranger.organizations.get())
    question = text(owner_client.get(reverse("connection_disconnect", args=["acme", source.connection_id])))
    assert "for other sources are collected with what the same person allowed" in question
    assert "“Site”" not in question


@pytest.mark.parametrize("fields", [{"person": ""}, {"person": "7"}, {"state": "reconnect"}])
def test_a_permission_of_somebody_else_or_a_dead_one_keeps_nothing(source, owner_client, world, fields):
    other = another(source)
    Connection.objects.filter(pk=other.pk).update(**fields)
    disconnect(owner_client, source)
    assert world.server.count("google_revoke") == 1


def test_a_disconnected_source_is_connected_again_with_its_data(source, owner_client):
    disconnect(owner_client, source)
    again = connected(owner_client)
    assert (again.pk, again.contents.count()) == (source.pk, 1)


def test_who_deletes_a_source_learns_that_its_permission_stays(source, owner_client):
    page = text(owner_client.get(reverse("source_delete", args=["acme", source.pk])))
    assert f"The permission that Google gave for {OWNER} is not deleted with it." in page
    assert reverse("connection_disconnect", args=["acme", source.connection_id]) in page
    assert "uploaded files" not in page
