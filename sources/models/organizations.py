"""Who there is: the organization, the people in it, the keys of its programs."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from sources.querysets import OrganizationQuerySet


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

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN


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
