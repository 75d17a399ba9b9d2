"""Encrypt all stored tokens with the newest key, so that older keys can go."""

from django.core.management.base import BaseCommand, CommandError

from sources.connecting.rotating import rotate_tokens
from sources.encryption import WrongKey


class Command(BaseCommand):
    help = "Encrypt the tokens of connected accounts with the first of TOKEN_KEYS. Then the other keys can be removed."

    def handle(self, *args, **options) -> None:
        try:
            rotated = rotate_tokens()
        except WrongKey as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rotated:,} tokens are encrypted with the newest key. Older keys are needed no more.")
