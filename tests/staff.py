"""People let into the admin."""

from django.contrib.auth.models import Permission
from django.test import Client


def staff(user) -> Client:
    """Let a person into the admin, with every permission that the library has."""
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="enrichment"))
    client = Client()
    client.force_login(user)
    return client
