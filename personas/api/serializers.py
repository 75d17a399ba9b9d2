"""How generations, sets and personas look in JSON: fields spelt out, no business."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from personas.generation import DEFAULT_SIZES, LARGEST, SMALLEST
from personas.models import Generation, Persona, PersonaSet
from personas.presenting import groups_behind
from sources.api.serializers import RUN_FIELDS, StageSerializer
from sources.countries import place_name
from sources.models import PERIOD, ContentUnit, DataSource

GROUPS_SHOWN = 50


class SetLinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = PersonaSet
        fields = ("id", "size")


class GenerationSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True, read_only=True)
    elapsed_seconds = serializers.FloatField(read_only=True)
    sizes = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    sources = serializers.PrimaryKeyRelatedField(many=True, read_only=True, help_text="None named: all.")
    absent_dimensions = serializers.ListField(child=serializers.CharField(), read_only=True)
    seconds = serializers.DictField(child=serializers.FloatField(), read_only=True, help_text="Seconds by stage.")
    size_curve = serializers.DictField(read_only=True)
    versions = serializers.DictField(child=serializers.CharField(), read_only=True)
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
            "small_total",
            "small_groups",
            "absent_dimensions",
            "suggested_size",
            "size_curve",
            "fingerprint",
            "versions",
            "seconds",
            "sets",
        )


@extend_schema_field({"type": "integer"})
class OwnSources(serializers.PrimaryKeyRelatedField):
    """Sources of the key's organization; those of others do not exist."""

    def get_queryset(self):
        request = self.context.get("request")
        return DataSource.objects.of(request.auth.organization) if request else DataSource.objects.none()


class NewGenerationSerializer(serializers.Serializer):
    """What to make; everything has a default."""

    sizes = serializers.ListField(
        child=serializers.IntegerField(min_value=SMALLEST, max_value=LARGEST),
        default=list(DEFAULT_SIZES),
        allow_empty=False,
        max_length=LARGEST,
        help_text="The numbers of personas.",
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


class TopicSerializer(serializers.Serializer):
    label = serializers.CharField()
    share = serializers.FloatField(help_text="Part of the persona's interactions.")
    lift = serializers.FloatField(help_text="That part over the part that the whole audience gives the topic.")


class GroupSerializer(serializers.Serializer):
    gender = serializers.CharField()
    age_group = serializers.CharField()
    country = serializers.CharField(help_text="ISO alpha-2, or the slug of a region")
    share = serializers.FloatField(help_text="Part of the persona.")
    lift = serializers.FloatField(help_text="That part over the group's part of the whole audience.")
    interactions = serializers.FloatField()


class ContentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    share = serializers.FloatField(help_text="Part of the persona's interactions.")
    lift = serializers.FloatField(help_text="That part over the content's part of the whole audience.")


class UnavailableSerializer(serializers.Serializer):
    attribute = serializers.CharField()
    why = serializers.CharField()


class NamedSourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = DataSource
        fields = ("id", "name", "kind")


class ProvenanceSerializer(serializers.ModelSerializer):
    """How a persona was made."""

    sources = NamedSourceSerializer(many=True, read_only=True, help_text="None named: all.")
    absent_dimensions = serializers.ListField(child=serializers.CharField(), read_only=True)
    versions = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Generation
        fields = (
            "id",
            "method",
            "unit",
            "period",
            "sources",
            "threshold",
            "seed",
            "absent_dimensions",
            "fingerprint",
            "versions",
            "finished_at",
        )


class PersonaSummarySerializer(serializers.ModelSerializer):
    set = serializers.IntegerField(source="persona_set_id", read_only=True)
    generation = serializers.IntegerField(source="persona_set.generation_id", read_only=True)
    size = serializers.IntegerField(source="persona_set.size", read_only=True)
    identity = serializers.IntegerField(source="identity_id", read_only=True, help_text="The same in other sets.")
    name = serializers.CharField(source="identity.name", read_only=True)
    country_name = serializers.SerializerMethodField()
    topics = TopicSerializer(many=True, read_only=True)
    picture = serializers.SerializerMethodField(help_text="Where the picture can be had, with the same key.")

    class Meta:
        model = Persona
        fields = (
            "id",
            "set",
            "generation",
            "size",
            "position",
            "thread",
            "identity",
            "name",
            "gender",
            "age_group",
            "age",
            "country",
            "country_name",
            "share",
            "interactions",
            "description",
            "topics",
            "picture",
        )

    def get_country_name(self, persona: Persona) -> str:
        return place_name(persona.country) if persona.country else ""

    def get_picture(self, persona: Persona) -> str | None:
        if not persona.identity.picture:
            return None
        return reverse("api:persona-picture", [persona.pk], request=self.context.get("request"))


class PersonaSerializer(PersonaSummarySerializer):
    """Everything that the page of a persona shows."""

    name_origin = serializers.CharField(source="identity.name_origin", read_only=True)
    picture_origin = serializers.CharField(source="identity.picture_origin", read_only=True)
    contents = serializers.SerializerMethodField(help_text="The heaviest contents, by falling share.")
    group_count = serializers.SerializerMethodField(help_text="The groups behind the persona.")
    groups = serializers.SerializerMethodField(
        help_text=f"The representative group, then the others by falling share: {GROUPS_SHOWN}, or all if asked for."
    )
    unavailable = UnavailableSerializer(many=True, read_only=True)
    provenance = ProvenanceSerializer(source="persona_set.generation", read_only=True)

    class Meta(PersonaSummarySerializer.Meta):
        fields = (
            *PersonaSummarySerializer.Meta.fields,
            "name_origin",
            "picture_origin",
            "contents",
            "group_count",
            "groups",
            "unavailable",
            "provenance",
        )

    @extend_schema_field(ContentSerializer(many=True))
    def get_contents(self, persona: Persona) -> list:
        units = ContentUnit.objects.in_bulk([line["id"] for line in persona.contents])
        lines = [(units[line["id"]], line) for line in persona.contents if line["id"] in units]
        return [
            {
                "id": unit.pk,
                "external_id": unit.external_id,
                "title": unit.title,
                "url": unit.url,
                "share": line["share"],
                "lift": line["lift"],
            }
            for unit, line in lines
        ]

    def get_group_count(self, persona: Persona) -> int:
        return len(persona.group_rows) // 4

    @extend_schema_field(GroupSerializer(many=True))
    def get_groups(self, persona: Persona) -> list:
        lines = groups_behind(persona, persona.persona_set.generation.audience)
        shown = lines if self.context.get("all_groups") else lines[:GROUPS_SHOWN]
        return [
            {
                **dict(zip(("gender", "age_group", "country"), line.key, strict=True)),
                "share": line.share,
                "lift": line.lift,
                "interactions": line.interactions,
            }
            for line in shown
        ]
