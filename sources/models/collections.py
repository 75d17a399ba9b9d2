"""How data comes in: files handed in, and the runs that read them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sources.collecting.scheduling import next_night
from sources.models.interactions import PERIOD, DataSource
from sources.models.organizations import Organization
from sources.querysets import CollectionQuerySet
from sources.runs import Run


class Upload(models.Model):
    """Files that somebody handed in, kept as they came; a collection reads them once the mapping is confirmed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="uploads")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    interactions = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    contents = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    comments = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    attributes = models.FileField(upload_to="uploads/%Y/%m/", blank=True, max_length=300)
    names = models.JSONField(default=dict, blank=True, help_text="The names that the files had, by kind.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return ", ".join(self.names.values()) or f"Upload {self.pk}"


class Collection(Run):
    """One run that brings data from a source: its progress, coverage and complaints."""

    class Mode(models.TextChoices):
        REPLACE = "replace", "Replace the periods in this file"
        ADD = "add", "Add to the periods in this file, or correct the groups it names"

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="collections")
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, blank=True, related_name="collections")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    by_schedule = models.BooleanField(default=False, help_text="Begun because its time had come; nobody asked for it.")
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

    @property
    def reads_files(self) -> bool:
        """Whether files are read; else a platform is asked."""
        return self.upload_id is not None or self.source.kind == DataSource.Kind.FILES

    @property
    def runner(self) -> str:
        """The verb that does the work."""
        return "sources.importing.run_collection" if self.reads_files else "sources.collecting.running.run_collection"

    @property
    def goes_on_at(self) -> datetime | None:
        """When a collection that had to stop in the middle goes on; None when it did not have to."""
        moment = self.summary.get("goes_on_at")
        return datetime.fromisoformat(moment) if moment else None

    def request_cancel(self) -> bool:
        """Ask the worker to stop; a source that collects by itself does so again in the next night."""
        if not super().request_cancel() or self.reads_files:
            return False
        sources = DataSource.objects.filter(pk=self.source_id, due_at__isnull=False)
        sources.update(due_at=next_night(timezone.now(), self.source_id))
        return True
