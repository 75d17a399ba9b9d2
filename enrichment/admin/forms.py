"""The forms of the library: a pack handed in, the tags of one photo, and of many at a time."""

from typing import ClassVar

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from enrichment.curating import preview_retagging, tags_of
from enrichment.measures.manifests import LONGEST, OLDEST, RIGHTS, YOUNGEST, read_places, read_right, read_tags
from enrichment.measures.packs import look_into
from enrichment.measures.places import Place
from enrichment.models import Photo, PhotoPack
from sources.countries import place_name
from sources.errors import DataError
from sources.models import Gender, Organization

UNCHANGED = "as it is"
SHARED = "shared"


def words_of(places: tuple[Place, ...]) -> tuple[str, str]:
    """Return the countries and the regions in words, as the forms and the manifest take them."""
    countries = [place_name(place.country) for place in places if place.country]
    return " | ".join(countries), " | ".join(place_name(place.region) for place in places if not place.country)


class HandInForm(forms.ModelForm):
    """A ZIP, and whose library it goes to: chosen by intention, since what is shared is shared with everybody."""

    libraries: ClassVar[list[tuple[str, str]]] = []  # those that the person may choose, set for each request

    library = forms.ChoiceField(help_text="Who may use the photos. This cannot be changed later.")
    file = forms.FileField(
        label="ZIP file",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text="Pictures (JPEG, PNG or WEBP, up to 8 MB, at least 200 pixels wide and high) and a manifest.csv. "
        "First you get a report on every file; nothing joins the library before you confirm it.",
    )

    class Meta:
        model = PhotoPack
        fields = ["name", "file"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].choices = [("", "Choose…"), *self.libraries]

    def clean_library(self) -> Organization | None:
        chosen = self.cleaned_data["library"]
        return None if chosen == SHARED else Organization.objects.get(pk=chosen)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(f"This file is larger than {filesizeformat(settings.UPLOAD_MAX_BYTES)}.")
        try:
            look_into(file)
        except DataError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class PhotoForm(forms.ModelForm):
    """The tags of one photo."""

    countries = forms.CharField(
        required=False, max_length=2000, help_text="Names or ISO codes, parted by |. Where the picture fits."
    )
    regions = forms.CharField(
        required=False, max_length=500, help_text="Names like Western Asia or Gulf, parted by |. Fits all of it."
    )

    class Meta:
        model = Photo
        fields = ["gender", "age_min", "age_max", "licence", "licence_url", "credit", "release"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.tags = tags_of(self.instance)
            self.initial["countries"], self.initial["regions"] = words_of(self.tags.places)

    def clean(self) -> dict:
        given = super().clean()
        if self.errors:
            return given
        try:
            self.wish = vars(read_tags({name: str(value) for name, value in given.items()}))
        except DataError as error:
            column, _, words = str(error).partition(": ")
            raise forms.ValidationError({column: words} if column in self.fields else str(error)) from error
        stored = Photo.objects.filter(pk=self.instance.pk)
        problem = preview_retagging(photos=stored, wish=self.wish)[0].problem
        if problem:
            raise forms.ValidationError(problem)
        return given


class RetagForm(forms.Form):
    """What many photos are to be told by; what is left empty stays as it is."""

    photos = forms.CharField(widget=forms.HiddenInput)
    gender = forms.ChoiceField(choices=[("", UNCHANGED), *Gender.choices], required=False)
    age_min = forms.IntegerField(label="Age from", required=False, min_value=YOUNGEST, max_value=OLDEST)
    age_max = forms.IntegerField(label="Age to", required=False, min_value=YOUNGEST, max_value=OLDEST)
    countries = forms.CharField(required=False, help_text="Names or codes, parted by |")
    regions = forms.CharField(required=False, help_text="Like Western Asia or Gulf, parted by |")
    licence = forms.CharField(required=False, max_length=LONGEST["licence"])
    licence_url = forms.CharField(label="Licence address", required=False, max_length=LONGEST["licence_url"])
    credit = forms.CharField(required=False, max_length=LONGEST["credit"])
    release = forms.CharField(label="Model release", required=False, max_length=LONGEST["release"])

    def clean_photos(self) -> list[int]:
        keys = self.cleaned_data["photos"].split(",")
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            raise forms.ValidationError("These are no photos. Select them again.")
        return [int(key) for key in keys]

    def clean(self) -> dict:
        """Turn what was filled in into `wish`: fields of Tags with their new values."""
        given = super().clean()
        self.wish: dict = {}
        try:
            self.wish = self._wish(given)
        except DataError as error:
            column, _, words = str(error).partition(": ")
            raise forms.ValidationError({column: words} if column in self.fields else str(error)) from error
        if not self.errors and not self.wish:
            raise forms.ValidationError("Fill in what is to change.")
        return given

    def _wish(self, given: dict) -> dict:
        wish = {name: given[name] for name in ("gender", "age_min", "age_max") if given.get(name)}
        if given.get("countries") or given.get("regions"):
            wish["places"] = read_places(given.get("countries", ""), given.get("regions", ""))
        return wish | {name: read_right(name, given[name]) for name in RIGHTS if given.get(name)}
