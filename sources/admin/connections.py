"""Permissions at the platforms, and how far collecting with them has come: to be looked at."""

from django.contrib import admin

from sources import models
from sources.admin.bases import MachineWritten, Owned, OwnOrganizations


@admin.register(models.Connection)
class ConnectionAdmin(Owned, MachineWritten):
    """Given and taken back on the pages. Whether there is a token is shown; the token never is."""

    owner = "organization"
    list_display = ["__str__", "organization", "state", "has_token", "expires_at", "checked_at", "connected_by"]
    list_filter = ["provider", "state", ("organization", OwnOrganizations)]
    list_select_related = ["organization", "connected_by"]
    search_fields = ["account", "organization__name"]
    fields = [
        "organization", "provider", "account", "has_token", "scopes", "state", "problem",
        "expires_at", "checked_at", "connected_by", "created_at",
    ]  # fmt: skip

    @admin.display(description="token", boolean=True)
    def has_token(self, connection: models.Connection) -> bool:
        return bool(connection.__dict__.get("token"))


@admin.register(models.Cycle)
class CycleAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["id", "source", "first_day", "last_day", "started_at", "finished_at"]
    list_filter = [("source__organization", OwnOrganizations)]
    list_select_related = ["source"]
    search_fields = ["source__name"]


@admin.register(models.Checkpoint)
class CheckpointAdmin(Owned, MachineWritten):
    owner = "cycle__source__organization"
    list_display = ["key", "cycle", "explained", "suppressed", "unknown"]
    list_filter = [("cycle__source__organization", OwnOrganizations)]
    list_select_related = ["cycle__source"]
    search_fields = ["key", "cycle__source__name"]


@admin.register(models.Loyalty)
class LoyaltyAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["id", "kind", "period", "gender", "age_group", "country", "loyal", "total", "source"]
    list_filter = ["kind", "gender", "age_group", ("source__organization", OwnOrganizations)]
    list_select_related = ["source"]
    search_fields = ["=country", "period__exact", "source__name"]
    fields = ["source", "content", "period", "kind", "gender", "age_group", "country", "loyal", "total"]


@admin.register(models.PlatformFile)
class PlatformFileAdmin(Owned, MachineWritten):
    """Which days' files are kept; the files themselves are for collections alone."""

    owner = "source__organization"
    list_display = ["__str__", "family", "start", "created"]
    list_filter = ["family", ("source__organization", OwnOrganizations)]
    list_select_related = ["source"]
    search_fields = ["source__name", "report"]
    fields = ["source", "family", "job", "report", "start", "end", "created"]
