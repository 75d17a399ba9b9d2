"""Patience with a platform: what time mends is asked again, and no more; no error tells an address."""

import pytest
import requests

from sources.connectors.faults import NotSupported, QuotaUsedUp, ReconnectNeeded, Refused, Retry, Unavailable
from sources.connectors.google.faults import judge, judge_analytics
from sources.connectors.http import HASTY_TIMEOUT, LONGEST_WAIT, TIMEOUT, TOKEN, HastyHttp, Http
from sources.connectors.secret import Secret
from tests.platforms.server import Answer, PlatformServer


def google_error(status: int, reason: str, headers: dict[str, str] | None = None) -> Answer:
    error = {"code": status, "message": "No.", "errors": [{"reason": reason}]}
    return Answer({"error": error}, status, headers or {})


BUSY, DOWN = google_error(429, "rateLimitExceeded"), google_error(503, "backendError")


class Session:
    """Answers at once, and tells how long it was allowed to take."""

    def request(self, method, url, **kwargs):
        self.timeout = kwargs["timeout"]
        response = requests.Response()
        response.status_code, response._content = 200, b"{}"
        return response


@pytest.fixture
def server():
    served = PlatformServer()
    served.route("GET", "/thing", lambda request, found: Answer({"asked": request.one("q")}))
    with served.running():
        yield served


def asked(server, judged=judge):
    """Ask for the thing: what came of it, and what was waited."""
    waits = []
    try:
        return Http(requests.Session(), judged, waits.append).get(f"{server.base}/thing"), waits
    except Exception as error:
        return error, waits


def test_a_good_answer_comes_at_the_first_try(server):
    waits = []
    http = Http(requests.Session(), judge, waits.append)
    assert http.get(f"{server.base}/thing", {"q": "x"}) == {"asked": "x"}
    assert (waits, http.calls) == ([], 1)


@pytest.mark.parametrize("answer", [BUSY, DOWN])
def test_what_time_mends_is_waited_for_longer_each_time(server, answer):
    server.fail("GET", "/thing", answer, times=3)
    told, waits = asked(server)
    assert told == {"asked": ""}
    assert [2 <= waits[0] < 3, 30 <= waits[1] < 40, 60 <= waits[2] < 80] == [True] * 3


def test_a_time_that_is_named_is_waited(server):
    server.fail("GET", "/thing", google_error(429, "rateLimitExceeded", {"Retry-After": "7"}))
    assert asked(server) == ({"asked": ""}, [7.0])


def test_a_time_that_is_too_long_is_left_to_the_next_collection(server):
    too_long = google_error(429, "rateLimitExceeded", {"Retry-After": str(int(LONGEST_WAIT) + 1)})
    server.fail("GET", "/thing", too_long, times=9)
    error, waits = asked(server)
    assert isinstance(error, QuotaUsedUp)
    assert (error.wait, waits, len(server.asked)) == (3600.0, [], 1)


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.parametrize(("judged", "tries"), [(judge, 4), (judge_analytics, 2)])
def test_a_platform_that_stays_down_is_asked_a_few_times_only(server, judged, tries, status):
    server.fail("GET", "/thing", google_error(status, "backendError"), times=99)
    error, waits = asked(server, judged)
    assert isinstance(error, Unavailable)
    assert (len(server.asked), len(waits)) == (tries, tries - 1)


@pytest.mark.parametrize(
    ("status", "reason", "fault"),
    [
        (400, "badRequest", NotSupported),
        (401, "authError", ReconnectNeeded),
        (403, "quotaExceeded", QuotaUsedUp),
        (403, "insufficientPermissions", ReconnectNeeded),
        (403, "commentsDisabled", Refused),
        (404, "videoNotFound", Refused),
    ],
)
def test_what_no_waiting_mends_is_asked_once(server, status, reason, fault):
    server.fail("GET", "/thing", google_error(status, reason), times=9)
    error, waits = asked(server)
    assert isinstance(error, fault)
    assert (len(server.asked), waits) == (1, [])


def test_nobody_who_answers_is_asked_again_and_named_without_address_and_token():
    waits = []
    http = Http(requests.Session(), judge, waits.append)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 did not answer \(ConnectionError\)") as failed:
        http.get("http://127.0.0.1:9/secret-path", {"access_token": "secret"})
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert len(waits) == 3


def test_what_is_no_object_is_no_answer(server):
    server.fail("GET", "/thing", Answer(b"<html>"))
    error, _ = asked(server)
    assert isinstance(error, Unavailable)


@pytest.fixture
def elsewhere(server):
    """Another host, to which the thing has moved."""
    other = PlatformServer()
    with other.running() as base:
        moved = Answer({}, 307, {"Location": f"{base.replace('127.0.0.1', 'localhost')}/thing"})
        for method in ("GET", "POST", "DELETE"):
            server.fail(method, "/thing", moved)
        yield other


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_is_sent_is_sent_to_nobody_else(server, elsewhere, method):
    http = Http(requests.Session(), judge, lambda seconds: None)
    with pytest.raises(Unavailable, match="sends us on"):
        http.ask(method, f"{server.base}/thing", data={"client_secret": "secret"})
    assert elsewhere.asked == []


def test_a_token_is_not_told_to_where_a_platform_sends_us_on(server, elsewhere):
    elsewhere.route("GET", "/thing", lambda request, found: Answer({"moved": True}))
    session = requests.Session()
    session.headers["Authorization"] = "Bearer secret"
    http = Http(session, judge, lambda seconds: None)
    assert http.json(http.ask("GET", f"{server.base}/thing", params={"input": "x"})) == {"moved": True}
    assert [(request.token, request.query) for request in elsewhere.asked] == [("", {})]


def test_every_answer_is_heard_whatever_it_is(server):
    server.fail("GET", "/thing", DOWN)
    heard = []
    Http(requests.Session(), judge, lambda seconds: None, heard.append).get(f"{server.base}/thing")
    assert [response.status_code for response in heard] == [503, 200]


def test_for_a_person_who_waits_nothing_is_tried_twice(server):
    server.fail("GET", "/thing", DOWN, times=9)
    with pytest.raises(Unavailable):
        HastyHttp(requests.Session(), judge).get(f"{server.base}/thing")
    assert len(server.asked) == 1


def test_a_judge_may_bound_the_tries(server):
    once = Retry(Unavailable("No."), tries=1)
    error, waits = asked(server, lambda response: once)
    assert (error, waits) == (once.error, [])


def test_a_person_who_waits_before_a_page_waits_no_minutes():
    patient, hasty = Session(), Session()
    Http(patient, lambda response: None, lambda seconds: None).get("https://example.org")
    HastyHttp(hasty, lambda response: None).get("https://example.org")
    assert (patient.timeout, hasty.timeout) == (TIMEOUT, HASTY_TIMEOUT)
    assert sum(hasty.timeout) <= 25  # less than the 30 seconds after which a web server ends a request


def test_what_no_table_takes_is_left_out_of_an_answer(server):
    told = {"na\0me": ["Ca\0fé", {"title": "\0"}, 3], TOKEN: "EAA", "path": "a\\u0000"}
    server.route("GET", "/odd", lambda request, found: Answer(told))
    got = Http(requests.Session(), judge, pytest.fail).get(f"{server.base}/odd")
    assert got == {"name": ["Café", {"title": ""}, 3], TOKEN: "EAA", "path": "a\\u0000"}
    assert isinstance(got[TOKEN], Secret)


def test_what_no_table_takes_is_left_out_of_a_platforms_words():
    assert str(Refused("Not\0found.")) == "Notfound."
