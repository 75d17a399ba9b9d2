"""Looking after the permissions: whether they still work, and how long they will."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from sources.connecting.platforms import PLATFORMS
from sources.connecting.sessions import NotConfigured, client_of, mark_dead, note_unless_replaced
from sources.connectors.faults import PlatformError
from sources.connectors.meta import oauth as meta_oauth
from sources.encryption import WrongKey
from sources.models import Connection


def check_connections() -> int:
    """Ask Meta about each of its living permissions, once a day; returns how many were marked dead.

    Google says the same with every renewal of a token. What cannot be asked today is asked tomorrow.
    """
    live = Connection.objects.filter(provider=Connection.Provider.META, state=Connection.State.LIVE)
    return sum(not check_connection(connection) for connection in live)


def check_connection(connection: Connection) -> bool:
    """Note until when a permission of Meta lasts, and whether it still works; returns whether it does."""
    try:
        client = client_of(connection.provider)
        found = meta_oauth.inspect(client, settings.PLATFORM_ADDRESSES, connection.token)
    except (PlatformError, NotConfigured, WrongKey):
        return True
    if not found.valid:
        mark_dead(connection, meta_oauth.words_of(found))
        return False
    taken_back = _scopes_taken_back(connection, found.scopes)
    if taken_back:
        mark_dead(connection, f"The permission to {taken_back} was taken back at Facebook. Reconnect the account.")
        return False
    ends = datetime.fromtimestamp(found.ends_at, UTC) if found.ends_at else None
    note_unless_replaced(connection, {"expires_at": ends, "checked_at": timezone.now(), "scopes": list(found.scopes)})
    return True


def _scopes_taken_back(connection: Connection, scopes: tuple[str, ...]) -> str:
    """What the sources of a connection can no longer do, in words; "" when nothing is missing."""
    platforms = [PLATFORMS[kind] for kind in sorted(set(connection.sources.values_list("kind", flat=True)))]
    lost = {scope: words for one in platforms for scope, words in one.scopes.items() if scope not in scopes}
    return ", ".join(f"“{words}”" for words in lost.values())
