"""The server that stands for the platforms: it answers what it is told to, and the client's patience fits it."""

import pytest
import requests

from sources.connectors.faults import QuotaUsedUp, ReconnectNeeded, Refused, Unavailable
from sources.connectors.google.faults import judge
from sources.connectors.http import Http
from tests.platforms.server import Answer, PlatformServer


def google_error(status: int, reason: str, message: str = "No.") -> Answer:
    return Answer({"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}, status)


@pytest.fixture
def server():
    platform = PlatformServer()
    platform.route("GET", "/thing", lambda request, found: Answer({"asked": request.one("q")}))
    with platform.running():
        yield platform


@pytest.fixture
def waits():
    return []


@pytest.fixture
def http(waits):
    return Http(requests.Session(), judge, waits.append)


def test_a_good_answer_comes_at_the_first_try(server, http, waits):
    assert http.get(f"{server.base}/thing", {"q": "x"}) == {"asked": "x"}
    assert (waits, http.calls) == ([], 1)


def test_a_server_error_is_asked_again_with_growing_waits(server, http, waits):
    server.fail("GET", "/thing", google_error(503, "backendError"), times=2)
    assert http.get(f"{server.base}/thing") == {"asked": ""}
    assert 2 <= waits[0] < 30 <= waits[1]


def test_a_server_that_stays_down_is_given_up(server, http):
    server.fail("GET", "/thing", google_error(500, "backendError"), times=99)
    with pytest.raises(Unavailable):
        http.get(f"{server.base}/thing")
    assert http.calls == 4


def test_a_limit_with_a_named_time_waits_exactly_that_long(server, http, waits):
    busy = google_error(429, "rateLimitExceeded")
    server.fail("GET", "/thing", Answer(busy.body, 429, {"Retry-After": "7"}))
    http.get(f"{server.base}/thing")
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (401, "authError", ReconnectNeeded),
        (403, "quotaExceeded", QuotaUsedUp),
        (403, "insufficientPermissions", ReconnectNeeded),
        (403, "commentsDisabled", Refused),
        (404, "videoNotFound", Refused),
    ],
)
def test_what_cannot_succeed_is_asked_only_once(server, http, status, reason, error):
    server.fail("GET", "/thing", google_error(status, reason), times=9)
    with pytest.raises(error):
        http.get(f"{server.base}/thing")
    assert http.calls == 1


def test_an_error_of_the_network_tells_neither_address_nor_token(waits):
    http = Http(requests.Session(), judge, waits.append)
    with pytest.raises(Unavailable) as told:
        http.get("http://127.0.0.1:9/thing", {"access_token": "EAAsecret"})
    assert "EAAsecret" not in str(told.value)
    assert told.value.__cause__ is None
