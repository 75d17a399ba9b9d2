"""Connecting an account: the way to the platform and back, choosing, reconnecting, and what stands against it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sources.connecting.authorizing import LONGEST_AWAY, PENDING
from sources.connecting.sessions import mark_dead
from sources.encryption import Sealed
from sources.models import Connection, DataSource, Membership
from tests import builders
from tests.platforms.consent import decide
from tests.platforms.server import Answer
from tests.sources.connecting.world import OTHER, begin, come_back, connected, consent, text

GOOGLE_SETTINGS = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")


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
    assert Connection.objects.get().account == "News Site, Shop"


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


def test_somebody_who_says_no_is_not_scolded(world, owner_client):
    page = text(consent(owner_client, allow=False))
    assert "You said no at Google, so nothing was connected" in page
    assert not Connection.objects.exists()


def test_a_scope_that_was_left_out_is_named(world, owner_client):
    page = text(consent(owner_client, untick=["yt-analytics.readonly"]))
    assert "“see the YouTube Analytics reports of your channel” was left out" in page
    assert not Connection.objects.exists()


def test_an_answer_is_taken_once(world, owner_client):
    back = decide(begin(owner_client))
    come_back(owner_client, back)
    assert "was used already" in text(come_back(owner_client, back))
    assert Connection.objects.count() == 1


def test_an_answer_that_was_not_asked_for_is_refused(world, owner_client):
    begin(owner_client)
    back = reverse("connection_callback", args=["google"])
    page = owner_client.get(back, {"state": "guessed", "code": "4/x"}, follow=True)
    assert "belongs to nothing that was begun here" in text(page)
    assert world.server.count("google_token") == 0


def test_the_answer_of_somebody_else_is_refused(world, owner_client, organization):
    other = builders.make_member(organization, "second", Membership.Role.ADMIN)
    back = decide(begin(owner_client))
    client = Client()
    client.force_login(other)
    assert "belongs to nothing that was begun here" in text(come_back(client, back))
    assert not Connection.objects.exists()


def test_a_state_that_got_into_the_session_of_somebody_else_is_refused(world, owner_client, organization):
    back = decide(begin(owner_client))
    client = Client()
    client.force_login(builders.make_member(organization, "second", Membership.Role.ADMIN))
    session = client.session
    session[PENDING] = owner_client.session[PENDING]
    session.save()
    assert "belongs to nothing that was begun here" in text(come_back(client, back))
    assert not Connection.objects.exists()


def test_an_answer_that_comes_for_another_provider_is_refused(world, owner_client):
    query = urlsplit(decide(begin(owner_client))).query
    page = owner_client.get(f"{reverse('connection_callback', args=['meta'])}?{query}", follow=True)
    assert "belongs to nothing that was begun here" in text(page)


def test_an_answer_that_took_too_long_is_refused(world, owner_client):
    back = decide(begin(owner_client))
    session = owner_client.session
    session[PENDING] = {
        state: begun | {"at": begun["at"] - LONGEST_AWAY - 1} for state, begun in session[PENDING].items()
    }
    session.save()
    assert "took more than an hour" in text(come_back(owner_client, back))


def test_an_administrator_who_lost_the_role_meanwhile_connects_nothing(world, owner_client, owner):
    back = decide(begin(owner_client))
    Membership.objects.filter(user=owner).update(role="editor")
    assert come_back(owner_client, back).status_code == 403
    assert not Connection.objects.exists()


def test_two_tabs_do_not_disturb_each_other(world, owner_client):
    first, second = begin(owner_client), begin(owner_client, "google_analytics")
    come_back(owner_client, decide(first))
    come_back(owner_client, decide(second))
    assert Connection.objects.count() == 2


def test_a_wrong_verifier_is_refused_with_words(world, owner_client):
    back = decide(begin(owner_client))
    session = owner_client.session
    session[PENDING] = {state: begun | {"verifier": "x" * 64} for state, begun in session[PENDING].items()}
    session.save()
    assert "Connect once more" in text(come_back(owner_client, back))
    assert not Connection.objects.exists()


def test_a_platform_that_is_down_is_told(world, owner_client):
    world.server.fail("GET", "/youtube/", Answer({"error": {"code": 503, "message": "Down."}}, 503), times=9)
    assert "Google could not answer: Down." in text(consent(owner_client))


def test_the_platform_sends_people_back_to_where_they_came_from(world, owner_client, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["apg.example.org"]
    address = owner_client.get(
        reverse("connection_begin", args=["acme", "youtube"]),
        headers={"X-Forwarded-Proto": "https", "Host": "apg.example.org"},
    ).headers["Location"]
    back = parse_qs(urlsplit(address).query)["redirect_uri"]
    assert back == ["https://apg.example.org/connections/callback/google/"]


def test_a_server_without_an_account_of_its_own_says_what_to_set(owner_client, organization, settings):
    for name in GOOGLE_SETTINGS:
        setattr(settings, name, "")
    page = text(owner_client.get(reverse("connect", args=["acme"])))
    assert "<code>GOOGLE_CLIENT_ID</code> and <code>GOOGLE_CLIENT_SECRET</code>" in page
    page = owner_client.get(reverse("connection_begin", args=["acme", "youtube"]), follow=True)
    assert "its administrator has to set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET" in text(page)


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
        assert (connection.is_live, connection.problem, connection.account) == (True, "", "News Channel")
        assert world.google.given[connection.token].alive

    def test_another_account_is_refused_in_words_and_changes_nothing(self, source, owner_client):
        page = text(consent(owner_client, source=source, person=OTHER))
        assert "This is another account" in page
        assert "It reaches “Cooking Channel”." in page
        connection = Connection.objects.get()
        assert (connection.is_live, connection.pk) == (False, source.connection_id)

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
    assert Connection.objects.get(state="live").account == "News Site"


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


class TestWhoMay:
    @pytest.fixture
    def pages(self, world, owner_client):
        source = connected(owner_client)
        pk = source.connection_id
        return [
            reverse("connection_begin", args=["acme", "youtube"]),
            reverse("connection_choose", args=["acme", pk, "youtube"]),
            reverse("connection_disconnect", args=["acme", pk]),
        ]

    @pytest.fixture
    def editor_client(self, organization):
        client = Client()
        client.force_login(builders.make_member(organization, "editor", Membership.Role.EDITOR))
        return client

    def test_a_viewer_neither_connects_nor_looks(self, pages, colleague_client):
        addresses = [*pages, reverse("connect", args=["acme"])]
        assert {colleague_client.get(page).status_code for page in addresses} == {403}
        assert reverse("connect", args=["acme"]) not in text(colleague_client.get(reverse("sources", args=["acme"])))

    @pytest.mark.parametrize("who", ["colleague_client", "editor_client", "stranger_client"])
    def test_nobody_but_an_administrator_chooses_or_disconnects(self, pages, request, who, world):
        client = request.getfixturevalue(who)
        answers = [client.post(page, {"account": ["UCowner"], "delete_data": "on"}) for page in pages[1:]]
        assert {answer.status_code for answer in answers} == ({404} if who == "stranger_client" else {403})
        assert DataSource.objects.connected().count() == 1
        assert world.server.count("google_revoke") == 0

    def test_no_other_site_makes_an_administrator_choose_or_disconnect(self, pages, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        assert [client.post(page, {"account": ["UCowner"]}).status_code for page in pages] == [403, 403, 403]
        assert DataSource.objects.connected().count() == 1

    def test_an_editor_looks_and_does_not_connect(self, pages, editor_client):
        page = text(editor_client.get(reverse("connect", args=["acme"])))
        assert "An administrator of this organization can connect accounts." in page
        assert not any(address in page for address in pages)
        assert {editor_client.get(address).status_code for address in pages} == {403}

    def test_a_stranger_finds_nothing(self, pages, stranger_client):
        addresses = [*pages, reverse("connect", args=["acme"])]
        assert {stranger_client.get(page).status_code for page in addresses} == {404}

    def test_a_stranger_finds_no_connection_under_an_organization_of_theirs(self, pages, stranger_client):
        pk = Connection.objects.get().pk
        assert stranger_client.get(reverse("connection_disconnect", args=["elsewhere", pk])).status_code == 404
        assert stranger_client.get(reverse("connection_choose", args=["elsewhere", pk, "youtube"])).status_code == 404

    def test_nobody_comes_back_without_signing_in(self, client, db):
        back = reverse("connection_callback", args=["google"])
        assert client.get(back, {"state": "x"}).headers["Location"].startswith(reverse("login"))

    def test_a_platform_that_does_not_exist_is_not_found(self, owner_client, organization):
        assert owner_client.get(reverse("connection_begin", args=["acme", "files"])).status_code == 404
        assert owner_client.get(reverse("connection_callback", args=["files"])).status_code == 404


def test_a_state_with_strange_letters_is_just_refused(world, owner_client):
    begin(owner_client)
    back = reverse("connection_callback", args=["google"])
    page = owner_client.get(back, {"state": "é\0", "code": "x"}, follow=True)
    assert "belongs to nothing that was begun here" in text(page)


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
