"""Generations, sets and personas in the admin: looked at."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from personas import models
from sources.admin.bases import MachineWritten, Owned, OwnOrganizations, RunAdmin
from sources.countries import place_name
from sources.models import ContentUnit
from sources.packing import COUNTS, IDS

CONTENTS_SHOWN = 10


@admin.register(models.Generation)
class GenerationAdmin(Owned, RunAdmin):
    owner = "organization"
    list_display = ["id", "organization", "period", "unit", "method", "state", "stage", "suggested_size", "created_at"]
    list_filter = ["state", "method", "unit", ("organization", OwnOrganizations)]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "period__exact", "fingerprint__exact"]


@admin.register(models.AudienceRows)
class AudienceRowsAdmin(Owned, MachineWritten):
    owner = "generation__organization"
    list_display = ["generation", "count"]
    list_select_related = ["generation__organization"]
    fields = ["generation", "count"]

    def get_queryset(self, request):
        count = Length("totals") / COUNTS.itemsize
        return super().get_queryset(request).annotate(group_count=count).defer("groups", "totals")

    @admin.display(description="groups", ordering="group_count")
    def count(self, audience: models.AudienceRows) -> str:
        return f"{audience.group_count:,} groups"


@admin.register(models.PersonaSet)
class PersonaSetAdmin(Owned, MachineWritten):
    owner = "generation__organization"
    list_display = ["id", "generation", "size", "consistency_with_next"]
    list_filter = ["size", ("generation__organization", OwnOrganizations)]
    list_select_related = ["generation__organization"]


@admin.register(models.Persona)
class PersonaAdmin(Owned, MachineWritten):
    owner = "identity__organization"
    list_display = ["id", "who", "persona_set", "position", "gender", "age_group", "place", "part", "organization"]
    list_display_links = ["id"]
    list_filter = ["gender", "age_group", "persona_set__size", ("identity__organization", OwnOrganizations)]
    list_select_related = ["identity__organization", "persona_set"]
    search_fields = ["identity__name"]
    fields = [
        "who",
        "persona_set",
        "position",
        "gender",
        "age_group",
        "age",
        "place",
        "part",
        "stands_for",
        "groups",
        "liked",
        "heaviest",
        "description",
        "missing",
    ]

    def get_queryset(self, request):
        groups = Length("group_rows") / IDS.itemsize
        return super().get_queryset(request).annotate(group_count=groups).defer("group_rows", "group_shares")

    @admin.display(description="identity", ordering="identity__name")
    def who(self, persona: models.Persona) -> str:
        address = reverse("admin:personas_identity_change", args=[persona.identity_id])
        return format_html('<a href="{}">{}</a>', address, persona.identity.name)

    @admin.display(ordering="country")
    def place(self, persona: models.Persona) -> str:
        return place_name(persona.country) if persona.country else ""

    @admin.display(description="share", ordering="share")
    def part(self, persona: models.Persona) -> str:
        return f"{persona.share:.1%}"

    @admin.display(description="groups behind it")
    def groups(self, persona: models.Persona) -> str:
        return f"{persona.group_count:,} groups"

    @admin.display(description="interactions")
    def stands_for(self, persona: models.Persona) -> str:
        return f"{persona.interactions:,.0f}"

    @admin.display(description="topics")
    def liked(self, persona: models.Persona) -> str:
        return _lines(f"{topic['label']}: {_measured(topic)}" for topic in persona.topics)

    @admin.display(description=f"heaviest {CONTENTS_SHOWN} contents")
    def heaviest(self, persona: models.Persona) -> str:
        lines = persona.contents[:CONTENTS_SHOWN]
        units = ContentUnit.objects.of(persona.identity.organization).in_bulk([line["id"] for line in lines])
        return _lines(f"{units[line['id']]}: {_measured(line)}" for line in lines if line["id"] in units)

    @admin.display(description="not available")
    def missing(self, persona: models.Persona) -> str:
        return _lines(f"{part['attribute']}: {part['why']}" for part in persona.unavailable)

    @admin.display(ordering="identity__organization")
    def organization(self, persona: models.Persona) -> str:
        return str(persona.identity.organization)


def _measured(part: dict) -> str:
    return f"{part['share']:.1%}, {part['lift']:.1f} times the audience's share"


def _lines(words: Iterable[str]) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words))
