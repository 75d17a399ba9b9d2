"""Google Analytics 4: pages and their views by country, age and gender of the people, month by month.

https://developers.google.com/analytics/devguides/reporting/data/v1 and .../config/admin/v1
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from sources.connectors.faults import NotSupported, Refused, Unavailable, WrongAccount
from sources.connectors.google_analytics.columns import (
    JOINT,
    NO_PAGE,
    REPORTS,
    VIEWS,
    Seed,
    columns,
    returning,
    seed_of,
)
from sources.connectors.google_analytics.reports import MOST_ROWS, Property, Question, Report, Row
from sources.connectors.google_analytics.walks import OTHER, Dimensions, Walk
from sources.connectors.harvests import Account, Harvest, Known, LoyaltyRow, Shard, Window
from sources.connectors.http import Http
from sources.connectors.identifiers import stored_id
from sources.connectors.records import ContentRow
from sources.connectors.wording import counted

PAGES = ("pagePath", "pageTitle", "hostName", "contentGroup")
TOLD = ("title", "category", "url")  # of a page, where the property has them: all else stays as it is stored
NEWNESS = ("newVsReturning", "countryId", "userAgeBracket", "userGender")
ROWS = 100_000
SHARE = 0.6
MOST_PAGES_OF_ACCOUNTS = 1000
LONGEST_URL = 1000
FIRST_ROWS = 1000  # the names that stand for many pages come before all paths, or "(other)" behind them
UNTOLD = 0.02  # of the property's views may be of no page: two reports are not of the same minute
_PROPERTY = re.compile(r"(?:properties/)?([0-9]+)")
_NOT_SET = frozenset({"", "(not set)", "(other)"})


def accounts(http: Http, addresses: Mapping[str, str]) -> list[Account]:
    """Return the properties that the person may read, ordered by account and name; raises PlatformError.

    WrongAccount when there is none.
    """
    found, token = list[Account](), ""
    for _ in range(MOST_PAGES_OF_ACCOUNTS):
        params = {"pageSize": 200, **({"pageToken": token} if token else {})}
        answer = http.get(f"{addresses['analytics_admin']}/v1beta/accountSummaries", params)
        for summary in answer.get("accountSummaries", []):
            owner = summary.get("displayName") or summary["account"]
            for told in summary.get("propertySummaries", []):
                number = told["property"].removeprefix("properties/")
                found.append(Account(number, told.get("displayName") or number, f"{owner}, property {number}"))
        if answer.get("nextPageToken", "") in ("", token):
            break
        token = answer["nextPageToken"]
    if not found:
        raise WrongAccount(
            "This Google account may read no Google Analytics property. "
            "Ask the property's administrator for the role Viewer, or connect another account."
        )
    return sorted(found, key=lambda account: (account.detail, account.name))


class GoogleAnalytics:
    """One property; `account` is its number.

    limit: rows of the longest report in one shard, 250,000 at most. share: where the joint keeps less than this part
    of the views of known people, the page's groups are estimated from the margins.
    """

    def __init__(
        self, http: Http, addresses: Mapping[str, str], account: str, *, limit: int = ROWS, share: float = SHARE
    ) -> None:
        if not 1 <= limit <= MOST_ROWS:
            raise ValueError(f"The limit is {limit}; Google Analytics gives 1 to {MOST_ROWS} rows at a time.")
        self._http, self._address, self._account = http, addresses["analytics_data"], account
        self._limit, self._share = limit, share
        self._seeds: dict[str, Seed] = {}

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield the shards of the window.

        How many there are depends on how many rows the property has: that is asked, once, when the first is taken.
        """
        asked = Property(self._http, self._address, _number(self._account))
        months = window.months()
        asked.check(JOINT)
        pages, walks = self._planned(asked, window, months)
        yield from (
            Shard(
                "contents",
                f"contents:{pages.rows}:{self._limit}:{place}",
                place,
                pages.parts,
                partial(_contents, pages, place),
            )
            for place in range(pages.parts)
        )
        parts = [(walk, place) for walk in walks for place in range(walk.parts)]
        for number, (walk, place) in enumerate(parts):
            key = f"interactions:{walk.days.period}:{'+'.join(walk.leader)}:{walk.rows}:{self._limit}:{place}"
            yield Shard("interactions", key, number, len(parts), partial(self._interactions, asked, walk, place))
        for number, month in enumerate(months):
            of_pages = partial(known.interactions, month.period)
            reads = {"loyalty": partial(_loyalty, asked, month), "total": partial(_total, asked, month, of_pages)}
            for place, (name, read) in enumerate(reads.items(), start=number * len(reads)):
                yield Shard("audience", f"{name}:{month.period}", place, len(months) * len(reads), read)

    def _planned(self, asked: Property, window: Window, months: Sequence[Window]) -> tuple[Walk, list[Walk]]:
        """Ask how many rows each report has: one question for the pages, four for each month."""
        questions = [Question(PAGES, window, limit=1)]
        questions += [Question(dimensions, month, limit=1) for month in months for dimensions in REPORTS]
        pages, *reports = asked.ask(questions)
        starts = range(0, len(reports), len(REPORTS))
        walks = [
            self._walk(asked, month, dict(zip(REPORTS, reports[start : start + len(REPORTS)], strict=True)))
            for month, start in zip(months, starts, strict=True)
        ]
        return self._walk(asked, window, {PAGES: pages}), walks

    def _walk(self, asked: Property, days: Window, firsts: Mapping[Dimensions, Report]) -> Walk:
        """Plan a walk by the first row of each report: if it is behind "(other)", that stands behind all paths."""
        lengths = {dimensions: report.total for dimensions, report in firsts.items()}
        last = {dimensions for dimensions, report in firsts.items() if any(row[0] > OTHER for row in report.rows)}
        return Walk(asked, days, lengths, self._limit, last)

    def _interactions(self, asked: Property, walk: Walk, place: int) -> Harvest:
        part = walk.read(place)
        made = columns(part, walk.days.period, self._share, partial(self._seed, asked, walk.days))
        complaints = [*part.complaints, *made.complaints]
        return Harvest(counts=made.counts, unnamed=made.unnamed, whole=made.whole, complaints=complaints)

    def _seed(self, asked: Property, month: Window) -> Seed:
        """The joint of the whole property, asked for once a month."""
        if month.period not in self._seeds:
            report = _whole(asked, Question(JOINT[1:], month))
            self._seeds[month.period] = seed_of(report)
        return self._seeds[month.period]


def _number(account: str) -> str:
    match = _PROPERTY.fullmatch(account.strip())
    if match:
        return match[1]
    kind = {"G-": "a measurement id", "UA": "an id of the old Universal Analytics"}.get(account.strip()[:2].upper())
    words = f"'{account}' is {kind}, not" if kind else f"'{account}' is not"
    raise WrongAccount(
        f"{words} the number of a Google Analytics 4 property. Choose the property from the list of the account, "
        "or take the property ID, a number, from Admin, Property details in Google Analytics."
    )


def _whole(asked: Property, question: Question) -> list[Row]:
    """All rows of a report about the whole property, which has a few thousand at most."""
    report = asked.ask([question])[0]
    if report.total > len(report.rows):
        raise Unavailable(f"Google Analytics gave {len(report.rows):,} of {report.total:,} rows.", "truncated")
    return report.rows


def _contents(walk: Walk, place: int) -> Harvest:
    part = walk.read(place)
    rows = groupby(part.rows.get(PAGES, ()), key=lambda row: row[0])
    contents = [_content(path, list(told)) for path, told in rows if path not in NO_PAGE]
    return Harvest(contents=contents, said=tuple(name for name in TOLD if any(getattr(row, name) for row in contents)))


def _content(path: str, rows: list[Row]) -> ContentRow:
    title, host, category = (_most_viewed(rows, column) for column in (1, 2, 3))
    url = f"https://{host}{path}" if host and path.startswith("/") else ""
    return ContentRow(
        stored_id(path), (title or path)[:500], category=category[:200], url=url if len(url) <= LONGEST_URL else ""
    )


def _most_viewed(rows: list[Row], column: int) -> str:
    """The value of a column with most views, "" when nobody set one; of two alike the first in the alphabet."""
    views: Counter[str] = Counter()
    for row in rows:
        if row[column] not in _NOT_SET:
            views[row[column]] += row[-1]
    return min(views, key=lambda value: (-views[value], value), default="")


def _total(asked: Property, month: Window, stored: Callable[[], float | None]) -> Harvest:
    """Hold the views of the pages that are stored against those of the whole property; the rest is of no page."""
    everybody, first = asked.ask([Question((), month), Question(VIEWS, month, limit=FIRST_ROWS)])
    views, of_pages = sum(row[-1] for row in everybody.rows), stored()
    behind = [Question(VIEWS, month, first.total - 1, 1)] if first.total > len(first.rows) else []
    rows = [*first.rows, *(row for report in asked.ask(behind) for row in report.rows)]
    nameless = sum(row[-1] for row in rows if row[0] in NO_PAGE)
    beyond = 0.0 if of_pages is None else views - nameless - of_pages
    if beyond <= UNTOLD * views:
        return Harvest()
    told = f"{counted(beyond, 'view')} of the property are of pages that Google Analytics does not tell."
    return Harvest(unnamed=beyond, complaints=[f"{month.period}: {told}"])


def _loyalty(asked: Property, month: Window) -> Harvest:
    """Views by those who had been there before: of each group, and of all people in the row without a group."""
    try:
        groups, everybody = asked.ask([Question(NEWNESS, month), Question(NEWNESS[:1], month)])
    except (Refused, NotSupported) as error:
        return Harvest(complaints=[f"{month.period}: There is no loyalty. {error}"])
    views = {row[0]: row[1] for row in everybody.rows}
    loyal, total = views.get("returning", 0), views.get("returning", 0) + views.get("new", 0)
    told = [(("", "", ""), loyal, total), *returning(groups.rows)]
    rows = [LoyaltyRow("returning", month.period, "", group, part, whole) for group, part, whole in told]
    return Harvest(loyalty=rows, complaints=groups.complaints)
