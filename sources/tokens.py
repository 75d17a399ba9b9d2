"""Keys for programs: made once, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from sources.errors import DataError
from sources.models import ApiToken, Organization

MARK = "apg_"
SHOWN = 12  # letters of the key that are kept, to recognise it by; 32 random ones stay unknown
LONGEST_NAME = 80
STALE = timedelta(minutes=1)


def create_token(
    *,
    organization: Organization,
    name: str,
    scopes: Iterable[str],
    created_by=None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a key for an organization; return its row and the key itself, which nobody can read again.

    Raises DataError for an unknown scope or none at all, no name, or an end that is already past.
    """
    wanted = _checked_scopes(scopes)
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise DataError(f"A key needs a name of 1 to {LONGEST_NAME} characters, to recognise it by.")
    refuse_past(expires_at)
    plain = MARK + secrets.token_urlsafe(30)
    token = ApiToken.objects.create(
        organization=organization,
        name=name.strip(),
        prefix=plain[:SHOWN],
        digest=_digest(plain),
        scopes=wanted,
        created_by=created_by,
        expires_at=expires_at,
    )
    return token, plain


def refuse_past(end: datetime | None) -> datetime | None:
    """Return the end of a key; DataError when it is over already."""
    if end is not None and end <= timezone.now():
        raise DataError("This key would have expired already. Choose a later date, or none.")
    return end


def find_token(plain: str) -> ApiToken | None:
    """Return the token of this key, expired or not; every key, right or wrong, costs one hash and one look-up."""
    return ApiToken.objects.select_related("organization", "created_by").filter(digest=_digest(plain)).first()


def has_expired(token: ApiToken) -> bool:
    return token.expires_at is not None and token.expires_at <= timezone.now()


def note_use(token: ApiToken) -> None:
    """Keep when the key was last used, to the minute: a busy key shall not write a row with every request."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - STALE:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - STALE)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _digest(plain: str) -> str:
    # The keys are random, 240 bits: a slow hash, as passwords need it, would add nothing.
    return hashlib.sha256(plain.encode()).hexdigest()


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    given, known = set(scopes), ApiToken.Scope.values
    unknown = sorted(given - set(known))
    if unknown:
        raise DataError(f"Unknown scope: {', '.join(unknown)}. The scopes are: {', '.join(known)}.")
    if not given:
        raise DataError(f"A key needs at least one scope of: {', '.join(known)}.")
    return [scope for scope in known if scope in given]
