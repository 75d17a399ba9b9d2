"""What a platform answered about audiences, kept so that the same is asked once a month."""

from django.db import models

from sources.models.interactions import PERIOD, DataSource


class EstimateAnswer(models.Model):
    """One answer of a month, found by the digest of its question."""

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="estimate_answers")
    month = models.CharField(max_length=7, validators=[PERIOD])
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "month", "digest"], name="one_answer_per_question_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.month}: {self.digest[:8]}"
