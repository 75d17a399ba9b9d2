"""Reads of personas, each named for its reader."""

from typing import Self

from django.db import models

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


class PersonaQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        """The personas of the complete generations of an organization."""
        return self.filter(persona_set__generation__organization=organization, persona_set__generation__state="done")

    def with_profile(self) -> Self:
        """Personas with all that a page or an answer of the API says of them."""
        return self.select_related("identity", "persona_set__generation__organization")
