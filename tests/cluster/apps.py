"""Gives generations, in the processes of the cluster only, a verb that takes as long as a test wants."""

from django.apps import AppConfig


class PacedConfig(AppConfig):
    name = "tests.cluster"
    label = "paced"

    def ready(self) -> None:
        from personas.models import Generation

        Generation.runner = "tests.cluster.paced.run"
