"""Asking the platforms with the permissions that people gave: our accounts there, and what a dead token leads to."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from sources.connectors.faults import AccountLost, ReconnectNeeded, ScopeMissing
from sources.connectors.google import faults as google_faults
from sources.connectors.google.oauth import GoogleSession
from sources.connectors.http import HastyHttp, Http, Judge, Sender
from sources.connectors.meta import faults as meta_faults
from sources.connectors.meta.oauth import MetaSession
from sources.connectors.meta.pacing import Paced
from sources.connectors.oauth import Client
from sources.connectors.secret import Secret
from sources.encryption import WrongKey
from sources.errors import DataError
from sources.models import Connection, DataSource

Provider = Connection.Provider
# For each provider: the settings that hold our own account there.
CLIENT_SETTINGS = {
    Provider.GOOGLE: ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    Provider.META: ("META_APP_ID", "META_APP_SECRET"),
}
JUDGES: dict[str, Judge] = {
    DataSource.Kind.YOUTUBE: google_faults.judge,
    DataSource.Kind.GOOGLE_ANALYTICS: google_faults.judge_analytics,
    DataSource.Kind.FACEBOOK: meta_faults.judge,
    DataSource.Kind.FACEBOOK_ADS: meta_faults.judge,
    DataSource.Kind.INSTAGRAM: meta_faults.judge,
}
NOT_CONNECTED = "Nothing is connected any more. Connect the account again."
UNREADABLE = (
    "The stored permission cannot be read with the keys of this server. Connect the account again, or have the "
    "server's administrator put the missing key back into TOKEN_KEYS."
)


class NotConfigured(DataError):
    """This installation has no account of its own with the platform yet."""


def missing_settings(provider: str) -> list[str]:
    """Return which variables the server's administrator has to set before anybody can connect there."""
    return [name for name in CLIENT_SETTINGS[Provider(provider)] if not getattr(settings, name)]


def client_of(provider: str) -> Client:
    """Return our own account with a platform; raises NotConfigured."""
    missing = missing_settings(provider)
    if missing:
        raise NotConfigured(
            f"This server cannot connect to {Provider(provider).label} yet: "
            f"its administrator has to set {' and '.join(missing)}."
        )
    number, secret = (getattr(settings, name) for name in CLIENT_SETTINGS[Provider(provider)])
    return Client(number, Secret(secret))


def session_of(provider: str, token: str) -> Sender:
    """Return a session that asks with a token; raises NotConfigured."""
    client = client_of(provider)
    if provider == Provider.GOOGLE:
        return GoogleSession(client, settings.PLATFORM_ADDRESSES, token)
    return MetaSession(client, token)


def session_for(source: DataSource) -> Sender:
    """Return a session that asks with the source's own token, or with that of its connection.

    Raises ReconnectNeeded when there is none or it cannot be read, NotConfigured.
    """
    if source.connection is None:
        raise ReconnectNeeded(NOT_CONNECTED, "disconnected")
    try:
        token = source.token or source.connection.token
    except WrongKey:  # whoever lost the key may find it: nothing is marked
        raise ReconnectNeeded(UNREADABLE, "wrong key") from None
    if not token:  # a dump that was loaded brings none
        mark_dead(source.connection, NOT_CONNECTED)
        raise ReconnectNeeded(NOT_CONNECTED, "no token")
    return session_of(source.connection.provider, token)


class WatchedHttp(Http):
    """Marks the connection once the platform says that its token is dead.

    A token that lacks a scope lives: whoever asked knows whether there is a way without it. When a page's own token
    dies, that of the person who connected it may live: AccountLost is raised, and nothing marked.
    """

    def __init__(self, source: DataSource, *args: Any) -> None:
        super().__init__(*args)
        self.connection, self.has_own_token = source.connection, bool(source.token)

    def ask(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        try:
            return super().ask(method, url, **kwargs)
        except (AccountLost, ScopeMissing):
            raise
        except ReconnectNeeded as error:
            if self.has_own_token:
                raise AccountLost(str(error), error.code) from error
            mark_dead(self.connection, str(error))
            raise


def http_for(
    source: DataSource,
    *,
    sleep: Callable[[float], None] = time.sleep,
    heard: Callable[[requests.Response], None] = lambda response: None,
) -> Http:
    """Return what asks the platform of a source, with its patience; raises ReconnectNeeded, NotConfigured."""
    session = session_for(source)
    if source.kind == DataSource.Kind.FACEBOOK_ADS:  # the connectors of pages and Instagram pace themselves
        session = Paced(session, sleep)
    return WatchedHttp(source, session, JUDGES[source.kind], sleep, heard)


def hasty_http(kind: str, provider: str, token: str) -> Http:
    """Return what asks a platform for a person who waits before a page; raises NotConfigured."""
    return HastyHttp(session_of(provider, token), JUDGES[kind])


def mark_dead(connection: Connection, words: str) -> None:
    """Note that only a person can mend this connection, and why; its sources show it.

    One that was deleted meanwhile stays so, and one that was connected anew keeps its new token's word.
    """
    noted = {"state": Connection.State.RECONNECT, "problem": words, "checked_at": timezone.now()}
    note_unless_replaced(connection, noted)


def note_unless_replaced(connection: Connection, noted: Mapping[str, Any]) -> None:
    """Write down what was learnt of a connection by its token, unless it has another one by now, or is gone."""
    if unreplaced(connection).update(**noted):
        for name, value in noted.items():
            setattr(connection, name, value)


def mark_lost(source: DataSource, words: str) -> None:
    """Note that only a person can have this source collected again, and why; others of its permission go on.

    One that was connected anew meanwhile, or has another token by now, stays as it is.
    """
    if unreplaced(source).filter(connection__in=unreplaced(source.connection)).update(problem=words):
        source.problem = words


def unreplaced(row: Connection | DataSource) -> QuerySet:
    """The row in the database, unless it is gone or has another token by now than the one that was read."""
    rows = type(row).objects.filter(pk=row.pk)
    sealed = rows.values_list("token", flat=True).first()
    try:
        is_same = sealed is not None and (sealed and sealed.opened()) == row.token
    except WrongKey:  # encrypted with a newer key meanwhile: whoever has it will learn the same
        is_same = False
    return rows.filter(token=sealed) if is_same else rows.none()
