"""Permissions as rows: a new one, and one that takes the place of a dead one."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources.connecting.platforms import PLATFORMS
from sources.connecting.sessions import hasty_http
from sources.connectors.faults import PlatformError
from sources.connectors.harvests import Account
from sources.connectors.oauth import Grant
from sources.errors import DataError
from sources.models import Connection, DataSource, Organization

SHOWN = 3  # accounts named by name


def new_connection(*, organization: Organization, provider: str, grant: Grant, user) -> Connection:
    """Keep a permission that was just given: where there is one of the same person that it holds, in its place.

    What a person allows at different times is one permission to the platform: it is taken back as a whole.
    """
    living = organization.connections.filter(provider=provider, person=grant.person, state=Connection.State.LIVE)
    known = [one for one in living.exclude(person="") if set(one.scopes) <= set(grant.scopes)]
    connection = known[0] if known else Connection(organization=organization, provider=provider)
    _take(connection, grant, user)
    return connection


def reconnect_source(*, source: DataSource, grant: Grant, user) -> Connection:
    """Let a source be read with a new permission, and with it all sources of the old one that it reaches.

    DataError when it does not reach the account of the source: then nothing changes. Sources of the old connection
    that the new permission does not reach stay with the old one, and so do those that the old one still reaches.
    """
    try:
        named = {account.id: account for account in reachable(source.kind, grant.token)}
    except PlatformError as error:
        raise DataError(str(error)) from None
    found = {number: account for number, account in named.items() if not account.is_closed}
    if source.account in named.keys() - found.keys():
        raise DataError(f"{named[source.account].name}: {named[source.account].detail}. Nothing was changed.")
    if source.account not in found:
        raise DataError(_wrong_account(source, found.values()))
    with transaction.atomic():
        source = DataSource.objects.select_for_update().filter(pk=source.pk).first()  # as it is after all that asking
        if source is None:
            raise DataError("The source that was to be reconnected is gone. Nothing was connected.")
        siblings = source.connection.sources.select_for_update() if source.connection else [source]
        reached = [one for one in siblings if one.kind == source.kind and one.account in found]
        whole = source.connection is not None and len(reached) == len(siblings)
        if not whole:
            reached = [one for one in reached if one.pk == source.pk or one.link != "connected"]
        provider = PLATFORMS[source.kind].provider
        connection = source.connection if whole else Connection(organization=source.organization, provider=provider)
        _take(connection, grant, user)
        for one in reached:
            attach(one, connection, found[one.account])
    return connection


def attach(source: DataSource, connection: Connection, account: Account) -> None:
    """Let a source be read with a connection, from now on; a dead one that nothing hangs on any more goes."""
    before = source.connection
    source.connection, source.token, source.problem, source.due_at = connection, account.token, "", timezone.now()
    source.save(update_fields=["connection", "token", "problem", "due_at"])
    if before and before.pk != connection.pk and not before.is_live and not before.sources.exists():
        before.delete()


def reachable(kind: str, token: str) -> list[Account]:
    """Return the accounts of a kind that a token reaches; raises PlatformError, and NotConfigured."""
    platform = PLATFORMS[kind]
    return platform.accounts(hasty_http(kind, platform.provider, token), settings.PLATFORM_ADDRESSES)


def _take(connection: Connection, grant: Grant, user) -> None:
    connection.token, connection.scopes = grant.token, list(grant.scopes)
    connection.account, connection.person = grant.account[:200], grant.person
    connection.expires_at = datetime.fromtimestamp(grant.ends_at, UTC) if grant.ends_at else None
    connection.state, connection.problem = Connection.State.LIVE, ""
    connection.checked_at, connection.connected_by = timezone.now(), user
    connection.save()


def _wrong_account(source: DataSource, found: Iterable[Account]) -> str:
    platform = PLATFORMS[source.kind]
    names = [account.name for account in found]
    others = ", ".join(f"“{name}”" for name in names[:SHOWN]) + (" and others" if len(names) > SHOWN else "")
    seen = f"It reaches {others}." if names else f"It reaches no {platform.one} at all."
    return (
        f"This permission does not reach the {platform.one} of “{source}”. {seen} Nothing was changed. Reconnect with "
        f"an account that “{source}” belongs to, or connect what this one reaches as a new source."
    )
