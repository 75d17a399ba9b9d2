"""The way of a person to a platform and back: what is taken, and what is refused in words."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse

from sources.connecting.authorizing import LONGEST_AWAY, PENDING
from sources.connecting.platforms import PLATFORMS
from sources.connecting.reconnecting import reachable
from sources.models import Connection, Membership
from tests import builders
from tests.platforms.consent import decide
from tests.platforms.server import Answer
from tests.sources.connecting.world import OTHER, OWNER, begin, come_back, connected, consent, text

GOOGLE_SETTINGS = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")


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
    come_back(owner_client, decide(second, person=OTHER))
    assert set(Connection.objects.values_list("account", flat=True)) == {OWNER, OTHER}


def test_what_a_person_allows_at_another_time_is_one_permission_with_what_was_before(world, owner_client):
    source = connected(owner_client)
    consent(owner_client, "google_analytics")
    connection = Connection.objects.get()
    assert (connection.pk, connection.account, len(connection.person)) == (source.connection_id, OWNER, 21)
    assert set(PLATFORMS["youtube"].scopes) | set(PLATFORMS["google_analytics"].scopes) <= set(connection.scopes)
    assert reachable("youtube", connection.token)[0].id == source.account


def test_a_person_of_whom_google_tells_nothing_is_known_by_no_name(world, owner_client, monkeypatch):
    monkeypatch.setattr(world.google, "_id_token", lambda permission: "no.token")
    consent(owner_client)
    connection = Connection.objects.get()
    assert (connection.person, connection.account, str(connection)) == ("", "", "Google")


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


def test_a_state_with_strange_letters_is_just_refused(world, owner_client):
    begin(owner_client)
    back = reverse("connection_callback", args=["google"])
    page = owner_client.get(back, {"state": "é\0", "code": "x"}, follow=True)
    assert "belongs to nothing that was begun here" in text(page)
