"""Call one of the queue's longer steps: the child process that its task starts and waits for; not for people."""

import argparse

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from sources.processes import die_with_parent


class Command(BaseCommand):
    help = "Do one of the queue's longer steps. The queue calls this; a person has no use for it."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("verb", help="the dotted path of a function")
        parser.add_argument("--parent", type=int, help="the process to end together with")

    def handle(self, *args, **options) -> None:
        if options["parent"]:
            die_with_parent(options["parent"])
        import_string(options["verb"])()
