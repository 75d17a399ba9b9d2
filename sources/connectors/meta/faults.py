"""What an error of Meta's Graph and Marketing API means, judged by its code and subcode, not by the HTTP status."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import requests

from sources.connectors.faults import (
    NotSetUp,
    NotSupported,
    PlatformError,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    Retry,
    TooMuch,
    Unavailable,
    WrongAccount,
)

USAGE = ("X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage", "X-FB-Ads-Insights-Throttle")
PERCENTS = ("call_count", "total_time", "total_cputime", "acc_id_util_pct", "app_id_util_pct")
LIMITS = {4, 17, 32, 613, *range(80000, 80010)}
FINAL_LIMITS = {(17, 1885172), (613, 1487632)}  # rules about budgets that no waiting lifts
BLOCKED = {341: 3600.0, 368: 86400.0}  # seconds to keep away: the app's limit of actions, a block for its conduct
AGAIN = {1, 2, 99, 104, 960}
GONE = {(100, 33), (803, 0)}  # the object itself, not the parameter
PERMISSION = re.compile(r"\b(?:pages|instagram|ads|read|business)_[a-z_]+\b")
TOKEN = {102, 190}
TOO_MUCH = "reduce the amount of data"
NEEDS_PAGE_TOKEN = "Page Access Token"  # noqa: S105 (words of an error)
PROOF = "appsecret_proof"
SECRETS = re.compile(r"https?://\S+|\b(?:EAA|IG[A-Z]{2})\w{2,}|\b\d{5,}\|\S+|access_token=\S+")
WAIT_FOR_LIMIT = 300.0  # seconds, where no header names a time: an ad account's score decays in so many
LIMIT_TRIES = 3
LONGEST_REGAIN = 86400.0  # seconds; limits are counted by the hour or the day
RECONNECT = {
    458: "Facebook says that the app was removed from the account. Reconnect it.",
    459: "Facebook wants its owner to sign in first: a security check is waiting there. Then reconnect the account.",
    460: "The password of the Facebook account was changed. Reconnect it.",
    463: "The permission that Facebook gave has run out. Reconnect the account.",
    464: "The Facebook account is not confirmed. Its owner must sign in there, and reconnect it.",
    467: "The permission that Facebook gave is no longer valid. Reconnect the account.",
    492: "The person who connected this no longer has a role on the page.",
}


def judge(response: requests.Response) -> Retry | PlatformError | None:
    """Say what to do about an answer; None when it is a good one."""
    error = _error_of(response)
    if response.status_code < 400 and not error:
        return None
    if not error and response.status_code != 429:  # not Meta's words but those of a proxy or a gateway
        return Retry(
            Unavailable(f"Facebook could not be reached: {plain(response.reason or 'no words')}", "no envelope")
        )
    number, sub = _number(error.get("code")), _number(error.get("error_subcode"))
    words, code = plain(str(error.get("message") or response.reason or "no words")), f"{number}/{sub}"
    if TOO_MUCH in words:
        return TooMuch(f"Facebook asks for smaller questions: {words}", code)
    if number in TOKEN or PROOF in words:
        return _token(sub, words, code)
    if number in BLOCKED:
        return QuotaUsedUp(f"Facebook has stopped this for now: {words}", code, BLOCKED[number])
    if (number, sub) in FINAL_LIMITS or number == 10 or 200 <= number <= 299:
        return Refused(_refusal(words), code)
    if number in LIMITS or response.status_code == 429:
        wait = regain_seconds(response) or WAIT_FOR_LIMIT
        return Retry(QuotaUsedUp(f"Facebook asks to wait: {words}", code, wait), wait, LIMIT_TRIES)
    if (number, sub) in GONE or response.status_code == 404:
        return Refused(f"Facebook does not find this: {words}", code)
    if number in AGAIN or error.get("is_transient") is True or response.status_code >= 500:
        return Retry(Unavailable(f"Facebook could not answer: {words}", code))
    return NotSupported(f"Facebook did not accept the question: {words}", code)


def plain(words: str) -> str:
    """Return Meta's words without addresses, and without anything that could be a token."""
    return re.sub(r"\s+", " ", SECRETS.sub("", words)).strip()[:300]


def dead_words(told: str) -> str:
    """Say that a permission is dead and what to do, and behind that what Facebook told of it, if anything."""
    words = "Facebook no longer accepts the permission. Reconnect the account."
    return f"{words} Facebook says: “{told.rstrip(' .')}.”" if told else words


def usage_percent(response: requests.Response) -> float:
    """Return the fullest of all limits that the headers tell of, in percent; 0 when they tell of none."""
    return max((figure(entry.get(name)) for entry in _usage(response) for name in PERCENTS), default=0.0)


def regain_seconds(response: requests.Response) -> float:
    """Return the longest time that the headers ask to wait, in seconds, a day at most; 0 when they name none."""
    entries = list(_usage(response))
    minutes = max((figure(entry.get("estimated_time_to_regain_access")) for entry in entries), default=0.0)
    seconds = max((figure(entry.get("reset_time_duration")) for entry in entries), default=0.0)
    return min(max(60.0 * minutes, seconds), LONGEST_REGAIN)


def figure(value: Any) -> float:
    """Return what Meta tells as a number; 0 for all that is none, NaN and infinity too."""
    try:
        number = float(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def _token(sub: int, words: str, code: str) -> PlatformError:
    if NEEDS_PAGE_TOKEN in words:
        return WrongAccount("Facebook wants the page's own token, not the person's. Choose the page again.", code)
    if PROOF in words:
        # The permission is in order, and the collection must end: this server's META_APP_SECRET is wrong.
        return NotSetUp("Facebook does not accept the appsecret_proof: META_APP_SECRET is another app's.", code)
    return ReconnectNeeded(RECONNECT.get(sub) or dead_words(words), code)


def _refusal(words: str) -> str:
    named = sorted(set(PERMISSION.findall(words)))
    if named:
        return f"Facebook does not give this without the permission {' or '.join(named)}: {words}"
    return f"Facebook does not give this: {words}"


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
