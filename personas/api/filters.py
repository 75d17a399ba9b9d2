"""What lists of personas can be narrowed by."""

import django_filters

from personas.models import Generation
from sources.api.filters import IntegerFilter
from sources.models import AgeGroup, Gender


class GenerationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Generation.State.choices)
    period = django_filters.CharFilter(label="YYYY-MM")
    method = django_filters.ChoiceFilter(choices=Generation.Method.choices)
    unit = django_filters.ChoiceFilter(choices=Generation.Unit.choices)


class PersonaSetFilters(django_filters.FilterSet):
    generation = IntegerFilter(field_name="generation_id", label="Id of a generation.")
    size = IntegerFilter(label="Number of personas.")
    period = django_filters.CharFilter(field_name="generation__period", label="YYYY-MM")
    method = django_filters.ChoiceFilter(field_name="generation__method", choices=Generation.Method.choices)
    unit = django_filters.ChoiceFilter(field_name="generation__unit", choices=Generation.Unit.choices)


class PersonaFilters(django_filters.FilterSet):
    set = IntegerFilter(field_name="persona_set_id", label="Id of a persona set.")
    generation = IntegerFilter(field_name="persona_set__generation_id", label="Id of a generation.")
    size = IntegerFilter(field_name="persona_set__size", label="Number of personas in the set.")
    identity = IntegerFilter(field_name="identity_id", label="Who the persona is, in all sets.")
    gender = django_filters.ChoiceFilter(choices=Gender.choices)
    age_group = django_filters.ChoiceFilter(choices=AgeGroup.choices)
    country = django_filters.CharFilter(lookup_expr="iexact", label="ISO alpha-2, or the slug of a region.")
