"""What estimates say of groups besides what they watch: job, education, relationship."""

from django.db import models
from django.db.models import Q

from sources.models.interactions import AgeGroup, DataSource, Gender


class AudienceAttribute(models.Model):
    """The part of a group that has a value of an attribute, as somebody estimated it; a blank dimension means any."""

    class Attribute(models.TextChoices):
        JOB = "job", "Job"
        EDUCATION = "education", "Education"
        RELATIONSHIP = "relationship", "Relationship"

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="attributes")
    gender = models.CharField(max_length=14, choices=Gender, blank=True, help_text="Blank: any")
    age_group = models.CharField(max_length=5, choices=AgeGroup, blank=True, help_text="Blank: any")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2; blank: any")
    attribute = models.CharField(max_length=12, choices=Attribute)
    value = models.CharField(max_length=120)
    share = models.FloatField(help_text="Part of the group, 0 to 1.")
    origin = models.CharField(max_length=200, help_text="Whose estimate it is.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "attribute", "gender", "age_group", "country", "value"],
                name="one_share_per_group_and_value",
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="share_is_a_part_of_the_group"),
        ]

    def __str__(self) -> str:
        group = ", ".join(part for part in (self.gender, self.age_group, self.country) if part) or "anybody"
        return f"{self.get_attribute_display()} of {group}: {self.value}"
