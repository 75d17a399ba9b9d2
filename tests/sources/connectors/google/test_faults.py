"""What the answers of Google mean: a used-up quota is told from a missing permission, whatever its status."""

import json

import pytest
import requests

from sources.connectors.faults import NotSetUp, NotSupported, QuotaUsedUp, ReconnectNeeded, Refused, Retry, ScopeMissing
from sources.connectors.google.faults import judge, judge_analytics


def answer(status: int, message: str, word: str = "", reason: str = "") -> requests.Response:
    error = {"code": status, "message": message, "status": word}
    if reason:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    made = requests.Response()
    made.status_code = status
    made._content = json.dumps({"error": error}).encode()
    return made


def test_a_used_up_quota_of_the_admin_api_comes_as_403_and_is_no_missing_permission():
    verdict = judge_analytics(answer(403, "Exhausted property tokens per hour.", "PERMISSION_DENIED"))
    assert isinstance(verdict, QuotaUsedUp)
    assert verdict.wait == 1800


def test_a_403_that_says_exhausted_by_its_status_is_a_quota():
    verdict = judge_analytics(answer(403, "Resource is gone.", "RESOURCE_EXHAUSTED"))
    assert isinstance(verdict, Retry)
    assert isinstance(verdict.error, QuotaUsedUp)


def test_the_tokens_of_the_day_return_when_the_day_is_over():
    words = "Exhausted property tokens per day. These quota tokens will return in under 24 hours."
    verdict = judge_analytics(answer(429, words, "RESOURCE_EXHAUSTED"))
    assert isinstance(verdict, QuotaUsedUp)
    assert verdict.wait is None


def test_too_many_questions_at_once_are_asked_again_after_half_a_minute():
    verdict = judge_analytics(answer(429, "Exhausted concurrent requests quota.", "RESOURCE_EXHAUSTED"))
    assert isinstance(verdict, Retry)
    assert verdict.wait == 30


def test_a_missing_permission_stays_one():
    words = "User does not have sufficient permissions for this property."
    assert isinstance(judge_analytics(answer(403, words, "PERMISSION_DENIED")), Refused)


@pytest.mark.parametrize(("status", "reason"), [(403, "SERVICE_DISABLED"), (400, "API_KEY_INVALID")])
def test_a_project_that_is_not_set_up_is_a_matter_of_the_administrator(status, reason):
    words = "It is disabled. Enable it by visiting https://console.example.org/apis?project=42 then retry."
    verdict = judge_analytics(answer(status, words, "PERMISSION_DENIED", reason))
    assert isinstance(verdict, NotSetUp)
    assert "administrator" in str(verdict)
    assert "project=42" not in str(verdict)


def test_a_scope_that_was_not_given_is_told_from_a_dead_token():
    lacking = answer(403, "Insufficient scopes.", "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    assert type(judge_analytics(lacking)) is ScopeMissing
    assert type(judge_analytics(answer(401, "Invalid.", "UNAUTHENTICATED"))) is ReconnectNeeded


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_are_tried_twice_at_most(status):
    verdict = judge_analytics(answer(status, "Internal error.", "INTERNAL"))
    assert isinstance(verdict, Retry)
    assert verdict.tries == 2


def youtube_answer(status: int, reason: str, message: str = "No.") -> requests.Response:
    """An error as YouTube says it: with the reason in a list of errors."""
    told = [{"domain": "global", "reason": reason, "message": message}]
    made = requests.Response()
    made.status_code = status
    made._content = json.dumps({"error": {"code": status, "message": message, "errors": told}}).encode()
    return made


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_a_quota_of_the_day_is_over_until_midnight_in_california(reason):
    verdict = judge(youtube_answer(403, reason))
    assert isinstance(verdict, QuotaUsedUp)
    assert verdict.wait is None


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
def test_a_403_for_too_many_questions_is_asked_again(reason):
    verdict = judge(youtube_answer(403, reason))
    assert isinstance(verdict, Retry)
    assert isinstance(verdict.error, QuotaUsedUp)


@pytest.mark.parametrize("reason", ["forbidden", "commentsDisabled"])
def test_what_is_forbidden_is_not_asked_again(reason):
    verdict = judge(youtube_answer(403, reason))
    assert isinstance(verdict, Refused)
    assert verdict.code == reason


def test_a_limit_by_the_minute_is_waited_for_and_one_by_the_day_is_not():
    words = "Quota exceeded for quota metric 'Queries' and limit 'Queries per {} per user' of service 'youtube'"
    by_minute, by_day = (judge(youtube_answer(429, "rateLimitExceeded", words.format(n))) for n in ("minute", "day"))
    assert (type(by_minute), type(by_day)) == (Retry, QuotaUsedUp)


def test_a_question_that_is_not_accepted_is_not_asked_again():
    assert type(judge(youtube_answer(400, "badRequest"))) is NotSupported
