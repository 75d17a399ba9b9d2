"""Collect from the connected platforms, in place."""

import argparse
import sys

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from sources.carrying import carry_out
from sources.collecting.requesting import new_collection
from sources.errors import DataError
from sources.models import Collection, DataSource
from sources.preparing import refuse_unready_database
from sources.progress import ProgressLine

PARTS = ("contents", "cells", "comments")


class Command(BaseCommand):
    help = (
        "Collect from every platform whose time has come, or from one source now. Goes on where the last one stopped."
    )
    requires_system_checks = [Tags.models]  # the others load every page, which nothing here needs

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--source", type=int, metavar="ID", help="this one, whether it is due or not")

    def handle(self, *args, **options) -> None:
        refuse_unready_database()
        sources = _sources(options["source"])
        if options["source"] is None:
            self._tell_left_out()
        if not sources:
            self.stdout.write("No source is due.")
        outcomes = [self._collect(source, by_schedule=options["source"] is None) for source in sources]
        if not all(outcomes):
            sys.exit(1)

    def _tell_left_out(self) -> None:
        """Name the sources that would be due, were their permission alive."""
        for source in DataSource.objects.overdue().cut_off().select_related("organization", "connection"):
            self.stderr.write(f"{_name(source)}: left out. {source.trouble}")

    def _collect(self, source: DataSource, *, by_schedule: bool) -> bool:
        name = _name(source)
        try:
            collection = new_collection(source=source, by_schedule=by_schedule)
        except DataError as error:
            self.stderr.write(f"{name}: {error}")
            return False
        line = ProgressLine(sys.stderr)
        try:
            carry_out(collection, line.report)
        finally:
            line.close()
        if collection.state != Collection.State.DONE:
            self.stderr.write(f"{name}: {collection.state}. {collection.error}")
            return False
        self.stdout.write(f"{name}: {_told(collection)}")
        return True


def _name(source: DataSource) -> str:
    return f"{source.organization}, {source} ({source.pk})"


def _sources(pk: int | None) -> list[DataSource]:
    if pk is None:
        return list(DataSource.objects.due().select_related("organization", "connection"))
    source = DataSource.objects.select_related("organization", "connection").filter(pk=pk).first()
    if source is None:
        raise CommandError(f"There is no source {pk}. The admin lists the sources with their numbers.")
    return [source]


def _told(collection: Collection) -> str:
    """Say in one line what came."""
    summary = collection.summary
    came = ", ".join(f"{summary.get(part, 0):,} {part}" for part in PARTS)
    words = f"{came} in {collection.elapsed_seconds:.1f} s, of {summary['first_day']} to {summary['last_day']}"
    return f"{words}. {summary['stopped']}" if collection.goes_on_at else f"{words}."
