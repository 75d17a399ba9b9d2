"""The naming pools in the admin: read, exported, and changed after a look ahead; all organizations share them."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from enrichment.measures.name_changes import Entry, bearers, cohort_words, entries_of
from enrichment.measures.name_files import Refused, decode_names, read_names, write_names
from enrichment.measures.naming import GENDERS, Pool
from enrichment.models import NameEntry
from enrichment.name_pools import change_names, effective_pool, effective_pools, plan_names, take_back
from personas.models import Identity
from sources.admin.bases import Ruled
from sources.errors import DataError

LARGEST_FILE = 3 * 2**20
SHOWN = 200
POOLS = "admin:enrichment_nameentry_pools"


class NamesForm(forms.Form):
    """Names to add, change or remove: a file, or the text of one."""

    file = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    rows = forms.CharField(required=False, widget=forms.HiddenInput, max_length=LARGEST_FILE, strip=False)

    def clean(self) -> dict:
        given = super().clean()
        if file := given.get("file"):
            if file.size > LARGEST_FILE:
                raise forms.ValidationError("This file is larger than 3 MB. Hand it in in parts.")
            try:
                given["rows"] = decode_names(file.read())
            except DataError as error:
                raise forms.ValidationError(str(error)) from error
        if not given.get("rows"):
            raise forms.ValidationError("Choose a CSV file.")
        return given


class NameForm(forms.Form):
    """One name to add to a pool, or to give other years."""

    kind = forms.ChoiceField(choices=NameEntry.Kind.choices)
    gender = forms.ChoiceField(choices=[("", "–"), *((one, one.capitalize()) for one in GENDERS)], required=False)
    value = forms.CharField(label="Name", max_length=60)
    value_female = forms.CharField(label="Form for a woman (surnames)", max_length=60, required=False)
    cohort = forms.CharField(label="Birth years", max_length=9, required=False)


@admin.register(NameEntry)
class NameEntryAdmin(Ruled):
    """What was changed of the pools that come with the project; changes are made on the pages of the pools."""

    list_display = ["value", "value_female", "pool", "kind", "gender", "cohort", "action", "created_by", "created_at"]
    list_filter = ["action", "kind", "gender"]
    list_select_related = ["created_by"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["value", "pool"]
    change_list_template = "admin/enrichment/nameentry/change_list.html"

    class Media:
        css = {"all": ["apg_admin/gallery.css", "apg_admin/curating.css"]}

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    def delete_model(self, request, obj: NameEntry) -> None:
        take_back(entry=obj)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("pools/", view(self.pools_view), name="enrichment_nameentry_pools"),
            path("pools/names.csv", view(self.export_view), name="enrichment_nameentry_export"),
            path("pools/preview/", view(self.preview_view), name="enrichment_nameentry_preview"),
            path("pools/<slug:slug>/", view(self.pool_view), name="enrichment_nameentry_pool"),
            *super().get_urls(),
        ]

    def pools_view(self, request: HttpRequest) -> HttpResponse:
        """Every pool with how many names it has."""
        self._refuse_stranger(request)
        pools = effective_pools()
        used: dict[str, int] = {}
        for slugs in pools.countries.values():
            for slug in slugs:
                used[slug] = used.get(slug, 0) + 1
        lines = [_line(pool, used.get(pool.slug, 0)) for pool in sorted(pools.pools.values(), key=lambda one: one.slug)]
        found = {"lines": lines, "form": NamesForm(), "total": sum(sum(line["counts"]) for line in lines)}
        return self._page(request, "pools", "Naming pools", found)

    def pool_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The names of one pool, to take out and to add; either is looked at before it is done."""
        self._refuse_stranger(request)
        pool = effective_pool(slug)
        if pool is None:
            raise Http404
        form = NameForm(request.POST if "add" in request.POST else None)
        if request.method == "POST" and self._may_change(request):
            if "add" in request.POST and form.is_valid():
                given = form.cleaned_data
                one = Entry(
                    slug, given["kind"], given["gender"], given["value"], given["value_female"], given["cohort"]
                )
                return self._preview(request, write_names([one]))
            if "remove" in request.POST:
                return self._preview(request, write_names(_chosen(slug, request.POST.getlist("name"))))
        return self._page(request, "pool", pool.label, {"pool": pool, "parts": _parts(pool), "form": form})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """All names as they are now, in the form that an import takes."""
        self._refuse_stranger(request)
        response = HttpResponse(
            "\ufeff" + write_names(entries_of(effective_pools())), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="names.csv"'
        return response

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What a file would do; confirmed, do it."""
        self._refuse_stranger(request)
        if request.method != "POST":
            return redirect(POOLS)
        form = NamesForm(request.POST, request.FILES)
        if not form.is_valid():
            self.message_user(request, " ".join(form.non_field_errors()) or "Choose a CSV file.", messages.ERROR)
            return redirect(POOLS)
        return self._preview(request, form.cleaned_data["rows"], apply="apply" in request.POST)

    def _preview(self, request: HttpRequest, rows: str, apply: bool = False) -> HttpResponse:
        if not self._may_change(request):
            raise PermissionDenied
        try:
            entries, refused = read_names(rows, effective_pools())
            if apply:
                plan = change_names(entries=entries, by=request.user)
                self.message_user(request, f"Done: {len(plan.touched):,} names changed. Personas keep their names.")
                return redirect(POOLS)
            return self._page(request, "preview", "Look ahead", _foreseen(entries, refused))
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(POOLS)

    def _refuse_stranger(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _may_change(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def _page(self, request: HttpRequest, name: str, title: str, found: dict) -> HttpResponse:
        known = {"opts": self.opts, "media": self.media, "title": title, "may_change": self._may_change(request)}
        context = self.admin_site.each_context(request) | known | found
        return TemplateResponse(request, f"admin/enrichment/nameentry/{name}.html", context)


def _line(pool: Pool, countries: int) -> dict:
    counts = [sum(one.gender == gender for one in pool.given) for gender in GENDERS]
    return {"pool": pool, "counts": [*counts, len(pool.families)], "countries": countries}


def _parts(pool: Pool) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the names of a pool by kind: the key to choose each by, the name, and what is to be said beside it."""
    parts = [
        (
            f"{gender.capitalize()} given names",
            [
                (f"given|{gender}|{one.text}", one.text, cohort_words(one.first_year, one.last_year))
                for one in sorted(pool.given, key=lambda one: one.text)
                if one.gender == gender
            ],
        )
        for gender in GENDERS
    ]
    families = sorted(pool.families, key=lambda one: one.male)
    forms_of = [(f"family||{one.male}", one.male, one.female if one.female != one.male else "") for one in families]
    return [*parts, ("Surnames", forms_of)]


def _chosen(slug: str, keys: list[str]) -> list[Entry]:
    parted = (key.split("|", 2) for key in keys if key.count("|") >= 2)
    return [Entry(slug, kind, gender, value, action="remove") for kind, gender, value in parted]


def _foreseen(entries: list[Entry], refused: list[Refused]) -> dict:
    """What a change would touch: names, and the personas that bear one of them and keep it."""
    plan = plan_names(entries)
    names = dict(Identity.objects.values_list("pk", "name"))
    kinds = [("Added", plan.added), ("Changed", plan.altered), ("Removed", plan.removed)]
    kinds += [("There already", plan.same), ("Not there to remove", plan.absent)]
    return {
        "plan": plan,
        "kinds": [(words, some[:SHOWN], len(some)) for words, some in kinds if some],
        "refused": refused[:SHOWN],
        "refused_count": len(refused),
        "bearers": len(bearers(names, (entry.value for entry in [*plan.altered, *plan.removed]))),
        "rows": write_names(plan.touched),
    }
