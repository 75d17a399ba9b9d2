"""Accounts at platforms that stand ready to be connected, and the way of a person through the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from sources.models import Connection, DataSource
from tests.platforms.consent import decide
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.meta_accounts import MetaAccounts
from tests.platforms.server import Answer, PlatformServer, Request

OWNER, OTHER = "owner@example.org", "other@example.org"
CHANNELS = {OWNER: ("UCowner", "News Channel"), OTHER: ("UCother", "Cooking Channel")}
PROPERTIES = {OWNER: [("properties/11", "News Site"), ("properties/12", "Shop")], OTHER: []}
AD_ACCOUNTS = {"Page Owner": [("act_1", "News Ads")], "Other Person": [("act_2", "Other Ads")]}
PAGES = {"Page Owner": [("501", "News Page"), ("502", "Sport Page")], "Other Person": [("503", "Garden Page")]}


class World:
    """Two platforms on one server: who has which channel, properties, pages and ad accounts."""

    def __init__(self, server: PlatformServer) -> None:
        self.server = server
        self.google = GoogleAccounts(server, people=[OWNER, OTHER])
        self.meta = MetaAccounts(server, people=["Page Owner", "Other Person"], pages=PAGES)
        server.route("GET", "/youtube/youtube/v3/channels", self._channels)
        server.route("GET", "/analytics_admin/v1beta/accountSummaries", self._properties)
        server.route("GET", "/graph/v26.0/me/adaccounts", self._ads)

    def addresses(self, base: str) -> dict[str, str]:
        names = ("youtube", "youtube_analytics", "youtube_reporting", "analytics_data", "analytics_admin")
        return {name: f"{base}/{name}" for name in names} | self.google.addresses(base) | self.meta.addresses(base)

    @property
    def secrets(self) -> list[str]:
        return [*self.google.secrets, *self.meta.secrets]

    def _channels(self, request: Request, found: object) -> Answer:
        if not self.google.accepts(request.token):
            return unauthorized()
        number, title = CHANNELS[self.google.person_of(request.token)]
        return Answer({"items": [{"id": number, "snippet": {"title": title}, "statistics": {"videoCount": "12"}}]})

    def _properties(self, request: Request, found: object) -> Answer:
        if not self.google.accepts(request.token):
            return unauthorized()
        listed = PROPERTIES[self.google.person_of(request.token)]
        told = [{"property": number, "displayName": name} for number, name in listed]
        summary = {"account": "accounts/1", "displayName": "Acme", "propertySummaries": told}
        return Answer({"accountSummaries": [summary]})

    def _ads(self, request: Request, found: object) -> Answer:
        listed = AD_ACCOUNTS[self.meta.person_of(request.token)]
        told = [{"id": number, "name": name, "account_status": 1} for number, name in listed]
        return Answer({"data": told})


def unauthorized() -> Answer:
    errors = [{"message": "Invalid Credentials", "domain": "global", "reason": "authError"}]
    return Answer({"error": {"code": 401, "message": "Invalid Credentials", "errors": errors}}, 401)


@contextmanager
def running_world(settings) -> Iterator[World]:
    """Serve a world, and have the settings point there with our accounts at its platforms."""
    server = PlatformServer()
    world = World(server)
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | world.addresses(base)
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = world.google.client
        settings.META_APP_ID, settings.META_APP_SECRET = world.meta.app
        yield world


def begin(client: Client, kind: str = "youtube", source: DataSource | None = None) -> str:
    """Press Connect; return the address at the platform."""
    query = {"source": source.pk} if source else {}
    return client.get(reverse("connection_begin", args=["acme", kind]), query).headers["Location"]


def come_back(client: Client, address: str):
    """Follow where the platform sends the person, to the page that is shown in the end."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def consent(client: Client, kind: str = "youtube", *, source: DataSource | None = None, **decision):
    """Go to the platform, decide there, come back; return the page that is shown in the end."""
    return come_back(client, decide(begin(client, kind, source), **decision))


def connected(client: Client, kind: str = "youtube", *accounts: str) -> DataSource:
    """Connect and choose accounts; return the first source."""
    consent(client, kind)
    connection = Connection.objects.latest("pk")
    wanted = list(accounts) or {"youtube": ["UCowner"], "google_analytics": ["11"], "facebook_ads": ["act_1"]}[kind]
    client.post(reverse("connection_choose", args=["acme", connection.pk, kind]), {"account": wanted})
    return DataSource.objects.get(kind=kind, account=wanted[0])


def text(response) -> str:
    return " ".join(response.content.decode().split())
