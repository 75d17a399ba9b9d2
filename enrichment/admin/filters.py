"""The facets of the gallery: each choice with the number of photos behind it, counted in one query."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from enrichment.admin.forms import SHARED
from enrichment.models import Photo
from sources.countries import region_names
from sources.models import AgeGroup, Gender, Organization

Choices = list[tuple[str, str]]


def once(request: HttpRequest, name: str, find: Callable[[], Choices]) -> Choices:
    """Return the choices of a facet, looked up once for a request: Django asks again for every other facet's counts."""
    found = request.__dict__.setdefault("facet_choices", {})
    if name not in found:
        found[name] = find()
    return found[name]


class Facet(admin.SimpleListFilter):
    """A filter by equality on `path`; choices without a photo are not shown."""

    path: str

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(pk__in=Photo.objects.filter(**{self.path: self.value()}).values("pk"))

    def get_facet_queryset(self, changelist) -> dict[str, int]:
        rows = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters()).order_by()
        counts = dict(
            rows.values(self.path).annotate(photos=Count("pk", distinct=True)).values_list(self.path, "photos")
        )
        return {f"{place}__c": self.count_of(counts, value) for place, (value, _) in enumerate(self.lookup_choices)}

    def count_of(self, counts: dict, value: str) -> int:
        return counts.get(value, 0)

    def choices(self, changelist):
        everything, *rest = super().choices(changelist)
        yield everything
        yield from (choice for choice in rest if choice["selected"] or not choice["display"].endswith(" (0)"))


class GenderFacet(Facet):
    title, parameter_name, path = "gender", "gender", "gender"

    def lookups(self, request, model_admin) -> Choices:
        return Gender.choices


class AgeFacet(Facet):
    title, parameter_name, path = "age band", "age", "age_group"

    def lookups(self, request, model_admin) -> Choices:
        return AgeGroup.choices


class RegionFacet(Facet):
    title, parameter_name, path = "region", "region", "places__region"

    def lookups(self, request, model_admin) -> Choices:
        return sorted(region_names().items(), key=lambda region: region[1])


class StateFacet(Facet):
    title, parameter_name, path = "state", "state", "state"

    def lookups(self, request, model_admin) -> Choices:
        return Photo.State.choices


class LicenceFacet(Facet):
    title, parameter_name, path = "licence", "licence", "licence"

    def lookups(self, request, model_admin) -> Choices:
        present = Photo.objects.visible_to(request.user).order_by("licence").values_list("licence", flat=True)
        return once(request, self.path, lambda: [(licence, licence) for licence in present.distinct()])


class OrganizationFacet(Facet):
    title, parameter_name, path = "library", "library", "organization"

    def lookups(self, request, model_admin) -> Choices:
        mine = Photo.objects.visible_to(request.user).order_by().values("organization")
        rows = Organization.objects.filter(pk__in=mine).values_list("pk", "name")
        named = once(request, self.path, lambda: [(str(pk), name) for pk, name in rows])
        return [(SHARED, "Shared"), *named]

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return queryset
        if value == SHARED:
            return queryset.filter(organization=None)
        return queryset.filter(organization=value) if value.isdecimal() else queryset.none()

    def count_of(self, counts: dict, value: str) -> int:
        return counts.get(None if value == SHARED else int(value), 0)
