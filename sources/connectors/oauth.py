"""What asking for a permission is made of, at any platform: our account there, the consent, the grant."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.connectors.secret import Secret


@dataclass(frozen=True)
class Client:
    """This installation's own account with a platform."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Consent:
    """The address where a person says yes or no, and what has to be remembered until the person comes back.

    `verifier` is the secret half of PKCE (RFC 7636), "" where the platform does without.
    """

    address: str
    state: str
    verifier: str = field(default="", repr=False)


@dataclass(frozen=True)
class Grant:
    """What a person gave: a lasting token, and the scopes that were really granted.

    account is whose permission it is in words, person the platform's number of them; "" where it does not tell. ends_at
    is in seconds since 1970, None for an end that nobody knows.
    """

    token: Secret
    scopes: tuple[str, ...]
    account: str = ""
    ends_at: float | None = None
    person: str = ""

    def missing(self, asked: Iterable[str]) -> list[str]:
        """Return the scopes that were asked for and not given, in their order."""
        return [scope for scope in asked if scope not in self.scopes]
