"""What an error of a Google API means (YouTube Data, Analytics, Reporting; Analytics Data and Admin).

Judged by the reason that stands in the body, not by the HTTP status: 403 is a quota as often as a permission.
"""

import re
from typing import Any

import requests

from sources.connectors.faults import (
    AccountLost,
    NotSetUp,
    NotSupported,
    PlatformError,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    Retry,
    ScopeMissing,
    Unavailable,
    WrongAccount,
)

DAY_IS_OVER = {"quotaExceeded", "dailyLimitExceeded"}
TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
NO_SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
NOT_SET_UP = {
    "SERVICE_DISABLED",
    "BILLING_DISABLED",
    "accessNotConfigured",
    "API_KEY_INVALID",
    "API_KEY_SERVICE_BLOCKED",
    "API_KEY_HTTP_REFERRER_BLOCKED",
    "API_KEY_IP_ADDRESS_BLOCKED",
    "keyInvalid",
    "keyExpired",
}
NOBODYS = "youtubeSignupRequired"  # which comes as 401, as if the token were dead
PER_DAY = re.compile(r"PerDay|per day", re.IGNORECASE)
# A 403 with these words is a quota that is used up: the Analytics Admin API says so, where others answer 429.
USED_UP = re.compile(r"\bexhausted\b|quota exceeded|quota.{0,80}\bexceeded\b", re.IGNORECASE)
NO_ROLE = "sufficient permissions for this property"
# What Google Analytics says, in its own words, and the seconds after which its quota is there again.
PROPERTY_QUOTAS = {
    "concurrent requests": 30.0,
    "potentially thresholded requests": 1800.0,
    "property tokens for a project per hour": 1800.0,
    "property tokens per hour": 1800.0,
    "server errors per project per hour": 1800.0,
    "server errors": 1800.0,
}
SERVER_TRIES = 4
ANALYTICS_SERVER_TRIES = 2  # Google Analytics counts server errors, ten an hour, and then locks the property out
RECONNECT = "Google no longer accepts the permission that was given. Reconnect the account."
NO_CHANNEL = (
    "This Google account has no YouTube channel. If the channel belongs to a brand account, connect again and choose "
    "that brand account where Google asks for one."
)


def judge(response: requests.Response, server_tries: int = SERVER_TRIES) -> Retry | PlatformError | None:
    """Say what to do about an answer; None when it is a good one."""
    if response.status_code < 400:
        return None
    error = _error_of(response)
    reasons, words = _reasons(error), str(error.get("message") or response.reason or "no words")
    status = response.status_code
    code = next(iter(sorted(reasons)), str(error.get("status") or status))
    if NOBODYS in reasons:
        return WrongAccount(NO_CHANNEL, NOBODYS)
    if status == 401:
        return ReconnectNeeded(RECONNECT, code)
    if reasons & NO_SCOPE:
        return ScopeMissing("The account was connected without a permission that this needs. Reconnect it.", code)
    if reasons & NOT_SET_UP:
        return NotSetUp(f"This server's administrator has to set up its project at Google: {plain(words)}", code)
    if status in (403, 429):
        return _limit(reasons, words, status, code, response)
    if status == 404:
        return Refused(f"Google does not find this: {plain(words)}", code)
    if status >= 500:
        return Retry(Unavailable(f"Google could not answer: {plain(words)}", code), tries=server_tries)
    return NotSupported(f"Google did not accept the question: {plain(words)}", code)


def judge_analytics(response: requests.Response) -> Retry | PlatformError | None:
    """The same for Google Analytics, whose server errors are a quota themselves."""
    return judge(response, ANALYTICS_SERVER_TRIES)


def plain(words: str) -> str:
    """Return Google's words without tags and without addresses."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>|https?://\S+", "", words)).strip()[:300]


def _limit(reasons: set[str], words: str, status: int, code: str, response: requests.Response) -> Retry | PlatformError:
    is_quota = status == 429 or code == "RESOURCE_EXHAUSTED" or bool(USED_UP.search(words))
    if reasons & DAY_IS_OVER or (is_quota and PER_DAY.search(words)):
        return QuotaUsedUp("The day's quota at Google is used up.", code)
    for name, wait in PROPERTY_QUOTAS.items():
        if f"Exhausted {name}" in words:
            used_up = QuotaUsedUp(f"Google Analytics gives no more for now: {plain(words)}", code, wait)
            return Retry(used_up, wait) if wait < 60 else used_up
    if reasons & TOO_FAST or is_quota:
        again = QuotaUsedUp(f"Google asks for fewer questions: {plain(words)}", code, 3600.0)
        named = response.headers.get("Retry-After", "")
        return Retry(again, float(named) if named.isdigit() else None)
    if NO_ROLE in words:
        return AccountLost("Google Analytics no longer gives this property to the account that connected it.", code)
    return Refused(f"Google does not give this: {plain(words)}", code)


def _error_of(response: requests.Response) -> dict[str, Any]:
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {"message": str(error)}


def _reasons(error: dict[str, Any]) -> set[str]:
    parts = [*error.get("errors", []), *error.get("details", [])]
    return {str(part["reason"]) for part in parts if isinstance(part, dict) and part.get("reason")}
