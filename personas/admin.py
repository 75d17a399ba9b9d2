"""Generations, sets and personas in the admin: looked at. The name and the picture of an identity are to be chosen."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.db.models.functions import Length
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from enrichment.measures.photographs import clean_picture
from enrichment.models import Photo
from personas import models
from personas.curating import pin, refuse_name, rename_identity, set_picture
from personas.note_admin import NoteAdmin
from personas.photo_admin import PhotoChoiceForm, PictureChoosing, UsedPhotoAdmin
from personas.photos import set_photo
from sources.admin.bases import MachineWritten, RunAdmin
from sources.countries import place_name
from sources.errors import DataError
from sources.models import ContentUnit
from sources.packing import COUNTS, IDS

CONTENTS_SHOWN = 10

admin.site.register(Photo, UsedPhotoAdmin)
admin.site.register(models.Note, NoteAdmin)


@admin.register(models.Generation)
class GenerationAdmin(RunAdmin):
    list_display = ["id", "organization", "period", "unit", "method", "state", "stage", "suggested_size", "created_at"]
    list_filter = ["state", "method", "unit", "organization"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "period__exact", "fingerprint__exact"]


@admin.register(models.AudienceRows)
class AudienceRowsAdmin(MachineWritten):
    list_display = ["generation", "count"]
    list_select_related = ["generation__organization"]
    fields = ["generation", "count"]

    def get_queryset(self, request):
        count = Length("totals") / COUNTS.itemsize
        return super().get_queryset(request).annotate(group_count=count).defer("groups", "totals")

    @admin.display(description="groups", ordering="group_count")
    def count(self, audience: models.AudienceRows) -> str:
        return f"{audience.group_count:,} groups"


@admin.register(models.PersonaSet)
class PersonaSetAdmin(MachineWritten):
    list_display = ["id", "generation", "size", "consistency_with_next"]
    list_filter = ["size", "generation__organization"]
    list_select_related = ["generation__organization"]


@admin.register(models.Persona)
class PersonaAdmin(MachineWritten):
    list_display = ["id", "who", "persona_set", "position", "gender", "age_group", "place", "part", "organization"]
    list_display_links = ["id"]
    list_filter = ["gender", "age_group", "persona_set__size", "identity__organization"]
    list_select_related = ["identity__organization", "persona_set"]
    search_fields = ["identity__name"]
    fields = [
        "who",
        "persona_set",
        "position",
        "gender",
        "age_group",
        "age",
        "place",
        "part",
        "stands_for",
        "groups",
        "liked",
        "heaviest",
        "description",
        "missing",
    ]

    def get_queryset(self, request):
        groups = Length("group_rows") / IDS.itemsize
        return super().get_queryset(request).annotate(group_count=groups).defer("group_rows", "group_shares")

    @admin.display(description="identity", ordering="identity__name")
    def who(self, persona: models.Persona) -> str:
        address = reverse("admin:personas_identity_change", args=[persona.identity_id])
        return format_html('<a href="{}">{}</a>', address, persona.identity.name)

    @admin.display(ordering="country")
    def place(self, persona: models.Persona) -> str:
        return place_name(persona.country) if persona.country else ""

    @admin.display(description="share", ordering="share")
    def part(self, persona: models.Persona) -> str:
        return f"{persona.share:.1%}"

    @admin.display(description="groups behind it")
    def groups(self, persona: models.Persona) -> str:
        return f"{persona.group_count:,} groups"

    @admin.display(description="interactions")
    def stands_for(self, persona: models.Persona) -> str:
        return f"{persona.interactions:,.0f}"

    @admin.display(description="topics")
    def liked(self, persona: models.Persona) -> str:
        return _lines(f"{topic['label']}: {_measured(topic)}" for topic in persona.topics)

    @admin.display(description=f"heaviest {CONTENTS_SHOWN} contents")
    def heaviest(self, persona: models.Persona) -> str:
        lines = persona.contents[:CONTENTS_SHOWN]
        units = ContentUnit.objects.of(persona.identity.organization).in_bulk([line["id"] for line in lines])
        return _lines(f"{units[line['id']]}: {_measured(line)}" for line in lines if line["id"] in units)

    @admin.display(description="not available")
    def missing(self, persona: models.Persona) -> str:
        return _lines(f"{part['attribute']}: {part['why']}" for part in persona.unavailable)

    @admin.display(ordering="identity__organization")
    def organization(self, persona: models.Persona) -> str:
        return str(persona.identity.organization)


def _measured(part: dict) -> str:
    return f"{part['share']:.1%}, {part['lift']:.1f} times the audience's share"


def _lines(words: Iterable[str]) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words))


class IdentityForm(PhotoChoiceForm):
    """The name and the picture; changing one pins it."""

    new_picture = forms.FileField(
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPEG, PNG or WEBP, up to 8 MB, each side at least 200 pixels. It is cropped to a square.",
    )

    class Meta:
        model = models.Identity
        fields = ["name", "name_pinned", "picture_pinned"]

    def clean_name(self) -> str:
        try:
            return refuse_name(self.instance, self.cleaned_data["name"])
        except DataError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_new_picture(self):
        file = self.cleaned_data["new_picture"]
        if not file:
            return None
        try:
            clean_picture(file)
        except DataError as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


@admin.register(models.Identity)
class IdentityAdmin(PictureChoosing):
    """Who the personas are; a changed name or picture is pinned and stands on the pages at once."""

    form = IdentityForm
    list_display = ["face", "name", "organization", "gender", "age_group", "place", "pinned"]
    list_display_links = ["face", "name"]
    list_filter = ["name_pinned", "picture_pinned", "gender", "age_group", "organization"]
    list_select_related = ["organization"]
    search_fields = ["name"]
    fields = [
        "face",
        "library_photo",
        "new_picture",
        "picture_pinned",
        "picture_origin",
        "name",
        "name_pinned",
        "name_origin",
        "organization",
        "gender",
        "age_group",
        "place",
    ]
    actions = ["choose_again"]
    readonly_fields = ["face", "picture_origin", "name_origin", "organization", "gender", "age_group", "place"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_urls(self) -> list:
        face = path("<int:pk>/face/", self.admin_site.admin_view(self.face_view), name="personas_identity_face")
        return [face, *super().get_urls()]

    def face_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The picture for those who may see the identity here, members of its organization or not."""
        identity = self.get_object(request, str(pk))
        if identity is None or not self.has_view_permission(request, identity) or not identity.picture:
            raise Http404
        if not identity.picture.storage.exists(identity.picture.name):
            raise Http404
        return FileResponse(identity.picture.open("rb"), headers={"Cache-Control": "private, max-age=86400"})

    @admin.display(description="picture")
    def face(self, identity: models.Identity) -> str:
        if not identity.picture:
            return "none"
        # The file's name in the address lets a new picture be seen at once.
        address = reverse("admin:personas_identity_face", args=[identity.pk])
        picture = '<img class="apg-face" src="{}?{}" alt="{}" width="48" height="48" loading="lazy">'
        return format_html(picture, address, identity.picture.name.rsplit("/")[-1], identity.name)

    @admin.display(ordering="country")
    def place(self, identity: models.Identity) -> str:
        return place_name(identity.country) if identity.country else ""

    @admin.display(description="pinned")
    def pinned(self, identity: models.Identity) -> str:
        pins = {"name": identity.name_pinned, "picture": identity.picture_pinned}
        return " and ".join(part for part, is_pinned in pins.items() if is_pinned)

    def save_model(self, request, obj: models.Identity, form: IdentityForm, change: bool) -> None:
        given, changed = form.cleaned_data, form.changed_data
        pins = {"name": given["name_pinned"], "picture": given["picture_pinned"]}
        pin(identity=obj, **{part: wish for part, wish in pins.items() if f"{part}_pinned" in changed})
        if "name" in changed:
            rename_identity(identity=obj, name=given["name"])
        if given["new_picture"]:
            set_picture(identity=obj, file=given["new_picture"])
        elif given["library_photo"]:
            set_photo(identity=obj, photo=given["library_photo"])
