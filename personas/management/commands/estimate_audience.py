"""Ask Meta how many people there are in the groups of an organization's personas, and what they do."""

import argparse
import sys

from django.core.management.base import BaseCommand, CommandError

from personas.faces import faces_of
from sources.carrying import carry_out
from sources.collecting.collected import collected_of
from sources.collecting.estimating import ad_account_of, heaviest_groups
from sources.collecting.wanting import new_estimates
from sources.errors import DataError
from sources.models import Collection, Organization
from sources.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Collect the ads, then ask Meta for size, job, education and relationship of the groups that give the latest "
        "personas their faces, and of the largest others. A stopped run goes on where it was; what was asked this "
        "month is not asked again."
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
        groups = [*faces_of(organization), *heaviest_groups(organization, options["groups"])]
        wanted = list(dict.fromkeys(groups))[: options["groups"]]
        try:
            collection = new_estimates(source=ad_account_of(organization), groups=wanted)
        except DataError as error:
            raise CommandError(str(error)) from error
        line = ProgressLine(sys.stderr)
        try:
            carry_out(collection, line.report)
        finally:
            line.close()
        self._tell(collection)

    def _tell(self, collection: Collection) -> None:
        if collection.state != Collection.State.DONE:
            raise CommandError(f"{collection.state}. {collection.error}")
        told = collected_of(collection)
        for complaint in told.complaints:
            self.stdout.write(complaint["words"])
        self.stdout.write(
            f"Asked about {told.groups_asked:,} of {told.groups_to_ask:,} groups. "
            "The latest personas by country show what is known."
        )
        if told.stopped:
            raise CommandError(told.stopped)
