"""The platforms that stand in for the real ones, as a process of their own: for `manage.py demo --platforms`.

Says in one line of JSON where they are and what was given there, then serves until its input ends.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from sources.connectors import google_oauth
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.google_analytics import GoogleAnalyticsFake
from tests.platforms.google_analytics_world import World as AnalyticsWorld
from tests.platforms.server import PlatformServer
from tests.platforms.youtube import FakeYouTube
from tests.platforms.youtube_world import World

MONTHS = 4
Addresses = Callable[[str], dict[str, str]]


class Platforms:
    """Everything on one server: `addresses` of each part, the `settings` of our accounts there, the `permissions`."""

    def __init__(self) -> None:
        self.server = PlatformServer()
        self.addresses: list[Addresses] = []
        self.settings: dict[str, str] = {}
        self.permissions: list[dict[str, Any]] = []
        self.google = GoogleAccounts(self.server)
        self.addresses.append(self.google.addresses)
        self.settings["GOOGLE_CLIENT_ID"], self.settings["GOOGLE_CLIENT_SECRET"] = self.google.client

    def told(self, base: str) -> dict[str, Any]:
        addresses = {name: address for part in self.addresses for name, address in part(base).items()}
        return {"addresses": addresses, "settings": self.settings, "permissions": self.permissions}


def youtube(platforms: Platforms) -> None:
    world = World(videos=120, months=_months(), title="Meravia Explained")
    fake = FakeYouTube(platforms.server, world, accepts=platforms.google.accepts)
    platforms.addresses.append(fake.addresses)
    platforms.settings["YOUTUBE_API_KEY"] = fake.key
    _given_by_google(platforms, "youtube", [google_oauth.YOUTUBE, google_oauth.YOUTUBE_ANALYTICS])


def google_analytics(platforms: Platforms) -> None:
    world = AnalyticsWorld(pages=240, views=700.0, threshold=4)
    fake = GoogleAnalyticsFake(
        platforms.server, world, name="Meravia Magazine", others=0, accepts=platforms.google.accepts
    )
    platforms.addresses.append(fake.addresses)
    _given_by_google(platforms, "google_analytics", [google_oauth.ANALYTICS])


FAKES = (youtube, google_analytics)


def _given_by_google(platforms: Platforms, kind: str, scopes: list[str]) -> None:
    token = platforms.google.give(scopes)
    platforms.permissions.append({"provider": "google", "kind": kind, "token": token, "scopes": scopes})


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
