"""Choosing the channels, properties, pages or ad accounts that a permission reaches: they become sources."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources.connecting.platforms import PLATFORMS, Platform
from sources.connecting.reconnecting import attach, reachable
from sources.connecting.sessions import UNREADABLE, hasty_http, mark_dead
from sources.connectors.faults import PlatformError, ReconnectNeeded
from sources.connectors.harvests import Account
from sources.encryption import WrongKey
from sources.errors import DataError
from sources.models import Connection, DataSource

logger = logging.getLogger(__name__)

NAME_LENGTH = 120


@dataclass(frozen=True)
class Offer:
    """An account that can be chosen; `source` is the one that stands for it here already."""

    account: Account
    source: DataSource | None

    @property
    def is_taken(self) -> bool:
        """Whether it is being collected already: choosing it again would do nothing."""
        connected = self.source is not None and self.source.link == "connected"
        return connected and (not self.account.token or _has_token(self.source))

    @property
    def can_be_chosen(self) -> bool:
        return not self.is_taken and not self.account.is_closed


def choices_of(connection: Connection) -> list[Platform]:
    """Return the platforms that a permission is good for, as far as its scopes say; none once it is dead."""
    return [
        platform
        for platform in PLATFORMS.values()
        if connection.is_live
        and platform.provider == connection.provider
        and set(platform.scopes) <= set(connection.scopes)
    ]


def offers_of(connection: Connection, kind: str) -> list[Offer]:
    """Return what can be chosen, by name, as the platform says just now; DataError when it does not say.

    A permission that turns out to be dead is marked.
    """
    try:
        accounts = reachable(kind, connection.token)
    except WrongKey:
        raise DataError(UNREADABLE) from None
    except ReconnectNeeded as error:
        mark_dead(connection, str(error))
        raise DataError(str(error)) from None
    except PlatformError as error:
        raise DataError(str(error)) from None
    known = connection.organization.sources.filter(kind=kind).select_related("connection")
    sources = {source.account: source for source in known if source.account}
    return [
        Offer(account, sources.get(account.id)) for account in sorted(accounts, key=lambda one: one.name.casefold())
    ]


def choose(*, connection: Connection, kind: str, ids: Iterable[str], offers: list[Offer]) -> list[DataSource]:
    """Make a source of every account chosen, to be collected at once; DataError when none of them can be.

    One whose source was disconnected, or lost its permission, is connected again: its data goes on.
    """
    wanted = set(ids)
    chosen = [offer for offer in offers if offer.account.id in wanted and offer.can_be_chosen]
    if not chosen:
        raise DataError(f"Choose at least one {PLATFORMS[kind].one}.")
    with transaction.atomic():
        sources = [_source_of(offer, connection, kind) for offer in chosen]
    _prepare(connection, kind)
    return sources


def _prepare(connection: Connection, kind: str) -> None:
    """Do what a platform wants done early; where it does not let us, collecting goes another way."""
    prepare = PLATFORMS[kind].prepare
    if prepare is None:
        return
    http = hasty_http(kind, connection.provider, connection.token)
    try:
        prepare(http, settings.PLATFORM_ADDRESSES, timezone.now().date())
    except PlatformError as error:
        logger.warning("%s could not be prepared: %s", connection, error)


def _source_of(offer: Offer, connection: Connection, kind: str) -> DataSource:
    account = offer.account
    source = (
        offer.source
        or DataSource.objects.get_or_create(
            organization=connection.organization,
            kind=kind,
            account=account.id,
            defaults={"name": _free_name(connection, kind, account.name)},
        )[0]
    )
    attach(source, connection, account)
    return source


def _has_token(source: DataSource) -> bool:
    try:
        return bool(source.token)
    except WrongKey:
        return False


def _free_name(connection: Connection, kind: str, name: str) -> str:
    """The account's name, with the platform and a number behind it where a source is called so already."""
    taken = set(connection.organization.sources.values_list("name", flat=True))
    label = PLATFORMS[kind].label
    base = name.strip() or label
    candidates = [base, f"{base} ({label})", *(f"{base} ({label} {number})" for number in range(2, len(taken) + 3))]
    cut = (candidate if len(candidate) <= NAME_LENGTH else _shortened(candidate, base) for candidate in candidates)
    return next(candidate for candidate in cut if candidate not in taken)


def _shortened(candidate: str, base: str) -> str:
    tail = candidate.removeprefix(base)
    return base[: NAME_LENGTH - len(tail)] + tail
