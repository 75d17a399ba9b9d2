"""What each of Meta's errors leads to: waiting, asking otherwise, going on, or a person who connects again."""

import json

import pytest
import requests

from sources.connectors.faults import (
    NotSetUp,
    NotSupported,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    Retry,
    TooMuch,
    Unavailable,
    WrongAccount,
)
from sources.connectors.meta.faults import RECONNECT, judge, plain, regain_seconds, usage_percent


def answer(code=0, sub=0, message="No.", status=400, headers=None, **more):
    response = requests.Response()
    response.status_code, response.reason = status, "Bad"
    response.headers.update({"Content-Type": "application/json", **(headers or {})})
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "E", **more}
    response._content = json.dumps({"error": error | ({"error_subcode": sub} if sub else {})}).encode()
    return response


def usage(**entry):
    return {"X-Business-Use-Case-Usage": json.dumps({"1": [{"type": "pages"}, entry], "2": [{"call_count": 3}]})}


@pytest.mark.parametrize(
    ("code", "more", "error"),
    [
        (1, {}, Unavailable),
        (2, {}, Unavailable),
        (99, {}, Unavailable),
        (104, {}, Unavailable),
        (960, {}, Unavailable),
        (100, {"is_transient": True}, Unavailable),
        (0, {"status": 503}, Unavailable),
        (4, {"sub": 1504022}, QuotaUsedUp),
        (17, {"sub": 2446079}, QuotaUsedUp),
        (32, {}, QuotaUsedUp),
        (613, {"sub": 1487742}, QuotaUsedUp),
        *((code, {}, QuotaUsedUp) for code in (*range(80000, 80007), 80008)),
        (0, {"status": 429}, QuotaUsedUp),
    ],
)
def test_what_time_mends_is_asked_again(code, more, error):
    verdict = judge(answer(code, **more))
    assert isinstance(verdict, Retry)
    assert isinstance(verdict.error, error)


@pytest.mark.parametrize(
    ("code", "more", "error"),
    [
        (17, {"sub": 1885172}, Refused),
        (613, {"sub": 1487632}, Refused),
        (10, {}, Refused),
        (200, {"status": 403}, Refused),
        (299, {}, Refused),
        (803, {}, Refused),
        (100, {"sub": 33}, Refused),
        (0, {"status": 404}, Refused),
        (100, {"message": "(#100) The value must be a valid insights metric"}, NotSupported),
        (100, {"message": "(#100) Current combination of data breakdown columns (age) is invalid"}, NotSupported),
        (100, {"message": "(#100) Tried accessing nonexisting field (fans)"}, NotSupported),
        (100, {"message": "Invalid appsecret_proof provided in the API argument"}, NotSetUp),
        (190, {"message": "This method must be called with a Page Access Token"}, WrongAccount),
        (102, {}, ReconnectNeeded),
        (190, {"sub": 463}, ReconnectNeeded),
        (341, {}, QuotaUsedUp),
        (368, {}, QuotaUsedUp),
        (1, {"message": "Please reduce the amount of data you're asking for", "status": 500}, TooMuch),
    ],
)
def test_what_no_waiting_mends_is_not_asked_again(code, more, error):
    assert isinstance(judge(answer(code, **more)), error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 502])
def test_a_page_of_somebody_between_us_is_no_word_of_metas(status):
    page = answer(status=status, headers={"Content-Type": "text/html"})
    page._content = b"<h1>Sign in to this network</h1>"
    verdict = judge(page)
    assert isinstance(verdict, Retry)
    assert isinstance(verdict.error, Unavailable)


@pytest.mark.parametrize("sub", [458, 459, 460, 463, 464, 467, 492])
def test_every_way_in_which_a_token_dies_has_its_words(sub):
    assert str(judge(answer(190, sub))) == RECONNECT[sub]
    assert len(set(RECONNECT.values())) == len(RECONNECT) == 7


def test_a_token_that_died_otherwise_is_told_in_metas_words():
    assert "Session does not match" in str(judge(answer(190, message="Session does not match current stored session")))


def test_what_facebook_says_of_a_token_ends_as_a_sentence_and_says_what_to_do():
    words = str(judge(answer(190, message="Invalid OAuth access token - Cannot parse access token")))
    assert "Reconnect the account." in words
    assert words.endswith("Facebook says: “Invalid OAuth access token - Cannot parse access token.”")


def test_a_good_answer_is_none():
    response = answer()
    response.status_code, response._content = 200, b'{"data": []}'
    assert judge(response) is None


def test_an_error_under_a_good_status_is_an_error():
    assert isinstance(judge(answer(190, 463, status=200)), ReconnectNeeded)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (usage(estimated_time_to_regain_access=19), 1140.0),
        ({"X-Ad-Account-Usage": '{"acc_id_util_pct": 100, "reset_time_duration": 100}'}, 100.0),
        (usage(estimated_time_to_regain_access=1e9), 86400.0),
        ({"X-Ad-Account-Usage": '{"reset_time_duration": Infinity}'}, 300.0),
        ({}, 300.0),
    ],
)
def test_a_limit_waits_as_long_as_the_headers_say(headers, seconds):
    verdict = judge(answer(80004, 2446079, headers=headers))
    assert (verdict.wait, verdict.error.wait) == (seconds, seconds)


def test_a_missing_permission_is_named():
    words = "(#10) To use this endpoint, pages_read_user_content must be granted"
    assert "without the permission pages_read_user_content" in str(judge(answer(10, message=words)))


@pytest.mark.parametrize(
    ("headers", "percent"),
    [
        ({}, 0),
        ({"X-App-Usage": '{"call_count": 28, "total_time": 25, "total_cputime": 26}'}, 28),
        (usage(call_count=95, total_cputime=20), 95),
        ({"X-Ad-Account-Usage": '{"acc_id_util_pct": 9.67}'}, 9.67),
        ({"X-App-Usage": "nonsense"}, 0),
        ({"X-App-Usage": '{"call_count": "many"}'}, 0),
        ({"X-App-Usage": "[1]"}, 0),
        ({"X-App-Usage": '{"call_count": NaN, "total_time": 80}'}, 80),
        ({"X-App-Usage": f'{{"call_count": 1{"0" * 400}}}'}, 0),
    ],
)
def test_the_fullest_limit_of_all_headers_counts(headers, percent):
    assert usage_percent(answer(headers=headers)) == percent


def test_no_time_is_named_in_other_headers():
    assert regain_seconds(answer(headers=usage(call_count=95))) == 0


@pytest.mark.parametrize(
    "secret",
    [
        "https://graph.facebook.com/x?access_token=EAAB12",
        "EAAGm0PX4ZCps",
        "IGQVJXab12",
        "12345678|s3cret",
        "access_token=x",
    ],
)
def test_words_are_told_without_addresses_and_tokens(secret):
    assert plain(f"The session {secret} is over") == "The session is over"
