"""The manners of the admin: rows that programs write, runs, and rows that verbs change."""

from typing import ClassVar

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse

from sources.errors import DataError
from sources.models import Organization


class OwnOrganizations(admin.RelatedFieldListFilter):
    """A filter by organization that names only those which the person administers."""

    def field_choices(self, field, request, model_admin) -> list[tuple]:
        return [(one.pk, str(one)) for one in Organization.objects.administered_by(request.user)]


class Owned(admin.ModelAdmin):
    """Rows of organizations: a member of staff sees and chooses those of the organizations that he or she administers.

    `owner` is the path from the row to its organization.
    """

    owner: ClassVar[str]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.owner}__in": Organization.objects.administered_by(request.user)})

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Organization:
            kwargs["queryset"] = Organization.objects.administered_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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


class Ruled(admin.ModelAdmin):
    """Rows that verbs change: what a verb refuses is told in its words, and each row is deleted by itself."""

    settled: ClassVar[list[str]] = []  # fields that are chosen once, when the row is made

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(self.settled if obj else [])]

    def get_actions(self, request) -> dict:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DataError as error:
            return self._refused(request, error, request.path)

    def delete_view(self, request, *args, **kwargs):
        try:
            return super().delete_view(request, *args, **kwargs)
        except DataError as error:
            return self._refused(
                request, error, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )

    def _refused(self, request, error: DataError, address: str):
        self.message_user(request, str(error), messages.ERROR)
        return redirect(address)
