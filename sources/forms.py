"""What people fill in about organizations, members and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.template.defaultfilters import filesizeformat

from sources.connectors.files.export_tables import write_bundle
from sources.connectors.files.layout import Column, columns
from sources.connectors.records import DIMENSIONS, Preview
from sources.importing import KINDS
from sources.models import PERIOD, Collection, Membership, Organization

WORDS = {"content_id": "Content id", "age_group": "Age group", "published_at": "Published", "comment_id": "Comment id"}
MODES = {
    Collection.Mode.REPLACE: "The file is the whole truth about its periods: what was there for them goes.",
    Collection.Mode.ADD: "The file adds content and groups, or corrects those it names: everything else stays.",
}
SAMPLE = 5

EMPTY = "This file is empty. It needs a line that names the columns, and rows below it."


class StyledForm:
    """Gives the fields the classes that the style sheet knows."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.style()

    def style(self) -> None:
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "form-select"
            elif not isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
                field.widget.attrs["class"] = "form-control"


class OrganizationForm(StyledForm, forms.ModelForm):
    class Meta:
        model = Organization
        fields = ["name"]
        labels = {"name": "Name of the organization"}
        widgets = {"name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "organization"})}


class SettingsForm(StyledForm, forms.ModelForm):
    class Meta:
        model = Organization
        fields = ["name", "small_cell_threshold"]
        labels = {"small_cell_threshold": "Smallest group that is shown, in interactions"}


class MemberForm(StyledForm, forms.Form):
    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Membership.Role.choices, initial=Membership.Role.VIEWER)


class RoleForm(StyledForm, forms.Form):
    role = forms.ChoiceField(choices=[(role.value, role.label.partition(":")[0]) for role in Membership.Role])


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ExportsField(forms.FileField):
    """A table, or what a platform exports: several files, or an archive, are kept as one archive under their names."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        given = [super(ExportsField, self).clean(one, initial) for one in data] if data else []
        if not given:
            return super().clean(None, initial)
        if len(given) == 1 and not given[0].name.lower().endswith(".zip"):
            return given[0]
        bundle = TemporaryFile()  # noqa: SIM115 (it lives as long as the upload)
        write_bundle(bundle, [(file.name, file) for file in given])
        bundle.seek(0)
        return File(bundle, given[0].name if len(given) == 1 else f"{len(given)} files")


class UploadForm(StyledForm, forms.Form):
    source = forms.CharField(
        max_length=120,
        label="Data source",
        initial="Files",
        help_text="One account or one site. Choose one of yours, or type the name of a new one.",
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
    )
    mode = forms.ChoiceField(choices=Collection.Mode.choices, required=False, widget=forms.HiddenInput)
    interactions = ExportsField(
        required=False,
        label="Interactions",
        help_text="How often each group met each content unit: a table, or all the files of one platform's export.",
    )
    contents = forms.FileField(required=False, label="Contents", help_text="Titles, categories and tags.")
    comments = forms.FileField(required=False, label="Comments", help_text="What people wrote. No author names.")
    attributes = forms.FileField(
        required=False, label="Attributes", help_text="Estimates of job, education and relationship, by group."
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[kind].max_length = None
            self.fields[kind].error_messages["empty"] = EMPTY
            self.fields[kind].widget.attrs |= {
                "accept": ".csv,.tsv,.txt,.gz,text/csv,application/gzip",
                "data-max-bytes": settings.UPLOAD_MAX_BYTES,
            }
        self.fields["interactions"].widget.attrs["accept"] += ",.zip,application/zip"

    @property
    def files_given(self) -> dict:
        return {kind: self.cleaned_data[kind] for kind in KINDS if self.cleaned_data.get(kind)}

    def clean(self) -> dict:
        for kind, file in self.files_given.items():
            if file.size > settings.UPLOAD_MAX_BYTES:
                limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
                size = filesizeformat(file.size)
                self.add_error(kind, f"This file has {size}; {limit} is the most. Split it, or compress it as .gz.")
        if not self.files_given and not self.errors:
            raise ValidationError("Choose at least one file.")
        return self.cleaned_data


@dataclass(frozen=True)
class FileBlock:
    """One file on the mapping page: the choices for our columns, and its first rows under marked headers."""

    kind: str
    name: str
    preview: Preview
    fields: list[forms.BoundField]
    head: list[tuple[str, str]]

    @property
    def rows(self) -> list[list[str]]:
        return self.preview.sample_rows[:SAMPLE]


class MappingForm(StyledForm, forms.Form):
    """Which header of each file is which column of ours; what the files' own names said is chosen already."""

    source = forms.CharField(max_length=120, widget=forms.HiddenInput)
    mode = forms.ChoiceField(
        choices=Collection.Mode.choices, initial=Collection.Mode.REPLACE, widget=forms.RadioSelect, label="What to do"
    )
    period = forms.CharField(
        max_length=7,
        required=False,
        validators=[PERIOD],
        label="Month of rows without a period",
        help_text="YYYY-MM. Leave it empty when it is not known: the rows are kept as undated.",
        widget=forms.TextInput(attrs={"placeholder": "YYYY-MM", "inputmode": "numeric"}),
    )

    def __init__(self, *args, previews: Mapping[str, Preview], names: Mapping[str, str], **kwargs) -> None:
        self.previews, self.names = previews, names
        super().__init__(*args, **kwargs)
        if "interactions" not in previews:
            del self.fields["mode"], self.fields["period"]
        for kind, preview in previews.items():
            for column in _to_map(kind, preview):
                self.fields[f"{kind}.{column.name}"] = _column_field(column, preview)
        self.style()

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """For each file: our column -> its header, "" for none."""
        return {
            kind: {column.name: self.cleaned_data.get(f"{kind}.{column.name}", "") for column in columns(kind)}
            for kind, preview in self.previews.items()
            if not preview.recognised
        }

    @property
    def mapping_asked(self) -> bool:
        """Whether there is any file with columns to choose."""
        return not all(preview.recognised for preview in self.previews.values())

    def modes(self) -> list[tuple[str, str, str]]:
        return [(mode.value, mode.label, words) for mode, words in MODES.items()]

    def blocks(self) -> list[FileBlock]:
        return [self._block(kind, preview) for kind, preview in self.previews.items()]

    def clean(self) -> dict:
        for kind, chosen in self.mapping.items():
            self._refuse_chosen_twice(kind, chosen)
        interactions = self.mapping.get("interactions")
        if interactions is not None and not any(interactions[name] for name in DIMENSIONS):
            raise ValidationError("Groups need at least one of gender, age group and country. Choose a column for one.")
        return self.cleaned_data

    def _refuse_chosen_twice(self, kind: str, chosen: dict[str, str]) -> None:
        seen: dict[str, str] = {}
        for name, header in chosen.items():
            if header and header in seen:
                self.add_error(f"{kind}.{name}", f"“{header}” is already {column_words(seen[header])}.")
            seen[header] = name

    def _block(self, kind: str, preview: Preview) -> FileBlock:
        fields = [self[f"{kind}.{column.name}"] for column in _to_map(kind, preview)]
        ours = {field.value(): field.label for field in fields if field.value()}
        head = [(header, header if preview.recognised else ours.get(header, "")) for header in preview.header]
        return FileBlock(kind, self.names.get(kind, kind), preview, fields, head)


def _to_map(kind: str, preview: Preview) -> tuple[Column, ...]:
    """Our columns that a header can be chosen for: in an export that was recognised there is nothing to choose."""
    return () if preview.recognised else columns(kind)


def column_words(name: str) -> str:
    """Our column's name as people read it."""
    return WORDS.get(name, name.capitalize())


def _column_field(column, preview: Preview) -> forms.ChoiceField:
    none = "Choose a column" if column.required else "Not in this file"
    headers = [(header, header) for header in dict.fromkeys(preview.header) if header]
    return forms.ChoiceField(
        choices=[("", none), *headers],
        required=column.required,
        initial=preview.mapping.get(column.name, ""),
        label=column_words(column.name),
    )
