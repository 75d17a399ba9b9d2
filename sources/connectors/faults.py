"""What a platform may answer instead of data: one word for each thing that can be done about it."""

from dataclasses import dataclass

from sources.connectors.storable import storable


class PlatformError(Exception):
    """A platform gave no data; the text is for a person and holds no address and no token.

    `code` is the platform's own word or number for it.
    """

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(storable(words))
        self.code = code


class ReconnectNeeded(PlatformError):
    """The token is dead or lacks a scope: only a person can mend it, by connecting again."""


class ScopeMissing(ReconnectNeeded):
    """The token lives, and what was asked for is not part of what it allows."""


class AccountLost(ReconnectNeeded):
    """The token may live, and this one channel, property or page is no longer part of what it reaches."""


class NotSetUp(PlatformError):
    """This server's own account with the platform is not set up for it: only its administrator can mend that."""


class QuotaUsedUp(PlatformError):
    """Nothing more is given until the quota is renewed; `wait` is in seconds, None when the platform's day must end."""

    def __init__(self, words: str, code: str = "", wait: float | None = None) -> None:
        super().__init__(words, code)
        self.wait = wait


class PutOff(QuotaUsedUp):
    """No more of this stage now, and nothing waits for it: go on with the others, and read the rest the next time."""


class Refused(PlatformError):
    """This item or report is not for us (forbidden, disabled, gone): go on without it."""


class NotSupported(PlatformError):
    """The platform does not know this combination of metric, dimension and filter: ask otherwise."""


class TooMuch(PlatformError):
    """The question is too large: ask for less at a time."""


class Unavailable(PlatformError):
    """The platform is down or did not answer, after every patience was used up."""


class WrongAccount(PlatformError):
    """The account has nothing of the kind that was asked for: no channel, no property, no page."""


LEFT_OUT = (Refused, NotSupported, TooMuch)  # of one content or part: the others may be answered


@dataclass(frozen=True)
class Retry:
    """Ask the same once more; after `wait` seconds where the platform names a time. `tries` bounds how often in all."""

    error: PlatformError
    wait: float | None = None
    tries: int = 4
