"""Sources and what they brought in."""

from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Length

from sources import models
from sources.admin.bases import MachineWritten, Owned, OwnOrganizations, Ruled
from sources.organizing import delete_source
from sources.packing import IDS


@admin.register(models.DataSource)
class DataSourceAdmin(Owned, Ruled):
    owner = "organization"
    list_display = ["name", "organization", "kind", "connection", "link", "contents", "created_at"]
    list_filter = ["kind", ("organization", OwnOrganizations)]
    list_select_related = ["organization", "connection"]
    search_fields = ["name", "organization__name"]
    autocomplete_fields = ["organization"]
    # Changed on the pages: connecting brings the account's token along, and other options give up what is half read.
    # When to collect is set by what happens to the source: a form that stood open would write back an old time.
    readonly_fields = ["connection", "account", "link", "problem", "options", "due_at"]
    settled = ["organization", "kind"]  # what it brought in, and the personas made of it, stay there

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    @admin.display(description="content units", ordering="content_count")
    def contents(self, source: models.DataSource) -> str:
        return f"{source.content_count:,}"

    def get_deleted_objects(self, objs, request) -> tuple[list, dict, set, list]:
        """Tell what goes along as numbers: a source may hold millions of rows."""
        units = models.ContentUnit.objects.filter(source__in=objs).count()
        runs = models.Collection.objects.filter(source__in=objs).count()
        return [str(source) for source in objs], {"content units": units, "collections": runs}, set(), []

    def delete_model(self, request, source: models.DataSource) -> None:
        delete_source(source=source)


@admin.register(models.ContentUnit)
class ContentUnitAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["external_id", "title", "category", "source", "organization", "published_at"]
    list_filter = [("source__organization", OwnOrganizations)]
    list_select_related = ["source__organization"]
    search_fields = ["external_id__exact", "title"]

    @admin.display(ordering="source__organization")
    def organization(self, unit: models.ContentUnit) -> str:
        return str(unit.source.organization)


@admin.register(models.DemographicGroup)
class DemographicGroupAdmin(MachineWritten):
    list_display = ["id", "gender", "age_group", "country"]
    list_filter = ["gender", "age_group"]
    search_fields = ["=country"]


@admin.register(models.PackedInteractions)
class PackedInteractionsAdmin(Owned, MachineWritten):
    owner = "content__source__organization"
    list_display = ["content", "period", "groups", "interactions", "unknown_part", "estimated"]
    list_filter = ["estimated", ("content__source__organization", OwnOrganizations)]
    list_select_related = ["content"]
    search_fields = ["content__external_id__exact", "period__exact"]
    fields = ["content", "period", "groups", "interactions", "unknown_part", "estimated"]

    def get_queryset(self, request):
        groups = Length("group_ids") / IDS.itemsize
        return super().get_queryset(request).annotate(group_count=groups).defer("group_ids", "counts")

    @admin.display(ordering="group_count")
    def groups(self, column: models.PackedInteractions) -> str:
        return f"{column.group_count:,} groups"

    @admin.display(ordering="total")
    def interactions(self, column: models.PackedInteractions) -> str:
        return f"{column.total:,.0f}"

    @admin.display(description="of unknown groups", ordering=F("unknown"))
    def unknown_part(self, column: models.PackedInteractions) -> str:
        return f"{column.unknown:,.0f}"


@admin.register(models.AudienceAttribute)
class AudienceAttributeAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["id", "attribute", "value", "share", "gender", "age_group", "country", "origin", "source"]
    list_filter = ["attribute", "gender", "age_group", ("source__organization", OwnOrganizations)]
    list_select_related = ["source__organization"]
    search_fields = ["value", "=country", "origin"]


@admin.register(models.Comment)
class CommentAdmin(Owned, MachineWritten):
    owner = "content__source__organization"
    list_display = ["beginning", "content", "likes", "published_at"]
    list_filter = [("content__source__organization", OwnOrganizations)]
    list_select_related = ["content"]
    search_fields = ["text"]

    @admin.display(description="comment")
    def beginning(self, comment: models.Comment) -> str:
        return str(comment)
