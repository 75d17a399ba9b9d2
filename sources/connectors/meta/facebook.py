"""Facebook pages: posts and videos, who saw the videos, how many of those follow the page, and comments.

See https://developers.facebook.com/docs/graph-api/reference/page and `data/meta_metrics.csv` for the metrics.

What is counted: views of a video of at least three seconds, by age and gender, and by country; for a post without a
video its media views, of which Facebook tells nobody's age, gender or country (they are unknown). The two margins of a
video are raked to joint counts, marked as estimated.

Facebook tells these only as sums over a content's life. They are stored undated (period ""), and a later collection
replaces them as a whole. They are not given to the month of publication, for views come later too; nor told as the
differences between collections, for Facebook restates them downwards, and the months between two collections that lie
further apart could not be told from each other. Asked for are the contents that were published on the days of the
window, which reaches back to the first once a week. The loyalty of the whole page is dated by month.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sources.connectors.faults import LEFT_OUT, Unavailable, WrongAccount
from sources.connectors.harvests import Account, ContentCounts, GroupKey, Harvest, Known, LoyaltyRow, Shard, Window
from sources.connectors.http import Http, Json
from sources.connectors.meta.facebook_insights import audience_of, page_viewers, viewers_of
from sources.connectors.meta.facebook_units import Unit, units_of
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.parts import comments_of, parts, shards_of
from sources.connectors.meta.people import Audience, counted, uncounted
from sources.connectors.records import CommentRow
from sources.connectors.wording import Complaint

ANYBODY: GroupKey = ("", "", "")
INSIGHTS_TASK = "ANALYZE"
PAGE_FIELDS = "id,name,access_token,tasks,followers_count"
COMMENT_FIELDS = ("message", "created_time", "like_count")
UNTOLD = (
    "Facebook does not tell who saw {post} without a video: {names}. The {view} count as of people whom the platform "
    "does not know."
)


def accounts(http: Http, addresses: Mapping[str, str]) -> list[Account]:
    """Return the pages that the person manages, each with its own token; raises WrongAccount when there is none."""
    pages = managed_pages(http, addresses, PAGE_FIELDS)
    if not pages:
        raise WrongAccount("This Facebook account manages no page, or none was allowed when it was connected.")
    return [
        Account(
            page["id"],
            page.get("name", ""),
            detail_of(page, page.get("followers_count")),
            _token(page),
            is_closed=not _token(page),
        )
        for page in pages
    ]


def managed_pages(http: Http, addresses: Mapping[str, str], fields: str) -> list[Json]:
    """Return all pages that the person manages; raises PlatformError, for a list that breaks off too."""
    graph = Graph(http, addresses)
    pages = list(graph.listed("me/accounts", fields))
    if graph.broken:
        raise Unavailable("Facebook's list of pages breaks off. Try again in a while.", "paging")
    return pages


def detail_of(page: Json, followers: int | None) -> str:
    """Tell a page, or the account that belongs to it, from others, and say what is missing to read it."""
    told = [] if followers is None else [f"{followers:,} followers"]
    if INSIGHTS_TASK not in page.get("tasks", []) or not _token(page):
        told.append(f"your role there does not let you see its insights (task {INSIGHTS_TASK})")
    return ", ".join(told)


def _token(page: Json) -> str:
    token: str = page.get("access_token", "")
    return token


class Facebook:
    """One page. joint, seed: interactions by group from elsewhere that say how age and gender go with countries."""

    def __init__(
        self,
        http: Http,
        addresses: Mapping[str, str],
        account: str,
        joint: Mapping[GroupKey, float] | None = None,
        seed: str = "",
    ) -> None:
        self.graph, self.page = Graph(http, addresses), account
        self.joint, self.seed = joint, seed
        self._units: list[Unit] | None = None
        self._commented: Mapping[str, date] | None = None

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield contents, their interactions and comments by days of publication, then the page's loyalty by month."""
        yield Shard("contents", "contents", 1, 1, lambda: self._contents(window))
        weeks = parts(window)
        yield from shards_of("interactions", weeks, lambda part: self._interactions(self._of(part, window)))
        yield from shards_of("comments", weeks, lambda part: self._comments(self._of(part, window), known))
        yield from shards_of("audience", window.months(), self._loyalty)

    def _of(self, part: Window, window: Window) -> list[Unit]:
        """The contents published in a part of the window; the page is asked for all of them once."""
        if self._units is None:
            self._units = list(units_of(self.graph, self.page, window))
        return [unit for unit in self._units if part.first <= unit.published <= part.last]

    def _harvest(self, **rows: Any) -> Harvest:
        return Harvest(**rows, complaints=self.graph.complaints())

    def _contents(self, window: Window) -> Harvest:
        return self._harvest(contents=[unit.row for unit in self._of(window, window)])

    def _interactions(self, units: list[Unit]) -> Harvest:
        counts, audiences, loyalty = list[ContentCounts](), list[Audience](), list[LoyaltyRow]()
        for unit in units:
            found: list[Audience | ContentCounts | LoyaltyRow] = []
            with self.graph.leaving_out():
                found = list(self._read(unit))
            audiences += [one for one in found if isinstance(one, Audience)]
            counts += [one for one in found if isinstance(one, ContentCounts)]
            loyalty += [one for one in found if isinstance(one, LoyaltyRow)]
        if counts:
            numbers = {"post": len(counts), "view": sum(one.unknown for one in counts)}
            self.graph.complain(Complaint(UNTOLD, numbers, [one.content_id for one in counts]))
        raked, complaints = counted(audiences, self.joint, self.seed)
        for words in complaints:
            self.graph.complain(words)
        return self._harvest(counts=[*counts, *raked], loyalty=loyalty)

    def _read(self, unit: Unit) -> Iterator[Audience | ContentCounts | LoyaltyRow]:
        content_id = unit.row.external_id
        loyal, total = viewers_of(self.graph, unit.post) if unit.post else (None, None)
        if loyal is not None and total:
            yield LoyaltyRow("follower", "", content_id, ANYBODY, loyal, total)
        if unit.video:
            audience = audience_of(self.graph, content_id, unit.video)
            if audience:
                yield audience
        elif unit.video is None:
            self.graph.complain("A post shows a video that Facebook does not name. What was stored of it stays.")
        elif total is not None:
            yield uncounted(content_id, total)

    def _comments(self, units: list[Unit], known: Known) -> Harvest:
        if self._commented is None:
            self._commented = known.commented()
        rows: list[CommentRow] = []
        for unit in units:
            content_id = unit.row.external_id
            newest = self._commented.get(content_id)
            asked = {"filter": "stream", "order": "chronological"}
            if newest:  # a day more: whose midnight is meant is not told
                asked["since"] = (newest - timedelta(days=1)).isoformat()
            node = unit.post or unit.video or content_id
            rows += comments_of(self.graph, node, content_id, newest, COMMENT_FIELDS, **asked)
        return self._harvest(comments=rows)

    def _loyalty(self, month: Window) -> Harvest:
        """The page's loyalty over a month, from its first day whatever the window's is, for a month is stored whole."""
        whole = Window(month.first.replace(day=1), month.last)
        try:
            loyal, total = page_viewers(self.graph, self.page, whole)
        except LEFT_OUT as error:
            self.graph.tell_once(f"How many of the viewers follow the page is not known: {error}")
            return self._harvest()
        rows = [LoyaltyRow("follower", whole.period, "", ANYBODY, loyal, total)] if loyal is not None and total else []
        return self._harvest(loyalty=rows)
