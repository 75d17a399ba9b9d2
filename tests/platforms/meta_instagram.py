"""An Instagram account on the Graph: a planted world's media and comments, and who the account's audience is."""

import re

from tests.platforms.meta import Body, Graph
from tests.platforms.meta_figures import FEWEST_PEOPLE, Counts, breakdown, names_in, stamp, told, values
from tests.platforms.meta_pages import newest_first
from tests.platforms.meta_world import Item, World
from tests.platforms.server import Request


class MetaInstagram:
    """The account of a world. alive: the metrics that are given of each level; take some away to let them die."""

    def __init__(self, graph: Graph, world: World) -> None:
        self.graph, self.world = graph, world
        self.alive = {
            "media": {"views", "reach"},
            "account": {"engaged_audience_demographics", "follower_demographics"},
        }
        account, media = world.account, r"(179\d{8})"
        for pattern, node, call, read, answers in (
            (f"{account}/media", "IGUser", "get_media", self.media, "IGMedia"),
            (f"{account}/insights", "IGUser", "get_insights", self.account_insights, "InstagramInsightsResult"),
            (f"{media}/insights", "IGMedia", "get_insights", self.media_insights, "InstagramInsightsResult"),
            (f"{media}/comments", "IGMedia", "get_comments", self.comments, "IGComment"),
        ):
            graph.get(pattern, node, call, read, answers=answers)

    def media(self, request: Request, found: "re.Match[str]") -> Body:
        return self.graph.listed(request, [self._medium(item) for item in newest_first(self.world.media)])

    def comments(self, request: Request, found: "re.Match[str]") -> Body:
        said = [
            {"id": f"{found[1]}{number}", "text": text, "timestamp": stamp(made), "like_count": likes}
            for number, (text, made, likes) in enumerate(reversed(self.world.item(found[1]).comments))
        ]
        return self.graph.listed(request, said)

    def media_insights(self, request: Request, found: "re.Match[str]") -> Body:
        total = self.world.item(found[1]).total
        return told(request, self.alive["media"], values({"views": total, "reach": total * 2 // 3}))

    def account_insights(self, request: Request, found: "re.Match[str]") -> Body:
        engaged, by = self.people(), names_in(request.one("breakdown"))
        people = {"engaged_audience_demographics": engaged, "follower_demographics": 3 * engaged}
        insights = {name: {"total_value": total_value(counts, by)} for name, counts in people.items()}
        return told(request, self.alive["account"], insights)

    def people(self) -> Counts:
        """The account's engaged people (3, 7, countries): a tenth of those who viewed its media."""
        return sum(item.counts for item in self.world.media) // 10

    def _medium(self, item: Item) -> Body:
        return {
            "id": self.world.media_id(item),
            "caption": f"{item.title} {item.hashtag}",
            "permalink": f"https://www.instagram.com/p/x{item.number}/",
            "timestamp": stamp(item.made),
            "media_type": ("IMAGE", "VIDEO", "CAROUSEL_ALBUM")[item.number % 3],
        }


def total_value(counts: Counts, by: list[str]) -> Body:
    """An account's demographics; nothing where there are too few people."""
    if counts.sum() < FEWEST_PEOPLE:
        return {}
    return {"breakdowns": [{"dimension_keys": ["timeframe", *by], "results": list(breakdown(counts, by))}]}
