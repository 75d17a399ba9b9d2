"""What was changed of an identity, read on its page, and taken back by a click that is asked about once more."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from personas import models
from personas.history import in_words
from personas.undoing import undo
from sources.admin.bases import MachineWritten, OwnOrganizations, Ruled
from sources.errors import DataError

SHOWN = 10


@admin.register(models.IdentityChange)
class IdentityChangeAdmin(MachineWritten):
    """All changes in one list; they are undone on the identity's page."""

    list_display = ["at", "identity", "words", "user", "why", "undone"]
    list_filter = ["verb", ("identity__organization", OwnOrganizations)]
    list_select_related = ["identity", "user", "undone_by"]
    search_fields = ["identity__name", "why", "user__username"]
    date_hierarchy = "at"
    fields = ["at", "identity", "words", "user", "why", "undone"]

    def get_queryset(self, request):
        return super().get_queryset(request).curated_by(request.user)

    @admin.display(description="what")
    def words(self, change: models.IdentityChange) -> str:
        return f"Undone: {in_words(change)}" if change.undoes_id else in_words(change)

    @admin.display(boolean=True)
    def undone(self, change: models.IdentityChange) -> bool:
        return change.is_undone


class Histories(Ruled):
    """The part of the identities' admin that shows and undoes changes."""

    change_form_template = "admin/personas/identity/change_form.html"

    class Media:
        css = {"all": ["apg_admin/curating.css"]}

    def get_urls(self) -> list:
        undoing = path(
            "<int:pk>/undo/<int:change>/", self.admin_site.admin_view(self.undo_view), name="personas_identity_undo"
        )
        return [undoing, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        identity = self.get_object(request, object_id)
        found = self._history(request, identity, SHOWN) if identity else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | found)

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        """Every change of the identity, in place of Django's own log, which knows less."""
        identity = self._identity(request, object_id)
        if not self.has_view_permission(request, identity):
            raise PermissionDenied
        context = self._context(request, identity, f"History of {identity}") | self._history(request, identity)
        return TemplateResponse(request, "admin/personas/identity/history.html", context)

    def undo_view(self, request: HttpRequest, pk: int, change: int) -> HttpResponse:
        """Ask, and when that is answered, take the change back."""
        identity = self._identity(request, str(pk))
        if not self.has_change_permission(request, identity):
            raise PermissionDenied
        entry = models.IdentityChange.objects.of(identity).filter(pk=change).first()
        if entry is None:
            raise Http404
        if request.method != "POST":
            context = self._context(request, identity, "Undo this change?") | {"change": entry}
            return TemplateResponse(request, "admin/personas/identity/undo.html", context)
        try:
            undo(change=entry, by=request.user, why=request.POST.get("why", ""))
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, "Undone. This stands in the history too, and can be undone itself.")
        return redirect(reverse("admin:personas_identity_history", args=[identity.pk]))

    def _identity(self, request, object_id: str) -> models.Identity:
        identity = self.get_object(request, object_id)
        if identity is None:
            raise Http404
        return identity

    def _history(self, request, identity: models.Identity, most: int | None = None) -> dict:
        entries = models.IdentityChange.objects.of(identity)
        return {
            "changes": entries[:most] if most else entries,
            "more": max(0, entries.count() - most) if most else 0,
            "may_undo": self.has_change_permission(request, identity),
        }

    def _context(self, request, identity: models.Identity, title: str) -> dict:
        known = {"title": title, "opts": self.opts, "media": self.media, "original": identity, "identity": identity}
        return self.admin_site.each_context(request) | known
