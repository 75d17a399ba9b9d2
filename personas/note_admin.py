"""The notes on identities in the admin, with who wrote them and when."""

from django.core.validators import MaxLengthValidator

from personas.models import Note
from personas.noting import LONGEST, write_note
from sources.admin.bases import Owned, OwnOrganizations, Ruled


class NoteAdmin(Owned, Ruled):
    """Written by people: each change is signed by whoever made it."""

    owner = "identity__organization"
    list_display = ["id", "identity", "kind", "beginning", "author", "written_at", "organization"]
    list_filter = ["kind", ("identity__organization", OwnOrganizations)]
    list_select_related = ["identity__organization"]
    search_fields = ["identity__name", "text"]
    autocomplete_fields = ["identity"]
    fields = ["identity", "kind", "text", "author", "written_at"]
    readonly_fields = ["author", "written_at"]
    settled = ["identity", "kind"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.widget.attrs["maxlength"] = LONGEST
            field.validators.append(MaxLengthValidator(LONGEST))
        return field

    def beginning(self, note: Note) -> str:
        return note.text[:60]

    def organization(self, note: Note) -> str:
        return str(note.identity.organization)

    def save_model(self, request, obj: Note, form, change: bool) -> None:
        obj.pk = write_note(identity=obj.identity, kind=obj.kind, text=obj.text, author=request.user).pk
