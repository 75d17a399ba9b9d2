"""The sets that generations made, and the personas in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from enrichment.models import Photo
from personas.generation_model import AudienceRows, Generation
from personas.history_model import IdentityChange
from personas.querysets import IdentityQuerySet, PersonaQuerySet, PersonaSetQuerySet, ShownManager
from sources.models import AgeGroup, Gender, Organization

__all__ = ["AudienceRows", "Generation", "Identity", "IdentityChange", "Persona", "PersonaSet"]

STABLE = 0.8  # likeness from which a person counts as unchanged


class PersonaSet(models.Model):
    """The personas of one generation at one size, with its quality measures."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="sets")
    size = models.PositiveSmallIntegerField()
    measures = models.JSONField(default=dict)
    consistency_with_next = models.FloatField(null=True, blank=True)

    objects = PersonaSetQuerySet.as_manager()

    class Meta:
        ordering = ["generation", "size"]
        constraints = [models.UniqueConstraint(fields=["generation", "size"], name="one_set_per_size")]

    def __str__(self) -> str:
        return f"{self.size} personas"

    @property
    def merged_count(self) -> int:
        """How many of its personas are several patterns that were merged."""
        return self.personas.filter(combined=True).count()


class Identity(models.Model):
    """Who a persona is across sets and months: the same name and face stay with it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="identities")
    key = models.CharField(max_length=200, help_text="Seeds what is drawn for this person: age, name, picture.")
    name = models.CharField(max_length=120)
    name_pinned = models.BooleanField(default=False, help_text="Keep this name in every later generation.")
    name_origin = models.CharField(max_length=200, blank=True, help_text="Where the name comes from.")
    picture = models.ImageField(upload_to="pictures/%Y/%m/", max_length=300, blank=True)
    picture_pinned = models.BooleanField(default=False, help_text="Keep this picture in every later generation.")
    picture_origin = models.CharField(max_length=200, blank=True, help_text="Illustration or photo, and its licence.")
    photo = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="identities", help_text="The photo that it shows."
    )
    description = models.TextField(blank=True, max_length=600, help_text="Shown in place of the one made of the data.")
    description_pinned = models.BooleanField(default=False, help_text="Keep this text in every later generation.")
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="merged", help_text="Who shows its patterns now."
    )
    gender = models.CharField(max_length=14, choices=Gender, blank=True)
    age_group = models.CharField(max_length=5, choices=AgeGroup, blank=True)
    country = models.CharField(max_length=60, blank=True, help_text="ISO alpha-2, or the slug of a region")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "identities"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_identity_per_name"),
            models.UniqueConstraint(fields=["organization", "photo"], name="one_identity_per_photo"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def all_notes(self) -> "list[Note]":
        """Its own notes, and those of the identities that were merged into it."""
        return [note for identity in (self, *self.merged.all()) for note in identity.notes.all()]

    @property
    def is_pinned(self) -> bool:
        """Whether a person decided something that must come back with it."""
        return self.name_pinned or self.picture_pinned or self.description_pinned


class Note(models.Model):
    """What somebody of the organization wrote about an identity: not data, and marked so wherever it is shown."""

    class Kind(models.TextChoices):
        GOALS = "goals", "Goals"
        FRUSTRATIONS = "frustrations", "Frustrations"
        REMARKS = "remarks", "Remarks"

    identity = models.ForeignKey(Identity, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    author = models.CharField(max_length=150, help_text="As the person was called then.")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["identity", "id"]
        constraints = [models.UniqueConstraint(fields=["identity", "kind"], name="one_note_per_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.identity}"


class Persona(models.Model):
    """An invented person who stands for real groups: a row in one set.

    Each pattern of a set is a row. Where several were merged, one more row (`combined`) shows them together, and each
    of them is `part_of` it: kept as it was, and not shown.

    `group_rows` (int32, rows of the generation's audience) and `group_shares` (float32) are packed arrays of one
    length: the groups behind the persona, the representative one first, then by falling share, which sum to 1.
    """

    persona_set = models.ForeignKey(PersonaSet, models.CASCADE, related_name="personas")
    identity = models.ForeignKey(Identity, models.RESTRICT, related_name="personas")
    merged_from = models.ForeignKey(
        Identity, models.RESTRICT, null=True, blank=True, related_name="+", help_text="Whose pattern it is, if merged."
    )
    combined = models.BooleanField(default=False, help_text="Several patterns of the set, shown as one.")
    part_of = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="parts")
    position = models.PositiveSmallIntegerField(help_text="1 is the largest of the set.")
    thread = models.IntegerField(help_text="The same number at another size of the generation is the same pattern.")
    gender = models.CharField(max_length=14, choices=Gender, blank=True)
    age_group = models.CharField(max_length=5, choices=AgeGroup, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=60, blank=True, help_text="ISO alpha-2, or the slug of a region")
    share = models.FloatField(help_text="Part of all interactions of known groups.")
    interactions = models.FloatField(help_text="Interactions that the persona stands for.")
    estimated_share = models.FloatField(default=0, help_text="Part of them that was estimated from totals.")
    stability = models.FloatField(null=True, blank=True, help_text="How often the pattern comes back, 0 to 1.")
    likeness = models.FloatField(null=True, blank=True, help_text="To the same identity of the time before, at most 1.")
    group_rows = models.BinaryField(default=bytes)
    group_shares = models.BinaryField(default=bytes)
    contents = models.JSONField(default=list, help_text="The heaviest contents: id, share, lift, by falling share.")
    topics = models.JSONField(default=list, help_text="label, share, lift")
    description = models.TextField(blank=True)
    loyalty = models.JSONField(
        null=True, blank=True, help_text="kind, share, contents, of, usual; null: the data cannot tell."
    )
    apart = models.JSONField(default=list, blank=True, help_text="kind, value, label, share, rest, times")
    attributes = models.JSONField(
        default=list, blank=True, help_text="attribute, label, value, share, coverage, sources, levels"
    )
    audience_size = models.JSONField(
        null=True,
        blank=True,
        help_text="Of the group that gives the face: lower, upper, month, origin; null: not told.",
    )
    sentiment = models.JSONField(
        null=True, blank=True, help_text="Shares positive, neutral, negative; scored of total comments; by language."
    )
    quotes = models.JSONField(default=list, blank=True, help_text="comment, content, digest of the text")
    unavailable = models.JSONField(
        default=list, help_text="The attributes that the data cannot support, each with why."
    )

    objects = ShownManager()
    every = PersonaQuerySet.as_manager()

    class State(models.TextChoices):
        NEW = "new", "New"
        STABLE = "stable", "Stable"
        DRIFTING = "drifting", "Drifting"

    class Meta:
        ordering = ["persona_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["persona_set", "position"],
                condition=Q(part_of__isnull=True),
                name="one_persona_per_position",
            )
        ]

    def __str__(self) -> str:
        return f"{self.identity} ({self.persona_set})"

    @property
    def origin_id(self) -> int:
        """The identity whose pattern it is, merged or not."""
        return self.merged_from_id or self.identity_id

    @property
    def told(self) -> str:
        """The description that is shown: the identity's, where one is pinned."""
        return self.identity.description if self.identity.description_pinned else self.description

    @property
    def state(self) -> str:
        """What became of this person since the time before; blank where there was none."""
        if not self.persona_set.generation.continues_id:
            return ""
        return self.state_by_likeness or self.State.NEW.value

    @property
    def state_by_likeness(self) -> str:
        """Stable or drifting; blank for somebody who was not there at the time before."""
        if self.likeness is None:
            return ""
        return (self.State.STABLE if self.likeness >= STABLE else self.State.DRIFTING).value
