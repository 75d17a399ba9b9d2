"""The data in the admin: looked at in detail, changed where a person decides.

Who may do what is Django's own matter: a superuser sees all organizations, and so does a member of staff for the models
that the permissions name. Memberships rule the pages of an organization, not the admin.
"""

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.db.models.functions import Length
from django.shortcuts import redirect
from django.utils.html import format_html

from sources import models
from sources.errors import DataError
from sources.organizing import delete_source
from sources.packing import IDS
from sources.tokens import create_token, refuse_past


class MachineWritten(admin.ModelAdmin):
    """Rows that programs write: to be looked at, not to be changed by hand."""

    show_full_result_count = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class RunAdmin(MachineWritten):
    """Runs: followed and cancelled, never edited."""

    actions = ["cancel"]
    date_hierarchy = "created_at"

    @admin.action(description="Cancel the selected runs", permissions=["cancel"])
    def cancel(self, request, queryset) -> None:
        runs = list(queryset.open())
        for run in runs:
            run.request_cancel()
        self.message_user(request, f"{len(runs)} of {queryset.count()} were open and are being cancelled.")

    def has_cancel_permission(self, request) -> bool:
        return super(MachineWritten, self).has_change_permission(request)


class MembershipInline(admin.TabularInline):
    model = models.Membership
    autocomplete_fields = ["user"]
    extra = 0


@admin.register(models.Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "small_cell_threshold", "created_at"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]

    def has_delete_permission(self, request, obj=None) -> bool:
        """An organization holds everything: it does not go by a click here."""
        return False


@admin.register(models.Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "organization", "role"]
    list_filter = ["role", "organization"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__username", "organization__name"]
    autocomplete_fields = ["user", "organization"]


@admin.register(models.DataSource)
class DataSourceAdmin(admin.ModelAdmin):
    list_display = ["name", "organization", "kind", "contents", "created_at"]
    list_filter = ["kind", "organization"]
    list_select_related = ["organization"]
    search_fields = ["name", "organization__name"]
    autocomplete_fields = ["organization"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    @admin.display(description="content units", ordering="content_count")
    def contents(self, source: models.DataSource) -> str:
        return f"{source.content_count:,}"

    def get_actions(self, request) -> dict:
        """No deleting in bulk: a source takes all that came from it along, and each is asked for by itself."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_deleted_objects(self, objs, request) -> tuple[list, dict, set, list]:
        """Tell what goes along as numbers: a source may hold millions of rows."""
        units = models.ContentUnit.objects.filter(source__in=objs).count()
        runs = models.Collection.objects.filter(source__in=objs).count()
        return [str(source) for source in objs], {"content units": units, "collections": runs}, set(), []

    def delete_model(self, request, source: models.DataSource) -> None:
        delete_source(source=source)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:sources_datasource_changelist")


@admin.register(models.ContentUnit)
class ContentUnitAdmin(MachineWritten):
    list_display = ["external_id", "title", "category", "source", "organization", "published_at"]
    list_filter = ["source__organization"]
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
class PackedInteractionsAdmin(MachineWritten):
    list_display = ["content", "period", "groups", "interactions", "unknown_part", "estimated"]
    list_filter = ["estimated", "content__source__organization"]
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


@admin.register(models.Comment)
class CommentAdmin(MachineWritten):
    list_display = ["beginning", "content", "likes", "published_at"]
    list_filter = ["content__source__organization"]
    list_select_related = ["content"]
    search_fields = ["text"]

    @admin.display(description="comment")
    def beginning(self, comment: models.Comment) -> str:
        return str(comment)


@admin.register(models.Upload)
class UploadAdmin(MachineWritten):
    list_display = ["id", "files", "organization", "created_by", "created_at"]
    list_filter = ["organization"]
    list_select_related = ["organization", "created_by"]
    date_hierarchy = "created_at"
    fields = ["organization", "files", "created_by", "created_at"]

    @admin.display(description="files")
    def files(self, upload: models.Upload) -> str:
        return str(upload)


@admin.register(models.Collection)
class CollectionAdmin(RunAdmin):
    list_display = ["id", "source", "organization", "state", "stage", "read", "accepted", "rejected", "created_at"]
    list_filter = ["state", "mode", "source__organization"]
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


class NewTokenForm(forms.ModelForm):
    """What a new key is for and may do; the key itself is made by the verb."""

    scopes = forms.MultipleChoiceField(
        choices=models.ApiToken.Scope.choices, initial=["read"], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = models.ApiToken
        fields = ["organization", "name", "scopes", "expires_at"]

    def clean_expires_at(self):
        try:
            return refuse_past(self.cleaned_data["expires_at"])
        except DataError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(models.ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Keys are made and deleted; of one that exists only the name changes."""

    list_display = ["name", "organization", "beginning", "may", "created_by", "expires_at", "last_used_at"]
    list_filter = ["organization"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["name", "prefix", "organization__name"]
    autocomplete_fields = ["organization"]
    fixed = ["organization", "beginning", "may", "created_by", "created_at", "expires_at", "last_used_at"]

    @admin.display(description="key", ordering="prefix")
    def beginning(self, token: models.ApiToken) -> str:
        return format_html("<code>{}…</code>", token.prefix)

    @admin.display(description="scopes")
    def may(self, token: models.ApiToken) -> str:
        return ", ".join(token.scopes)

    def get_fields(self, request, obj=None) -> list[str]:
        return ["name", *self.fixed] if obj else NewTokenForm.Meta.fields

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return self.fixed if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **(kwargs if obj else {"form": NewTokenForm, **kwargs}))

    def save_model(self, request, obj: models.ApiToken, form, change: bool) -> None:
        if change:
            obj.save(update_fields=["name"])
            return
        token, plain = create_token(**form.cleaned_data, created_by=request.user)
        obj.pk = token.pk
        obj.refresh_from_db()
        words = "Keep this key: <code>{}</code>. It is not stored and cannot be shown again."
        self.message_user(request, format_html(words, plain), messages.WARNING)
