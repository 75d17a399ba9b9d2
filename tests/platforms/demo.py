"""The platforms that stand in for the real ones, as a process of their own: for `manage.py demo --platforms`.

Says in one line of JSON where they are and what was given there, then serves until its input ends.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sources.connectors.google import oauth as google_oauth
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.google_analytics import GoogleAnalyticsFake
from tests.platforms.google_analytics_world import World as AnalyticsWorld
from tests.platforms.meta import Graph
from tests.platforms.meta_accounts import MetaAccounts
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.meta_ads_world import Ads
from tests.platforms.meta_instagram import MetaInstagram
from tests.platforms.meta_pages import MetaPages
from tests.platforms.meta_world import DAYS, make_world
from tests.platforms.server import PlatformServer
from tests.platforms.stories import Shelf
from tests.platforms.youtube import FakeYouTube
from tests.platforms.youtube_world import World

FACEBOOK_SCOPES = ["pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights"]
INSTAGRAM_SCOPES = ["pages_show_list", "pages_read_engagement", "instagram_basic", "instagram_manage_insights"]
VIDEOS, WEB_PAGES, POSTS, MEDIA = 120, 180, 120, 60  # of 480 stories
MONTHS = 4  # the three that a first collection goes back, and the present one
Addresses = Callable[[str], dict[str, str]]


class Platforms:
    """Everything on one server: `addresses` of each part, the `settings` of our accounts there, the `permissions`."""

    def __init__(self) -> None:
        self.server = PlatformServer()
        self.addresses: list[Addresses] = []
        self.settings: dict[str, str] = {}
        self.permissions: list[dict[str, Any]] = []
        self.given: dict[str, tuple[str, list[str]]] = {}  # by provider: the one token of the owner, and its scopes
        self.shelf = Shelf()
        self.google = GoogleAccounts(self.server)
        self.addresses.append(self.google.addresses)
        self.settings["GOOGLE_CLIENT_ID"], self.settings["GOOGLE_CLIENT_SECRET"] = self.google.client
        self.meta = MetaAccounts(self.server)
        self.addresses.append(self.meta.addresses)
        self.settings["META_APP_ID"], self.settings["META_APP_SECRET"] = self.meta.app
        self.graph = Graph(self.server, accepts=self.meta.accepts, secret=self.meta.app[1])

    def told(self, base: str) -> dict[str, Any]:
        addresses = {name: address for part in self.addresses for name, address in part(base).items()}
        return {"addresses": addresses, "settings": self.settings, "permissions": self.permissions}

    def given_by_google(self, kind: str, scopes: list[str]) -> None:
        self._given("google", self.google.give, kind, scopes)

    def given_by_meta(self, kind: str, scopes: list[str], account: str = "") -> None:
        self._given("meta", self.meta.give, kind, scopes, account)

    def _given(
        self, provider: str, give: Callable[[list[str]], str], kind: str, scopes: list[str], account: str = ""
    ) -> None:
        """Have the owner allow more; to a platform all that one person allows is one permission."""
        if provider not in self.given:
            whole = list[str]()
            self.given[provider] = give(whole), whole
        token, whole = self.given[provider]
        whole += [scope for scope in scopes if scope not in whole]
        told = {"provider": provider, "kind": kind, "token": token, "scopes": whole, "account": account}
        self.permissions.append(told)


def youtube(platforms: Platforms) -> None:
    stories = platforms.shelf.take(VIDEOS, comments=12)
    world = World(videos=VIDEOS, views=3_000.0, months=_months(), title="Meravia Explained", stories=stories)
    google = platforms.google
    fake = FakeYouTube(platforms.server, world, accepts=google.accepts, scopes_of=google.scopes_of)
    platforms.addresses.append(fake.addresses)
    platforms.settings["YOUTUBE_API_KEY"] = fake.key
    platforms.given_by_google("youtube", [google_oauth.YOUTUBE, google_oauth.YOUTUBE_ANALYTICS])


def google_analytics(platforms: Platforms) -> None:
    stories = sorted(platforms.shelf.take(WEB_PAGES), key=lambda story: story.topic_name)
    world = AnalyticsWorld(pages=WEB_PAGES, views=700.0, threshold=4, stories=stories)
    fake = GoogleAnalyticsFake(
        platforms.server, world, name="Meravia Magazine", others=0, accepts=platforms.google.accepts
    )
    platforms.addresses.append(fake.addresses)
    platforms.given_by_google("google_analytics", [google_oauth.ANALYTICS])


def meta_pages(platforms: Platforms) -> None:
    stories, first_day = platforms.shelf.take(POSTS + MEDIA, comments=8), datetime.now(UTC) - timedelta(days=DAYS + 1)
    world, meta = make_world(POSTS, media=MEDIA, first_day=first_day, stories=stories), platforms.meta
    world.name = "Meravia Stories"
    MetaPages(platforms.graph, world, lambda token: meta.page_token(meta.person_of(token), world.page))
    MetaInstagram(platforms.graph, world)
    platforms.given_by_meta("facebook", FACEBOOK_SCOPES)
    platforms.given_by_meta("instagram", INSTAGRAM_SCOPES)


def meta_ads(platforms: Platforms) -> None:
    MetaAds(platforms.graph, ads=Ads(daily=150.0))
    platforms.given_by_meta("facebook_ads", ["ads_read"], ACCOUNT)  # the others in its list are names only


FAKES = (youtube, google_analytics, meta_pages, meta_ads)


def _months() -> list[str]:
    today = date.today()
    months = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    return [f"{month // 12}-{month % 12 + 1:02}" for month in months]


def main() -> None:
    platforms = Platforms()
    for add in FAKES:
        add(platforms)
    with platforms.server.running() as base:
        print(json.dumps(platforms.told(base)), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
