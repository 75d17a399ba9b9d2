"""Files that a platform makes and later deletes, kept as they came."""

from django.db import models

from sources.models.interactions import DataSource


class PlatformFile(models.Model):
    """A file of one day from a job at a platform (YouTube Reporting): the newest one that there was of that day.

    It stays when the platform has deleted its own. `data` is gzipped, lies under its source's folder and is read by
    collections only.
    """

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="files")
    family = models.CharField(max_length=20, help_text="What it tells: basic or demographics.")
    job = models.CharField(max_length=100)
    report = models.CharField(max_length=100, help_text="The platform's id of the file.")
    start = models.DateTimeField(help_text="When its day begins.")
    end = models.DateTimeField()
    created = models.DateTimeField(help_text="When the platform made it.")
    data = models.FileField(max_length=300)

    class Meta:
        ordering = ["start", "family"]
        constraints = [models.UniqueConstraint(fields=["source", "family", "start"], name="one_file_per_day")]

    def __str__(self) -> str:
        return f"{self.source}, {self.family} of {self.start:%Y-%m-%d}"
