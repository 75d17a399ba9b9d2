"""Tokens that were encrypted with an older key, encrypted anew with the newest."""

from django.apps import apps
from django.db import models

from sources.encryption import EncryptedTextField


def rotate_tokens() -> int:
    """Encrypt every stored token with the first of TOKEN_KEYS; returns how many. Raises WrongKey, changing no more.

    A token that is replaced in the meantime is left alone: the new one was encrypted with the newest key.
    """
    return sum(
        _rotate(model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    )


def _rotate(model: type[models.Model], name: str) -> int:
    rows = model._base_manager.exclude(**{name: ""}).values_list("pk", name)
    return sum(
        model._base_manager.filter(pk=pk, **{name: sealed}).update(**{name: sealed.rotated()}) for pk, sealed in rows
    )
