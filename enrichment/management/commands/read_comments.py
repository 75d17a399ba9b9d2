"""Read the comments of an organization, in place: what a generation does before it gives personas their attributes."""

import argparse
import sys
import time

from django.core.management.base import BaseCommand, CommandError

from enrichment.reading_comments import read_comments
from sources.models import Organization
from sources.preparing import prepare_new_database
from sources.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Read the language and sentiment of an organization's comments, and which of them may be quoted. Only what is "
        "new or changed is read; stopped at any time, it goes on from there when it is called again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")

    def handle(self, *args, **options) -> None:
        prepare_new_database()
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']}. Import its comments first.")
        line = ProgressLine(sys.stderr)
        began = time.monotonic()
        told = read_comments(organization=organization, report=line.report)
        line.close()
        self.stdout.write(
            f"{told.comments:,} comments, {told.read:,} of them read now, in {time.monotonic() - began:.1f} s"
        )
