"""Ask Meta how many people there are in the groups of an organization's personas, and what they do."""

import argparse
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from personas.faces import faces_of
from personas.telling_estimates import tell_estimates
from sources.collecting.estimating import ad_account_of, estimate_audience, heaviest_groups
from sources.errors import DataError
from sources.models import Organization
from sources.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Ask Meta for size, job, education and relationship of the groups that give the latest personas their faces, "
        "then of the largest others. A stopped run goes on where it was; what was asked this month is not asked again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--groups", type=int, default=20, metavar="N", help="how many groups; each costs ~40 calls")

    def handle(self, *args, **options) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']!r}.")
        if options["groups"] < 1:
            raise CommandError("--groups is at least 1.")
        line, month = ProgressLine(sys.stderr), f"{timezone.now():%Y-%m}"
        groups = [*faces_of(organization), *heaviest_groups(organization, options["groups"])]
        wanted = list(dict.fromkeys(groups))[: options["groups"]]
        try:
            told = estimate_audience(ad_account_of(organization), wanted, month=month, report=line.report)
        except DataError as error:
            raise CommandError(str(error)) from error
        finally:
            line.close()
        shown = tell_estimates(organization)
        for words in told.complaints:
            self.stdout.write(words)
        self.stdout.write(
            f"{told.groups} of {len(wanted)} groups: {told.sizes} sizes, {told.shares} shares, {told.calls} calls. "
            f"{shown} personas show what is known."
        )
        if told.stopped:
            raise CommandError(told.stopped)
