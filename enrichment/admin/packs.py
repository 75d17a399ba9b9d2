"""Packs of photos: handed in, their report read, confirmed or thrown away."""

import csv
from pathlib import Path

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from enrichment import models
from enrichment.admin.forms import SHARED, HandInForm
from enrichment.importing import check_again, confirm_pack, discard_pack, hand_in_pack
from enrichment.reporting import all_lines, report_of, with_last_run
from sources.admin.bases import MachineWritten, Ruled, RunAdmin
from sources.connectors.files.rejects import guarded
from sources.errors import DataError
from sources.models import Organization
from sources.queueing import is_worked_on

TEMPLATE = Path(__file__).parent.parent / "data" / "templates" / "manifest.csv"
STANDINGS = {
    ("check", "queued"): "Waiting to be checked",
    ("check", "running"): "Being checked",
    ("check", "done"): "Checked, to be confirmed",
    ("import", "queued"): "Waiting to be imported",
    ("import", "running"): "Being imported",
    ("import", "done"): "Imported",
}
VERBS = {"confirm": confirm_pack, "check": check_again}


@admin.register(models.PhotoPack)
class PhotoPackAdmin(Ruled):
    """What is handed in is not edited: it is checked, confirmed or thrown away."""

    list_display = ["name", "library_name", "standing", "can_be_taken", "refused", "created_by", "created_at"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["name", "organization__name"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    class Media:
        css = {"all": ["apg_admin/gallery.css"]}

    def get_queryset(self, request) -> QuerySet:
        return with_last_run(super().get_queryset(request).visible_to(request.user))

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and _is_curator(request, obj)

    def get_fields(self, request, obj=None) -> list[str]:
        return ["name", "library_name", "created_by", "created_at"] if obj else ["name", "library", "file"]

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, **{"form": HandInForm, **kwargs})
        return type("Form", (form,), {"libraries": _libraries(request)})

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"title": "Packs of photos"})

    def add_view(self, request, form_url="", extra_context=None) -> HttpResponse:
        return super().add_view(request, form_url, (extra_context or {}) | {"title": "Hand in a pack of photos"})

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("manifest.csv", view(self.manifest_view), name="enrichment_photopack_manifest"),
            path("<int:pk>/report.csv", view(self.report_view), name="enrichment_photopack_report"),
            path("<int:pk>/confirm/", view(self.next_view), {"step": "confirm"}, name="enrichment_photopack_confirm"),
            path("<int:pk>/check/", view(self.next_view), {"step": "check"}, name="enrichment_photopack_check"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        pack = self.get_object(request, object_id)
        found = {}
        if pack is not None:
            found = {"pack": pack, "report": report_of(pack), "is_worked_on": is_worked_on(), "subtitle": None}
            found |= {"may_act": self.has_add_permission(request) and _is_curator(request, pack), "title": pack.name}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | found)

    def next_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Confirm a pack, or have it checked again."""
        pack = self._found(request, pk)
        if request.method == "POST" and self.has_add_permission(request) and _is_curator(request, pack):
            try:
                VERBS[step](pack=pack, requested_by=request.user)
            except DataError as error:
                self.message_user(request, str(error), messages.ERROR)
        return redirect("admin:enrichment_photopack_change", pk)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The report as a CSV, to mend the manifest by."""
        lines = all_lines(self._found(request, pk))
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="pack-{pk}-report.csv"'
        writer = csv.writer(response)
        writer.writerow(["file", "line", "outcome", "reason", "notes"])
        for line in lines:
            words = (line.file, line.outcome, line.reason, " ".join(line.notes))
            file, *rest = (guarded(word) for word in words)
            writer.writerow([file, line.line or "", *rest])
        return response

    def manifest_view(self, request: HttpRequest) -> FileResponse:
        """A small manifest to fill in."""
        return FileResponse(TEMPLATE.open("rb"), as_attachment=True, filename="manifest.csv")

    def save_model(self, request, obj: models.PhotoPack, form: HandInForm, change: bool) -> None:
        given = form.cleaned_data
        pack = hand_in_pack(
            organization=given["library"], name=given["name"], file=given["file"], created_by=request.user
        )
        obj.pk = pack.pk
        obj.refresh_from_db()

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return redirect("admin:enrichment_photopack_change", obj.pk)

    def delete_model(self, request, obj: models.PhotoPack) -> None:
        discard_pack(pack=obj)

    def get_deleted_objects(self, objs, request) -> tuple[list, dict, set, list]:
        """Photos that a pack brought stay: only the file and the reports go."""
        runs = models.PackRun.objects.filter(pack__in=objs).count()
        return [str(pack) for pack in objs], {"packs": len(objs), "reports": runs}, set(), []

    @admin.display(description="library", ordering="organization__name")
    def library_name(self, pack: models.PhotoPack) -> str:
        return str(pack.organization) if pack.organization else "Shared with all organizations"

    @admin.display(description="state")
    def standing(self, pack: models.PhotoPack) -> str:
        known = STANDINGS.get((pack.last_task, pack.last_state))
        return known or f"{pack.last_task or 'check'} {pack.last_state or 'not begun'}".capitalize()

    @admin.display(description="can be taken")
    def can_be_taken(self, pack: models.PhotoPack) -> str:
        return f"{pack.last_accepted or 0:,}"

    @admin.display(description="refused")
    def refused(self, pack: models.PhotoPack) -> str:
        return f"{pack.last_refused or 0:,}"

    def _found(self, request, pk: int) -> models.PhotoPack:
        pack = self.get_object(request, str(pk))
        if pack is None or not self.has_view_permission(request, pack):
            raise Http404
        return pack


@admin.register(models.PackRun)
class PackRunAdmin(RunAdmin):
    list_display = ["id", "pack", "task", "state", "stage", "accepted", "refused", "created_at"]
    list_filter = ["state", "task"]
    list_select_related = ["pack"]
    search_fields = ["pack__name"]
    exclude = ["findings"]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user).defer("findings")


@admin.register(models.PhotoPlace)
class PhotoPlaceAdmin(MachineWritten):
    """The places of a photo stand on its page; here they are only looked up."""

    list_display = ["photo", "country", "region"]
    list_select_related = ["photo"]
    search_fields = ["=country", "region", "photo__pack__name"]

    def get_queryset(self, request) -> QuerySet:
        photos = models.Photo.objects.visible_to(request.user)
        return super().get_queryset(request).filter(photo__in=photos)

    def has_module_permission(self, request) -> bool:
        return False


def _libraries(request: HttpRequest) -> list[tuple[str, str]]:
    """The libraries that the person may hand packs in for."""
    organizations = Organization.objects.administered_by(request.user)
    shared = [(SHARED, "Shared: all organizations")] if request.user.is_superuser else []
    return shared + [(str(pk), name) for pk, name in organizations.values_list("pk", "name")]


def _is_curator(request: HttpRequest, pack: models.PhotoPack | None) -> bool:
    return pack is None or models.PhotoPack.objects.curated_by(request.user).filter(pk=pack.pk).exists()
