"""The words of a history, for the admin and the pages."""

from django import template

from personas.history import in_words
from personas.models import IdentityChange

register = template.Library()


@register.filter
def words(change: IdentityChange) -> str:
    return in_words(change)
