"""Collections of the cluster read a planted platform, slowly enough to be killed in the middle."""

import time

from sources.collecting import running as collecting
from tests.sources.collecting.planted import PlantedConnector


class SlowConnector(PlantedConnector):
    def _read(self, key, read, given):
        time.sleep(0.3)
        return super()._read(key, read, given)


def run_collection(collection) -> None:
    collecting.connector_for = lambda source, **how: SlowConnector()
    collecting.run_collection(collection)
