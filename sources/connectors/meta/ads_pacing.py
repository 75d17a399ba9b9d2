"""How quickly an app may ask Meta about audiences, by its tier of access. What is used up, `meta_pacing` looks at."""

from collections.abc import Callable

import requests

from sources.connectors.meta.faults import USAGE

PER_MINUTE = 5  # 300 calls an hour: what an app has in development; Marketing API, "Rate Limiting"
STANDARD = "standard_access"


class Tier:
    """Waits before each call as long as the tier asks for; give `hear` every answer. Unknown is like development."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.sleep = sleep
        self._gap, self._asked = 60.0 / PER_MINUTE, False

    def hear(self, response: requests.Response) -> None:
        """Take note of the tier that an answer's headers tell."""
        if any(STANDARD in response.headers.get(name, "") for name in USAGE):
            self._gap = 0.0

    def wait(self) -> None:
        """Wait until the next call may be made, in seconds."""
        if self._asked and self._gap:
            self.sleep(self._gap)
        self._asked = True
