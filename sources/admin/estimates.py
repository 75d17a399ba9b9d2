"""What platforms estimated of groups, and the answers that are kept of a month."""

from django.contrib import admin

from sources import models
from sources.admin.bases import MachineWritten


@admin.register(models.AudienceSize)
class AudienceSizeAdmin(MachineWritten):
    list_display = ["id", "month", "gender", "age_group", "country", "lower", "upper", "origin", "source"]
    list_filter = ["month", "gender", "age_group", "source__organization"]
    list_select_related = ["source__organization"]
    search_fields = ["=country", "origin"]


@admin.register(models.EstimateAnswer)
class EstimateAnswerAdmin(MachineWritten):
    list_display = ["id", "month", "digest", "asked_at", "source"]
    list_filter = ["month", "source__organization"]
    list_select_related = ["source__organization"]
    search_fields = ["digest", "source__name"]
