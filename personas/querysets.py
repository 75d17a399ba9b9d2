"""Reads of personas, each named for its reader."""

from typing import Self

from django.db import models
from django.db.models import F
from django.db.models.functions import Abs

from enrichment.querysets import curated_by
from sources.runs import RunQuerySet


class GenerationQuerySet(RunQuerySet):
    def of(self, organization) -> Self:
        return self.filter(organization=organization)

    def complete(self) -> Self:
        """The generations whose sets may be shown, latest first."""
        return self.filter(state="done").order_by("-finished_at", "-id")


class PersonaSetQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        """The sets of the complete generations of an organization."""
        return self.filter(generation__organization=organization, generation__state="done")


class IdentityQuerySet(models.QuerySet):
    def curated_by(self, user) -> Self:
        """The identities of the organizations that the person administers; all for a superuser."""
        return self if user.is_superuser else self.filter(organization__in=curated_by(user))


class PersonaQuerySet(models.QuerySet):
    def patterns(self) -> Self:
        """Every pattern by itself, as the data gave it: parts of merged personas, and not what shows them together."""
        return self.filter(combined=False)

    def of(self, organization) -> Self:
        """The personas of the complete generations of an organization."""
        return self.filter(persona_set__generation__organization=organization, persona_set__generation__state="done")

    def with_profile(self) -> Self:
        """Personas with all that a page or an answer of the API says of them."""
        return self.select_related(
            "identity", "persona_set__generation__organization", "persona_set__generation__continues"
        )

    def before(self, persona) -> Self:
        """The same identity in earlier generations of the same unit: the last one first, in it the nearest size first.

        Without the groups behind it.
        """
        generation, size = persona.persona_set.generation, persona.persona_set.size
        earlier = self.filter(
            identity=persona.identity_id,
            persona_set__generation__unit=generation.unit,
            persona_set__generation__state="done",
            persona_set__generation__lt=generation.pk,
        )
        ordered = earlier.annotate(distance=Abs(F("persona_set__size") - size)).order_by(
            "-persona_set__generation_id", "distance", "persona_set__size"
        )
        return ordered.select_related("persona_set__generation").defer("group_rows", "group_shares", "contents")


class ShownManager(models.Manager.from_queryset(PersonaQuerySet)):
    """The personas that are shown: not those that are shown together with others as one."""

    def get_queryset(self):
        return super().get_queryset().filter(part_of=None)
