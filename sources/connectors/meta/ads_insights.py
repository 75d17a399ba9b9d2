"""The counts of ads by demographics: asked for at once, in smaller parts, or as a report that Meta makes in its time.

https://developers.facebook.com/docs/marketing-api/insights
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sources.connectors.faults import TooMuch, Unavailable
from sources.connectors.harvests import Window
from sources.connectors.http import Http, Json
from sources.connectors.meta.paging import NoList, items

PAGE, LIST_PAGE, SMALLEST_PAGE = 500, 100, 25
SHORTEST_AT_ONCE = 8  # days; a shorter window that is still too much becomes a report
LIVES = (
    "ACTIVE", "ADSET_PAUSED", "ARCHIVED", "CAMPAIGN_PAUSED", "DELETED", "DISAPPROVED", "IN_PROCESS", "PAUSED",
    "PENDING_BILLING_INFO", "PENDING_REVIEW", "PREAPPROVED", "WITH_ISSUES",
)  # fmt: skip
EVERY_AD = json.dumps([{"field": "ad.effective_status", "operator": "IN", "value": LIVES}])  # else archived ads vanish
ADDITIVE = ("impressions", "clicks")  # parts of a window can be summed; people reached twice cannot
POLLS = (5.0, 10.0, 20.0, 30.0)  # seconds; the last one over and over
LONGEST_REPORT = 1800.0  # seconds
RUNS = 2  # a report that failed is started once more
FAILED = ("Job Failed", "Job Skipped")

Cell = tuple[str, ...]
Cells = dict[str, dict[Cell, float]]


def entries(http: Http, url: str, params: Mapping[str, Any], page: int = PAGE) -> Iterator[Json]:
    """Yield what all pages hold of a list of the advertising API; raises PlatformError, where it breaks off too."""
    return items(lambda place: http.get(url, {**params, **place}), page=page, smallest=SMALLEST_PAGE)


class Insights:
    """The insights of one ad account, in one metric: impressions, clicks or reach."""

    def __init__(self, http: Http, graph: str, account: str, metric: str) -> None:
        self.http, self.graph, self.account, self.metric = http, graph, account, metric
        self.names: dict[str, str] = {}  # of the ads that were met
        self.ad_sets: dict[str, str] = {}

    def cells(self, window: Window, breakdowns: Cell) -> Cells:
        """Return by ad the counts in a window by the values of the breakdowns, as Meta spells them.

        Raises NotSupported for a combination of breakdowns that Meta refuses, TooMuch when a single day is too much.
        """
        return self._cells(window, breakdowns, at_once=True)

    def _cells(self, window: Window, breakdowns: Cell, at_once: bool) -> Cells:
        params = self._params(window, breakdowns)
        try:
            if at_once:
                return self._read(f"{self.graph}/{self.account}/insights", params, breakdowns)
            return self._reported(params, breakdowns)
        except Unavailable as error:
            if not at_once or isinstance(error, NoList):
                raise
            halves = []  # it may be a question that times out every time: a report has the time that it needs
        except TooMuch:
            shortest = SHORTEST_AT_ONCE if at_once else 1
            halves = _halves(window, shortest) if self.metric in ADDITIVE else []
            if not at_once and not halves:
                raise
        if not halves:
            return self._cells(window, breakdowns, at_once=False)
        return _sum(*(self._cells(half, breakdowns, at_once) for half in halves))

    def _params(self, window: Window, breakdowns: Cell) -> dict[str, str]:
        return {
            "level": "ad",
            "fields": f"ad_id,ad_name,adset_id,{self.metric}",
            "breakdowns": ",".join(breakdowns),
            "time_range": json.dumps({"since": window.first.isoformat(), "until": window.last.isoformat()}),
            "filtering": EVERY_AD,
        }

    def _read(self, url: str, params: Mapping[str, str], breakdowns: Cell) -> Cells:
        found: Cells = {}
        for row in entries(self.http, url, params):
            ad, cell = str(row["ad_id"]), tuple(str(row.get(name, "")) for name in breakdowns)
            counts = found.setdefault(ad, {})
            counts[cell] = counts.get(cell, 0.0) + float(row.get(self.metric) or 0)
            self.names[ad], self.ad_sets[ad] = str(row.get("ad_name") or ad), str(row.get("adset_id", ""))
        return found

    def _reported(self, params: Mapping[str, str], breakdowns: Cell) -> Cells:
        """Let Meta make the report, wait for it, read it."""
        for _ in range(RUNS):
            run = self._started(params)
            if self._is_made(run):
                return self._read(f"{self.graph}/{run}/insights", {}, breakdowns)
        raise TooMuch("Facebook did not manage to make the report of these days.", "report failed")

    def _started(self, params: Mapping[str, str]) -> str:
        """Order a report, and return the number that Meta gives it."""
        asked = self.http.ask("POST", f"{self.graph}/{self.account}/insights", data=dict(params))
        run = self.http.json(asked).get("report_run_id")
        if not run:
            raise Unavailable("Facebook took the order for a report of ads and gave it no number.", "no report_run_id")
        return str(run)

    def _is_made(self, run: str) -> bool:
        waited, polls = 0.0, 0
        while waited < LONGEST_REPORT:
            told = self.http.get(f"{self.graph}/{run}", {"fields": "async_status,async_percent_completion"})
            if told.get("async_status") in FAILED:
                return False
            if told.get("async_status") == "Job Completed" and told.get("async_percent_completion") == 100:
                return True
            wait = POLLS[min(polls, len(POLLS) - 1)]
            self.http.sleep(wait)
            waited, polls = waited + wait, polls + 1
        raise Unavailable(f"Facebook has not made a report within {LONGEST_REPORT / 60:.0f} minutes.", "report slow")


def _halves(window: Window, shortest: int) -> list[Window]:
    """Return the two halves of a window; none when a half would be shorter than the days given."""
    days = (window.last - window.first).days + 1
    if days // 2 < shortest:
        return []
    middle = window.first + timedelta(days=days // 2 - 1)
    return [Window(window.first, middle), Window(middle + timedelta(days=1), window.last)]


def _sum(*parts: Cells) -> Cells:
    whole: Cells = {}
    for part in parts:
        for ad, counts in part.items():
            mine = whole.setdefault(ad, {})
            for cell, count in counts.items():
                mine[cell] = mine.get(cell, 0.0) + count
    return whole
