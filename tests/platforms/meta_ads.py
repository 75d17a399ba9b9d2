"""Meta's advertising API as it answers over HTTP: ad accounts, ads, insights at once and as reports, estimates."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from tests.platforms.meta import PREFIX, Body, Graph, GraphError
from tests.platforms.meta_ads_world import AGES, COUNTRIES, DEPRECATED, INDUSTRIES, Ads, Population
from tests.platforms.server import Answer, Request

ACCOUNT = "act_120330010"
TOO_MUCH = "Please reduce the amount of data you're asking for, then retry your request"
REFUSED = "(#100) Current combination of data breakdown columns (action_type, age, country, gender) is invalid"
TOO_MANY = "(#80004) There have been too many calls to this ad-account. Wait a bit and try again."
TOO_LONG_AGO = "(#100) Reach with breakdowns is available for the last 13 months only"
FLOOR, MARGIN = 1000, 0.08
HOUR = 3600.0
BUC = "X-Business-Use-Case-Usage"
ROWS_PER_PAGE = 25
Match = re.Match[str]


class MetaAds:
    """Ads and estimates on a Graph.

    capacity: the rows x days that a question may ask for at once, report_days: the days that a report may have;
    None: any. failing: how many reports fail before one is made. per_hour: how many estimates an hour are given by
    the `clock` (seconds), None: any. Specifications that hold a text of `untold` are answered with -1, those with one
    of `unready` are not ready. reach_since: the first day that people reached are told of by demographics. closed:
    whether the person has an old account, too, of which nothing can be read.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        population: Population | None = None,
        ads: Ads | None = None,
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.graph, self.server, self.clock = graph, graph.server, clock
        self.population, self.ads = population or Population(), ads or Ads()
        self.capacity: int | None = None
        self.report_days: int | None = None
        self.reach_since = date.min
        self.failing = 0
        self.per_hour: int | None = None
        self.tier = "development_access"
        self.closed = True
        self.as_object = False  # whether delivery_estimate answers an object instead of a list
        self.untold: list[str] = []
        self.unready: list[str] = []
        self._asked_at: list[float] = []
        self._reports: dict[str, tuple[list[Body], list[str]]] = {}
        self._register()

    def addresses(self, base: str) -> dict[str, str]:
        return self.graph.addresses(base)

    def truth(self, first: date, last: date) -> dict[str, dict[tuple[str, str, str], int]]:
        return self.ads.truth(first, last)

    def _register(self) -> None:
        act, run = rf"({ACCOUNT})", r"(6\d{9})/?"
        get = self.graph.get
        get("me/adaccounts", "User", "get_ad_accounts", self._accounts, answers="AdAccount")
        get(f"{act}/ads", "AdAccount", "get_ads", lambda r, _: self.graph.listed(r, self.ads.ads), answers="Ad")
        get(f"{act}/adsets", "AdAccount", "get_ad_sets", self._ad_sets, answers="AdSet")
        get(f"{act}/insights", "AdAccount", "get_insights", self._insights, answers="AdsInsights")
        self.graph.route(
            "POST", f"{act}/insights", "AdAccount", "get_insights_async", self._start, answers="AdReportRun"
        )
        get(run, "AdReportRun", "api_get", self._state)
        get(r"(6\d{9})/insights", "AdReportRun", "get_insights", self._report, answers="AdsInsights")
        get(
            f"{act}/delivery_estimate", "AdAccount", "get_delivery_estimate", self._delivery,
            answers="AdAccountDeliveryEstimate",
        )  # fmt: skip
        get(f"{act}/reachestimate", "AdAccount", "get_reach_estimate", self._reach, answers="AdAccountReachEstimate")
        get(
            f"{act}/targetingbrowse", "AdAccount", "get_targeting_browse", self._browse,
            answers="AdAccountTargetingUnified",
        )  # fmt: skip
        self.server.route("GET", f"{re.escape(PREFIX)}/search", self._search)  # the SDK has no method for it

    def _accounts(self, request: Request, found: Match) -> Body:
        zones = {"currency": "QAR", "timezone_name": "Asia/Qatar"}
        mine = {"id": ACCOUNT, "account_id": ACCOUNT[4:], "name": "Newsroom promotion", "account_status": 1, **zones}
        old = {"id": "act_7", "account_id": "7", "name": "Old campaigns", "account_status": 101, **zones}
        return self.graph.listed(request, [mine, old] if self.closed else [mine])

    def _ad_sets(self, request: Request, found: Match) -> Body:
        return self.graph.listed(request, self.ads.sets)

    def _insights(self, request: Request, found: Match) -> Body:
        asked = {name: values[0] for name, values in request.query.items()}
        first, last = _range(asked)
        days, limit = (last - first).days + 1, int(asked.get("limit", ROWS_PER_PAGE))
        if self.capacity is not None and days * limit > self.capacity:
            raise GraphError(TOO_MUCH, 1, 99, 500)
        return self._page(request, list(self._rows(asked)))

    def _start(self, request: Request, found: Match) -> Body:
        asked = {name: values[0] for name, values in request.form.items()}
        first, last = _range(asked)
        states = ["Job Not Started", "Job Running", "Job Completed"]
        if self.failing or (self.report_days is not None and (last - first).days + 1 > self.report_days):
            self.failing = max(self.failing - 1, 0)
            states = ["Job Started", "Job Failed"]
        run = f"6{len(self._reports):09d}"
        self._reports[run] = list(self._rows(asked)), states
        return {"report_run_id": run}

    def _state(self, request: Request, found: Match) -> Body:
        _, states = self._reports[found[1]]
        state = states.pop(0) if len(states) > 1 else states[0]
        done = {"Job Completed": 100, "Job Running": 60}.get(state, 0)
        return {"id": found[1], "async_status": state, "async_percent_completion": done}

    def _report(self, request: Request, found: Match) -> Body:
        return self._page(request, self._reports[found[1]][0])

    def _rows(self, asked: dict[str, str]) -> Iterator[Body]:
        """Rows as Meta gives them: numbers as strings, nothing where nobody was."""
        breakdowns, fields = _listed(asked.get("breakdowns", "")), _listed(asked.get("fields", "ad_id,impressions"))
        if set(breakdowns) == {"age", "gender", "country"}:
            raise GraphError(REFUSED, 100)
        first, last = _range(asked)
        if "reach" in fields and first < self.reach_since:
            raise GraphError(TOO_LONG_AGO, 100)
        for ad in self.ads.ads:
            cells = self.ads.between(ad["id"], first, last)
            told = {"impressions": cells.impressions, "clicks": cells.clicks, "reach": np.ceil(cells.impressions * 0.7)}
            names = {"ad_id": ad["id"], "ad_name": ad["name"], "adset_id": ad["adset_id"]}
            dates = {"date_start": first.isoformat(), "date_stop": last.isoformat()}
            for place, values in _cells_by(breakdowns):
                counts = {name: str(int(told[name][place].sum())) for name in fields if name in told}
                if told["impressions"][place].sum():
                    named = {name: value for name, value in names.items() if name in fields}
                    yield {**named, **counts, **dates, **dict(zip(breakdowns, values, strict=True))}

    def _page(self, request: Request, rows: Sequence[Body]) -> Body:
        limit = int(request.one("limit", str(ROWS_PER_PAGE)))
        first = int(base64.b64decode(request.one("after")) or 0)
        last = min(first + limit, len(rows))
        cursors = {"before": _cursor(first), "after": _cursor(last)}
        paging: Body = {"cursors": cursors}
        if last < len(rows):
            paging["next"] = f"{self.server.base}{request.path}?access_token={request.token}&after={cursors['after']}"
        return {"data": list(rows[first:last]), "paging": paging}

    def _delivery(self, request: Request, found: Match) -> Body:
        lower, upper, ready = self._estimate(request)
        one = {"estimate_mau_lower_bound": lower, "estimate_mau_upper_bound": upper, "estimate_ready": ready}
        return {"data": one if self.as_object else [one]}

    def _reach(self, request: Request, found: Match) -> Body:
        lower, upper, ready = self._estimate(request)
        return {"data": {"users_lower_bound": lower, "users_upper_bound": upper, "estimate_ready": ready}}

    def _estimate(self, request: Request) -> tuple[int, int, bool]:
        self._count_call()
        text = request.one("targeting_spec")
        spec = json.loads(text)
        if spec.get("flexible_spec") and spec["age_min"] < 18:
            raise GraphError("(#100) Detailed targeting is not available for people under 18", 100, 1885760)
        if any(part in text for part in (*self.untold, *DEPRECATED)):
            return -1, -1, True
        if any(part in text for part in self.unready):
            return -1, -1, False
        return *bounds_of(self.population.count(spec)), True

    def _browse(self, request: Request, found: Match) -> Body:
        self._count_call()
        named = {**INDUSTRIES, **DEPRECATED}
        path = ["Demographics", "Work", "Industries"]
        rows = [{"id": key, "name": name, "type": "industries", "path": [*path, name]} for key, name in named.items()]
        others = [{"id": "6002714398172", "name": "Newlyweds", "type": "life_events", "path": ["Demographics"]}]
        return self._page(request, rows + others if request.one("limit_type") == "industries" else others)

    def _search(self, request: Request, found: Match) -> Answer:
        ids = json.loads(request.one("targeting_option_list"))
        states = dict.fromkeys(DEPRECATED, "DEPRECATING")
        return Answer({"data": [{"id": key, "current_status": states.get(key, "NORMAL")} for key in ids]})

    def _count_call(self) -> None:
        """Tell how much of the hour's limit is used, and refuse what is above it."""
        now = self.clock()
        self._asked_at = [moment for moment in self._asked_at if moment > now - HOUR]
        if self.per_hour is None:
            self.graph.usage.pop(BUC, None)
            return
        full = len(self._asked_at) >= self.per_hour
        wait = int(-(-(self._asked_at[0] + HOUR - now) // 60)) if full else 0
        used = {"call_count": round(100 * len(self._asked_at) / self.per_hour), "total_cputime": 1, "total_time": 1}
        limit = {"type": "ads_management", **used, "estimated_time_to_regain_access": wait}
        self.graph.usage[BUC] = {ACCOUNT[4:]: [{**limit, "ads_api_access_tier": self.tier}]}
        if full:
            raise GraphError(TOO_MANY, 80004, 2446079)
        self._asked_at.append(now)


def bounds_of(people: float) -> tuple[int, int]:
    """The range that Meta tells of a number of people: three digits, and nothing below its floor."""
    lower, upper = (_rounded(people * factor) for factor in (1 - MARGIN, 1 + MARGIN))
    return (max(lower, FLOOR), max(upper, FLOOR)) if people >= FLOOR else (FLOOR, FLOOR)


def _rounded(number: float) -> int:
    return int(float(f"{number:.3g}"))


def _range(asked: dict[str, str]) -> tuple[date, date]:
    told = json.loads(asked["time_range"])
    return date.fromisoformat(told["since"]), date.fromisoformat(told["until"])


def _listed(text: str) -> list[str]:
    """Read a list as the SDK writes it, in JSON, or as we do, with commas."""
    return json.loads(text) if text.startswith("[") else [part for part in text.split(",") if part]


def _cells_by(breakdowns: Sequence[str]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield the cells of (country, age, gender) that each row sums, with the row's values."""
    if not breakdowns:
        yield np.s_[:, :, :], ()
        return
    if breakdowns == ["country"]:
        yield from ((np.s_[place, :, :], (name,)) for place, name in enumerate((*COUNTRIES, "unknown")))
        return
    for a, age in enumerate(AGES):
        for g, gender in enumerate(("female", "male", "unknown")):
            values = {"age": age, "gender": gender}
            yield np.s_[:, a, g], tuple(values[name] for name in breakdowns)


def _cursor(place: int) -> str:
    return base64.b64encode(str(place).encode()).decode()
