"""Permissions that people gave us at a platform, and how far a collection from there has come."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from sources.encryption import EncryptedTextField
from sources.models.interactions import PERIOD, AgeGroup, ContentUnit, DataSource, Gender
from sources.models.organizations import Organization

WARNED_BEFORE = timedelta(days=14)


class Connection(models.Model):
    """A permission that somebody gave: one Google or Facebook account, for the sources chosen from it."""

    class Provider(models.TextChoices):
        GOOGLE = "google", "Google"
        META = "meta", "Facebook"

    class State(models.TextChoices):
        LIVE = "live", "Connected"
        RECONNECT = "reconnect", "Reconnect"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="connections")
    provider = models.CharField(max_length=6, choices=Provider)
    account = models.CharField(max_length=200, blank=True, help_text="Whose permission it is, as the platform says.")
    person = models.CharField(max_length=64, blank=True, help_text="The platform's own number of whose it is.")
    token = EncryptedTextField(blank=True, help_text="Google: the refresh token. Facebook: the long-lived token.")
    scopes = models.JSONField(default=list, blank=True, help_text="What was really granted.")
    state = models.CharField(max_length=9, choices=State, default=State.LIVE)
    problem = models.TextField(blank=True, help_text="Why it has to be connected again, in words for the user.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When the permission ends, if that is known.")
    checked_at = models.DateTimeField(null=True, blank=True)
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.get_provider_display(), self.account)))

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    @property
    def ends_soon(self) -> bool:
        """Whether it is time to connect again before the permission ends by itself."""
        return self.is_live and self.expires_at is not None and self.expires_at - timezone.now() < WARNED_BEFORE


class Cycle(models.Model):
    """One way through the window of days of a source; collections that stop are followed by others that go on."""

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="cycles")
    first_day = models.DateField()
    last_day = models.DateField()
    reached_back_to = models.DateField(
        null=True, blank=True, help_text="The first day that this cycle or any before it asked for, if that is known."
    )
    is_outdated = models.BooleanField(
        default=False,
        help_text="What counts was changed, or a file was imported, since: the next cycle reads all days again.",
    )
    is_second_try = models.BooleanField(
        default=False, help_text="Days are read once more, of which the platform had refused a part."
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    audience = models.JSONField(
        default=list, blank=True, help_text="Groups (gender, age group, country) whose size is asked for at the end."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(finished_at=None), name="one_open_cycle_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.first_day} to {self.last_day}"

    @property
    def reached(self) -> date:
        """The first day that was ever asked for, as far as anybody knows."""
        return self.reached_back_to or self.first_day

    @property
    def wants_another_try(self) -> bool:
        """Whether a part was refused that is to be asked for once more; who refuses twice is not asked for ever."""
        return not self.is_second_try and self.checkpoints.exclude(refusal="").exists()


class Checkpoint(models.Model):
    """A shard of a cycle that is read and stored, with what it held in interactions."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="checkpoints")
    key = models.CharField(max_length=200)
    stage = models.CharField(max_length=40, blank=True)
    place = models.PositiveIntegerField(default=0, help_text="Its place in the stage, when it was read.")
    refusal = models.TextField(blank=True, help_text="The platform's words, where it refused this part.")
    explained = models.FloatField(default=0, help_text="Interactions of known groups.")
    suppressed = models.FloatField(default=0, help_text="Interactions that the platform keeps back in small cells.")
    unknown = models.FloatField(default=0, help_text="Interactions of people whom the platform does not know.")
    complaints = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="one_checkpoint_per_shard")]

    def __str__(self) -> str:
        return self.key


class GroupFigures(models.Model):
    """What a platform says of a group of a source; a blank dimension means any."""

    source = models.ForeignKey(DataSource, models.CASCADE)
    gender = models.CharField(max_length=14, choices=Gender, blank=True, help_text="Blank: any")
    age_group = models.CharField(max_length=5, choices=AgeGroup, blank=True, help_text="Blank: any")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2; blank: any")

    class Meta:
        abstract = True


class Loyalty(GroupFigures):
    """Interactions, and those of them by the loyal: subscribed, returning or following, as the platform counts them."""

    class Kind(models.TextChoices):
        SUBSCRIBED = "subscribed", "Subscribed"
        RETURNING = "returning", "Returning"
        FOLLOWER = "follower", "Following"

    content = models.ForeignKey(
        ContentUnit, models.CASCADE, null=True, blank=True, related_name="loyalty", help_text="Empty: all contents."
    )
    period = models.CharField(max_length=7, blank=True, validators=[PERIOD])
    kind = models.CharField(max_length=10, choices=Kind)
    loyal = models.FloatField()
    total = models.FloatField()

    class Meta:
        verbose_name_plural = "loyalty"
        constraints = [
            models.UniqueConstraint(
                fields=["content", "period", "gender", "age_group", "country", "kind"],
                condition=models.Q(content__isnull=False),
                name="one_loyalty_per_content_period_and_group",
            ),
            models.UniqueConstraint(
                fields=["source", "period", "gender", "age_group", "country", "kind"],
                condition=models.Q(content=None),
                name="one_loyalty_per_source_period_and_group",
            ),
            models.CheckConstraint(
                condition=models.Q(loyal__gte=0, loyal__lte=models.F("total")), name="the_loyal_are_part_of_the_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.loyal:,.0f} of {self.total:,.0f}"


class AudienceSize(GroupFigures):
    """How many people there are in a group, as a platform estimates it for its advertisers: a range."""

    month = models.CharField(max_length=7, validators=[PERIOD])
    lower = models.BigIntegerField()
    upper = models.BigIntegerField()
    origin = models.CharField(max_length=200, help_text="Whose estimate it is.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "month", "gender", "age_group", "country"], name="one_size_per_group_and_month"
            ),
            models.CheckConstraint(
                condition=models.Q(lower__gte=0, lower__lte=models.F("upper")), name="a_size_is_a_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lower:,} to {self.upper:,}"
