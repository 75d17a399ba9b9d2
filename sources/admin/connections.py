"""Permissions at the platforms: looked at here, given and taken back on the pages."""

from django.contrib import admin

from sources import models
from sources.admin.bases import MachineWritten


@admin.register(models.Connection)
class ConnectionAdmin(MachineWritten):
    """Whether there is a token is shown; the token never is."""

    list_display = ["__str__", "organization", "state", "has_token", "expires_at", "checked_at", "connected_by"]
    list_filter = ["provider", "state", "organization"]
    list_select_related = ["organization", "connected_by"]
    search_fields = ["account", "organization__name"]
    fields = [
        "organization", "provider", "account", "has_token", "scopes", "state", "problem",
        "expires_at", "checked_at", "connected_by", "created_at",
    ]  # fmt: skip

    @admin.display(description="token", boolean=True)
    def has_token(self, connection: models.Connection) -> bool:
        return bool(connection.__dict__.get("token"))
