"""Two identities made one: chosen in the list, looked at before, and confirmed."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from personas.merging import MergePreview, merge_identities, preview_merge
from personas.models import Identity
from sources.admin.bases import Ruled
from sources.errors import DataError

LIST = "admin:personas_identity_changelist"
SETS_SHOWN = 30


class MergeForm(forms.Form):
    """Which of the two is kept."""

    kept = forms.ModelChoiceField(Identity.objects.none(), widget=forms.HiddenInput)
    merged = forms.ModelChoiceField(Identity.objects.none(), widget=forms.HiddenInput)
    why = forms.CharField(required=False, max_length=300)

    def __init__(self, *args, identities, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kept", "merged"):
            self.fields[name].queryset = identities


class Merges(Ruled):
    """The part of the identities' admin that merges."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("merge/", view, name="personas_identity_merge"), *super().get_urls()]

    @admin.action(description="Merge the two selected personas", permissions=["change"])
    def merge(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, "Select two personas to merge.", messages.ERROR)
            return None
        return redirect(f"{reverse('admin:personas_identity_merge')}?kept={keys[0]}&merged={keys[1]}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a merge would do; posted, do it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = MergeForm(request.POST or request.GET, identities=self.get_queryset(request))
        if not form.is_valid():
            self.message_user(request, "Select two personas to merge.", messages.ERROR)
            return redirect(LIST)
        kept, merged = form.cleaned_data["kept"], form.cleaned_data["merged"]
        try:
            if request.method == "POST":
                merge_identities(kept=kept, merged=merged, by=request.user, why=form.cleaned_data["why"])
                self.message_user(request, f"{merged} was merged into {kept}. The history can revert it.")
                return redirect("admin:personas_identity_change", kept.pk)
            return self._preview(request, preview_merge(kept=kept, merged=merged))
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(LIST)

    def _preview(self, request: HttpRequest, plan: MergePreview) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": "Merge two personas",
            "opts": self.opts,
            "media": self.media,
            "plan": plan,
            "shown": plan.shared[:SETS_SHOWN],
            "left": max(0, len(plan.shared) - SETS_SHOWN),
        }
        return TemplateResponse(request, "admin/personas/identity/merge.html", context)
