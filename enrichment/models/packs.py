"""Packs of photos: archives handed in, and the runs that check and import them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from enrichment.querysets import PackRunQuerySet, PhotoPackQuerySet
from sources.models import Organization
from sources.runs import Run


class PhotoPack(models.Model):
    """A ZIP of photos with its manifest, as it was handed in; the file goes once its photos are in the library."""

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="photo_packs",
        help_text="Whose library the photos belong to; empty: the one that all organizations share.",
    )
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to="packs/%Y/%m/", blank=True, max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoPackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_photo_pack_has_a_name")]

    def __str__(self) -> str:
        return self.name


class PackRun(Run):
    """One run over a pack: the check writes nothing but its report, the import brings the photos in as pending."""

    runner = "enrichment.importing.run_pack"

    class Task(models.TextChoices):
        CHECK = "check", "Check"
        IMPORT = "import", "Import"

    pack = models.ForeignKey(PhotoPack, models.CASCADE, related_name="runs")
    task = models.CharField(max_length=6, choices=Task)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, blank=True, help_text="file, line, outcome, reason, notes of every file")

    objects = PackRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack"], condition=Q(state__in=["queued", "running"]), name="one_open_run_per_pack"
            ),
            models.UniqueConstraint(
                fields=["pack"], condition=Q(task="import", state="done"), name="a_pack_is_imported_once"
            ),
            models.CheckConstraint(condition=Q(task__in=["check", "import"]), name="a_pack_run_checks_or_imports"),
        ]

    def __str__(self) -> str:
        return f"{self.get_task_display()} of {self.pack}"
