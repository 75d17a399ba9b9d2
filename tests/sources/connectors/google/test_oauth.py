"""A permission at Google, against accounts that answer as Google's do."""

import os
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sources.connectors.faults import ReconnectNeeded, Refused, Unavailable
from sources.connectors.google import oauth as google_oauth
from sources.connectors.google.faults import judge
from sources.connectors.http import Http
from sources.connectors.oauth import Client
from tests.platforms.consent import decide
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.server import Answer, PlatformServer
from tests.sources.connecting.world import unauthorized

BACK = "http://127.0.0.1:1/connections/callback/google/"
SCOPES = (google_oauth.YOUTUBE, google_oauth.YOUTUBE_ANALYTICS)
NOW = 1_790_000_000.0


@pytest.fixture
def server():
    platform = PlatformServer()
    with platform.running():
        yield platform


@pytest.fixture
def google(server):
    accounts = GoogleAccounts(server)
    good = Answer({"items": []})
    server.route("GET", "/thing", lambda request, _: good if accounts.accepts(request.token) else unauthorized())
    return accounts


@pytest.fixture
def addresses(server, google):
    return google.addresses(server.base)


@pytest.fixture
def client(google):
    return Client(*google.client)


def asked(client, addresses):
    return google_oauth.consent(client, addresses, SCOPES, BACK)


def code_of(consent, **decision) -> str:
    return parse_qs(urlsplit(decide(consent.address, **decision)).query)["code"][0]


def grant(client, addresses, **decision):
    consent = asked(client, addresses)
    return google_oauth.exchange(client, addresses, BACK, code_of(consent, **decision), consent.verifier, NOW)


def http(client, addresses, token) -> Http:
    return Http(google_oauth.GoogleSession(client, addresses, token), judge, lambda seconds: None)


def test_the_consent_asks_for_a_lasting_permission_with_a_challenge(client, addresses):
    consent = asked(client, addresses)
    told = {name: values[0] for name, values in parse_qs(urlsplit(consent.address).query).items()}
    assert consent.address.startswith(addresses["google_consent"])
    assert told["scope"].split() == [*SCOPES, *google_oauth.IDENTITY]
    assert (told["access_type"], told["prompt"], told["include_granted_scopes"]) == ("offline", "consent", "true")
    assert told["code_challenge_method"] == "S256"
    assert told["code_challenge"] not in ("", consent.verifier)
    assert told["state"] == consent.state


def test_two_consents_share_neither_state_nor_verifier(client, addresses):
    first, second = asked(client, addresses), asked(client, addresses)
    assert first.state != second.state
    assert first.verifier != second.verifier


def test_a_code_becomes_a_lasting_token_with_its_scopes(client, addresses, google):
    given = grant(client, addresses)
    assert given.token in google.given
    assert given.missing(SCOPES) == []
    assert given.ends_at is None


def test_a_code_tells_whose_permission_it_is(client, addresses):
    given = grant(client, addresses)
    assert (given.account, given.person.isdecimal()) == ("owner@example.org", True)


def test_an_unticked_scope_is_told_as_missing(client, addresses):
    given = grant(client, addresses, untick=["yt-analytics.readonly"])
    assert given.missing(SCOPES) == [google_oauth.YOUTUBE_ANALYTICS]


def test_a_permission_of_an_application_in_testing_has_an_end(client, addresses, google):
    google.lasts = 7 * 86_400
    assert grant(client, addresses).ends_at == NOW + 7 * 86_400


@pytest.mark.parametrize("verifier", ["", "x" * 64])
def test_a_code_without_its_verifier_is_refused(client, addresses, google, verifier):
    code = code_of(asked(client, addresses))
    with pytest.raises(Refused, match="Connect once more"):
        google_oauth.exchange(client, addresses, BACK, code, verifier, NOW)
    assert google.given == {}


def test_a_code_works_once(client, addresses):
    consent = asked(client, addresses)
    code = code_of(consent)
    google_oauth.exchange(client, addresses, BACK, code, consent.verifier, NOW)
    with pytest.raises(Refused, match="used already"):
        google_oauth.exchange(client, addresses, BACK, code, consent.verifier, NOW)


def test_a_wrong_secret_names_the_settings_to_look_at(client, addresses):
    consent = asked(client, addresses)
    with pytest.raises(Unavailable, match="GOOGLE_CLIENT_SECRET"):
        google_oauth.exchange(Client(client.id, "no"), addresses, BACK, code_of(consent), consent.verifier, NOW)


def test_a_permission_that_does_not_last_is_not_kept(client, addresses, server):
    told = {"access_token": "ya29.x", "expires_in": 3599, "scope": " ".join(SCOPES), "token_type": "Bearer"}
    server.fail("POST", "/google_token", Answer(told))
    with pytest.raises(ReconnectNeeded, match="Connect once more"):
        google_oauth.exchange(client, addresses, BACK, "code", "verifier", NOW)


def test_an_exchange_that_nobody_answers_tells_no_code(client, addresses):
    dead = addresses | {"google_token": "http://127.0.0.1:9/token"}
    with pytest.raises(Unavailable) as told:
        google_oauth.exchange(client, dead, BACK, "4/thecode", "verifier", NOW)
    assert "thecode" not in str(told.value)


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_instead_of_a_token_is_told(client, addresses, server, status):
    page = Answer(b"<h1>Bad gateway</h1>", status, {"Content-Type": "text/html"})
    server.fail("POST", "/google_token", page, times=9)
    with pytest.raises(Unavailable, match="Google did not give the permission"):
        google_oauth.exchange(client, addresses, BACK, "code", "verifier", NOW)


def test_plain_http_is_spoken_on_this_machine_only(client, addresses):
    far = addresses | {"google_token": "http://accounts.example.org/token"}
    with pytest.raises(Unavailable, match="insecure_transport"):
        google_oauth.exchange(client, far, BACK, "code", "verifier", NOW)


def test_no_variable_of_the_environment_is_touched(client, addresses):
    grant(client, addresses)
    assert [name for name in os.environ if name.startswith("OAUTHLIB")] == []


def test_a_session_renews_its_token_when_that_has_ended(client, addresses, google, server):
    asking = http(client, addresses, grant(client, addresses).token)
    asking.get(f"{server.base}/thing")
    google.expire()
    assert asking.get(f"{server.base}/thing") == {"items": []}


def test_a_token_that_is_refused_though_it_is_new_needs_a_person(client, addresses, server):
    asking = http(client, addresses, grant(client, addresses).token)
    server.fail("GET", "/thing", unauthorized(), times=99)
    with pytest.raises(ReconnectNeeded):
        asking.get(f"{server.base}/thing")
    assert server.count("/thing") <= 3


def test_a_withdrawn_permission_needs_a_person(client, addresses, google, server):
    asking = http(client, addresses, grant(client, addresses).token)
    google.withdraw()
    with pytest.raises(ReconnectNeeded, match="seven days"):
        asking.get(f"{server.base}/thing")


def test_a_token_that_cannot_be_renewed_just_now_is_tried_again(client, addresses, server):
    asking = http(client, addresses, grant(client, addresses).token)
    server.fail("POST", "/google_token", Answer({"error": "backend_error"}, 503), times=3)
    assert asking.get(f"{server.base}/thing") == {"items": []}


@pytest.mark.parametrize("body", [b"<h1>Sign in to this network</h1>", b"null", b"[]", b'{"access_tok', b"\xff"])
def test_what_is_no_renewed_token_is_asked_for_again(client, addresses, server, body):
    asking = http(client, addresses, grant(client, addresses).token)
    server.fail("POST", "/google_token", Answer(body), times=2)
    assert asking.get(f"{server.base}/thing") == {"items": []}


class TestSentOn:
    """To another host: a server that answers so is not Google's, and gets no token and no secret of ours."""

    @pytest.fixture
    def elsewhere(self, server):
        other = PlatformServer()
        with other.running() as base:
            server.fail("POST", "/google_", Answer({}, 307, {"Location": f"{base}/other"}), times=99)
            yield other

    def test_no_code_is_exchanged_there(self, client, addresses, elsewhere):
        with pytest.raises(Unavailable, match="did not answer"):
            google_oauth.exchange(client, addresses, BACK, "code", "verifier", NOW)
        assert elsewhere.asked == []

    def test_no_token_is_renewed_there(self, client, addresses, server, elsewhere):
        with pytest.raises(Unavailable, match="did not answer"):
            http(client, addresses, "1//token").get(f"{server.base}/thing")
        assert elsewhere.asked == []

    def test_no_permission_is_given_back_there(self, client, addresses, elsewhere):
        with pytest.raises(Unavailable, match="did not take the permission back"):
            google_oauth.revoke(client, addresses, "1//token")
        assert elsewhere.asked == []


def test_a_permission_that_is_given_back_is_dead(client, addresses, google):
    given = grant(client, addresses)
    google_oauth.revoke(client, addresses, given.token)
    assert not google.given[given.token].alive


def test_giving_back_twice_is_no_error(client, addresses):
    given = grant(client, addresses)
    google_oauth.revoke(client, addresses, given.token)
    google_oauth.revoke(client, addresses, given.token)


def test_a_revocation_that_fails_is_told_without_the_token(client, addresses, server):
    given = grant(client, addresses)
    server.fail("POST", "/google_revoke", Answer({}, 503))
    with pytest.raises(Unavailable) as told:
        google_oauth.revoke(client, addresses, given.token)
    assert given.token not in str(told.value)


def test_tokens_stand_in_no_address(client, addresses, server, google):
    given = grant(client, addresses)
    http(client, addresses, given.token).get(f"{server.base}/thing")
    google_oauth.revoke(client, addresses, given.token)
    asked_for = [value for request in server.asked for values in request.query.values() for value in values]
    assert not set(asked_for) & set(google.secrets)


def test_grants_and_consents_show_no_secret(client, addresses):
    consent, given = asked(client, addresses), grant(client, addresses)
    assert consent.verifier not in repr(consent)
    assert given.token not in repr(given)
    assert client.secret not in repr(client)


def test_the_fake_is_no_pushover(client, addresses):
    assert requests.get(addresses["google_consent"], timeout=5).status_code == 401
