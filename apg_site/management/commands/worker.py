"""The queue with its watchdog."""

import argparse
import os
import signal
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django_q.cluster import Cluster

from apg_site.watchdog import Watchdog
from personas.tasks import keep_schedule as keep_schedule_of_personas
from sources.collecting.requesting import keep_schedule
from sources.preparing import refuse_unready_database
from sources.processes import die_with_parent


class Command(BaseCommand):
    help = "Work on what waits in the queue, until it is stopped with Ctrl-C or SIGTERM."
    requires_system_checks = []  # they import every page: seconds, on the way to what needs none of them

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--cluster-of", type=int, metavar="PID", help=argparse.SUPPRESS)

    def handle(self, *args, **options) -> None:
        if options["cluster_of"]:
            return _be_the_cluster(options["cluster_of"])
        refuse_unready_database()
        keep_schedule()
        keep_schedule_of_personas()
        self.stdout.write(
            f"Working on the queue with {settings.Q_CLUSTER['workers']} processes, "
            f"a sign of life every {settings.WORKER_CANARY_SECONDS} s. Ctrl-C stops it."
        )
        self.stdout.flush()
        Watchdog(self._say).run()
        self.stdout.write("The worker has stopped.")
        return None

    def _say(self, words: str) -> None:
        self.stderr.write(words)


def _be_the_cluster(watchdog: int) -> None:
    """Run the queue's processes; each of them ends with the one that started it, and the first with the watchdog.

    SIGTERM, so that a worker that carries out a run can close it with words.
    """
    die_with_parent(watchdog)
    os.register_at_fork(after_in_child=partial(die_with_parent, number=signal.SIGTERM))
    connections.close_all()  # nothing open may be shared over a fork
    Cluster().start()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the handler that the queue has set can block for ever
