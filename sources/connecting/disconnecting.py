"""Taking a permission out of use, given back at the platform and forgotten here; or one of its sources alone."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from sources.connecting.authorizing import OAUTH
from sources.connecting.sessions import NotConfigured, client_of
from sources.connectors.faults import PlatformError
from sources.encryption import WrongKey
from sources.models import Collection, Connection, DataSource
from sources.organizing import delete_source


@dataclass(frozen=True)
class Farewell:
    """How a disconnection went: the sources that stay or went, and why the platform may still hold the permission.

    Others that are read with what the same person allowed keep it: `is_shared`.
    """

    sources: list[str]
    not_revoked: str = ""
    is_shared: bool = False
    is_given_back: bool = False


def disconnect(*, connection: Connection, delete_data: bool = False) -> Farewell:
    """Delete a permission here, on request with its sources and their data, then give it back at the platform.

    The token is deleted whatever the platform says, and a collection that is on its way with it is cancelled. Raises
    DataError, with nothing changed, when data is to be deleted that is being brought in just now.

    It is not given back while others are read with what the same person allowed: they would stop, too.
    """
    with transaction.atomic():
        sources = list(connection.sources.select_for_update())
        if delete_data:
            for source in sources:
                delete_source(source=source)
        _let_go(connection.sources.all())
        Connection.objects.filter(pk=connection.pk).delete()
    names, others = [source.name for source in sources], shared_with(connection).exists()
    return Farewell(names, is_shared=True) if others else _give_back(connection, names)


@transaction.atomic
def stop_collecting(*, source: DataSource) -> None:
    """Take one source from its permission, which stays; what came from it stays, too."""
    one = DataSource.objects.filter(pk=source.pk)
    one.select_for_update().get()
    _let_go(one)


def _let_go(sources: QuerySet[DataSource]) -> None:
    """Cut sources off from their permission; a collection that is on its way with it is cancelled."""
    for collection in Collection.objects.filter(source__in=sources, upload=None).open():
        collection.request_cancel()
    sources.update(connection=None, token="", problem="", due_at=None)


def shared_with(connection: Connection) -> QuerySet[Connection]:
    """Those of the same person, of any organization, that are in use: to the platform all of them are one."""
    same = Connection.objects.filter(provider=connection.provider, person=connection.person).exclude(person="")
    return same.filter(state=Connection.State.LIVE, sources__isnull=False).exclude(pk=connection.pk).distinct()


def _give_back(connection: Connection, names: list[str]) -> Farewell:
    """Give the permission back where there is one; the farewell tells why that failed, in words."""
    try:
        client = client_of(connection.provider)
        if not connection.token:
            return Farewell(names)
        OAUTH[connection.provider].revoke(client, settings.PLATFORM_ADDRESSES, connection.token)
    except (PlatformError, NotConfigured) as error:
        return Farewell(names, str(error))
    except WrongKey:
        return Farewell(names, "The stored permission could not be read with the keys of this server.")
    return Farewell(names, is_given_back=True)
