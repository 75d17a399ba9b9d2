"""Connecting an account: choosing what to collect, and reconnecting."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sources.connecting import reconnecting
from sources.connecting.reconnecting import reachable
from sources.connecting.sessions import mark_dead
from sources.encryption import Sealed
from sources.models import Connection, DataSource
from tests.platforms.server import Answer
from tests.sources.connecting.world import OTHER, OWNER, connected, consent, text


def choose_page(connection, kind="youtube") -> str:
    return reverse("connection_choose", args=["acme", connection.pk, kind])


def test_a_channel_is_connected_and_becomes_a_source_that_is_due(world, owner_client, owner):
    page = text(consent(owner_client))
    assert "Choose what to collect" in page
    assert "News Channel" in page
    connection = Connection.objects.get()
    owner_client.post(choose_page(connection), {"account": ["UCowner"]})
    source = DataSource.objects.get()
    assert (source.name, source.kind, source.account, source.connection) == (
        "News Channel", "youtube", "UCowner", connection,
    )  # fmt: skip
    assert source.due_at <= timezone.now()
    assert (connection.token in world.google.given, connection.connected_by) == (True, owner)


def test_several_properties_are_chosen_at_once(world, owner_client):
    connected(owner_client, "google_analytics", "11", "12")
    assert set(DataSource.objects.values_list("name", "account")) == {("News Site", "11"), ("Shop", "12")}
    assert Connection.objects.count() == 1
    assert Connection.objects.get().account == OWNER


def test_an_ad_account_is_connected_by_facebook(world, owner_client):
    source = connected(owner_client, "facebook_ads")
    assert (source.name, source.connection.account) == ("News Ads", "Page Owner")
    assert source.connection.expires_at > timezone.now() + timedelta(days=50)


def test_an_account_is_not_connected_twice(world, owner_client):
    connected(owner_client)
    page = consent(owner_client)
    assert "Connected already, as the source “News Channel”" in text(page)
    again = owner_client.post(choose_page(Connection.objects.latest("pk")), {"account": ["UCowner"]}, follow=True)
    assert "Choose at least one channel" in text(again)
    assert DataSource.objects.count() == 1


def test_where_everything_is_connected_already_there_is_nothing_to_press(world, owner_client):
    connected(owner_client)
    page = owner_client.get(choose_page(Connection.objects.get())).content.decode()
    assert "Everything that this permission reaches is connected already." in page
    assert "Collect what is chosen" not in page


def test_a_name_that_is_taken_is_told_apart(world, owner_client, organization):
    DataSource.objects.create(organization=organization, name="News Channel")
    assert connected(owner_client).name == "News Channel (YouTube)"


def test_an_account_that_the_permission_does_not_reach_cannot_be_smuggled_in(world, owner_client):
    consent(owner_client)
    page = owner_client.post(choose_page(Connection.objects.get()), {"account": ["UCstranger"]}, follow=True)
    assert "Choose at least one channel" in text(page)
    assert not DataSource.objects.exists()


def test_a_permission_is_good_for_its_own_platform_only(world, owner_client):
    consent(owner_client)
    page = owner_client.get(choose_page(Connection.objects.get(), "google_analytics"), follow=True)
    assert "not good for Google Analytics" in text(page)


def test_an_account_with_nothing_to_collect_says_so(world, owner_client):
    page = text(consent(owner_client, "google_analytics", person=OTHER))
    assert "may read no Google Analytics property" in page
    assert "Connect again" in page


def test_a_permission_that_turns_out_to_be_dead_while_choosing_is_marked(world, owner_client):
    consent(owner_client)
    world.google.withdraw()
    page = text(owner_client.get(choose_page(Connection.objects.get())))
    assert "Google no longer accepts the permission" in page
    assert not Connection.objects.get().is_live


class TestReconnecting:
    @pytest.fixture
    def source(self, world, owner_client):
        source = connected(owner_client)
        world.google.withdraw()
        mark_dead(source.connection, "Google no longer accepts it.")
        return source

    def test_the_data_page_says_why_and_offers_the_way(self, source, owner_client):
        page = text(owner_client.get(reverse("sources", args=["acme"])))
        assert "Reconnect needed" in page
        assert "Google no longer accepts it." in page
        assert f"{reverse('connection_begin', args=['acme', 'youtube'])}?source={source.pk}" in page

    def test_the_same_account_brings_the_source_back(self, source, owner_client, world):
        page = consent(owner_client, source=source)
        assert "“News Channel” is connected again" in text(page)
        connection = Connection.objects.get()
        assert connection.pk == source.connection_id
        assert (connection.is_live, connection.problem, connection.account) == (True, "", OWNER)
        assert world.google.given[connection.token].alive

    def test_another_account_is_refused_in_words_and_changes_nothing(self, source, owner_client):
        page = text(consent(owner_client, source=source, person=OTHER))
        assert "This permission does not reach the channel of “News Channel”." in page
        assert "It reaches “Cooking Channel”." in page
        connection = Connection.objects.get()
        assert (connection.is_live, connection.pk) == (False, source.connection_id)

    def test_one_that_was_disconnected_while_the_platform_was_asked_gets_a_new_permission(
        self, source, owner_client, monkeypatch
    ):
        def reachable_after(kind, token):
            Connection.objects.get().delete()
            return reachable(kind, token)

        monkeypatch.setattr(reconnecting, "reachable", reachable_after)
        before = source.connection_id
        consent(owner_client, source=source)
        connection = Connection.objects.get()
        assert (DataSource.objects.get().connection, connection.is_live) == (connection, True)
        assert connection.pk != before

    def test_one_that_was_deleted_while_the_platform_was_asked_is_told(self, source, owner_client, monkeypatch):
        def reachable_after(kind, token):
            source.delete()
            return reachable(kind, token)

        monkeypatch.setattr(reconnecting, "reachable", reachable_after)
        assert "The source that was to be reconnected is gone." in text(consent(owner_client, source=source))

    def test_choosing_it_anew_connects_the_source_it_was(self, source, owner_client):
        page = consent(owner_client)
        assert "choosing it connects that again, with all its data" in text(page)
        owner_client.post(choose_page(Connection.objects.latest("pk")), {"account": ["UCowner"]})
        assert DataSource.objects.get().connection.is_live
        assert Connection.objects.count() == 1

    def test_a_source_of_another_organization_cannot_be_reconnected(self, source, stranger_client):
        address = reverse("connection_begin", args=["elsewhere", "youtube"])
        assert stranger_client.get(address, {"source": source.pk}).status_code == 404

    @pytest.mark.parametrize("number", ["x", "", "9" * 40, "-1"])
    def test_a_source_that_is_no_number_is_not_found(self, world, owner_client, number):
        address = reverse("connection_begin", args=["acme", "youtube"])
        assert owner_client.get(address, {"source": number}).status_code == 404


def test_reconnecting_one_of_two_moves_both_that_are_reached(world, owner_client):
    source = connected(owner_client, "google_analytics", "11", "12")
    mark_dead(source.connection, "Dead.")
    consent(owner_client, "google_analytics", source=source)
    assert {one.connection.is_live for one in DataSource.objects.all()} == {True}
    assert Connection.objects.count() == 1


def test_a_sibling_that_is_not_reached_stays_with_the_dead_permission(world, owner_client):
    source = connected(owner_client, "google_analytics", "11", "12")
    mark_dead(source.connection, "Dead.")
    DataSource.objects.filter(account="12").update(account="99")
    consent(owner_client, "google_analytics", source=source)
    assert dict(DataSource.objects.values_list("account", "connection__state")) == {"11": "live", "99": "reconnect"}


def test_a_permission_that_ends_soon_is_told_on_the_data_page(world, owner_client):
    source = connected(owner_client)
    Connection.objects.update(expires_at=timezone.now() + timedelta(days=13))
    page = text(owner_client.get(reverse("sources", args=["acme"])))
    assert f"The permission for “{source.name}” ends on" in page


def test_a_permission_with_time_left_is_quietly_connected(world, owner_client):
    connected(owner_client)
    Connection.objects.update(expires_at=timezone.now() + timedelta(days=15))
    page = text(owner_client.get(reverse("sources", args=["acme"])))
    assert "ends on" not in page
    assert ">Connected</span>" in page


@pytest.mark.parametrize("lost", ["", "gAAAAA-encrypted-with-a-key-that-is-lost"])
def test_a_page_without_a_token_that_can_be_read_is_chosen_again(world, owner_client, lost):
    source = connected(owner_client, "facebook", "501")
    DataSource.objects.update(token=Sealed(lost))
    page = text(owner_client.get(choose_page(source.connection, "facebook")))
    assert "Known as the source “News Page”: choosing it connects that again" in page
    owner_client.post(choose_page(source.connection, "facebook"), {"account": ["501"]})
    assert world.meta.accepts(DataSource.objects.get().token)


def test_a_page_keeps_its_own_token_and_gets_a_new_one_on_reconnecting(world, owner_client):
    source = connected(owner_client, "facebook", "501")
    first = source.token
    assert world.meta.tokens[first].page == "501"
    world.meta.withdraw()
    mark_dead(source.connection, "Dead.")
    consent(owner_client, "facebook", source=source)
    source.refresh_from_db()
    assert source.token != first
    assert world.meta.accepts(source.token)


def test_choosing_a_channel_makes_the_jobs_of_its_daily_files(world, owner_client):
    connected(owner_client)
    assert world.server.count("/youtube_reporting/v1/jobs") == 1


def test_jobs_that_cannot_be_made_keep_nobody_from_connecting(world, owner_client):
    refused = {"error": {"code": 403, "message": "Disabled.", "errors": [{"reason": "accessNotConfigured"}]}}
    world.server.fail("GET", "/youtube_reporting/", Answer(refused, 403))
    assert connected(owner_client).connection.is_live


def test_a_permission_that_is_good_for_nothing_can_be_given_back_at_once(world, owner_client):
    world.server.fail("GET", "/youtube/v3/channels", Answer({"pageInfo": {"totalResults": 0}}))
    page = text(consent(owner_client))
    connection = Connection.objects.get()
    assert "This Google account has no YouTube channel" in page
    assert f'href="/o/acme/connections/{connection.pk}/disconnect/"' in page


def test_a_permission_in_use_is_not_offered_to_be_given_back_when_the_platform_is_silent(world, owner_client):
    source = connected(owner_client)
    world.server.fail("GET", "/youtube/v3/channels", Answer({"error": {"code": 503}}, 503), times=9)
    address = reverse("connection_choose", args=["acme", source.connection_id, "youtube"])
    assert "/disconnect/" not in text(owner_client.get(address))
