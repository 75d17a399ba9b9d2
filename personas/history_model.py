"""What people changed of an identity: the row that tells who, when, what and why."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from enrichment.querysets import curated_by


class IdentityChangeQuerySet(models.QuerySet):
    def of(self, identity) -> Self:
        """The history of an identity and of those merged into it, latest first, with all that a list says of each."""
        ours = self.filter(Q(identity=identity) | Q(identity__merged_into=identity))
        return ours.select_related("user", "undoes", "undone_by", "identity").order_by("-pk")

    def curated_by(self, user) -> Self:
        """The changes in the organizations that the person administers; all for a superuser."""
        return self if user.is_superuser else self.filter(identity__organization__in=curated_by(user))


class IdentityChange(models.Model):
    """One change: the values that it found and those that it left, under the same keys.

    An undo is a change too, of the same verb, which names the entry that it undoes.
    """

    class Verb(models.TextChoices):
        RENAME = "rename", "Name"
        PICTURE = "picture", "Picture"
        DESCRIPTION = "description", "Description"
        PIN = "pin", "Pins"
        MERGE = "merge", "Merge"
        NOTE = "note", "Note"
        QUOTE = "quote", "Quote"

    identity = models.ForeignKey("personas.Identity", models.CASCADE, related_name="changes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        help_text="Empty: the system, or somebody gone.",
    )
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=11, choices=Verb)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undone_by")

    objects = IdentityChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} of {self.identity}"

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "undone_by")
