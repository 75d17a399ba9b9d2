"""Gives generations and collections, in the processes of the cluster only, verbs that take as long as a test wants."""

from django.apps import AppConfig


class PacedConfig(AppConfig):
    name = "tests.cluster"
    label = "paced"

    def ready(self) -> None:
        from personas.models import Generation
        from sources.connecting import checking
        from sources.models import Collection
        from tests.cluster.planted import reachable

        Generation.runner = "tests.cluster.paced.run"
        Collection.runner = "tests.cluster.planted.run_collection"
        checking.reachable = reachable
