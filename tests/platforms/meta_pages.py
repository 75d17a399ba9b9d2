"""A page and its Instagram account on the Graph, serving a planted world with Meta's thresholds, lists and refusals."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from sources.connectors.vocabulary import AGE_GROUPS
from tests.platforms.meta import Body, Graph, GraphError
from tests.platforms.meta_world import COUNTRIES, HASHTAGS, LETTERS, Item, World
from tests.platforms.server import Request

FEWEST_PEOPLE = 100  # for demographics
LONGEST_LIST = 45  # of countries and regions
REELS = 20  # the last of the videos, of which the first five stand among the videos, too
ALIVE = {
    "video": {
        "total_video_views",
        "total_video_views_by_age_bucket_and_gender",
        "total_video_views_by_country_id",
        "total_video_view_time_by_age_bucket_and_gender",
        "total_video_view_time_by_region_id",
    },
    "post": {"post_media_view"},
    "page": {"page_media_view", "page_follows"},
    "media": {"views", "reach"},
    "account": {"engaged_audience_demographics", "follower_demographics"},
}


class MetaPages:
    """The page of a world, its posts, videos and comments, and its Instagram account.

    alive: the metrics of each level that are given; take some away to let them die. few_followers: breakdowns by
    followers are refused with #200. strange: values to add to every video's demographics, by metric.
    """

    def __init__(self, graph: Graph, world: World, page_token: str = "EAAPAGE1") -> None:
        self.graph, self.world = graph, world
        self.alive = {level: set(names) for level, names in ALIVE.items()}
        self.few_followers = False
        self.tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MODERATE"]
        self.followers = 130220
        self.strange: dict[str, Body] = {}
        graph.page_tokens[world.page] = page_token
        page, ig = world.page, world.account
        graph.get("me/accounts", "User", "get_accounts", self.accounts, answers="Page")
        for edge, call, read in (
            ("published_posts", "get_published_posts", self.posts),
            ("videos", "get_videos", self.videos),
            ("video_reels", "get_video_reels", self.reels),
            ("insights", "get_insights", self.page_insights),
        ):
            answers = {"published_posts": "PagePost", "insights": "InsightsResult"}.get(edge, "AdVideo")
            graph.get(f"{page}/{edge}", "Page", call, read, answers=answers, page=True)
        post, video, media = rf"({page}_\d+)", r"(888\d{3})", r"(179\d{8})"
        result = {"answers": "InsightsResult", "page": True}
        graph.get(f"{post}/insights", "PagePost", "get_insights", self.post_insights, **result)
        graph.get(f"{video}/video_insights", "AdVideo", "get_video_insights", self.video_insights, **result)
        graph.get(f"{post}/comments", "PagePost", "get_comments", self.comments, answers="Comment", page=True)
        graph.get(f"{video}/comments", "AdVideo", "get_comments", self.comments, answers="Comment", page=True)
        result = {"answers": "InstagramInsightsResult"}
        graph.get(f"{ig}/media", "IGUser", "get_media", self.media, answers="IGMedia")
        graph.get(f"{ig}/insights", "IGUser", "get_insights", self.account_insights, **result)
        graph.get(f"{media}/insights", "IGMedia", "get_insights", self.media_insights, **result)
        graph.get(f"{media}/comments", "IGMedia", "get_comments", self.media_comments, answers="IGComment")

    def accounts(self, request: Request, found: "re.Match[str]") -> Body:
        linked = {"id": self.world.account, "username": "gulfstories", "followers_count": 52100}
        page = {
            "id": self.world.page,
            "name": self.world.name,
            "access_token": self.graph.page_tokens[self.world.page],
            "tasks": self.tasks,
            "followers_count": self.followers,
            "instagram_business_account": linked,
        }
        return self.graph.listed(request, [page])

    def posts(self, request: Request, found: "re.Match[str]") -> Body:
        return self.graph.listed(request, [self._post(item) for item in self._by_time(self.world.posts)])

    def videos(self, request: Request, found: "re.Match[str]") -> Body:
        shown = self.world.posts[: self.world.videos - REELS + 5]
        return self.graph.listed(request, [self._video(item) for item in self._by_time(shown)])

    def reels(self, request: Request, found: "re.Match[str]") -> Body:
        shown = self.world.posts[self.world.videos - REELS : self.world.videos]
        return self.graph.listed(request, [self._video(item) for item in self._by_time(shown)])

    def media(self, request: Request, found: "re.Match[str]") -> Body:
        return self.graph.listed(request, [self._medium(item) for item in self._by_time(self.world.media)])

    def comments(self, request: Request, found: "re.Match[str]") -> Body:
        item = self._item(found[1])
        since = request.one("since", "1970-01-01")
        said = [
            {"id": f"{found[1]}_{number}", "message": text, "created_time": stamp(made), "like_count": likes}
            for number, (text, made, likes) in enumerate(item.comments)
            if made.date().isoformat() >= since
        ]
        return self.graph.listed(request, [{**one, "comment_count": 0} for one in said])

    def media_comments(self, request: Request, found: "re.Match[str]") -> Body:
        item = self._item(found[1])
        said = [
            {"id": f"{found[1]}{number}", "text": text, "timestamp": stamp(made), "like_count": likes}
            for number, (text, made, likes) in enumerate(reversed(item.comments))
        ]
        return self.graph.listed(request, said)

    def video_insights(self, request: Request, found: "re.Match[str]") -> Body:
        counts = self._item(found[1]).counts
        told: dict[str, Any] = {"total_video_views": int(counts.sum())}
        shown = counts.sum() >= FEWEST_PEOPLE
        people, places = (people_map(counts), top(place_map(counts))) if shown else ({}, {})
        told["total_video_views_by_age_bucket_and_gender"] = people
        told["total_video_views_by_country_id"] = places
        told["total_video_view_time_by_age_bucket_and_gender"] = {key: 11000 * count for key, count in people.items()}
        regions = {f"Capital - {REGIONS.get(code, code)}": 11000 * count for code, count in places.items()}
        told["total_video_view_time_by_region_id"] = regions
        told = {name: {**value, **self.strange.get(name, {})} if shown and isinstance(value, dict) else value
                for name, value in told.items()}  # fmt: skip
        return self._insights(request, "video", {name: [{"value": value}] for name, value in told.items()})

    def post_insights(self, request: Request, found: "re.Match[str]") -> Body:
        item = self._item(found[1])
        return self._insights(request, "post", {"post_media_view": self._viewers(request, item.total, item.followers)})

    def page_insights(self, request: Request, found: "re.Match[str]") -> Body:
        since, until = (date.fromisoformat(request.one(name)) for name in ("since", "until"))
        if (until - since).days > 93:
            raise GraphError("(#100) There cannot be more than 93 days between since and until", 100)
        values = []
        for day in (since + timedelta(days=number) for number in range((until - since).days)):
            ends = {"end_time": stamp(datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(days=1))}
            total, loyal = self.viewers_on(day)
            values += [{**value, **ends} for value in self._viewers(request, total, loyal)]
        body = self._insights(request, "page", {"page_media_view": values, "page_follows": values}, "day")
        address = f"{self.graph.server.base}{request.path}?access_token={request.token}"
        return {**body, "paging": {"previous": f"{address}&since=1&until=2", "next": f"{address}&since=3&until=4"}}

    def viewers_on(self, day: date) -> tuple[int, int]:
        """Media views of the page on a day, in all and by followers."""
        return 8000 + day.toordinal() % 97, 3000 + day.toordinal() % 31

    def media_insights(self, request: Request, found: "re.Match[str]") -> Body:
        total = self._item(found[1]).total
        told = {"views": [{"value": total}], "reach": [{"value": total * 2 // 3}]}
        return self._insights(request, "media", told)

    def account_insights(self, request: Request, found: "re.Match[str]") -> Body:
        counts = self.account_people()
        by = request.one("breakdown").split(",")
        told = {}
        for name in self.alive["account"]:
            people = counts if name.startswith("engaged") else counts * 3
            results = list(breakdown(people, by)) if people.sum() >= FEWEST_PEOPLE else []
            value = {"breakdowns": [{"dimension_keys": ["timeframe", *by], "results": results}]}
            told[name] = {"total_value": value if results else {}}
        return self._told(request, "account", told, "lifetime")

    def account_people(self) -> np.ndarray:
        """The account's engaged people (3, 7, countries): a tenth of those who viewed its media."""
        return sum(item.counts for item in self.world.media) // 10

    def _insights(self, request: Request, level: str, values: Mapping[str, Any], period: str = "lifetime") -> Body:
        return self._told(request, level, {name: {"values": value} for name, value in values.items()}, period)

    def _told(self, request: Request, level: str, told: Mapping[str, Body], period: str) -> Body:
        asked = request.one("metric").split(",")
        if not set(asked) <= self.alive[level]:
            raise GraphError("(#100) The value must be a valid insights metric", 100)
        node = request.path.split("/")[3]
        entries = [
            {"name": name, "period": period, "title": name.replace("_", " "), "description": "…",
             "id": f"{node}/insights/{name}/{period}", **told[name]}
            for name in asked
        ]  # fmt: skip
        return {"data": entries}

    def _viewers(self, request: Request, total: int, loyal: int) -> list[Body]:
        if request.one("breakdown") != "is_from_followers":
            return [{"value": total}]
        if self.few_followers:
            raise GraphError("(#200) The page does not have enough followers for this metric", 200, status=403)
        return [{"value": loyal, "is_from_followers": "1"}, {"value": total - loyal, "is_from_followers": "0"}]

    def _by_time(self, items: list[Item]) -> list[Item]:
        return sorted(items, key=lambda item: item.made, reverse=True)

    def _item(self, key: str) -> Item:
        world = self.world
        for name, items in ((world.post_id, world.posts), (world.video_id, world.posts), (world.media_id, world.media)):
            for item in items:
                if name(item) == key:
                    return item
        raise GraphError(f"Unsupported get request. Object with ID '{key}' does not exist", 100, 33)

    def _post(self, item: Item) -> Body:
        is_video = item.number < self.world.videos
        target = {"id": self.world.video_id(item) if is_video else f"5{item.number:06d}"}
        attached = {"media_type": "video" if is_video else "photo", "target": target, "title": item.title}
        return {
            "id": self.world.post_id(item),
            "message": f"{item.title}\nMore on our site. {HASHTAGS[item.number % len(HASHTAGS)]}",
            "created_time": stamp(item.made),
            "permalink_url": f"https://www.facebook.com/{self.world.page}/posts/{700000 + item.number}",
            "attachments": {"data": [attached]},
        }

    def _video(self, item: Item) -> Body:
        # Every third video does not say which post shows it: the post's attachment does.
        post = str(700000 + item.number) if item.number % 3 else None
        return {
            "id": self.world.video_id(item),
            "title": item.title,
            "description": f"{item.title}, as it was.",
            "created_time": stamp(item.made),
            "permalink_url": f"/{self.world.page}/videos/{self.world.video_id(item)}/",
            "post_id": post,
        }

    def _medium(self, item: Item) -> Body:
        return {
            "id": self.world.media_id(item),
            "caption": f"{item.title} {HASHTAGS[item.number % len(HASHTAGS)]}",
            "permalink": f"https://www.instagram.com/p/x{item.number}/",
            "timestamp": stamp(item.made),
            "media_type": ("IMAGE", "VIDEO", "CAROUSEL_ALBUM")[item.number % 3],
        }


REGIONS = {"QA": "Qatar", "SA": "Saudi Arabia", "GB": "United Kingdom", "US": "United States"}


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+0000"


def people_map(counts: np.ndarray) -> dict[str, int]:
    """As `{"F.18-24": 3}`, of positive cells."""
    sums = counts.sum(axis=2)
    return {f"{LETTERS[g]}.{AGE_GROUPS[a]}": int(sums[g, a]) for g, a in zip(*np.nonzero(sums), strict=True)}


def place_map(counts: np.ndarray) -> dict[str, int]:
    sums = counts.sum(axis=(0, 1))
    return {COUNTRIES[place]: int(sums[place]) for place in np.flatnonzero(sums)}


def top(places: Mapping[str, int]) -> dict[str, int]:
    """The longest list that Meta gives."""
    return dict(sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))[:LONGEST_LIST])


def breakdown(counts: np.ndarray, by: list[str]) -> Iterator[Body]:
    """The results of an Instagram account's demographics, the largest first."""
    axes = {"gender": (0, LETTERS), "age": (1, AGE_GROUPS), "country": (2, COUNTRIES)}
    kept = [axes[name][0] for name in by]
    sums = np.moveaxis(counts, kept, range(len(kept))).reshape(*(counts.shape[axis] for axis in kept), -1).sum(axis=-1)
    cells = sorted(zip(*np.nonzero(sums), strict=True), key=lambda cell: -sums[cell])[:LONGEST_LIST]
    for cell in cells:
        names = [axes[name][1][place] for name, place in zip(by, cell, strict=True)]
        yield {"dimension_values": ["LAST_90_DAYS", *names], "value": int(sums[cell])}
