"""How generations and their sets look in JSON: fields spelt out, no business."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from personas.generation import LARGEST, SMALLEST
from personas.models import Generation, PersonaSet
from sources.api.serializers import RUN_FIELDS, StageSerializer
from sources.models import PERIOD, DataSource


class SetLinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = PersonaSet
        fields = ("id", "size")


class GenerationSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True, read_only=True)
    elapsed_seconds = serializers.FloatField(read_only=True)
    sizes = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    sources = serializers.ListField(
        source="source_ids",
        child=serializers.IntegerField(),
        read_only=True,
        help_text="Ids of the sources asked for, deleted ones included; none named: all.",
    )
    absent_dimensions = serializers.ListField(child=serializers.CharField(), read_only=True)
    seconds = serializers.DictField(child=serializers.FloatField(), read_only=True, help_text="Seconds by stage.")
    size_curve = serializers.DictField(read_only=True)
    seeds = serializers.DictField(
        child=serializers.FloatField(), read_only=True, help_text="Estimated interactions by what they were made from."
    )
    versions = serializers.DictField(child=serializers.CharField(), read_only=True)
    continues = serializers.IntegerField(
        source="continues_id", read_only=True, allow_null=True, help_text="Id of the generation that it carries on."
    )
    sets = SetLinkSerializer(many=True, read_only=True)

    class Meta:
        model = Generation
        fields = (
            *RUN_FIELDS,
            "sources",
            "period",
            "unit",
            "method",
            "sizes",
            "seed",
            "threshold",
            "group_count",
            "content_count",
            "interaction_total",
            "unknown_total",
            "estimated_total",
            "seeds",
            "small_total",
            "small_groups",
            "absent_dimensions",
            "suggested_size",
            "size_curve",
            "fingerprint",
            "continues",
            "versions",
            "seconds",
            "sets",
        )


@extend_schema_field({"type": "integer"})
class OwnSources(serializers.PrimaryKeyRelatedField):
    """Sources of the key's organization; those of others do not exist."""

    def __init__(self, **kwargs) -> None:
        super().__init__(pk_field=serializers.IntegerField(), **kwargs)

    def get_queryset(self):
        request = self.context.get("request")
        return DataSource.objects.of(request.auth.organization) if request else DataSource.objects.none()


class NewGenerationSerializer(serializers.Serializer):
    """What to make; everything has a default."""

    sizes = serializers.ListField(
        child=serializers.IntegerField(min_value=SMALLEST, max_value=LARGEST),
        default=None,
        allow_null=True,
        allow_empty=False,
        max_length=LARGEST,
        help_text="The numbers of personas; when left out, those of 5 to 15 that the data can give.",
    )
    method = serializers.ChoiceField(choices=Generation.Method.choices, default=Generation.Method.BALANCED)
    unit = serializers.ChoiceField(choices=Generation.Unit.choices, default=Generation.Unit.COUNTRY)
    period = serializers.CharField(
        max_length=7, default="", allow_blank=True, validators=[PERIOD], help_text="YYYY-MM, or empty: all periods"
    )
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    sources = OwnSources(many=True, default=[], help_text="Ids of sources; none named: all.")


class PersonaSetSerializer(serializers.ModelSerializer):
    period = serializers.CharField(source="generation.period", read_only=True)
    unit = serializers.ChoiceField(source="generation.unit", choices=Generation.Unit.choices, read_only=True)
    method = serializers.ChoiceField(source="generation.method", choices=Generation.Method.choices, read_only=True)
    suggested_size = serializers.IntegerField(source="generation.suggested_size", read_only=True, allow_null=True)
    finished_at = serializers.DateTimeField(source="generation.finished_at", read_only=True, allow_null=True)
    measures = serializers.DictField(read_only=True, help_text="The quality of the set.")

    class Meta:
        model = PersonaSet
        fields = (
            "id",
            "generation",
            "size",
            "period",
            "unit",
            "method",
            "suggested_size",
            "finished_at",
            "measures",
            "consistency_with_next",
        )


class NamedSourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = DataSource
        fields = ("id", "name", "kind")


class ProvenanceSerializer(serializers.ModelSerializer):
    """How a persona was made."""

    sources = NamedSourceSerializer(
        source="chosen_sources", many=True, read_only=True, help_text="As they were called then; none named: all."
    )
    used_sources = NamedSourceSerializer(
        many=True, read_only=True, help_text="Those that gave contents; empty in generations of before it was kept."
    )
    notices = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="What is to be known of these sources, in sentences."
    )
    absent_dimensions = serializers.ListField(child=serializers.CharField(), read_only=True)
    estimated_share = serializers.FloatField(
        read_only=True, help_text="Part of the interactions of known groups that was estimated from totals."
    )
    seeds = serializers.DictField(
        child=serializers.FloatField(), read_only=True, help_text="Those interactions by what they were made from."
    )
    versions = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Generation
        fields = (
            "id",
            "method",
            "unit",
            "period",
            "sources",
            "used_sources",
            "notices",
            "threshold",
            "seed",
            "absent_dimensions",
            "estimated_share",
            "seeds",
            "fingerprint",
            "versions",
            "finished_at",
        )
