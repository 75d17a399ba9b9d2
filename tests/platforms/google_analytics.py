"""The fake of Google Analytics 4: its Data and Admin APIs over a planted property of any size.

Rows are made when they are asked for, so that a property of millions of cells takes no more room than a small one.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from re import Match
from threading import Lock
from typing import Any

import numpy as np

from tests.platforms.google_analytics_world import AXES, TITLES, Dimensions, World, walked
from tests.platforms.google_contract import check_answer, check_error
from tests.platforms.server import Answer, PlatformServer, Request

DATA, ADMIN = "analytics_data", "analytics_admin"
METRICS = ("screenPageViews",)
HOST = "www.example.org"
PAGES = ("pagePath", "pageTitle", "hostName", "contentGroup")
NEWNESS = ("new", "returning")
SENSITIVE = {"userAgeBracket", "userGender"}
MOST_ROWS = 250_000
CHECKED_ROWS = 100  # of an answer are held to the contract; the others are made by the same line of code
NO_PERMISSION = (
    "User does not have sufficient permissions for this property. To learn more about Property ID, see "
    "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id."
)
EXHAUSTED = "Exhausted {} quota. This quota will refresh in under an hour. To learn more, see"


class GoogleAnalyticsFake:
    """One property with a planted world, and others beside it in the list.

    `limited` says whether the quota is held to; `hourly` is what is left of it, and `renew` gives the hour's anew.
    """

    def __init__(
        self,
        server: PlatformServer,
        world: World | None = None,
        *,
        number: str = "421337",
        name: str = "Example Magazine",
        others: int = 3,
        limited: bool = False,
        metadata: dict[str, Any] | None = None,
        incompatible: tuple[str, ...] = (),
        accepts: Callable[[str], bool] = lambda token: True,
    ) -> None:
        self.world, self.number, self.name, self.others = world or World(), number, name, others
        self.limited, self.metadata, self.incompatible, self.accepts = limited, metadata or {}, incompatible, accepts
        self._lock = Lock()
        self.renew()
        at = rf"/{DATA}/v1beta/properties/([^:/]+):"
        server.route("POST", at + "runReport", self._guarded("runReport", self._run))
        server.route("POST", at + "batchRunReports", self._guarded("batchRunReports", self._batch))
        server.route("POST", at + "checkCompatibility", self._guarded("checkCompatibility", self._compatibility))
        server.route("GET", f"/{ADMIN}/v1beta/accountSummaries", self._summaries)

    def addresses(self, base: str) -> dict[str, str]:
        return {DATA: f"{base}/{DATA}", ADMIN: f"{base}/{ADMIN}"}

    def renew(self) -> None:
        """Give the quota of the hour anew."""
        self.left = {
            "tokensPerDay": 200_000,
            "tokensPerHour": 40_000,
            "tokensPerProjectPerHour": 14_000,
            "concurrentRequests": 10,
            "serverErrorsPerProjectPerHour": 10,
            "potentiallyThresholdedRequestsPerHour": 120,
        }

    def _guarded(self, method: str, handler: Callable[[Any], Answer]) -> Callable[[Request, Match[str]], Answer]:
        def answer(request: Request, found: Match[str]) -> Answer:
            if not self.accepts(request.token):
                return failure(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
            if found[1] != self.number:
                return failure(403, NO_PERMISSION, "PERMISSION_DENIED")
            with self._lock:
                try:
                    made = handler(request.json)
                except Refusal as refusal:
                    return failure(*refusal.args)
            if isinstance(made.body, dict):
                check_answer(DATA, f"analyticsdata.properties.{method}", made.body)
            return made

        return answer

    def _run(self, body: dict[str, Any]) -> Answer:
        head, rows = self._report(body)
        return Answer(_written(head, rows, lambda part: check_answer(DATA, "analyticsdata.properties.runReport", part)))

    def _batch(self, body: dict[str, Any]) -> Answer:
        asked = body.get("requests", [])
        if not 1 <= len(asked) <= 5:
            raise Refusal(400, "A batch holds 1 to 5 requests.", "INVALID_ARGUMENT")
        parts = []
        for request in asked:
            head, rows = self._report(request)
            parts.append(
                _written(head, rows, lambda part: check_answer(DATA, "analyticsdata.properties.runReport", part))
            )
        return Answer(b'{"kind":"analyticsData#batchRunReports","reports":[' + b",".join(parts) + b"]}")

    def _report(self, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the answer without its rows, and the rows as JSON texts."""
        dimensions = tuple(part["name"] for part in body.get("dimensions", []))
        metrics = tuple(part["name"] for part in body.get("metrics", []))
        for name in (*dimensions, *metrics):
            if name not in {*AXES, *PAGES, "newVsReturning", *METRICS}:
                raise Refusal(400, f"Field {name} is not a valid dimension or metric.", "INVALID_ARGUMENT")
        if {*dimensions} & {*self.incompatible}:
            words = "Please remove {} to make the request compatible."
            raise Refusal(400, words.format(", ".join(self.incompatible)), "INVALID_ARGUMENT")
        order = tuple(part.get("dimension", {}).get("dimensionName") for part in body.get("orderBys", []))
        if order != dimensions or metrics != METRICS or len(body.get("dateRanges", [])) != 1:
            # The real one takes any order; this one knows rows only in the order of their pages.
            raise Refusal(400, "This property is read in the order of all its dimensions.", "INVALID_ARGUMENT")
        quota = self._charged(dimensions)
        offset, limit = int(body.get("offset", 0)), min(int(body.get("limit", 10_000)), MOST_ROWS)
        total, rows = self._rows(body["dateRanges"][0], dimensions, offset, limit)
        return {
            "kind": "analyticsData#runReport",
            "dimensionHeaders": [{"name": name} for name in dimensions],
            "metricHeaders": [{"name": METRICS[0], "type": "TYPE_INTEGER"}],
            "rowCount": total,
            "metadata": self._metadata(dimensions),
            **({"propertyQuota": quota} if body.get("returnPropertyQuota") else {}),
        }, rows

    def _metadata(self, dimensions: Dimensions) -> dict[str, Any]:
        told = {"currencyCode": "USD", "timeZone": "Asia/Qatar", **self.metadata}
        if self.world.threshold and SENSITIVE & {*dimensions}:
            told["subjectToThresholding"] = True
        if self.world.cap is not None and "pagePath" in dimensions:
            told["dataLossFromOtherRow"] = True
        return told

    def _charged(self, dimensions: Dimensions) -> dict[str, Any]:
        counted = int(bool(SENSITIVE & {*dimensions}))
        costs = dict.fromkeys(("tokensPerDay", "tokensPerHour", "tokensPerProjectPerHour"), 5)
        costs["potentiallyThresholdedRequestsPerHour"] = counted
        if self.limited:
            for name, words in EXHAUSTIBLE.items():
                if self.left[name] < costs.get(name, 0):
                    raise Refusal(429, EXHAUSTED.format(words), "RESOURCE_EXHAUSTED")
            for name, cost in costs.items():
                self.left[name] -= cost
        return {name: {"consumed": costs.get(name, 0), "remaining": left} for name, left in self.left.items()}

    def _rows(self, days: dict[str, str], dimensions: Dimensions, offset: int, limit: int) -> tuple[int, list[str]]:
        period = days["startDate"][:7]
        if "newVsReturning" in dimensions:
            made = list(self._newness(period, dimensions))
            return len(made), made[offset : offset + limit]
        if dimensions[:1] != ("pagePath",):
            made = list(_table(self.world.told(self.world.site(period)[None], dimensions)[0], dimensions))
            return len(made), made[offset : offset + limit]
        if dimensions == PAGES:
            return self._titles(period, offset, limit)
        inner = dimensions[1:]
        return self._length(period, inner), [
            _row([self._path(page), *_values(inner, place[:-1])], place[-1])
            for page, place in walked(self.world, period, inner, offset, limit)
        ]

    def _titles(self, period: str, offset: int, limit: int) -> tuple[int, list[str]]:
        made = []
        for page, (draft, views) in walked(self.world, period, TITLES, offset, limit):
            group = "(not set)" if page < 0 else self._path(page).split("/")[1].title()
            title = "(other)" if page < 0 else self.world.title(page)
            made.append(_row([self._path(page), f"{title} (draft)" if draft else title, HOST, group], views))
        return self._length(period, TITLES), made

    def _length(self, period: str, inner: Dimensions) -> int:
        other = np.count_nonzero(self.world.told(self.world.other(period)[None], inner))
        return int(self.world.starts(period, inner)[-1] + other)

    def _newness(self, period: str, dimensions: Dimensions) -> Iterator[str]:
        back = self.world.returning(period)
        for name, cells in zip(NEWNESS, (self.world.site(period) - back, back), strict=True):
            told = self.world.told(cells[None], dimensions[1:])[0]
            yield from _table(told, dimensions[1:], (name,))

    def _path(self, page: int) -> str:
        return "(other)" if page < 0 else self.world.path(page)

    def _compatibility(self, body: dict[str, Any]) -> Answer:
        wanted = body.get("compatibilityFilter")
        told = [
            {
                "compatibility": "INCOMPATIBLE" if name in self.incompatible else "COMPATIBLE",
                "dimensionMetadata": {"apiName": name, "uiName": name, "category": "Page / screen"},
            }
            for name in (*PAGES, *AXES, "newVsReturning")
        ]
        return Answer({"dimensionCompatibilities": [part for part in told if wanted in (None, part["compatibility"])]})

    def _summaries(self, request: Request, found: Match[str]) -> Answer:
        if not self.accepts(request.token):
            return failure(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        accounts = [(self.number, self.name), *((f"{n}", f"Example Site {n}") for n in range(500, 500 + self.others))]
        size, start = int(request.one("pageSize", "50")), int(request.one("pageToken", "0"))
        body: dict[str, Any] = {
            "accountSummaries": [_summary(100 + place, *accounts[place]) for place in range(len(accounts))][
                start : start + size
            ]
        }
        if start + size < len(accounts):
            body["nextPageToken"] = str(start + size)
        check_answer(ADMIN, "analyticsadmin.accountSummaries.list", body)
        return Answer(body)


class Refusal(Exception):
    """Status, message and Google's word for it."""


EXHAUSTIBLE = {
    "potentiallyThresholdedRequestsPerHour": "potentially thresholded requests",
    "tokensPerHour": "property tokens per hour",
}


def failure(status: int, message: str, word: str) -> Answer:
    """An error in the envelope of Google Analytics, which knows no list of errors."""
    body = {"error": {"code": status, "message": message, "status": word}}
    check_error(body, status)
    return Answer(body, status)


def _summary(account: int, number: str, name: str) -> dict[str, Any]:
    prop = {
        "property": f"properties/{number}",
        "displayName": name,
        "propertyType": "PROPERTY_TYPE_ORDINARY",
        "parent": f"accounts/{account}",
    }
    return {
        "name": f"accountSummaries/{account}",
        "account": f"accounts/{account}",
        "displayName": "Example Media",
        "propertySummaries": [prop],
    }


def _values(dimensions: Dimensions, place: Any) -> list[str]:
    return [AXES[name][int(at)] for name, at in zip(dimensions, place, strict=True)]


def _table(cells: Any, dimensions: Dimensions, before: tuple[str, ...] = ()) -> Iterator[str]:
    cells = np.asarray(cells)
    if not dimensions:
        yield _row([*before], int(cells))
        return
    for place in np.argwhere(cells > 0):
        yield _row([*before, *_values(dimensions, place)], int(cells[tuple(place)]))


@lru_cache(maxsize=1 << 14)
def _cell(value: str) -> str:
    return f'{{"value":{json.dumps(value)}}}'


def _row(values: list[str], views: int) -> str:
    return f'{{"dimensionValues":[{",".join(map(_cell, values))}],"metricValues":[{{"value":"{views}"}}]}}'


def _written(head: dict[str, Any], rows: list[str], check: Callable[[dict[str, Any]], None]) -> bytes:
    """The answer as bytes, held to the contract; without rows there is no such key."""
    sample = [json.loads(row) for row in rows[:CHECKED_ROWS]]
    check({**head, **({"rows": sample} if sample else {})})
    text = json.dumps(head)
    return (f'{text[:-1]},"rows":[{",".join(rows)}]}}' if rows else text).encode()
