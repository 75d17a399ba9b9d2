"""Collections of the cluster read a planted platform, slowly enough to be killed in the middle; one token hangs."""

import time

from sources.collecting import running as collecting
from sources.connectors.faults import Unavailable
from sources.connectors.harvests import Account
from tests.sources.collecting.planted import PlantedConnector

HANGS = "hangs"  # a token with which the platform answers only after a queue has long counted as silent


class SlowConnector(PlantedConnector):
    def _read(self, key, read, given):
        time.sleep(0.3)
        return super()._read(key, read, given)


def run_collection(collection) -> None:
    collecting.connector_for = lambda source, **how: SlowConnector()
    collecting.run_collection(collection)


def reachable(kind: str, token: str) -> list[Account]:
    if token != HANGS:
        raise Unavailable("Nobody knows.")
    time.sleep(10)
    return [Account("UC1", "Channel")]
