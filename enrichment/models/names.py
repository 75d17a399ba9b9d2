"""What people changed of the naming pools that come with the project."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class NameEntry(models.Model):
    """One name added to a pool, given other years, or taken out of it; all organizations share the pools."""

    class Kind(models.TextChoices):
        GIVEN = "given", "Given name"
        FAMILY = "family", "Surname"

    class Action(models.TextChoices):
        ADD = "add", "Added or changed"
        REMOVE = "remove", "Removed"

    pool = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=Kind)
    gender = models.CharField(max_length=6, blank=True, help_text="Of a given name: female or male.")
    value = models.CharField(max_length=60)
    value_female = models.CharField(max_length=60, blank=True, help_text="Of a surname: its form for a woman.")
    cohort = models.CharField(max_length=9, blank=True, help_text="Birth years: 1970-1989, -1969 or 1990-; empty: any.")
    action = models.CharField(max_length=6, choices=Action, default=Action.ADD)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "name entries"
        ordering = ["pool", "kind", "gender", "value"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "kind", "gender", "value"], name="one_entry_per_name"),
            models.CheckConstraint(
                condition=Q(kind="given", gender__in=["female", "male"]) | Q(kind="family", gender=""),
                name="a_given_name_has_a_gender_and_a_surname_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.pool})"
