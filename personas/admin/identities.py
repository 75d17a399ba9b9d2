"""Identities in the admin: the name, the picture and the description are to be chosen, and stay when they are."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html

from enrichment.measures.photographs import clean_picture
from personas import models
from personas.admin.history import Histories
from personas.admin.merges import Merges
from personas.curating import describe_identity, pin, refuse_description, refuse_name, rename_identity, set_picture
from personas.photo_admin import PhotoChoiceForm, PictureChoosing
from personas.photos import set_photo
from sources.admin.bases import OwnOrganizations
from sources.countries import place_name
from sources.errors import DataError

PARTS = ("name", "picture", "description")


class IdentityForm(PhotoChoiceForm):
    """The name, the picture and the description; changing one pins it."""

    new_picture = forms.FileField(
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPEG, PNG or WEBP, up to 8 MB, each side at least 200 pixels. It is cropped to a square.",
    )
    why = forms.CharField(
        required=False, max_length=300, help_text="Optional. It stands in the history, beside what you change now."
    )

    class Meta:
        model = models.Identity
        fields = ["name", "name_pinned", "picture_pinned", "description", "description_pinned"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3, "cols": 80})}

    def clean_name(self) -> str:
        return _in_words(refuse_name, self.instance, self.cleaned_data["name"])

    def clean_description(self) -> str:
        text = self.cleaned_data["description"]
        return _in_words(refuse_description, text) if text.strip() else ""

    def clean_new_picture(self):
        file = self.cleaned_data["new_picture"]
        if not file:
            return None
        _in_words(clean_picture, file)
        file.seek(0)
        return file


@admin.register(models.Identity)
class IdentityAdmin(Histories, Merges, PictureChoosing):
    """Who the personas are; what is changed is pinned, stands on the pages at once, and can be undone."""

    form = IdentityForm
    list_display = ["face", "name", "organization", "gender", "age_group", "place", "pinned", "standing"]
    list_display_links = ["face", "name"]
    list_filter = [
        "name_pinned",
        "picture_pinned",
        "description_pinned",
        "gender",
        "age_group",
        ("organization", OwnOrganizations),
    ]
    list_select_related = ["organization", "merged_into"]
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
        "made",
        "description",
        "description_pinned",
        "why",
        "standing",
        "organization",
        "gender",
        "age_group",
        "place",
    ]
    actions = ["choose_again", "merge"]
    readonly_fields = [
        "face",
        "picture_origin",
        "name_origin",
        "made",
        "standing",
        "organization",
        "gender",
        "age_group",
        "place",
    ]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_fields(self, request, obj=None) -> list[str]:
        """Whether it was merged is said of those that were."""
        return [name for name in self.fields if name != "standing" or (obj and obj.merged_into)]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).curated_by(request.user)

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

    @admin.display(description="description made of the data")
    def made(self, identity: models.Identity) -> str:
        latest = identity.personas.order_by("-persona_set__generation", "persona_set__size").first()
        return latest.description if latest else "This persona is in no set."

    @admin.display(description="pinned")
    def pinned(self, identity: models.Identity) -> str:
        return " and ".join(part for part in PARTS if getattr(identity, f"{part}_pinned"))

    @admin.display(description="merged")
    def standing(self, identity: models.Identity) -> str:
        if not identity.merged_into:
            return ""
        address = reverse("admin:personas_identity_change", args=[identity.merged_into_id])
        return format_html('into <a href="{}">{}</a>', address, identity.merged_into)

    def save_model(self, request, obj: models.Identity, form: IdentityForm, change: bool) -> None:
        given, changed = form.cleaned_data, set(form.changed_data)
        said = {"identity": obj, "by": request.user, "why": given["why"]}
        pins = {part: given[f"{part}_pinned"] for part in PARTS if f"{part}_pinned" in changed}
        if "description" in changed:
            pins.pop("description", None)
            if given["description"]:
                describe_identity(text=given["description"], **said)
            else:
                pins["description"] = False
        pin(**pins, **said)
        if "name" in changed:
            rename_identity(name=given["name"], **said)
        if given["new_picture"]:
            set_picture(file=given["new_picture"], **said)
        elif given["library_photo"]:
            set_photo(photo=given["library_photo"], **said)


def _in_words(check, *values):
    try:
        return check(*values)
    except DataError as error:
        raise forms.ValidationError(str(error)) from error
