"""Photos of real people that may become the faces of personas."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When

from enrichment.measures.manifests import OLDEST, YOUNGEST
from enrichment.models.packs import PhotoPack
from enrichment.querysets import PhotoQuerySet
from sources.models import AgeGroup, Gender, Organization

YEARS = [MinValueValidator(YOUNGEST), MaxValueValidator(OLDEST)]
# The band that holds the middle of the ages: a photo belongs to exactly one.
FIRST_YEAR_AFTER = {"13-17": 18, "18-24": 25, "25-34": 35, "35-44": 45, "45-54": 55, "55-64": 65}
BAND = Case(
    *(When(age_min__lt=2 * after - F("age_max"), then=Value(band)) for band, after in FIRST_YEAR_AFTER.items()),
    default=Value(AgeGroup.A65.value),
    output_field=models.CharField(max_length=5),
)


class Photo(models.Model):
    """A picture drawn anew from the file that came, what it shows, and by which right it is used."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        APPROVED = "approved", "Approved"
        RETIRED = "retired", "Retired"

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="photos",
        help_text="Whose photo it is; empty: it is shared with all organizations.",
    )
    pack = models.ForeignKey(PhotoPack, models.SET_NULL, null=True, blank=True, related_name="photos")
    file_name = models.CharField(max_length=300, help_text="The name that the file had in its pack.")
    image = models.ImageField(upload_to="photos/%Y/%m/", max_length=300)
    thumbnail = models.ImageField(upload_to="photos/%Y/%m/", max_length=300)
    gender = models.CharField(max_length=14, choices=Gender)
    age_min = models.PositiveSmallIntegerField(validators=YEARS)
    age_max = models.PositiveSmallIntegerField(validators=YEARS)
    age_group = models.GeneratedField(expression=BAND, output_field=models.CharField(max_length=5), db_persist=True)
    licence = models.CharField(max_length=60)
    licence_url = models.URLField(max_length=300, blank=True)
    credit = models.CharField(max_length=100, blank=True, help_text="Whom to name under the picture.")
    release = models.CharField(
        max_length=200, blank=True, help_text="The consent of the person shown, or why none is needed."
    )
    state = models.CharField(max_length=8, choices=State, default=State.PENDING, db_index=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it came.")
    likeness = models.CharField(max_length=32, help_text="128 bits, hexadecimal: photos of near ones look the same.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who approved or retired it last.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_min__gte=YOUNGEST, age_min__lte=F("age_max"), age_max__lte=OLDEST),
                name="ages_of_a_photo_are_in_order",
            ),
            models.CheckConstraint(condition=Q(gender__in=Gender.values), name="a_photo_shows_a_known_gender"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "approved", "retired"]), name="a_photo_has_a_known_state"
            ),
            models.CheckConstraint(condition=~Q(licence=""), name="a_photo_has_a_licence"),
            models.CheckConstraint(
                condition=~Q(state="approved", release=""), name="an_approved_photo_has_a_model_release"
            ),
            models.CheckConstraint(condition=~Q(image="") & ~Q(thumbnail=""), name="a_photo_has_its_files"),
            models.UniqueConstraint(
                fields=["organization", "digest"],
                condition=Q(organization__isnull=False),
                name="one_photo_per_file_in_an_organization",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(organization__isnull=True), name="one_shared_photo_per_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gender_display()}, {self.ages}"

    @property
    def ages(self) -> str:
        return f"{self.age_min}-{self.age_max}" if self.age_min != self.age_max else str(self.age_min)

    @property
    def right(self) -> str:
        """The licence and whom to name, as it stands under the picture."""
        return f"{self.licence}, {self.credit}" if self.credit else self.licence


class PhotoPlace(models.Model):
    """Where a photo fits: a country, with its region, or with a blank country a region as a whole."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="places")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2, or empty: the whole region")
    region = models.CharField(max_length=60, db_index=True, help_text="Slug of a region of the UN's M49 list")

    class Meta:
        ordering = ["country", "region"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "country", "region"], name="a_photo_fits_a_place_once"),
            models.CheckConstraint(condition=~Q(region=""), name="a_place_of_a_photo_has_a_region"),
        ]

    def __str__(self) -> str:
        return self.country or self.region
