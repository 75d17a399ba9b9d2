"""Carry out one claimed run: the child process that the queue's task starts and watches over; not for people."""

import argparse

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from sources.carrying import carry_out
from sources.processes import be_first_to_go, die_with_parent
from sources.runs import Run


class Command(BaseCommand):
    help = "Carry out one claimed run. The queue calls this; a person has no use for it."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("label")
        parser.add_argument("pk", type=int)
        parser.add_argument("attempt", type=int)
        parser.add_argument("--parent", type=int, help="the process to end together with")

    def handle(self, *args, **options) -> None:
        if options["parent"]:
            die_with_parent(options["parent"])
            be_first_to_go()
        model = apps.get_model(options["label"])
        run = model.objects.filter(pk=options["pk"], attempt=options["attempt"], state=Run.State.RUNNING).first()
        if run is None:
            raise CommandError("There is no such run that goes on: it was closed or taken over by another attempt.")
        carry_out(run, tended=options["parent"] is not None)
