"""What lists of data can be narrowed by."""

from datetime import MAXYEAR, MINYEAR

import django_filters
from django import forms
from django.core.exceptions import ValidationError as Refused
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from sources.models import Collection, ContentUnit, DataSource


class NamedFilters(DjangoFilterBackend):
    """Filters lists, and refuses a parameter that the list does not know: a misspelt filter would return everything."""

    def filter_queryset(self, request, queryset, view):
        if view.action != "list":
            return queryset
        filterset = getattr(view, "filterset_class", None)
        known = {"page", "page_size", *(filterset.base_filters if filterset else ())}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError(
                {name: f"Unknown parameter. Known are: {', '.join(sorted(known))}." for name in unknown}
            )
        return super().filter_queryset(request, queryset, view)


class IntegerFilter(django_filters.Filter):
    """A whole number that every database can look for."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, min_value=0, max_value=2**63 - 1, **kwargs)


def refuse_edges_of_time(moment) -> None:
    """The first and the last year cannot be told in every time zone, and no database keeps them all."""
    if not MINYEAR < moment.year < MAXYEAR:
        raise Refused(f"Years go from {MINYEAR + 1} to {MAXYEAR - 1}.")


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A moment that every database can look for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, validators=[refuse_edges_of_time], **kwargs)


class SourceFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=DataSource.Kind.choices)
    name = django_filters.CharFilter(lookup_expr="icontains", label="Part of the name.")


class ContentUnitFilters(django_filters.FilterSet):
    source = IntegerFilter(field_name="source_id", label="Id of a source.")
    external_id = django_filters.CharFilter(label="The id on its platform.")
    title = django_filters.CharFilter(lookup_expr="icontains", label="Part of the title.")
    category = django_filters.CharFilter(lookup_expr="iexact")
    published_after = MomentFilter(field_name="published_at", lookup_expr="gte")
    published_before = MomentFilter(field_name="published_at", lookup_expr="lt")

    class Meta:
        model = ContentUnit
        fields: list[str] = []


class CollectionFilters(django_filters.FilterSet):
    source = IntegerFilter(field_name="source_id", label="Id of a source.")
    state = django_filters.ChoiceFilter(choices=Collection.State.choices)
    period = django_filters.CharFilter(label="YYYY-MM")
