"""What platforms estimated of groups, and the answers that are kept of a month."""

from django.contrib import admin

from sources import models
from sources.admin.bases import MachineWritten, Owned, OwnOrganizations


@admin.register(models.AudienceSize)
class AudienceSizeAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["id", "month", "gender", "age_group", "country", "lower", "upper", "origin", "source"]
    list_filter = ["month", "gender", "age_group", ("source__organization", OwnOrganizations)]
    list_select_related = ["source__organization"]
    search_fields = ["=country", "origin"]


@admin.register(models.EstimateAnswer)
class EstimateAnswerAdmin(Owned, MachineWritten):
    owner = "source__organization"
    list_display = ["id", "month", "digest", "asked_at", "source"]
    list_filter = ["month", ("source__organization", OwnOrganizations)]
    list_select_related = ["source__organization"]
    search_fields = ["digest", "source__name"]
