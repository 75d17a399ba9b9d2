"""Make a key for a program of an organization, and print it once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sources.errors import DataError
from sources.models import ApiToken, Organization
from sources.tokens import create_token

LONGEST_DAYS = 36_500


class Command(BaseCommand):
    help = "Make an API key for an organization and print it. It is shown this once and never again."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="What the key is for, to recognise it by.")
        parser.add_argument(
            "--scopes", default="read", help=f"Parted by commas, of: {', '.join(ApiToken.Scope.values)}. Default: read"
        )
        parser.add_argument("--days", type=int, help="How long the key works. Default: without an end")

    def handle(self, *args, organization: str, name: str, scopes: str, days: int | None, **options) -> None:
        owner = Organization.objects.filter(slug=organization).first()
        if owner is None:
            known = ", ".join(Organization.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no organization with the slug '{organization}'. There are: {known}.")
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days goes from 1 to {LONGEST_DAYS:,}; leave it out for a key without an end.")
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        end = timezone.now() + timedelta(days=days) if days is not None else None
        try:
            _, plain = create_token(organization=owner, name=name, scopes=wanted, expires_at=end)
        except DataError as error:
            raise CommandError(str(error)) from error
        self.stderr.write("Keep this key: it is not stored and cannot be shown again.")
        self.stdout.write(plain)
