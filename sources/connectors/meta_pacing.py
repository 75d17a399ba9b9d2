"""Keeping under Meta's limits: slower when most of a limit is used, and no question more when almost all of it is."""

from collections.abc import Callable
from typing import Any

import requests

from sources.connectors.faults import QuotaUsedUp
from sources.connectors.http import Sender
from sources.connectors.meta_faults import regain_seconds, usage_percent

SLOW, FULL = 75.0, 95.0  # percent of the fullest limit
LONGEST_PAUSE = 30.0  # seconds between two questions just below FULL; next to none just above SLOW
REGAIN = 3600.0  # seconds, where no header says when there will be room again


class Paced:
    """A session that looks at the headers of usage of each answer before it asks the next question.

    A question that would be one too many is not asked: QuotaUsedUp says how many seconds later it may be.
    """

    def __init__(self, session: Sender, sleep: Callable[[float], None]) -> None:
        self.session, self.sleep = session, sleep
        self.percent, self.regain = 0.0, 0.0

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask after the pause that is due; raises QuotaUsedUp."""
        if self.percent > FULL:
            words = f"Facebook's limit is used up to {self.percent:.0f} %; the rest is left for others."
            raise QuotaUsedUp(words, "usage", self.regain or REGAIN)
        if self.percent > SLOW:
            self.sleep(LONGEST_PAUSE * (self.percent - SLOW) / (FULL - SLOW))
        response = self.session.request(method, url, **kwargs)
        self.percent, self.regain = usage_percent(response), regain_seconds(response)
        return response
