"""Asking with a stored permission: the right session and judge, and what becomes of a connection whose token died."""

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as site
from django.utils import timezone

from sources.connecting.checking import check_connections
from sources.connecting.platforms import PLATFORMS, connector_for
from sources.connecting.rotating import rotate_tokens
from sources.connecting.sessions import JUDGES, NotConfigured, http_for, mark_dead, mark_lost
from sources.connectors.faults import ReconnectNeeded
from sources.connectors.google import faults as google_faults
from sources.connectors.meta import faults as meta_faults
from sources.connectors.meta import oauth as meta_oauth
from sources.connectors.youtube.channel import YouTube
from sources.errors import DataError
from sources.models import Connection, DataSource
from tests.sources.connecting.world import connected


def channels(source):
    return http_for(source, sleep=lambda seconds: None).get(f"{site.PLATFORM_ADDRESSES['youtube']}/youtube/v3/channels")


@pytest.fixture
def source(world, owner_client):
    return connected(owner_client)


def test_a_connected_source_is_read(source):
    assert channels(source)["items"][0]["id"] == "UCowner"


def test_a_dead_token_marks_the_connection_with_words(source, world):
    world.google.withdraw()
    with pytest.raises(ReconnectNeeded):
        channels(source)
    connection = Connection.objects.get()
    assert connection.state == "reconnect"
    assert "Google no longer accepts the permission" in connection.problem


def test_the_word_of_an_old_token_does_not_hold_for_a_new_one(source):
    old = Connection.objects.get()
    Connection.objects.filter(pk=old.pk).update(token="another")
    mark_dead(old, "Dead.")
    assert Connection.objects.get().is_live


def test_the_word_of_an_old_page_token_does_not_hold_for_a_new_one(source):
    DataSource.objects.filter(pk=source.pk).update(token="another")
    mark_lost(source, "Lost.")
    assert DataSource.objects.get().problem == ""


def test_a_token_that_was_encrypted_with_a_newer_key_meanwhile_is_left_to_who_has_it(source, settings):
    old, keys = Connection.objects.get(), settings.TOKEN_KEYS
    assert old.token
    settings.TOKEN_KEYS = [Fernet.generate_key().decode(), *keys]
    rotate_tokens()
    settings.TOKEN_KEYS = keys
    mark_dead(old, "Dead.")
    assert Connection.objects.get().is_live


def test_a_connection_that_was_deleted_is_not_brought_back(source):
    old = Connection.objects.get()
    old.delete()
    mark_dead(Connection(pk=99), "Dead.")
    assert not Connection.objects.exists()


def test_a_disconnected_source_cannot_be_read(source):
    source.connection = None
    with pytest.raises(ReconnectNeeded, match="Nothing is connected"):
        http_for(source)


def test_a_dump_that_was_loaded_has_to_be_connected_again(source):
    Connection.objects.update(token="")
    with pytest.raises(ReconnectNeeded, match="Connect the account again"):
        http_for(DataSource.objects.get())
    assert not Connection.objects.get().is_live


def test_a_lost_key_is_told_and_marks_nothing(source, settings):
    settings.TOKEN_KEYS = ["Zm9yZ290dGVuLWtleS1mb3Itbm9ib2R5LXRvLXVzZS4="]
    with pytest.raises(ReconnectNeeded, match="TOKEN_KEYS"):
        http_for(DataSource.objects.get())
    assert Connection.objects.get().is_live


def test_a_server_that_lost_its_account_at_the_platform_says_so(source, settings):
    settings.GOOGLE_CLIENT_SECRET = ""
    with pytest.raises(NotConfigured, match="GOOGLE_CLIENT_SECRET"):
        http_for(source)


def test_a_page_is_asked_with_its_own_token(world, owner_client):
    source = connected(owner_client, "facebook_ads")
    source.token = world.meta.page_token("Page Owner", "501")
    http_for(source).get(f"{site.PLATFORM_ADDRESSES['graph']}/me")
    assert world.server.asked[-1].token == source.token


@pytest.mark.parametrize("kind", list(PLATFORMS))
def test_every_platform_has_the_judge_of_its_provider(kind):
    faults = google_faults if PLATFORMS[kind].provider == "google" else meta_faults
    assert JUDGES[kind].__module__ == faults.__name__


@pytest.mark.parametrize("kind", [kind for kind in DataSource.Kind.values if kind != "files"])
def test_every_kind_of_source_but_files_is_a_platform(kind):
    assert PLATFORMS[kind].scopes
    assert PLATFORMS[kind].label


class TestConnector:
    def test_it_is_the_one_of_the_kind(self, source):
        assert isinstance(connector_for(source), YouTube)

    def test_it_gets_its_own_options_and_no_others(self, world, owner_client):
        source = connected(owner_client, "facebook_ads")
        source.options = {"metric": "clicks", "months": 3}
        assert connector_for(source).metric == "clicks"

    def test_files_have_none(self, organization):
        files = DataSource.objects.create(organization=organization, name="Files")
        with pytest.raises(DataError, match="cannot be collected from"):
            connector_for(files)


class TestHealth:
    @pytest.fixture
    def source(self, world, owner_client):
        return connected(owner_client, "facebook_ads")

    def test_the_end_of_a_permission_is_kept_up_to_date(self, source, world):
        world.meta.data_access_ends = (timezone.now() + timezone.timedelta(days=5)).timestamp() // 1
        assert check_connections() == 0
        connection = Connection.objects.get()
        assert connection.expires_at.timestamp() == world.meta.data_access_ends
        assert connection.ends_soon

    def test_a_dead_token_is_found_before_the_night(self, source, world):
        world.meta.withdraw("The user changed the password.")
        assert check_connections() == 1
        connection = Connection.objects.get()
        assert (connection.state, "changed the password" in connection.problem) == ("reconnect", True)

    def test_a_scope_that_was_taken_back_is_named(self, source, world):
        world.meta.tokens[source.connection.token].scopes.remove("ads_read")
        assert check_connections() == 0
        source.refresh_from_db()
        assert source.link == "reconnect"
        assert source.trouble == (
            "The permission to “read the figures of your ads” was taken back at Facebook. Reconnect the ad account."
        )

    @pytest.fixture
    def meanwhile(self, monkeypatch):
        """Have something done while Facebook is asked about a token."""

        def do(change):
            inspect = meta_oauth.inspect
            monkeypatch.setattr(meta_oauth, "inspect", lambda *asked: change() and inspect(*asked))

        return do

    def test_a_connection_that_is_deleted_while_it_is_asked_about_stops_no_other(self, source, meanwhile):
        meanwhile(Connection.objects.all().delete)
        assert check_connections() == 0
        assert not Connection.objects.exists()

    def test_what_is_said_of_an_old_token_is_not_noted_of_a_new_one(self, source, meanwhile):
        meanwhile(lambda: Connection.objects.update(token="new", scopes=["new"], expires_at=None))
        assert check_connections() == 0
        connection = Connection.objects.get()
        assert (connection.scopes, connection.expires_at) == (["new"], None)

    def test_a_platform_that_does_not_answer_changes_nothing(self, source, settings):
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | {"graph": "http://127.0.0.1:9"}
        assert check_connections() == 0
        assert Connection.objects.get().is_live
