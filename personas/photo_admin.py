"""The gallery with what the personas know of it: who shows a photo, and which photos are missing."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from enrichment.admin.photos import PhotoAdmin
from enrichment.models import Photo
from enrichment.querysets import curated_by
from personas.lacking import current_identities, lacks_of
from personas.models import Identity
from personas.photos import choose_again, fitting_photos, tell_rights, withdraw_photo
from sources.admin.bases import Ruled
from sources.errors import DataError
from sources.models import Organization

OFFERED = 24
OFFER = '<img class="apg-photo" src="{}" alt="{}" title="{}" width="96" height="96" loading="lazy">'


class UseFilter(admin.SimpleListFilter):
    title, parameter_name = "use", "used"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [("yes", "Shown by a persona"), ("no", "Free")]

    def queryset(self, request, queryset):
        wish = {"yes": {"use_count__gt": 0}, "no": {"use_count": 0}}.get(self.value(), {})
        return queryset.filter(**wish)


class UsedPhotoAdmin(PhotoAdmin):
    list_display = [*PhotoAdmin.list_display, "use"]
    list_filter = [*PhotoAdmin.list_filter, UseFilter]
    fields = [*PhotoAdmin.fields, "where_used"]
    readonly_fields = [*PhotoAdmin.readonly_fields, "where_used"]

    def get_queryset(self, request) -> QuerySet:
        mine = _identities(request).filter(photo=OuterRef("pk")).order_by().values("photo")
        count = Subquery(mine.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
        return super().get_queryset(request).annotate(use_count=Coalesce(count, 0))

    def get_urls(self) -> list:
        missing = path("missing/", self.admin_site.admin_view(self.missing_view), name="enrichment_photo_missing")
        return [missing, *super().get_urls()]

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        links = {
            "title": "Photos",
            "missing_address": reverse("admin:enrichment_photo_missing"),
            "may_hand_in": request.user.has_perm("enrichment.add_photopack"),
        }
        return super().changelist_view(request, (extra_context or {}) | links)

    def get_object(self, request, object_id, from_field=None) -> Photo | None:
        photo = super().get_object(request, object_id, from_field)
        if photo is not None:
            photo.shown_by = _identities(request).filter(photo=photo).select_related("organization")
        return photo

    @admin.display(description="used", ordering="use_count")
    def use(self, photo: Photo) -> str:
        return {0: "Free", 1: "1 persona"}.get(photo.use_count, f"{photo.use_count} personas")

    @admin.display(description="shown by")
    def where_used(self, photo: Photo) -> str:
        lines = (
            (reverse("admin:personas_identity_change", args=[one.pk]), one.name, one.organization)
            for one in photo.shown_by
        )
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>, {}', lines) or "no persona"

    @admin.action(description="Retire the selected photos", permissions=["change"])
    def retire(self, request, queryset) -> None:
        showing = Identity.objects.filter(photo__in=self.mine(request, queryset).values("pk")).count()
        super().retire(request, queryset)
        if showing:
            many = "1 persona keeps showing" if showing == 1 else f"{showing} personas keep showing"
            words = f"{many} what was retired, until you choose other pictures in the list of identities."
            self.message_user(request, words, messages.WARNING)

    def get_deleted_objects(self, objs, request) -> tuple[list, dict, set, list]:
        """Name the personas that get another picture."""
        showing = [f"{one}, who gets another picture" for one in _identities(request).filter(photo__in=objs)]
        named, counts, *refusals = super().get_deleted_objects(objs, request)
        return [*named, *showing], counts, *refusals

    def after_retagging(self, photos: QuerySet) -> None:
        tell_rights(photos=photos)

    def withdraw(self, photo: Photo) -> None:
        withdraw_photo(photo=photo)

    def missing_view(self, request: HttpRequest) -> HttpResponse:
        """Who uses drawings for want of a photo; posted, an organization's personas get those that are there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        organizations = Organization.objects.all() if request.user.is_superuser else curated_by(request.user)
        if request.method == "POST":
            chosen = get_object_or_404(organizations, pk=request.POST.get("organization"))
            choose_and_tell(self, request, current_identities(chosen))
            return redirect("admin:enrichment_photo_missing")
        peopled = organizations.filter(identities__isnull=False).distinct()
        context = self.admin_site.each_context(request) | {
            "title": "What is missing",
            "opts": self.opts,
            "media": self.media,
            "houses": [lacks_of(organization) for organization in peopled],
        }
        return TemplateResponse(request, "admin/enrichment/photo/missing.html", context)


class PhotoChoiceForm(forms.ModelForm):
    """The free photos of the library that fit an identity, to choose one of."""

    library_photo = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect(attrs={"class": "apg-offers"}),
        help_text="The free photos that fit best; the one that you choose is pinned.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offered = fitting_photos(self.instance, OFFERED) if self.instance.pk else []
        offers = [(str(photo.pk), _offer(photo)) for photo in offered]
        self.fields["library_photo"].choices = [("", "Leave the picture as it is"), *offers]
        if not offers:
            self.fields["library_photo"].help_text = "The library has no free photo that fits."

    def clean_library_photo(self) -> Photo | None:
        chosen = self.cleaned_data["library_photo"]
        return Photo.objects.get(pk=chosen) if chosen else None


class PictureChoosing(Ruled):
    """The part of the identities' admin that deals with photos of the library."""

    class Media:
        css = {"all": ["apg_admin/gallery.css"]}

    @admin.action(description="Choose the pictures again", permissions=["change"])
    def choose_again(self, request, queryset) -> None:
        choose_and_tell(self, request, queryset)


def choose_and_tell(page: admin.ModelAdmin, request: HttpRequest, identities: QuerySet) -> None:
    """Have pictures chosen again, and say what it came to."""
    try:
        given = choose_again(identities=identities, by=request.user)
    except DataError as error:
        page.message_user(request, str(error), messages.ERROR)
        return
    photos = f"{given.photos} {'persona' if given.photos == 1 else 'personas'} got a photo"
    page.message_user(request, f"{photos}, {given.illustrations} an illustration; pinned pictures stay.")


def _offer(photo: Photo) -> str:
    return format_html(OFFER, reverse("admin:enrichment_photo_small", args=[photo.pk]), photo, photo.right)


def _identities(request: HttpRequest) -> QuerySet:
    """The identities that the person may know of."""
    everybody = Identity.objects.all()
    return everybody if request.user.is_superuser else everybody.filter(organization__in=curated_by(request.user))
