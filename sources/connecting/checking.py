"""Looking after the permissions: whether they still work, how long they will, and which sources they still reach."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources.connecting.platforms import PLATFORMS
from sources.connecting.reconnecting import attach, reachable
from sources.connecting.sessions import (
    NotConfigured,
    client_of,
    mark_dead,
    mark_lost,
    note_unless_replaced,
    unreplaced,
)
from sources.connectors.faults import AccountLost, PlatformError, ReconnectNeeded, ScopeMissing, WrongAccount
from sources.connectors.harvests import Account
from sources.connectors.meta import oauth as meta_oauth
from sources.encryption import WrongKey
from sources.models import Connection, DataSource


def check_connections() -> int:
    """Ask the platforms about each living permission, once a day; returns how many were marked dead."""
    live = Connection.objects.filter(state=Connection.State.LIVE)
    return sum(not check_connection(connection) for connection in live)


def check_connection(connection: Connection) -> bool:
    """Note whether a permission lives, which is returned, and which of its sources were lost or are back.

    What cannot be asked now is asked tomorrow.
    """
    try:
        if connection.provider == Connection.Provider.META:
            _inspect(connection)
        if connection.is_live:
            _compare_sources(connection)
    except (PlatformError, NotConfigured, WrongKey):
        pass
    return connection.is_live


def note_refusal(source: DataSource, error: PlatformError) -> None:
    """Find out what it means that a platform refuses a source, and note it.

    Its permission died, or this account alone was lost, or neither.
    """
    connection = source.connection
    if connection is None or not connection.is_live:
        return
    if isinstance(error, ScopeMissing):
        mark_dead(connection, str(error))
    elif check_connection(connection) and isinstance(error, AccountLost):
        mark_lost(source, _what_to_do(source, str(error)))


def _inspect(connection: Connection) -> None:
    """Ask Meta about the token itself; Google says the same with every renewal."""
    found = meta_oauth.inspect(client_of(connection.provider), settings.PLATFORM_ADDRESSES, connection.token)
    if not found.valid:
        mark_dead(connection, meta_oauth.words_of(found))
        return
    ends = datetime.fromtimestamp(found.ends_at, UTC) if found.ends_at else None
    note_unless_replaced(connection, {"expires_at": ends, "scopes": list(found.scopes)})


def _taken_back(connection: Connection, kind: str) -> str:
    """Say what a permission no longer allows of what a kind of source needs; "" when nothing is missing.

    A single scope can be taken back at Meta. Google takes back all of them, and the token dies.
    """
    platform = PLATFORMS[kind]
    lost = [scope for scope in platform.scopes if scope not in connection.scopes]
    if not lost or connection.provider != Connection.Provider.META:
        return ""
    words = platform.words_for(lost)
    return f"The permission to {words} was taken back at {platform.provider_label}. Reconnect the {platform.one}."


def _compare_sources(connection: Connection) -> None:
    """Mark the sources that the permission no longer reaches; those marked that it reaches again are due at once."""
    sources = dict(connection.sources.values_list("pk", "kind"))
    taken_back = {kind: _taken_back(connection, kind) for kind in sources.values()}
    found = _reached(connection, [kind for kind, words in taken_back.items() if not words])
    note_unless_replaced(connection, {"checked_at": timezone.now()})
    with transaction.atomic():
        if not unreplaced(connection).exists():
            return
        for source in connection.sources.select_for_update().filter(pk__in=sources):
            account = found.get((source.kind, source.account))
            if account is None or account.is_closed:
                if not source.problem:
                    mark_lost(source, taken_back[source.kind] or _what_to_do(source))
            elif source.problem:
                attach(source, connection, account)


def _reached(connection: Connection, kinds: Iterable[str]) -> dict[tuple[str, str], Account]:
    """Return the accounts that a permission reaches, by kind and id; one that turns out to be dead is marked."""
    found = {}
    for kind in kinds:
        try:
            found |= {(kind, account.id): account for account in reachable(kind, connection.token)}
        except WrongAccount:  # it reaches none
            continue
        except ReconnectNeeded as error:
            mark_dead(connection, str(error))
            raise
    return found


def _what_to_do(source: DataSource, cause: str = "") -> str:
    """Say why a source alone cannot be read any more, and who can help."""
    platform, connection = PLATFORMS[source.kind], source.connection
    who = connection.account or "the account that connected it"
    cause = cause or f"{platform.provider_label} no longer gives this {platform.one} to {who}."
    return (
        f"{cause} Either {who} gets {platform.role} again, and it goes on within a day; or somebody who has it "
        f"reconnects the {platform.one}."
    )
