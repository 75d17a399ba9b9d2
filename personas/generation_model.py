"""Runs that make persona sets, and the groups that each of them saw."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from personas.querysets import GenerationQuerySet
from sources.models import PERIOD, Organization
from sources.noticing import made_of_ads
from sources.runs import Run


class Generation(Run):
    """One run that makes persona sets for an organization, period, unit and sources."""

    runner = "personas.generation.run_generation"

    class Method(models.TextChoices):
        BALANCED = "balanced", "Balanced"
        REFERENCE = "reference", "Reference (Jung et al. 2020)"

    class Unit(models.TextChoices):
        COUNTRY = "country", "Country"
        REGION = "region", "Region"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="generations")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    # Kept as they were called then: a source that is deleted later must not turn some sources into all of them.
    chosen_sources = models.JSONField(default=list, blank=True, help_text="id, name and kind; none named: all.")
    used_sources = models.JSONField(
        default=list, blank=True, help_text="id, name and kind of those that gave contents."
    )
    period = models.CharField(max_length=7, blank=True, validators=[PERIOD], help_text="YYYY-MM, or empty: all periods")
    unit = models.CharField(max_length=7, choices=Unit, default=Unit.COUNTRY)
    method = models.CharField(max_length=9, choices=Method, default=Method.BALANCED)
    sizes = models.JSONField(default=list, help_text="The numbers of personas, ascending.")
    sizes_chosen = models.BooleanField(default=True, help_text="If not, those that the data cannot give are left out.")
    seed = models.PositiveIntegerField(default=0)
    continues = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="continued_by", help_text="The time before."
    )
    threshold = models.PositiveIntegerField(default=50, help_text="Small groups under this join no persona.")
    group_count = models.PositiveIntegerField(default=0)
    content_count = models.PositiveIntegerField(default=0)
    interaction_total = models.FloatField(
        default=0, help_text="All interactions read, unknown and small ones included."
    )
    unknown_total = models.FloatField(default=0, help_text="Interactions of unknown groups, in no persona.")
    estimated_total = models.FloatField(default=0, help_text="Interactions of known groups, estimated from totals.")
    seeds = models.JSONField(default=dict, blank=True, help_text="What they were estimated from: interactions by seed.")
    small_total = models.FloatField(default=0, help_text="Interactions of groups under the threshold, in no persona.")
    small_groups = models.PositiveIntegerField(default=0)
    absent_dimensions = models.JSONField(default=list, blank=True)
    suggested_size = models.PositiveSmallIntegerField(null=True, blank=True)
    size_curve = models.JSONField(default=dict, blank=True, help_text="What the suggested size was chosen from.")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the interactions that were read.")
    versions = models.JSONField(default=dict, blank=True)
    seconds = models.JSONField(default=dict, blank=True, help_text="Seconds by stage.")

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_generation_per_organization",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.period or 'all periods'}, {self.get_method_display()}"

    @property
    def estimated_share(self) -> float:
        """The part of the interactions of known groups that was estimated."""
        known = self.interaction_total - self.unknown_total
        return min(self.estimated_total / known, 1.0) if known > 0 else 0.0

    @property
    def source_ids(self) -> list[int]:
        return [source["id"] for source in self.chosen_sources]

    @property
    def source_names(self) -> list[str]:
        return [source["name"] for source in self.chosen_sources]

    @property
    def used_names(self) -> list[str]:
        """The sources that it was really made of; older ones know only which were chosen."""
        return [source["name"] for source in self.used_sources or self.chosen_sources]

    @property
    def notices(self) -> list[str]:
        """What is to be known of the sources that it was made of, in sentences."""
        return made_of_ads([(source["name"], source["kind"]) for source in self.used_sources])


class AudienceRows(models.Model):
    """The groups that a generation saw: the rows of its V, in order, each with its interactions."""

    generation = models.OneToOneField(Generation, models.CASCADE, related_name="audience")
    groups = models.JSONField(default=list, help_text="[gender, age group, country or region] for each row")
    totals = models.BinaryField(help_text="float64, interactions of each row")

    class Meta:
        verbose_name_plural = "audience rows"
        ordering = ["generation"]

    def __str__(self) -> str:
        return f"{len(self.groups)} groups of {self.generation}"
