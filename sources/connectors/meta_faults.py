"""What an error of Meta's Graph and Marketing API means, judged by its code and subcode, not by the HTTP status."""

import json
import re
from collections.abc import Iterator
from typing import Any

import requests

from sources.connectors.faults import (
    NotSupported,
    PlatformError,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    Retry,
    TooMuch,
    Unavailable,
)

USAGE = ("X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage")
LIMITS = {4, 17, 32, 341, 613, *range(80000, 80010)}
FINAL_LIMITS = {(17, 1885172), (613, 1487632)}  # rules about budgets that no waiting lifts
AGAIN = {2, 99, 104, 960}
TOKEN = {102, 190}
TOO_MUCH = "reduce the amount of data"
NEEDS_PAGE_TOKEN = "Page Access Token"  # noqa: S105 (words of an error)
WAIT_FOR_LIMIT = 300.0  # seconds, where no header names a time
RECONNECT = {
    458: "Facebook says that the app was removed from the account. Reconnect it.",
    459: "Facebook wants its owner to sign in first: a security check is waiting there. Then reconnect the account.",
    460: "The password of the Facebook account was changed. Reconnect it.",
    463: "The permission that Facebook gave has run out. Reconnect the account.",
    464: "The Facebook account is not confirmed. Its owner must sign in there, and reconnect it.",
    467: "The permission that Facebook gave is no longer valid. Reconnect the account.",
    492: "The person who connected this no longer has a role on the page. Somebody who has must reconnect it.",
}


def judge(response: requests.Response) -> Retry | PlatformError | None:
    """Say what to do about an answer; None when it is a good one."""
    error = _error_of(response)
    if response.status_code < 400 and not error:
        return None
    number, sub = _number(error.get("code")), _number(error.get("error_subcode"))
    words, code = plain(str(error.get("message") or response.reason or "no words")), f"{number}/{sub}"
    if TOO_MUCH in words:
        return TooMuch(f"Facebook asks for smaller questions: {words}", code)
    if number in TOKEN:
        if NEEDS_PAGE_TOKEN in words:
            return NotSupported(f"Facebook wants the page's own token for this: {words}", code)
        return ReconnectNeeded(RECONNECT.get(sub, f"Facebook no longer accepts the permission: {words}"), code)
    if number in LIMITS and (number, sub) not in FINAL_LIMITS:
        wait = regain_seconds(response)
        return Retry(QuotaUsedUp(f"Facebook asks to wait: {words}", code, max(wait, WAIT_FOR_LIMIT)), wait or None)
    if (number, sub) in FINAL_LIMITS or number in (10, 368) or 200 <= number <= 299:
        return Refused(f"Facebook does not give this: {words}", code)
    if number in AGAIN or number == 1 or error.get("is_transient") or response.status_code >= 500:
        return Retry(Unavailable(f"Facebook could not answer: {words}", code))
    if response.status_code == 404:
        return Refused(f"Facebook does not find this: {words}", code)
    return NotSupported(f"Facebook did not accept the question: {words}", code)


def plain(words: str) -> str:
    """Return Meta's words without addresses, and without anything that could be a token."""
    return re.sub(r"\s+", " ", re.sub(r"https?://\S+|\bEAA\w+", "", words)).strip()[:300]


def usage_percent(response: requests.Response) -> float:
    """Return the fullest of all limits that the headers tell of, in percent; 0 when they tell of none."""
    entries = list(_usage(response))
    names = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
    return max((float(entry.get(name) or 0) for entry in entries for name in names), default=0.0)


def regain_seconds(response: requests.Response) -> float:
    """Return the longest time that the headers ask to wait; they tell it in minutes. 0 when they tell of none."""
    minutes = max((float(entry.get("estimated_time_to_regain_access") or 0) for entry in _usage(response)), default=0)
    return 60.0 * minutes


def _usage(response: requests.Response) -> Iterator[dict[str, Any]]:
    """Every entry of every usage header, whatever account it stands under."""
    for name in USAGE:
        try:
            told = json.loads(response.headers.get(name, "{}"))
        except ValueError:
            continue
        if not isinstance(told, dict):
            continue
        lists = [value for value in told.values() if isinstance(value, list)]
        yield from (entry for entries in lists for entry in entries if isinstance(entry, dict))
        if not lists:
            yield told


def _error_of(response: requests.Response) -> dict[str, Any]:
    kind = response.headers.get("Content-Type", "")
    if response.status_code < 400 and not ("json" in kind or "javascript" in kind):
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
