"""How quickly Meta's advertising API may be asked: by its tier of access, and by what its headers say is used up."""

from collections.abc import Callable

import requests

from sources.connectors.faults import QuotaUsedUp
from sources.connectors.http import LONGEST_WAIT
from sources.connectors.meta_faults import USAGE, WAIT_FOR_LIMIT, regain_seconds, usage_percent

PER_MINUTE = 5  # 300 calls an hour: what an app has in development; Marketing API, "Rate Limiting"
STANDARD = "standard_access"
SLOW, STOP = 75.0, 95.0  # percent of a limit
SLOWLY = 60.0  # seconds between two calls when a limit comes near


class Pace:
    """Waits before each call as long as it takes to stay within the limits; give `hear` every answer."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.sleep = sleep
        self._usual, self._used, self._regain, self._asked = 60.0 / PER_MINUTE, 0.0, 0.0, False

    def hear(self, response: requests.Response) -> None:
        """Take note of what an answer's headers say."""
        self._used, self._regain = usage_percent(response), regain_seconds(response)
        if any(STANDARD in response.headers.get(name, "") for name in USAGE):
            self._usual = 0.0

    def wait(self) -> None:
        """Wait until the next call may be made. Raises QuotaUsedUp when that would take too long."""
        wait = self._seconds() if self._asked else 0.0
        if wait > LONGEST_WAIT:
            raise QuotaUsedUp("Facebook's limit for questions about audiences is nearly used up.", "headers", wait)
        if wait:
            self.sleep(wait)
        self._asked = True

    def _seconds(self) -> float:
        if self._used >= STOP:
            return max(self._regain, WAIT_FOR_LIMIT)
        return max(self._usual, SLOWLY if self._used >= SLOW else 0.0)
