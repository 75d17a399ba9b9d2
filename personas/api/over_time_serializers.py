"""How the months of an audience look in JSON: fields spelt out, no business."""

from rest_framework import serializers

from personas.models import Generation, Persona

STATES = [("", "Nothing to compare with"), *Persona.State.choices]


class OverTimeWishSerializer(serializers.Serializer):
    """What to answer; everything has a default."""

    unit = serializers.ChoiceField(
        choices=Generation.Unit.choices, default=Generation.Unit.COUNTRY, help_text="country, unless told otherwise"
    )
    size = serializers.IntegerField(
        min_value=1,
        max_value=1000,
        default=None,
        help_text="The number of personas a month; the nearest that all months have is answered.",
    )


class PersonThereSerializer(serializers.Serializer):
    """One person in one month."""

    persona = serializers.IntegerField(source="persona.pk")
    identity = serializers.IntegerField(source="persona.identity_id", help_text="The same in other months.")
    name = serializers.CharField(source="persona.identity.name")
    gender = serializers.CharField(source="persona.gender")
    age_group = serializers.CharField(source="persona.age_group")
    country = serializers.CharField(source="persona.country", help_text="ISO alpha-2, or the slug of a region")
    share = serializers.FloatField(source="persona.share", help_text="Part of that month's audience.")
    state = serializers.ChoiceField(
        choices=STATES, help_text="Against the set of the month before; blank: nothing to compare with."
    )
    again = serializers.BooleanField(help_text="New, but there in a month before the last.")
    likeness = serializers.FloatField(
        source="persona.likeness", allow_null=True, help_text="To the same identity at the time before, at most 1."
    )
    topics = serializers.ListField(child=serializers.CharField(), help_text="The top three.")
    topic_change = serializers.FloatField(
        allow_null=True, help_text="The part of the top three that was not among them the month before; null: new."
    )


class PersonGoneSerializer(serializers.Serializer):
    """Somebody of the month before who is not there any more."""

    persona = serializers.IntegerField(source="pk", help_text="As it was the month before.")
    identity = serializers.IntegerField(source="identity_id")
    name = serializers.CharField(source="identity.name")


class MonthSerializer(serializers.Serializer):
    """One month, against the one before.

    The first, and a set that does not carry on the one of the month before, have nothing to compare with: all that
    is told against the month before is null or empty there.
    """

    period = serializers.CharField(help_text="YYYY-MM")
    generation = serializers.IntegerField(source="generation.pk")
    set = serializers.IntegerField(source="persona_set.pk")
    compared = serializers.BooleanField(help_text="Whether the set carries on the one of the month before.")
    other_sources = serializers.CharField(
        help_text="Which sources came and went since the month before, in words; blank: none."
    )
    new = serializers.SerializerMethodField()
    stable = serializers.SerializerMethodField()
    drifting = serializers.SerializerMethodField()
    persistence = serializers.FloatField(
        allow_null=True, help_text="The part of the people of the month before who are there still."
    )
    topic_change = serializers.FloatField(allow_null=True, help_text="Mean over those who stayed.")
    personas = PersonThereSerializer(source="people", many=True)
    gone = PersonGoneSerializer(many=True, help_text="Empty also where it is not known.")

    def get_new(self, month) -> int | None:
        return len(month.new) if month.compared else None

    def get_stable(self, month) -> int | None:
        return len(month.stable) if month.compared else None

    def get_drifting(self, month) -> int | None:
        return len(month.drifting) if month.compared else None


class OverTimeSerializer(serializers.Serializer):
    """Who is in the audience from month to month, oldest first; `months` is empty where they have no size in common."""

    unit = serializers.ChoiceField(choices=Generation.Unit.choices)
    size = serializers.IntegerField(allow_null=True, help_text="The number of personas a month.")
    sizes = serializers.ListField(child=serializers.IntegerField(), help_text="Those that all months have.")
    periods = serializers.ListField(child=serializers.CharField(), help_text="The months that have personas.")
    unique_personas = serializers.IntegerField(source="report.unique", help_text="Different people over all months.")
    persistence = serializers.FloatField(
        source="report.persistence",
        allow_null=True,
        help_text="The part of the people of a month who are there in the next one, over all months that carry on.",
    )
    topic_change = serializers.FloatField(
        source="report.topic_change",
        allow_null=True,
        help_text="The part of the top three topics that changes in a month, mean over all who stay, in such months.",
    )
    months = MonthSerializer(many=True)
