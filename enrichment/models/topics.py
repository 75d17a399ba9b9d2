"""What an organization decided about its topics."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from enrichment.querysets import TopicRuleQuerySet
from sources.models import Organization


class TopicRule(models.Model):
    """One label that is written otherwise, or never again, in every generation to come."""

    class Action(models.TextChoices):
        RENAME = "rename", "Renamed"
        MERGE = "merge", "Merged"
        HIDE = "hide", "Hidden"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="topic_rules")
    key = models.CharField(max_length=200, help_text="The label without case and punctuation.")
    label = models.CharField(max_length=200, help_text="As it was written when the rule was made.")
    action = models.CharField(max_length=6, choices=Action)
    target = models.CharField(max_length=200, blank=True, help_text="The label that is written instead.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TopicRuleQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "key"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="one_rule_per_topic"),
            models.CheckConstraint(
                condition=Q(action="hide", target="") | (Q(action__in=["rename", "merge"]) & ~Q(target="")),
                name="a_topic_that_is_not_hidden_has_a_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} → {self.target}" if self.target else f"{self.label}: hidden"
