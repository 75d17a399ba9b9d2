"""A permission at Meta, against accounts that answer as Meta's do."""

from urllib.parse import parse_qs, urlsplit

import pytest

from sources.connectors.faults import NotSetUp, PlatformError, ReconnectNeeded, Unavailable
from sources.connectors.http import HastyHttp
from sources.connectors.meta import oauth as meta_oauth
from sources.connectors.meta.faults import judge
from sources.connectors.oauth import Client
from tests.platforms.consent import decide
from tests.platforms.meta_accounts import DATA_ACCESS, LASTS, MetaAccounts
from tests.platforms.server import Answer, PlatformServer

BACK = "http://127.0.0.1:1/connections/callback/meta/"
SCOPES = ("pages_show_list", "pages_read_engagement", "read_insights")


@pytest.fixture
def server():
    platform = PlatformServer()
    with platform.running():
        yield platform


@pytest.fixture
def meta(server):
    return MetaAccounts(server, pages={"Page Owner": [("501", "News Page")]})


@pytest.fixture
def addresses(server, meta):
    return meta.addresses(server.base)


@pytest.fixture
def client(meta):
    return Client(*meta.app)


def code_of(client, addresses, **decision) -> str:
    consent = meta_oauth.consent(client, addresses, SCOPES, BACK)
    return parse_qs(urlsplit(decide(consent.address, **decision)).query)["code"][0]


def grant(client, addresses, **decision):
    return meta_oauth.exchange(client, addresses, BACK, code_of(client, addresses, **decision), "", 0.0)


def test_a_code_becomes_a_long_lived_token_with_name_scopes_and_end(client, addresses, meta):
    given = grant(client, addresses)
    token = meta.tokens[given.token]
    assert (token.long, given.account) == (True, "Page Owner")
    assert given.missing(SCOPES) == []
    assert given.ends_at == int(token.made) + LASTS


def test_a_scope_that_was_declined_is_told_as_missing(client, addresses):
    assert grant(client, addresses, untick=["read_insights"]).missing(SCOPES) == ["read_insights"]


def test_a_code_works_once(client, addresses):
    code = code_of(client, addresses)
    meta_oauth.exchange(client, addresses, BACK, code, "", 0.0)
    with pytest.raises(PlatformError, match="has been used"):
        meta_oauth.exchange(client, addresses, BACK, code, "", 0.0)


def test_the_end_is_the_nearer_one_of_token_and_access_to_data(client, addresses, meta):
    token = grant(client, addresses).token
    meta.data_access_ends = meta.tokens[token].made + 1000
    assert meta_oauth.inspect(client, addresses, token).ends_at == int(meta.data_access_ends)


@pytest.mark.parametrize("said", [{}, {"data": None}, {"data": []}, {"data": {"scopes": []}}])
def test_nothing_said_of_a_token_is_not_that_it_is_dead(client, addresses, server, said):
    server.fail("GET", "/debug_token", Answer(said))
    with pytest.raises(Unavailable, match="does not say"):
        meta_oauth.inspect(client, addresses, "EAAX")


@pytest.mark.parametrize("end", [-1, 1.8e12, "never", float("inf")])
def test_an_end_that_is_no_time_is_none(client, addresses, meta, server, end):
    told = Answer({"data": {"is_valid": True, "expires_at": end, "data_access_expires_at": 1_800_000_000}})
    server.fail("GET", "/debug_token", told)
    assert meta_oauth.inspect(client, addresses, "EAAX").ends_at == 1_800_000_000


def test_the_token_of_a_page_ends_with_the_access_to_data_only(client, addresses, meta):
    given = grant(client, addresses)
    asking = HastyHttp(meta_oauth.MetaSession(client, given.token), judge)
    page = asking.get(f"{addresses['graph']}/me/accounts")["data"][0]
    found = meta_oauth.inspect(client, addresses, page["access_token"])
    assert found.ends_at == int(meta.tokens[page["access_token"]].made + DATA_ACCESS)


def test_a_dead_token_is_told_with_its_reason(client, addresses, meta):
    token = grant(client, addresses).token
    meta.withdraw("The session has been invalidated because the user changed the password.")
    found = meta_oauth.inspect(client, addresses, token)
    assert not found.valid
    assert "password" in found.problem


def test_a_session_sends_the_proof_that_meta_asks_for(client, addresses, server):
    given = grant(client, addresses)
    asking = HastyHttp(meta_oauth.MetaSession(client, given.token), judge)
    asking.get(f"{addresses['graph']}/me", {"fields": "id"})
    assert server.asked[-1].one("fields") == "id"
    assert server.asked[-1].one("appsecret_proof") == meta_oauth.appsecret_proof(client, given.token)


def test_a_session_with_another_secret_is_refused(client, addresses):
    given = grant(client, addresses)
    asking = HastyHttp(meta_oauth.MetaSession(Client(client.id, "other"), given.token), judge)
    with pytest.raises(NotSetUp, match="META_APP_SECRET"):
        asking.get(f"{addresses['graph']}/me")


def test_a_permission_that_is_given_back_is_dead(client, addresses, meta):
    given = grant(client, addresses)
    meta_oauth.revoke(client, addresses, given.token)
    assert not meta.accepts(given.token)
    meta_oauth.revoke(client, addresses, given.token)  # and giving it back again is no error


def test_a_permission_that_facebook_does_not_say_to_have_taken_back_is_an_error(client, addresses, server):
    given = grant(client, addresses)
    server.fail("DELETE", "/me/permissions", Answer({"success": False}))
    with pytest.raises(Unavailable, match="did not take the permission back"):
        meta_oauth.revoke(client, addresses, given.token)


def test_a_session_of_a_dead_token_needs_a_person(client, addresses, meta):
    given = grant(client, addresses)
    meta.withdraw()
    with pytest.raises(ReconnectNeeded):
        HastyHttp(meta_oauth.MetaSession(client, given.token), judge).get(f"{addresses['graph']}/me")


def test_somebody_who_waits_is_told_at_once(client, addresses, server):
    given = grant(client, addresses)
    down = Answer({"error": {"code": 2, "message": "Service temporarily unavailable"}}, 500)
    server.fail("GET", "/me$", down, times=9)
    asking = HastyHttp(meta_oauth.MetaSession(client, given.token), judge)
    with pytest.raises(PlatformError, match="could not answer"):
        asking.get(f"{addresses['graph']}/me")
    assert asking.calls == 1


def test_tokens_stand_in_no_address_but_that_of_debug_token(client, addresses, server, meta):
    given = grant(client, addresses)
    meta_oauth.revoke(client, addresses, given.token)
    told = [(value, request.path) for request in server.asked for given in request.query.values() for value in given]
    assert {path for value, path in told if value in meta.secrets} == {"/graph/v26.0/debug_token"}


def test_no_error_tells_the_token(client, addresses, meta):
    given = grant(client, addresses)
    meta.withdraw(f"Error validating {given.token}")
    with pytest.raises(ReconnectNeeded) as told:
        HastyHttp(meta_oauth.MetaSession(client, given.token), judge).get(f"{addresses['graph']}/me")
    assert given.token not in str(told.value)


def test_no_inspection_tells_the_token(client, addresses, meta):
    given = grant(client, addresses)
    meta.withdraw(f"Malformed access token {given.token}, see https://developers.facebook.com/x?access_token=y")
    assert meta_oauth.inspect(client, addresses, given.token).problem == "Malformed access token , see"


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_instead_of_a_token_is_told(client, addresses, server, status):
    server.fail("POST", "access_token", Answer(b"<h1>Bad gateway</h1>", status, {"Content-Type": "text/html"}), times=9)
    with pytest.raises(PlatformError, match="Facebook"):
        meta_oauth.exchange(client, addresses, BACK, "code", "", 0.0)
