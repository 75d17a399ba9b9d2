"""Organizations and their members."""

from django.contrib import admin

from sources import models
from sources.admin.bases import Owned, OwnOrganizations, Ruled
from sources.organizing import change_role, remove_member


class MembershipInline(admin.TabularInline):
    """Who is in; roles are changed and people taken out by way of the link, where the rules are asked."""

    model = models.Membership
    autocomplete_fields = ["user"]
    extra = 0
    show_change_link = True

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(models.Organization)
class OrganizationAdmin(Owned):
    owner = "pk"
    list_display = ["name", "slug", "small_cell_threshold", "created_at"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]

    def has_delete_permission(self, request, obj=None) -> bool:
        """An organization holds everything: it does not go by a click here."""
        return False


@admin.register(models.Membership)
class MembershipAdmin(Owned, Ruled):
    owner = "organization"
    list_display = ["user", "organization", "role"]
    list_filter = ["role", ("organization", OwnOrganizations)]
    list_select_related = ["user", "organization"]
    search_fields = ["user__username", "organization__name"]
    autocomplete_fields = ["user", "organization"]
    settled = ["user", "organization"]

    def save_model(self, request, obj: models.Membership, form, change: bool) -> None:
        if change:
            change_role(membership=obj, role=obj.role)
        else:
            obj.save()

    def delete_model(self, request, obj: models.Membership) -> None:
        remove_member(membership=obj)
