"""Secrets at rest: a text field that is encrypted in the database and never shown by accident."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class WrongKey(ImproperlyConfigured):
    """What is stored was encrypted with a key that TOKEN_KEYS does not hold."""


def cipher() -> MultiFernet:
    """Encrypts with the first of TOKEN_KEYS and reads what any of them has encrypted."""
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


class Secret(str):
    """A text that does not show itself in logs and error pages; str(secret) is the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)" if self else "Secret()"


class EncryptedTextField(models.TextField):
    """A text, encrypted with the first of TOKEN_KEYS; an empty one stays empty. Raises WrongKey when no key fits."""

    def get_prep_value(self, value: str | None) -> str | None:
        return cipher().encrypt(str(value).encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Secret | None:
        if not value:
            return value if value is None else Secret()
        try:
            return Secret(cipher().decrypt(value.encode()).decode())
        except InvalidToken:
            raise WrongKey(
                "A stored token cannot be read: TOKEN_KEYS lacks the key that it was encrypted with. "
                "Put that key back (older keys follow the newest), or connect the account again."
            ) from None

    def value_to_string(self, obj: models.Model) -> str:
        """A dump of the data holds no secrets."""
        return ""
