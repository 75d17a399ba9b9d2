"""How the data looks in JSON: fields spelt out, no business."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.reverse import reverse

from sources.connecting.tuning import options_of
from sources.importing import KINDS
from sources.models import PERIOD, Collection, ContentUnit, DataSource, Organization, Upload

RUN_FIELDS = (
    "id",
    "state",
    "stage",
    "stage_done",
    "stage_total",
    "stages",
    "error",
    "created_at",
    "started_at",
    "finished_at",
    "elapsed_seconds",
)


class OrganizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ("slug", "name", "small_cell_threshold", "created_at")


class SourceSerializer(serializers.ModelSerializer):
    content_count = serializers.IntegerField(read_only=True, help_text="Its content units.")
    link = serializers.ChoiceField(
        choices=["connected", "reconnect", "disconnected", ""],
        read_only=True,
        help_text="How it hangs on its platform; `reconnect`: a person has to help. Empty for uploaded files.",
    )
    trouble = serializers.CharField(read_only=True, help_text="Why a person has to help, in words; empty: nobody has.")
    options = serializers.SerializerMethodField(
        help_text="How it is collected, defaults too; parts (`share`) are of 1. Empty for uploaded files."
    )

    class Meta:
        model = DataSource
        fields = ("id", "name", "kind", "content_count", "link", "trouble", "options", "due_at", "created_at")

    def get_options(self, source: DataSource) -> dict[str, Any]:
        return options_of(source)


class ContentUnitSerializer(serializers.ModelSerializer):
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    interactions = serializers.FloatField(
        source="interaction_count", read_only=True, help_text="All its interactions, in all periods."
    )

    class Meta:
        model = ContentUnit
        fields = (
            "id",
            "source",
            "external_id",
            "title",
            "description",
            "category",
            "tags",
            "url",
            "thumbnail",
            "published_at",
            "interactions",
        )


class StageSerializer(serializers.Serializer):
    stage = serializers.CharField()
    seconds = serializers.FloatField()
    count = serializers.IntegerField()


class CollectionSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True, read_only=True)
    elapsed_seconds = serializers.FloatField(read_only=True)
    summary = serializers.DictField(
        read_only=True,
        help_text="Files: duplicates, unknown mass, warnings, first rejects. "
        "Platforms: days, coverage, complaints, and `goes_on_at` while a quota is waited for.",
    )
    rejects = serializers.SerializerMethodField(help_text="Where the rows left out can be had; null: none were.")

    class Meta:
        model = Collection
        fields = (
            *RUN_FIELDS,
            "source",
            "upload",
            "mode",
            "period",
            "rows_read",
            "rows_accepted",
            "rows_rejected",
            "summary",
            "rejects",
        )

    def get_rejects(self, collection: Collection) -> str | None:
        if not collection.rejects_file:
            return None
        return reverse("api:collection-rejects", [collection.pk], request=self.context.get("request"))


class UploadSerializer(serializers.ModelSerializer):
    names = serializers.DictField(child=serializers.CharField(), read_only=True, help_text="File names, by kind.")
    collection = serializers.SerializerMethodField(help_text="The run that reads the files; null: not confirmed yet.")

    class Meta:
        model = Upload
        fields = ("id", "names", "created_at", "collection")

    def get_collection(self, upload: Upload) -> CollectionSerializer(allow_null=True):
        runs = upload.collections.all()  # prefetched
        return CollectionSerializer(runs[0], context=self.context).data if runs else None


def not_too_large(file) -> None:
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise serializers.ValidationError(f"This file is larger than {settings.UPLOAD_MAX_BYTES / 2**20:,.0f} MB.")


class NewUploadSerializer(serializers.Serializer):
    """Files as CSV or CSV.gz; at least one of them."""

    source = serializers.CharField(max_length=120, default="Files", help_text="Name of the source; made if absent.")
    interactions = serializers.FileField(
        required=False, validators=[not_too_large], help_text="content_id, gender, age_group, country, count"
    )
    contents = serializers.FileField(required=False, validators=[not_too_large], help_text="content_id, title and more")
    comments = serializers.FileField(required=False, validators=[not_too_large], help_text="content_id, text and more")
    attributes = serializers.FileField(
        required=False,
        validators=[not_too_large],
        help_text="gender, age_group, country (blank: any), attribute (job, education, relationship), value, share, "
        "source",
    )
    mode = serializers.ChoiceField(choices=Collection.Mode.choices, default=Collection.Mode.REPLACE)
    period = serializers.CharField(
        max_length=7, required=False, allow_blank=True, default="", validators=[PERIOD], help_text="YYYY-MM"
    )

    def validate(self, given: dict) -> dict:
        if not any(given.get(kind) for kind in KINDS):
            raise serializers.ValidationError("Send at least one file: interactions, contents, comments or attributes.")
        return given
