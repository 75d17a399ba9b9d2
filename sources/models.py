"""An organization, its sources, and what its audience did with its content."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from sources.querysets import (
    CollectionQuerySet,
    CommentQuerySet,
    ContentUnitQuerySet,
    DataSourceQuerySet,
    InteractionsQuerySet,
    OrganizationQuerySet,
)
from sources.runs import Run

PERIOD = RegexValidator(
    r"^(\d{4}-(0[1-9]|1[0-2]))?$", "A period is written YYYY-MM, or left empty when it is not known."
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


class Organization(models.Model):
    """The tenant: everything belongs to exactly one, people reach it through a membership."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    small_cell_threshold = models.PositiveIntegerField(
        default=50,
        validators=[MinValueValidator(1)],
        help_text="A group with fewer interactions joins no persona and is never shown.",
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organizations")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do in an organization."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "Viewer: looks at everything, changes nothing"
        EDITOR = "editor", "Editor: uploads data and generates personas"
        ADMIN = "admin", "Administrator: also invites people and connects sources"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.VIEWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization} ({self.role})"

    @property
    def may_edit(self) -> bool:
        return self.role in (self.Role.EDITOR, self.Role.ADMIN)


class DataSource(models.Model):
    """One account on one platform, or one named pile of uploaded files."""

    class Kind(models.TextChoices):
        FILES = "files", "Uploaded files"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sources")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.FILES)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DataSourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_source_per_name")]

    def __str__(self) -> str:
        return self.name


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


class Upload(models.Model):
    """Files that somebody handed in, kept as they came; a collection reads them once the mapping is confirmed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="uploads")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    interactions = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    contents = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    comments = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    names = models.JSONField(default=dict, blank=True, help_text="The names that the files had, by kind.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return ", ".join(self.names.values()) or f"Upload {self.pk}"


class Collection(Run):
    """One run that brings data from a source: its progress, coverage and complaints."""

    runner = "sources.importing.run_collection"

    class Mode(models.TextChoices):
        REPLACE = "replace", "Replace the periods in this file"
        ADD = "add", "Add to the periods in this file, or correct the groups it names"

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="collections")
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, blank=True, related_name="collections")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    mode = models.CharField(max_length=7, choices=Mode, default=Mode.REPLACE)
    period = models.CharField(max_length=7, blank=True, validators=[PERIOD], help_text="For rows that name no period.")
    mapping = models.JSONField(default=dict, blank=True, help_text="For each file: our column -> its column.")
    rejects_file = models.FileField(upload_to="rejects/%Y/%m/", blank=True, max_length=300)
    rows_read = models.BigIntegerField(default=0)
    rows_accepted = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict, blank=True, help_text="Duplicates, unknown mass, warnings, first rejects.")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=["queued", "running"]), name="one_open_collection_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.created_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A key for programs: only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Upload data"
        RUN = "run", "Start generations"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="The first letters, to recognise it by.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key.")
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
