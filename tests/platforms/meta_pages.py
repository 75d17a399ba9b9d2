"""A Facebook page on the Graph: a planted world's posts, videos and comments, with Meta's thresholds and refusals."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tests.platforms.meta import Body, Graph, GraphError, token_of
from tests.platforms.meta_figures import FEWEST_PEOPLE, stamp, told, values, video_figures
from tests.platforms.meta_world import Item, World
from tests.platforms.server import Request

REELS = 20  # the last of the videos, of which the first five stand among the videos, too
LONGEST_SPAN = 93  # days
VIDEO_METRICS = {
    "total_video_views",
    "total_video_views_by_age_bucket_and_gender",
    "total_video_views_by_country_id",
    "total_video_view_time_by_age_bucket_and_gender",
    "total_video_view_time_by_region_id",
}


class MetaPages:
    """The page of a world, and `me/accounts`, where its key and its Instagram account are told.

    key_of: the page's own key for a person's token. alive: the metrics that are given of each level; take some away to
    let them die. few_followers: what is asked by followers is refused with #200. strange: values added to every
    video's figures, by metric.
    """

    def __init__(self, graph: Graph, world: World, key_of: Callable[[str], str] = lambda token: "EAAPAGE1") -> None:
        self.graph, self.world, self.key_of = graph, world, key_of
        self.alive = {"video": {*VIDEO_METRICS}, "post": {"post_media_view"}, "page": {"page_media_view"}}
        self.few_followers = False
        self.tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MODERATE"]
        self.strange: dict[str, Body] = {}
        page, post, video = world.page, rf"({world.page}_\d+)", r"(888\d{3,})"
        graph.get("me/accounts", "User", "get_accounts", self.accounts, answers="Page")
        for pattern, node, call, read, answers in (
            (f"{page}/published_posts", "Page", "get_published_posts", self.posts, "PagePost"),
            (f"{page}/videos", "Page", "get_videos", self.videos, "AdVideo"),
            (f"{page}/video_reels", "Page", "get_video_reels", self.reels, "AdVideo"),
            (f"{page}/insights", "Page", "get_insights", self.page_insights, "InsightsResult"),
            (f"{post}/insights", "PagePost", "get_insights", self.post_insights, "InsightsResult"),
            (f"{video}/video_insights", "AdVideo", "get_video_insights", self.video_insights, "InsightsResult"),
            (f"{post}/comments", "PagePost", "get_comments", self.comments, "Comment"),
            (f"{video}/comments", "AdVideo", "get_comments", self.comments, "Comment"),
        ):
            graph.get(pattern, node, call, read, answers=answers, page=True)

    def accounts(self, request: Request, found: "re.Match[str]") -> Body:
        key = self.key_of(token_of(request))
        self.graph.page_tokens.add(key)
        page = {
            "id": self.world.page,
            "name": self.world.name,
            "access_token": key,
            "tasks": self.tasks,
            "followers_count": 130_220,
            "instagram_business_account": {
                "id": self.world.account,
                "username": self.world.name.casefold().replace(" ", ""),
                "followers_count": 52_100,
            },
        }
        return self.graph.listed(request, [page])

    def posts(self, request: Request, found: "re.Match[str]") -> Body:
        return self.graph.listed(request, [self._post(item) for item in newest_first(self.world.posts)])

    def videos(self, request: Request, found: "re.Match[str]") -> Body:
        shown = self.world.posts[: max(self.world.videos - REELS + 5, 1)]
        return self.graph.listed(request, [self._video(item) for item in newest_first(shown)])

    def reels(self, request: Request, found: "re.Match[str]") -> Body:
        shown = self.world.posts[max(self.world.videos - REELS, 0) : self.world.videos]
        return self.graph.listed(request, [self._video(item) for item in newest_first(shown)])

    def comments(self, request: Request, found: "re.Match[str]") -> Body:
        since = request.one("since", "1970-01-01")
        said = [
            {"id": f"{found[1]}_{number}", "message": text, "created_time": stamp(made), "like_count": likes}
            for number, (text, made, likes) in enumerate(self.world.item(found[1]).comments)
            if made.date().isoformat() >= since
        ]
        return self.graph.listed(request, said)

    def video_insights(self, request: Request, found: "re.Match[str]") -> Body:
        counts = self.world.item(found[1]).counts
        figures = video_figures(counts)
        if counts.sum() >= FEWEST_PEOPLE:
            for name, more in self.strange.items():
                figures[name] = {**figures[name], **more}
        return told(request, self.alive["video"], values(figures))

    def post_insights(self, request: Request, found: "re.Match[str]") -> Body:
        item = self.world.item(found[1])
        viewers = self._viewers(request, item.total, item.followers)
        return told(request, self.alive["post"], {"post_media_view": {"values": viewers}})

    def page_insights(self, request: Request, found: "re.Match[str]") -> Body:
        since, until = (date.fromisoformat(request.one(name)) for name in ("since", "until"))
        if (until - since).days > LONGEST_SPAN:
            raise GraphError(f"(#100) There cannot be more than {LONGEST_SPAN} days between since and until", 100)
        viewers = []
        for day in (since + timedelta(days=number) for number in range((until - since).days)):
            # Told are days that end between since and until, at seven in the morning: the one before `since` does.
            ends = {"end_time": stamp(datetime(day.year, day.month, day.day, 7, tzinfo=UTC))}
            seen = self.viewers_on(day - timedelta(days=1))
            viewers += [{**value, **ends} for value in self._viewers(request, *seen)]
        body = told(request, self.alive["page"], {"page_media_view": {"values": viewers}}, "day")
        address = f"{self.graph.server.base}{request.path}?access_token={token_of(request)}"
        return {**body, "paging": {"previous": f"{address}&since=1&until=2", "next": f"{address}&since=3&until=4"}}

    def viewers_on(self, day: date) -> tuple[int, int]:
        """Media views of the page on a day, in all and by followers."""
        return 8000 + day.toordinal() % 97, 3000 + day.toordinal() % 31

    def _viewers(self, request: Request, total: int, loyal: int) -> list[Body]:
        if request.one("breakdown") != "is_from_followers":
            return [{"value": total}]
        if self.few_followers:
            raise GraphError("(#200) The page does not have enough followers for this metric", 200, status=403)
        return [{"value": loyal, "is_from_followers": "1"}, {"value": total - loyal, "is_from_followers": "0"}]

    def _post(self, item: Item) -> Body:
        is_video = item.number < self.world.videos
        target = {"id": self.world.video_id(item) if is_video else f"5{item.number:06d}"}
        attached = {"media_type": "video" if is_video else "photo", "target": target, "title": item.title}
        return {
            "id": self.world.post_id(item),
            "message": f"{item.title}\nMore on our site. {item.hashtag}",
            "created_time": stamp(item.made),
            "permalink_url": f"https://www.facebook.com/{self.world.page}/posts/{700_000 + item.number}",
            "attachments": {"data": [attached]},
        }

    def _video(self, item: Item) -> Body:
        # Every third video does not say which post shows it: the post's attachment does.
        return {
            "id": self.world.video_id(item),
            "title": item.title,
            "description": f"{item.title}, as it was.",
            "created_time": stamp(item.made),
            "permalink_url": f"/{self.world.page}/videos/{self.world.video_id(item)}/",
            "post_id": str(700_000 + item.number) if item.number % 3 else None,
        }


def newest_first(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.made, reverse=True)
