"""What the audience did with the content: sources, content units, groups, counts and comments."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from sources.encryption import EncryptedTextField
from sources.models.organizations import Organization
from sources.querysets import CommentQuerySet, ContentUnitQuerySet, DataSourceQuerySet, InteractionsQuerySet

PERIOD = RegexValidator(
    r"^([0-9]{4}-(0[1-9]|1[0-2]))?$", "A period is written YYYY-MM, or left empty when it is not known."
)


class Gender(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    USER_SPECIFIED = "user_specified", "User-specified"


class AgeGroup(models.TextChoices):
    A13 = "13-17", "13-17"
    A18 = "18-24", "18-24"
    A25 = "25-34", "25-34"
    A35 = "35-44", "35-44"
    A45 = "45-54", "45-54"
    A55 = "55-64", "55-64"
    A65 = "65+", "65+"


class DataSource(models.Model):
    """One account on one platform, or one named pile of uploaded files."""

    class Kind(models.TextChoices):
        FILES = "files", "Uploaded files"
        YOUTUBE = "youtube", "YouTube"
        GOOGLE_ANALYTICS = "google_analytics", "Google Analytics"
        FACEBOOK = "facebook", "Facebook page"
        FACEBOOK_ADS = "facebook_ads", "Facebook ads"
        INSTAGRAM = "instagram", "Instagram"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sources")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.FILES)
    created_at = models.DateTimeField(auto_now_add=True)
    connection = models.ForeignKey(
        "Connection", models.SET_NULL, null=True, blank=True, related_name="sources", help_text="Empty: disconnected."
    )
    account = models.CharField(max_length=200, blank=True, help_text="The channel, property or page at the platform.")
    token = EncryptedTextField(blank=True, help_text="The account's own token, where the platform gives one.")
    problem = models.TextField(
        blank=True, help_text="Why this source alone has to be connected again, in words for the user."
    )
    options = models.JSONField(default=dict, blank=True, help_text="How to collect.")
    due_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When to collect again.")

    objects = DataSourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_source_per_name"),
            models.UniqueConstraint(
                fields=["organization", "kind", "account"], condition=~Q(account=""), name="one_source_per_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def link(self) -> str:
        """How the source hangs on its platform: connected, reconnect or disconnected; "" for files."""
        if self.kind == self.Kind.FILES:
            return ""
        if self.connection is None:
            return "disconnected"
        return "connected" if self.connection.is_live and not self.problem else "reconnect"

    @property
    def trouble(self) -> str:
        """Why it has to be connected again, in words: its whole permission died, or it alone was lost."""
        if self.link != "reconnect":
            return ""
        return self.problem if self.connection.is_live else self.connection.problem


class ContentUnit(models.Model):
    """A video, page, post or product: a column of V."""

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="contents")
    external_id = models.CharField(max_length=200)
    title = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    thumbnail = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ContentUnitQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_content_per_external_id")]

    def __str__(self) -> str:
        return self.title or self.external_id


class DemographicGroup(models.Model):
    """Gender x age group x country: a row of V. An empty field means that the data does not have this dimension."""

    gender = models.CharField(max_length=14, choices=Gender, blank=True)
    age_group = models.CharField(max_length=5, choices=AgeGroup, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["gender", "age_group", "country"], name="one_row_per_group"),
            models.CheckConstraint(
                condition=~Q(gender="", age_group="", country=""), name="a_group_has_at_least_one_dimension"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.get_gender_display(), self.age_group, self.country) if part)


class PackedInteractions(models.Model):
    """The interactions of one content unit in one period, by group: a column of V, packed.

    `group_ids` (int32) and `counts` (float64, interactions) are little-endian arrays of one length, ids ascending.
    """

    content = models.ForeignKey(ContentUnit, models.CASCADE, related_name="interactions")
    period = models.CharField(max_length=7, blank=True, validators=[PERIOD], help_text="YYYY-MM, or empty: undated")
    group_ids = models.BinaryField()
    counts = models.BinaryField()
    total = models.FloatField(help_text="All interactions, those of unknown groups included.")
    unknown = models.FloatField(default=0, help_text="Interactions whose gender, age or country was blank.")
    estimated = models.BooleanField(default=False, help_text="Counted from marginals instead of measured.")
    seed = models.CharField(
        max_length=120,
        blank=True,
        db_default="",
        help_text="Where an estimate has from how the dimensions go together.",
    )

    objects = InteractionsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "packed interactions"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["content", "period"], name="one_column_per_content_and_period"),
            models.CheckConstraint(condition=Q(total__gte=0), name="total_is_not_negative"),
            models.CheckConstraint(
                condition=Q(unknown__gte=0, unknown__lte=models.F("total")), name="unknown_is_part_of_the_total"
            ),
        ]
        indexes = [models.Index(fields=["period"], name="interactions_by_period")]

    def __str__(self) -> str:
        return f"{self.content_id} in {self.period or 'no dated period'}"


class Comment(models.Model):
    """What somebody wrote under a content unit; the author is never stored."""

    content = models.ForeignKey(ContentUnit, models.CASCADE, related_name="comments")
    external_id = models.CharField(max_length=200)
    text = models.TextField()
    likes = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["content", "external_id"], name="one_comment_per_external_id")]

    def __str__(self) -> str:
        return self.text[:60]
