"""Instagram's professional accounts: media, their views, who the account's audience is, and comments.

See https://developers.facebook.com/docs/instagram-platform; the account is reached through the page that it belongs to.

Instagram tells of a medium how often it was viewed, over its whole life, and by nobody in particular. Who they were is
only told of the account's audience, by age and gender, and by country (at least 100 people, at most 45 countries). So
the views of every medium are divided as the account's audience is: these counts are estimated, all alike, and hold no
difference between media. They are stored undated (period ""), as Facebook's are. Asked for are the media that were
published on the days of the window, which reaches back to the first once a week.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from sources.connectors.faults import WrongAccount
from sources.connectors.harvests import Account, ContentCounts, GroupKey, Harvest, Known, Shard, Window
from sources.connectors.http import Http, Json
from sources.connectors.meta.facebook import detail_of, managed_pages
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.instagram_people import Viewership, viewership_of
from sources.connectors.meta.metrics import choices
from sources.connectors.meta.parts import (
    comments_of,
    in_window,
    moment,
    parts,
    shards_of,
    tags_of,
    title_of,
    value_of,
)
from sources.connectors.records import CommentRow, ContentRow

PAGE_FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username,followers_count}"
MEDIA_FIELDS = "id,caption,permalink,timestamp,media_type"
COMMENT_FIELDS = ("text", "timestamp", "like_count")
KINDS = {"IMAGE": "Picture", "VIDEO": "Video", "CAROUSEL_ALBUM": "Album"}


def accounts(http: Http, addresses: Mapping[str, str]) -> list[Account]:
    """Return the Instagram accounts of the pages that the person manages, each with its page's token.

    Raises WrongAccount when there is none.
    """
    pages = managed_pages(http, addresses, PAGE_FIELDS)
    found = [_account(page, page["instagram_business_account"]) for page in pages if _linked(page)]
    if not found:
        raise WrongAccount("This Facebook account manages no page that has a professional Instagram account linked.")
    return found


def _linked(page: Json) -> bool:
    return "instagram_business_account" in page


def _account(page: Json, linked: Json) -> Account:
    told = [f"of the page {page.get('name', '')}", detail_of(page, linked.get("followers_count"))]
    name = f"@{linked['username']}" if linked.get("username") else page.get("name", "")
    token = page.get("access_token", "")
    return Account(linked["id"], name, ", ".join(filter(None, told)), token, is_closed=not token)


class Instagram:
    """One account. joint, seed: interactions by group from elsewhere that say how age and gender go with countries."""

    def __init__(
        self,
        http: Http,
        addresses: Mapping[str, str],
        account: str,
        joint: Mapping[GroupKey, float] | None = None,
        seed: str = "",
    ) -> None:
        self.graph, self.account = Graph(http, addresses), account
        self.joint, self.seed = joint, seed
        self._media: list[tuple[Json, date]] | None = None
        self._commented: Mapping[str, date] | None = None

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield contents, then their interactions and comments by days of publication."""
        yield Shard("contents", "contents", 1, 1, lambda: self._contents(window))
        weeks = parts(window)
        yield from shards_of("interactions", weeks, lambda part: self._interactions(self._of(part, window)))
        yield from shards_of("comments", weeks, lambda part: self._comments(self._of(part, window), known))

    def _of(self, part: Window, window: Window) -> list[Json]:
        """The media published in a part of the window; the account is asked for all of them once."""
        if self._media is None:
            listed = self.graph.listed(f"{self.account}/media", MEDIA_FIELDS)
            self._media = [(item, made.date()) for item, made in in_window(listed, "timestamp", window)]
        return [item for item, published in self._media if part.first <= published <= part.last]

    def _harvest(self, **rows: Any) -> Harvest:
        return Harvest(**rows, complaints=self.graph.complaints())

    def _contents(self, window: Window) -> Harvest:
        return self._harvest(contents=[_row(item) for item in self._of(window, window)])

    def _interactions(self, media: list[Json]) -> Harvest:
        counts: list[ContentCounts] = []
        for item in media:
            views = None
            with self.graph.leaving_out():
                views = self._views(item["id"])
            people = None if views is None else self._people
            if views is not None and people is not None:
                counts.append(replace(people.of(views), content_id=item["id"]))
        return self._harvest(counts=counts)

    def _views(self, media: str) -> float | None:
        """Return how often it was viewed; None when that is not told, which is not the same as never."""
        name = choices("media", "total")[0].name
        views = value_of(self.graph.insights(f"{media}/insights", [name]).get(name))
        if views is None:
            self.graph.complain("Instagram does not tell how often a post was viewed. What was stored of it stays.")
            return None
        return float(views)

    @cached_property
    def _people(self) -> Viewership | None:
        return viewership_of(self.graph, self.account, self.joint, self.seed)

    def _comments(self, media: list[Json], known: Known) -> Harvest:
        if self._commented is None:
            self._commented = known.commented()
        rows: list[CommentRow] = []
        for item in media:
            rows += comments_of(self.graph, item["id"], item["id"], self._commented.get(item["id"]), COMMENT_FIELDS)
        return self._harvest(comments=rows)


def _row(item: Json) -> ContentRow:
    caption, made = item.get("caption", ""), moment(item.get("timestamp", ""))
    kind = KINDS.get(item.get("media_type", ""), "Medium")
    return ContentRow(
        external_id=item["id"],
        title=title_of(caption) or f"{kind} of {made:%Y-%m-%d}",
        description=caption,
        tags=tags_of(caption),
        url=item.get("permalink", ""),
        published_at=made,
    )
