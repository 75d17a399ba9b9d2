"""How personas look in JSON, in a list and in full: fields spelt out, no business."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from enrichment.hiding import shown_quotes
from personas.api.comment_serializers import QuoteSerializer, SentimentSerializer
from personas.api.over_time_serializers import STATES
from personas.api.serializers import ProvenanceSerializer
from personas.changing import change_since
from personas.models import Note, Persona
from personas.presenting import breakdowns, groups_behind
from personas.profiling import content_lines, size_steps
from sources.countries import place_name
from sources.packing import IDS

GROUPS_SHOWN = 50


class TopicSerializer(serializers.Serializer):
    label = serializers.CharField()
    share = serializers.FloatField(help_text="Part of the persona's interactions.")
    lift = serializers.FloatField(help_text="That part over the part that the whole audience gives the topic.")
    origin = serializers.CharField(
        required=False, help_text="titles: found in titles of contents without category and tags."
    )
    coverage = serializers.FloatField(
        required=False, help_text="Part of the persona with contents of which titles gave a topic."
    )


class GroupSerializer(serializers.Serializer):
    gender = serializers.CharField()
    age_group = serializers.CharField()
    country = serializers.CharField(help_text="ISO alpha-2, or the slug of a region")
    share = serializers.FloatField(help_text="Part of the persona.")
    lift = serializers.FloatField(help_text="That part over the group's part of the whole audience.")
    interactions = serializers.FloatField()


class ContentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="unit.pk")
    external_id = serializers.CharField(source="unit.external_id")
    title = serializers.CharField(source="unit.title")
    url = serializers.CharField(source="unit.url")
    share = serializers.FloatField(help_text="Part of the persona's interactions.")
    lift = serializers.FloatField(help_text="That part over the content's part of the whole audience.")


class SliceSerializer(serializers.Serializer):
    label = serializers.CharField()
    share = serializers.FloatField(help_text="Part of the persona.")
    audience_share = serializers.FloatField(help_text="Part of the whole audience.")
    is_rest = serializers.BooleanField(help_text="All other values in one.")


class BreakdownSerializer(serializers.Serializer):
    dimension = serializers.CharField(source="title", help_text="Gender, Age, Country or Region.")
    values = SliceSerializer(source="slices", many=True)


class ChangeSerializer(serializers.Serializer):
    """The same identity in the last earlier generation of the same unit, choice of sources and kind of period."""

    persona = serializers.IntegerField(source="then.pk", help_text="Its id then.")
    generation = serializers.IntegerField(source="then.persona_set.generation_id")
    size = serializers.IntegerField(source="then.persona_set.size")
    method = serializers.CharField(source="then.persona_set.generation.method")
    gender = serializers.CharField(source="then.gender")
    age_group = serializers.CharField(source="then.age_group")
    country = serializers.CharField(source="then.country")
    share = serializers.FloatField(source="then.share", help_text="Its share then.")
    points = serializers.FloatField(help_text="By how much the share grew, in parts of the whole audience.")
    topics_that_came = serializers.ListField(source="came", child=serializers.CharField())
    topics_that_went = serializers.ListField(source="went", child=serializers.CharField())
    other_sources = serializers.CharField(help_text="Which sources came and went since, in words; blank: none.")


class SizeStepSerializer(serializers.Serializer):
    size = serializers.IntegerField()
    persona = serializers.IntegerField(source="persona.pk", allow_null=True, help_text="null: not one of this set.")
    share = serializers.FloatField(source="persona.share", allow_null=True)
    gender = serializers.CharField(source="persona.gender", allow_null=True)
    age_group = serializers.CharField(source="persona.age_group", allow_null=True)
    country = serializers.CharField(source="persona.country", allow_null=True)


class LoyaltySerializer(serializers.Serializer):
    kind = serializers.CharField(
        help_text="returning, subscribed or follower: the part of the interactions that the loyal have, as the "
        "platform counts them; over_indexed: the part of the contents on which the persona over-indexes."
    )
    share = serializers.FloatField(help_text="That part, 0 to 1.")
    contents = serializers.IntegerField(allow_null=True, help_text="over_indexed: the contents counted.")
    of = serializers.IntegerField(allow_null=True, help_text="over_indexed: the contents that can tell.")
    usual = serializers.FloatField(
        allow_null=True, help_text="That of the whole audience; over_indexed: of the set's personas by their shares."
    )
    coverage = serializers.FloatField(required=False, help_text="The part of the persona that the platform counts.")
    by = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What told the people apart: contents, groups."
    )


class DifferenceSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="topic, category, gender, age_group or country")
    value = serializers.CharField()
    label = serializers.CharField(help_text="The value in words.")
    share = serializers.FloatField(help_text="Part of the persona's interactions.")
    rest = serializers.FloatField(help_text="Part of the interactions of the rest of the audience.")
    times = serializers.FloatField(allow_null=True, help_text="share over rest; null: the rest has none.")


class LevelSerializer(serializers.Serializer):
    by = serializers.CharField(help_text="What the estimates tell groups apart by.")
    share = serializers.FloatField(help_text="Part of the people averaged whose estimates are such.")


class AttributeSerializer(serializers.Serializer):
    attribute = serializers.CharField(help_text="job, education or relationship")
    label = serializers.CharField()
    value = serializers.CharField(help_text="The most likely one.")
    share = serializers.FloatField(help_text="Its estimated part of the people behind of the same gender and age.")
    coverage = serializers.FloatField(help_text="Part of the persona that estimates cover.")
    sources = serializers.ListField(child=serializers.CharField(), help_text="Whose estimates these are.")
    levels = LevelSerializer(many=True)


class AudienceSizeSerializer(serializers.Serializer):
    """How many people there are in the group that gives the face, as a platform estimates it."""

    lower = serializers.IntegerField(help_text="At least so many people a month; 0: only the most is known.")
    upper = serializers.IntegerField(help_text="At most so many.")
    month = serializers.CharField(help_text="YYYY-MM")
    origin = serializers.CharField(help_text="Whose estimate it is.")


class NoteSerializer(serializers.ModelSerializer):
    """Written by people, not measured."""

    about = serializers.CharField(
        source="identity.name", read_only=True, help_text="Who: this persona, or one that was merged into it."
    )

    class Meta:
        model = Note
        fields = ("kind", "text", "author", "written_at", "about")


class UnavailableSerializer(serializers.Serializer):
    attribute = serializers.CharField()
    why = serializers.CharField()


class PersonaSummarySerializer(serializers.ModelSerializer):
    set = serializers.IntegerField(source="persona_set_id", read_only=True)
    generation = serializers.IntegerField(source="persona_set.generation_id", read_only=True)
    size = serializers.IntegerField(source="persona_set.size", read_only=True)
    identity = serializers.IntegerField(source="identity_id", read_only=True, help_text="The same in other sets.")
    name = serializers.CharField(source="identity.name", read_only=True)
    country_name = serializers.SerializerMethodField()
    topics = TopicSerializer(many=True, read_only=True)
    description = serializers.CharField(source="told", read_only=True)
    state = serializers.ChoiceField(
        choices=STATES, read_only=True, help_text="What became of it since the time before; blank: there was none."
    )
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
            "estimated_share",
            "state",
            "likeness",
            "stability",
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
    breakdowns = serializers.SerializerMethodField(help_text="Those groups by dimension, beside the whole audience.")
    change = serializers.SerializerMethodField(help_text="What changed since last time; null: there was none.")
    sizes = serializers.SerializerMethodField(help_text="The same pattern in every set of the generation.")
    loyalty = LoyaltySerializer(read_only=True, allow_null=True, help_text="null: the data cannot tell.")
    apart = DifferenceSerializer(many=True, read_only=True, help_text="What sets it apart from the rest, up to three.")
    attributes = AttributeSerializer(many=True, read_only=True, help_text="Estimated: each with source and coverage.")
    audience_size = AudienceSizeSerializer(read_only=True, allow_null=True, help_text="null: no platform tells.")
    notes = NoteSerializer(source="identity.all_notes", many=True, read_only=True, help_text="Written by people.")
    sentiment = SentimentSerializer(read_only=True, allow_null=True, help_text="null: not enough comments.")
    quotes = serializers.SerializerMethodField(help_text="At most five comments, the best first, one of a content.")
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
            "breakdowns",
            "change",
            "sizes",
            "loyalty",
            "apart",
            "attributes",
            "audience_size",
            "notes",
            "sentiment",
            "quotes",
            "unavailable",
            "provenance",
        )

    @extend_schema_field(ContentSerializer(many=True))
    def get_contents(self, persona: Persona) -> list:
        return ContentSerializer(content_lines(persona), many=True).data

    def get_group_count(self, persona: Persona) -> int:
        return len(persona.group_rows) // IDS.itemsize

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

    @extend_schema_field(BreakdownSerializer(many=True))
    def get_breakdowns(self, persona: Persona) -> list:
        return BreakdownSerializer(breakdowns(persona, persona.persona_set.generation.audience), many=True).data

    @extend_schema_field(ChangeSerializer(allow_null=True))
    def get_change(self, persona: Persona) -> dict | None:
        change = change_since(persona)
        return change and ChangeSerializer(change).data

    @extend_schema_field(QuoteSerializer(many=True))
    def get_quotes(self, persona: Persona) -> list:
        quotes = shown_quotes(persona.persona_set.generation.organization, persona.quotes)
        return QuoteSerializer(quotes, many=True).data

    @extend_schema_field(SizeStepSerializer(many=True))
    def get_sizes(self, persona: Persona) -> list:
        return SizeStepSerializer(size_steps(persona), many=True).data
