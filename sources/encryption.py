"""Secrets at rest: a text field that is encrypted in the database and never shown by accident."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from sources.connectors.secret import Secret


class WrongKey(ImproperlyConfigured):
    """What is stored was encrypted with a key that TOKEN_KEYS does not hold."""


def cipher() -> MultiFernet:
    """Encrypts with the first of TOKEN_KEYS and reads what any of them has encrypted."""
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


class Sealed(str):
    """What stands in the database: a text encrypted with one of TOKEN_KEYS."""

    __slots__ = ()

    def opened(self) -> Secret:
        """Return the text; raises WrongKey when no key fits."""
        try:
            return Secret(cipher().decrypt(self.encode()).decode())
        except InvalidToken:
            raise WrongKey(
                "A stored token cannot be read: TOKEN_KEYS lacks the key that it was encrypted with. "
                "Put that key back (older keys follow the newest), or connect the account again."
            ) from None

    def rotated(self) -> "Sealed":
        """Return the same text encrypted with the newest key; raises WrongKey when no key fits."""
        self.opened()
        return Sealed(cipher().rotate(self.encode()).decode())


class SecretAttribute(DeferredAttribute):
    """Opens what is sealed when somebody asks for it: a page that does not needs no key, and survives a lost one."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = value.opened()
        return value

    def __set__(self, instance: models.Model, value: str | None) -> None:
        plain = isinstance(value, str) and not isinstance(value, Sealed)
        instance.__dict__[self.field.attname] = Secret(value) if plain else value


class EncryptedTextField(models.TextField):
    """A text, encrypted with the first of TOKEN_KEYS; an empty one stays empty.

    Reading it from a row raises WrongKey when no key fits. It stands in no form, no dump and no `values()`, which
    give it sealed.
    """

    descriptor_class = SecretAttribute

    def get_prep_value(self, value: str | None) -> str | None:
        if not value or isinstance(value, Sealed):
            return value and str(value)
        return cipher().encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        """A row that is saved with its token unread keeps it as it is, whatever the keys."""
        return model_instance.__dict__.get(self.attname)

    def value_from_object(self, obj: models.Model) -> str:
        """What forms and dumps would show."""
        return ""

    def value_to_string(self, obj: models.Model) -> str:
        """A dump of the data holds no secrets."""
        return ""

    def formfield(self, **kwargs: object) -> None:
        """No form shows a secret, the admin's neither."""
