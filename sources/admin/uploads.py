"""Uploads, and the collections that read them."""

from django.contrib import admin

from sources import models
from sources.admin.bases import MachineWritten, Owned, OwnOrganizations, RunAdmin


@admin.register(models.Upload)
class UploadAdmin(Owned, MachineWritten):
    owner = "organization"
    list_display = ["id", "files", "organization", "created_by", "created_at"]
    list_filter = [("organization", OwnOrganizations)]
    list_select_related = ["organization", "created_by"]
    date_hierarchy = "created_at"
    fields = ["organization", "files", "created_by", "created_at"]

    @admin.display(description="files")
    def files(self, upload: models.Upload) -> str:
        return str(upload)


@admin.register(models.Collection)
class CollectionAdmin(Owned, RunAdmin):
    owner = "source__organization"
    list_display = ["id", "source", "organization", "state", "stage", "read", "accepted", "rejected", "created_at"]
    list_filter = ["state", "mode", ("source__organization", OwnOrganizations)]
    list_select_related = ["source__organization"]
    search_fields = ["source__name", "period__exact"]
    exclude = ["rejects_file"]

    @admin.display(ordering="source__organization")
    def organization(self, collection: models.Collection) -> str:
        return str(collection.source.organization)

    @admin.display(description="rows read", ordering="rows_read")
    def read(self, collection: models.Collection) -> str:
        return f"{collection.rows_read:,}"

    @admin.display(ordering="rows_accepted")
    def accepted(self, collection: models.Collection) -> str:
        return f"{collection.rows_accepted:,}"

    @admin.display(ordering="rows_rejected")
    def rejected(self, collection: models.Collection) -> str:
        return f"{collection.rows_rejected:,}"
