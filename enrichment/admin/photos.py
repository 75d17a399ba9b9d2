"""The gallery: photos looked at, approved, retired and tagged, one by one or many at a time."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from enrichment.admin import filters
from enrichment.admin.forms import PhotoForm, RetagForm
from enrichment.curating import Retagging, approve, delete_photo, preview_retagging, retag, retire
from enrichment.models import Photo
from sources.admin.bases import Ruled
from sources.countries import place_name

SHOWN_IN_PREVIEW = 200
PLACES_SHOWN = 4
IMAGE = '<img class="apg-photo" src="{}" alt="{}" width="{}" height="{}" loading="lazy">'


class PhotoAdmin(Ruled):
    """Photos, without knowing who shows them: whoever does adds that (see `after_retagging` and `withdraw`)."""

    form = PhotoForm
    list_display = ["picture", "who", "fits", "right", "standing"]
    list_display_links = ["picture", "who"]
    list_filter = [
        filters.StateFacet,
        filters.GenderFacet,
        filters.AgeFacet,
        filters.RegionFacet,
        filters.LicenceFacet,
        filters.OrganizationFacet,
    ]
    list_select_related = ["organization"]
    list_per_page = 60
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False
    search_fields = ["file_name", "credit", "pack__name"]
    actions = ["approve", "retire", "retag"]
    fields = [
        "portrait",
        "standing",
        ("gender", "age_min", "age_max"),
        ("countries", "regions"),
        ("licence", "licence_url"),
        ("credit", "release"),
        "library",
        "origin",
    ]
    readonly_fields = ["portrait", "standing", "library", "origin"]

    class Media:
        css = {"all": ["apg_admin/gallery.css"]}

    def has_add_permission(self, request, obj=None) -> bool:
        """Photos come in packs, which say by which right they are used."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and self._is_curator(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_curator(request, obj)

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user).prefetch_related("places")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/image/", view(self.image_view), {"part": "image"}, name="enrichment_photo_image"),
            path("<int:pk>/small/", view(self.image_view), {"part": "thumbnail"}, name="enrichment_photo_small"),
            path("retag/", view(self.retag_view), name="enrichment_photo_retag"),
            *super().get_urls(),
        ]

    def image_view(self, request: HttpRequest, pk: int, part: str) -> FileResponse:
        """The picture, large or small, for those who may see the photo here."""
        photo = self.get_object(request, str(pk))
        if photo is None or not self.has_view_permission(request, photo):
            raise Http404
        file = getattr(photo, part)
        if not file.storage.exists(file.name):
            raise Http404
        # A photo's file never changes.
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return FileResponse(file.open("rb"), content_type="image/jpeg", headers=headers)

    @admin.display(description="photo")
    def picture(self, photo: Photo) -> str:
        return format_html(IMAGE, reverse("admin:enrichment_photo_small", args=[photo.pk]), photo, 192, 192)

    @admin.display(description="photo")
    def portrait(self, photo: Photo) -> str:
        return format_html(IMAGE, reverse("admin:enrichment_photo_image", args=[photo.pk]), photo, 512, 512)

    @admin.display(description="shows", ordering="age_min")
    def who(self, photo: Photo) -> str:
        return str(photo)

    @admin.display(description="fits")
    def fits(self, photo: Photo) -> str:
        places = [place_name(place.country or place.region) for place in photo.places.all()]
        more = [f"{len(places) - PLACES_SHOWN} more"] if len(places) > PLACES_SHOWN else []
        return ", ".join(places[:PLACES_SHOWN] + more)

    @admin.display(description="licence", ordering="licence")
    def right(self, photo: Photo) -> str:
        return photo.right

    @admin.display(description="state", ordering="state")
    def standing(self, photo: Photo) -> str:
        whose = str(photo.organization) if photo.organization else "Shared"
        missing = "" if photo.release else mark_safe('<span class="apg-lack">no model release</span>')
        words = '<span class="apg-state apg-state-{}">{}</span> <span class="apg-whose">{}</span> {}'
        return format_html(words, photo.state, photo.get_state_display(), whose, missing)

    @admin.display(description="library")
    def library(self, photo: Photo) -> str:
        return str(photo.organization) if photo.organization else "Shared with all organizations"

    @admin.display(description="came in")
    def origin(self, photo: Photo) -> str:
        return f"{photo.pack or 'a pack that was thrown away'}, as {photo.file_name}, {photo.created_at:%Y-%m-%d}"

    @admin.action(description="Approve the selected photos", permissions=["change"])
    def approve(self, request, queryset) -> None:
        mine = self._curated(request, queryset)
        done = approve(photos=mine, by=request.user)
        self.message_user(request, f"{done.now:,} approved.{f' {done.before:,} were before.' if done.before else ''}")
        if done.without_release:
            words = f"{done.without_release:,} cannot be approved: they name no model release. Retag them to add one."
            self.message_user(request, words, messages.WARNING)

    @admin.action(description="Retire the selected photos", permissions=["change"])
    def retire(self, request, queryset) -> None:
        self.message_user(request, f"{retire(photos=self._curated(request, queryset), by=request.user):,} retired.")

    @admin.action(description="Retag the selected photos…", permissions=["change"])
    def retag(self, request, queryset) -> HttpResponse:
        keys = self._curated(request, queryset).order_by().values_list("pk", flat=True)
        return self._retag_page(request, RetagForm(initial={"photos": ",".join(map(str, keys))}), list(keys))

    def retag_view(self, request: HttpRequest) -> HttpResponse:
        """What new tags would do to the photos (`preview`), and the doing of it (`apply`)."""
        if request.method != "POST" or not self.has_change_permission(request):
            return redirect("admin:enrichment_photo_changelist")
        form = RetagForm(request.POST)
        sound = form.is_valid()
        keys = form.cleaned_data.get("photos", [])
        if not sound:
            return self._retag_page(request, form, keys)
        photos = Photo.objects.curated_by(request.user).filter(pk__in=keys)
        if "apply" not in request.POST:
            return self._retag_page(request, form, keys, preview_retagging(photos=photos, wish=form.wish))
        with transaction.atomic():
            done = retag(photos=photos, wish=form.wish)
            self.after_retagging(photos)
        self.message_user(request, f"{sum(one.changes for one in done):,} of {len(done):,} photos retagged.")
        return redirect("admin:enrichment_photo_changelist")

    def save_model(self, request, obj: Photo, form: PhotoForm, change: bool) -> None:
        stored = Photo.objects.filter(pk=obj.pk)
        retag(photos=stored, wish=form.wish)
        self.after_retagging(stored)

    def delete_model(self, request, photo: Photo) -> None:
        self.withdraw(photo)

    def get_deleted_objects(self, objs, request) -> tuple[list, dict, set, list]:
        return [str(photo) for photo in objs], {"photos": len(objs)}, set(), []

    def after_retagging(self, photos: QuerySet) -> None:
        """Pass on, where photos are shown, what changed of them; here nobody shows any."""

    def withdraw(self, photo: Photo) -> None:
        """Delete a photo, also from where it is shown."""
        delete_photo(photo=photo)

    def _is_curator(self, request, photo: Photo | None) -> bool:
        return photo is None or Photo.objects.curated_by(request.user).filter(pk=photo.pk).exists()

    def mine(self, request, queryset: QuerySet) -> QuerySet:
        """Those of the photos that the person may change."""
        return Photo.objects.curated_by(request.user).filter(pk__in=queryset.order_by().values("pk"))

    def _curated(self, request, queryset: QuerySet) -> QuerySet:
        """Leave out what the person may only look at, and say so."""
        mine = self.mine(request, queryset)
        others = queryset.count() - mine.count()
        if others:
            words = f"{others:,} belong to the shared library and stay as they are."
            self.message_user(request, words, messages.WARNING)
        return mine

    def _retag_page(self, request, form: RetagForm, keys: list[int], plan: list[Retagging] | None = None):
        photos = Photo.objects.curated_by(request.user).filter(pk__in=keys)
        shown = photos.prefetch_related("places")[:SHOWN_IN_PREVIEW] if plan is None else []
        context = self.admin_site.each_context(request) | {
            "title": "Retag photos",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "photos": shown,
            "count": len(keys),
            "left": max(0, len(keys) - SHOWN_IN_PREVIEW),
            "plan": plan and [one for one in plan if one.changes][:SHOWN_IN_PREVIEW],
            "touched": sum(one.changes for one in plan or ()),
            "refused": [one for one in plan or () if one.problem],
            "previewed": plan is not None,
        }
        return TemplateResponse(request, "admin/enrichment/photo/retag.html", context)
