"""Asking a person for a permission at a platform, and taking what the person comes back with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from sources.connecting.platforms import PLATFORMS, Platform
from sources.connecting.reconnecting import new_connection, reconnect_source
from sources.connecting.sessions import Provider, client_of
from sources.connectors.faults import PlatformError
from sources.connectors.google import oauth as google_oauth
from sources.connectors.meta import oauth as meta_oauth
from sources.connectors.oauth import Grant
from sources.errors import DataError
from sources.models import Connection, DataSource, Organization

PENDING = "connecting"  # in the session: what was begun, by state
MOST_PENDING = 5  # tabs in which somebody may be away at a platform
LONGEST_AWAY = 3600  # seconds
OAUTH = {Provider.GOOGLE: google_oauth, Provider.META: meta_oauth}
STALE = (
    "This answer of the platform belongs to nothing that was begun here, or was used already: it changed nothing. If "
    "the account is not connected yet, connect once more."
)


@dataclass(frozen=True)
class Begun:
    """What a person went to a platform for; one organization, one kind of source, perhaps one source to reconnect."""

    user: int
    organization: int
    kind: str
    source: int | None
    redirect_uri: str
    at: float
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Completed:
    """What came of it: the connection, and the source that was reconnected, if it was about one."""

    connection: Connection
    kind: str
    source: DataSource | None = None


def begin(session: SessionBase, *, user, organization: Organization, kind: str, redirect_uri: str, source=None) -> str:
    """Return the address where the person is asked, and remember in the session what for; raises NotConfigured."""
    platform = PLATFORMS[kind]
    client = client_of(platform.provider)
    consent = OAUTH[platform.provider].consent(client, settings.PLATFORM_ADDRESSES, list(platform.scopes), redirect_uri)
    begun = Begun(
        user=user.pk,
        organization=organization.pk,
        kind=kind,
        source=source.pk if source else None,
        redirect_uri=redirect_uri,
        verifier=consent.verifier,
        at=timezone.now().timestamp(),
    )
    pending = {**session.get(PENDING, {}), consent.state: vars(begun)}
    session[PENDING] = dict(list(pending.items())[-MOST_PENDING:])
    return consent.address


def take_begun(session: SessionBase, *, user, provider: str, state: str) -> Begun:
    """Return what the answer with this state belongs to, once; DataError when there is nothing."""
    pending = session.get(PENDING, {})
    found = next((known for known in pending if constant_time_compare(known, state)), None)
    if found is None:
        raise DataError(STALE)
    begun = Begun(**pending[found])
    session[PENDING] = {known: one for known, one in pending.items() if known != found}
    if begun.user != user.pk or PLATFORMS[begun.kind].provider != provider:
        raise DataError(STALE)
    if timezone.now().timestamp() - begun.at > LONGEST_AWAY:
        raise DataError("That took more than an hour. Please connect once more.")
    return begun


def complete(begun: Begun, *, user, organization: Organization, query: Mapping[str, str]) -> Completed:
    """Exchange what the person came back with, and keep it; DataError in words for everything that stands against it.

    Nothing is kept of a permission that lacks a part, or that does not reach the source it is meant for.
    """
    platform = PLATFORMS[begun.kind]
    grant = _granted(platform, begun, query)
    _refuse_missing(platform, grant)
    if begun.source is not None:
        source = organization.sources.filter(pk=begun.source, kind=begun.kind).first()
        if source is None:
            raise DataError("The source that was to be reconnected is gone.")
        return Completed(reconnect_source(source=source, grant=grant, user=user), begun.kind, source)
    connection = new_connection(organization=organization, provider=platform.provider, grant=grant, user=user)
    return Completed(connection, begun.kind)


def _granted(platform: Platform, begun: Begun, query: Mapping[str, str]) -> Grant:
    name = platform.provider_label
    if query.get("error") in ("access_denied", "user_denied"):
        raise DataError(f"You said no at {name}, so nothing was connected. You can connect at any time.")
    if query.get("error") or not query.get("code"):
        raise DataError(f"{name} sent no permission back. Please connect once more.")
    try:
        return OAUTH[platform.provider].exchange(
            client_of(platform.provider),
            settings.PLATFORM_ADDRESSES,
            begun.redirect_uri,
            query["code"],
            begun.verifier,
            timezone.now().timestamp(),
        )
    except PlatformError as error:
        raise DataError(str(error)) from None


def _refuse_missing(platform: Platform, grant: Grant) -> None:
    missing = grant.missing(platform.scopes)
    if missing:
        raise DataError(
            f"Nothing was connected: at {platform.provider_label} the permission to {platform.words_for(missing)} "
            f"was left out, and {platform.label} cannot be read without it. Connect once more, and leave every box "
            "ticked."
        )
