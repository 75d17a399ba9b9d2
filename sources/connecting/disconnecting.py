"""Taking a permission out of use: given back at the platform, forgotten here, with or without what it brought."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from sources.connecting.authorizing import OAUTH
from sources.connecting.sessions import NotConfigured, client_of
from sources.connectors.faults import PlatformError
from sources.encryption import WrongKey
from sources.models import Collection, Connection
from sources.organizing import delete_source


@dataclass(frozen=True)
class Farewell:
    """How a disconnection went: the sources that stay or went, and why the platform may still hold the permission."""

    sources: list[str]
    not_revoked: str = ""


def disconnect(*, connection: Connection, delete_data: bool = False) -> Farewell:
    """Delete a permission here, on request with its sources and their data, then give it back at the platform.

    The token is deleted whatever the platform says, and a collection that is on its way with it is cancelled. Raises
    DataError, with nothing changed, when data is to be deleted that is being brought in just now.
    """
    with transaction.atomic():
        sources = list(connection.sources.select_for_update())
        if delete_data:
            for source in sources:
                delete_source(source=source)
        for collection in Collection.objects.filter(source__in=sources, upload=None).open():
            collection.request_cancel()
        connection.sources.update(connection=None, token="", problem="", due_at=None)
        Connection.objects.filter(pk=connection.pk).delete()
    return Farewell([source.name for source in sources], _revoke(connection))


def _revoke(connection: Connection) -> str:
    """Give the permission back; return why that failed, in words, "" when it did not."""
    try:
        client = client_of(connection.provider)
        if connection.token:
            OAUTH[connection.provider].revoke(client, settings.PLATFORM_ADDRESSES, connection.token)
    except (PlatformError, NotConfigured) as error:
        return str(error)
    except WrongKey:
        return "The stored permission could not be read with the keys of this server."
    return ""
