"""What the answers of Google mean: a used-up quota is told from a missing permission, whatever its status."""

import json

import pytest
import requests

from sources.connectors.faults import (
    AccountLost,
    NotSetUp,
    NotSupported,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    Retry,
    ScopeMissing,
    WrongAccount,
)
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


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (403, "The request cannot be completed.", "quotaExceeded"),
        (403, "Daily Limit Exceeded.", "dailyLimitExceeded"),
        (429, "Quota exceeded for quota metric 'x' and limit 'FreeQuotaRequestsPerDayPerProject'", "rateLimitExceeded"),
    ],
)
def test_the_quota_of_the_day_is_waited_for_until_googles_midnight(status, message, reason):
    verdict = judge_analytics(answer(status, message, "RESOURCE_EXHAUSTED", reason))
    assert isinstance(verdict, QuotaUsedUp)
    assert verdict.wait is None


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "rateLimitExceeded"), (403, "userRateLimitExceeded"), (429, "RATE_LIMIT_EXCEEDED")]
)
def test_whoever_asks_too_fast_asks_again_and_leaves_it_to_the_next_hour_in_the_end(status, reason):
    verdict = judge_analytics(answer(status, "Slow down.", "RESOURCE_EXHAUSTED", reason))
    assert isinstance(verdict, Retry)
    assert (verdict.wait, verdict.error.wait) == (None, 3600.0)


@pytest.mark.parametrize(
    "quota",
    ["potentially thresholded requests quota", "property tokens for a project per hour", "server errors quota"],
)
def test_a_quota_of_the_hour_is_there_again_after_half_of_one(quota):
    verdict = judge_analytics(answer(429, f"Exhausted {quota}.", "RESOURCE_EXHAUSTED"))
    assert isinstance(verdict, QuotaUsedUp)
    assert verdict.wait == 1800


def test_too_many_questions_at_once_are_asked_again_after_half_a_minute():
    verdict = judge_analytics(answer(429, "Exhausted concurrent requests quota.", "RESOURCE_EXHAUSTED"))
    assert isinstance(verdict, Retry)
    assert verdict.wait == 30


def test_a_property_that_the_person_may_no_longer_read_is_lost_and_the_permission_lives():
    words = "User does not have sufficient permissions for this property."
    assert type(judge_analytics(answer(403, words, "PERMISSION_DENIED"))) is AccountLost


def test_another_missing_permission_stays_one():
    words = "The caller does not have permission."
    assert isinstance(judge_analytics(answer(403, words, "PERMISSION_DENIED")), Refused)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, "SERVICE_DISABLED"),
        (400, "API_KEY_INVALID"),
        (403, "API_KEY_SERVICE_BLOCKED"),
        (403, "API_KEY_HTTP_REFERRER_BLOCKED"),
        (403, "API_KEY_IP_ADDRESS_BLOCKED"),
        (403, "BILLING_DISABLED"),
    ],
)
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


def test_an_account_without_a_channel_is_the_wrong_one_and_no_dead_token():
    verdict = judge(youtube_answer(401, "youtubeSignupRequired", "Unauthorized"))
    assert type(verdict) is WrongAccount
    assert "no YouTube channel" in str(verdict)


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
