"""The notes of an identity in the admin, with who wrote them and when."""

from django.contrib import admin
from django.core.validators import MaxLengthValidator

from personas.models import Note
from personas.noting import LONGEST, write_note


class NoteInline(admin.StackedInline):
    model = Note
    extra = 0
    max_num = len(Note.Kind.values)
    fields = ["kind", "text", "author", "written_at"]
    readonly_fields = ["author", "written_at"]
    verbose_name_plural = "notes, written by people"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.widget.attrs["maxlength"] = LONGEST
            field.validators.append(MaxLengthValidator(LONGEST))
        return field


class NoteKeeping(admin.ModelAdmin):
    """Writes what was changed in the notes in the name of whoever changed it."""

    inlines = [NoteInline]

    def save_formset(self, request, form, formset, change: bool) -> None:
        if formset.model is not Note:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        changed = [note for note, fields in formset.changed_objects]
        # A note is found by its kind: one that changed its kind is written anew.
        Note.objects.filter(pk__in=[note.pk for note, fields in formset.changed_objects if "kind" in fields]).delete()
        for note in [*changed, *formset.new_objects]:
            write_note(identity=form.instance, kind=note.kind, text=note.text, author=request.user)
