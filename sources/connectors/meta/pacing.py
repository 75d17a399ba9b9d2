"""Keeping under Meta's limits: slower when most of a limit is used, and no question more when almost all of it is."""

from collections.abc import Callable
from typing import Any

import requests

from sources.connectors.faults import QuotaUsedUp
from sources.connectors.http import Sender
from sources.connectors.meta.faults import regain_seconds, usage_percent

SLOW, FULL = 75.0, 95.0  # percent of the fullest limit
LONGEST_PAUSE = 30.0  # seconds between two questions just below FULL; next to none just above SLOW
REGAIN = 3600.0  # seconds, where no header says when there will be room again


class Pace:
    """How quickly pages and Instagram accounts are asked: `hear` gets every answer, `wait` comes before a question."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.sleep = sleep
        self.percent, self.regain = 0.0, 0.0

    def hear(self, response: requests.Response) -> None:
        """Take note of what the headers of an answer say of the limits."""
        self.percent, self.regain = usage_percent(response), regain_seconds(response)

    def wait(self) -> None:
        """Pause as long as is due; raises QuotaUsedUp instead of letting a question pass that would be one too many."""
        if self.percent > FULL:
            words = f"Facebook's limit is used up to {self.percent:.0f} %; the rest is left for others."
            raise QuotaUsedUp(words, "usage", self.regain or REGAIN)
        if self.percent > SLOW:
            self.sleep(LONGEST_PAUSE * (self.percent - SLOW) / (FULL - SLOW))


class Paced:
    """A session at that pace, for connectors that do not pace themselves."""

    def __init__(self, session: Sender, sleep: Callable[[float], None]) -> None:
        self.session, self.pace = session, Pace(sleep)

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask after the pause that is due; raises QuotaUsedUp."""
        self.pace.wait()
        response = self.session.request(method, url, **kwargs)
        self.pace.hear(response)
        return response
