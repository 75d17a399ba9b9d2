"""The words that this installation adds to the lists or takes out: looked at before they are saved, as CSV too."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from enrichment.listing import FIELDS, read_amendment
from enrichment.measures.amending import Amendment
from enrichment.models import ListedWord
from enrichment.previewing import preview
from enrichment.wording import read_words, refuse_needless, take_words, write_words
from sources.errors import DataError

LARGEST_FILE = 2 * 2**20  # bytes


class ListedWordForm(forms.ModelForm):
    """One word; what cannot stand in its list is told in the words of the list."""

    class Meta:
        model = ListedWord
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        try:
            self.amendment = refuse_needless(read_amendment(**{name: given[name] for name in FIELDS}))
        except DataError as error:
            raise forms.ValidationError(str(error)) from error
        return {**given, "word": self.amendment.word, "value": self.amendment.value}


class WordsForm(forms.Form):
    """A CSV of words."""

    file = forms.FileField(widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "file" not in given:
            return given
        if given["file"].size > LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 2 MB. Take the words in parts.")
        try:
            self.text = given["file"].read().decode("utf-8-sig")
            self.amendments = read_words(self.text)
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This file is not in UTF-8. Save it as CSV UTF-8.") from error
        except DataError as error:
            raise forms.ValidationError(getattr(error, "complaints", [str(error)])) from error
        return given


@admin.register(ListedWord)
class ListedWordAdmin(admin.ModelAdmin):
    """All organizations share the lists, so that only superusers change them."""

    form = ListedWordForm
    delete_confirmation_template = "admin/enrichment/listedword/delete.html"
    list_display = ["word", "list", "language", "value", "action", "changed_by", "changed_at"]
    list_filter = ["list", "action", "language"]
    list_select_related = ["changed_by"]
    search_fields = ["word"]
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("preview/", view(self.preview_view), name="enrichment_listedword_preview"),
            path("import/", view(self.import_view), name="enrichment_listedword_import"),
            path("words.csv", view(self.export_view), name="enrichment_listedword_export"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj: ListedWord, form, change: bool) -> None:
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    def delete_view(self, request, object_id, extra_context=None) -> HttpResponse:
        """Ask, with what would change when the word is no longer listed."""
        word = self.get_object(request, object_id)
        found = {"preview": preview([], without=[_amendment(word)])} if word and request.method != "POST" else {}
        return super().delete_view(request, object_id, (extra_context or {}) | found)

    def get_deleted_objects(self, objs, request):
        """What the question of several at once lists: the words, and what would change without them."""
        told, counts, missing, protected = super().get_deleted_objects(objs, request)
        words = list(objs)
        if request.method == "POST" and "post" not in request.POST and len(words) > 1:
            found = preview([], without=[_amendment(word) for word in words])
            told = [*told, f"The reading of {found.changed:,} stored comments changes when these are gone."]
        return told, counts, missing, protected

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What the word in the form would change; nothing is saved."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        before = self.get_object(request, request.POST.get("stored") or "0")
        taken_back = [_amendment(before)] if before else []
        form = ListedWordForm(request.POST, instance=before)
        found = preview([form.amendment], without=taken_back) if form.is_valid() else None
        place = "admin:enrichment_listedword_change" if before else "admin:enrichment_listedword_add"
        context = {
            "title": f"What “{form.data.get('word', '')}” would change",
            "form": form,
            "preview": found,
            "fields": [(name, request.POST.get(name, "")) for name in FIELDS],
            "save_to": reverse(place, args=[before.pk] if before else []),
        }
        return self._page(request, "preview", context)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A CSV is looked at first; confirmed, its words are stored."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "text" in request.POST:
            return self._take(request, request.POST["text"])
        form = WordsForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"title": "Take in words from a CSV", "form": form, "columns": FIELDS}
        if form.is_valid():
            context |= {"preview": preview(form.amendments), "text": form.text, "words": form.amendments}
        return self._page(request, "import", context)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The words of this installation, as the import reads them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = HttpResponse(write_words(ListedWord.objects.all()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="words.csv"'
        return response

    def _take(self, request: HttpRequest, text: str) -> HttpResponse:
        try:
            count = take_words(amendments=read_words(text), by=request.user)
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, f"{count:,} words are stored. The next generation reads the comments anew.")
        return redirect("admin:enrichment_listedword_changelist")

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/enrichment/listedword/{name}.html", shown)


def _amendment(word: ListedWord) -> Amendment:
    return Amendment(*(getattr(word, name) for name in FIELDS))
