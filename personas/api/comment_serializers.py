"""How sentiment and quotes look in JSON: fields spelt out, no business."""

from rest_framework import serializers


class SharesSerializer(serializers.Serializer):
    positive = serializers.FloatField(help_text="Weighted part of the scored comments; the three add up to 1.")
    neutral = serializers.FloatField()
    negative = serializers.FloatField()
    scored = serializers.IntegerField(help_text="Comments that could be scored.")
    total = serializers.IntegerField(help_text="All comments on what the persona looks at.")


class LanguageSharesSerializer(SharesSerializer):
    language = serializers.CharField(help_text="A code, such as en or hi-Latn.")


class SentimentSerializer(SharesSerializer):
    """The sentiment of the comments on the persona's contents, each weighed as its content is."""

    mean = serializers.FloatField(help_text="The mean score, -1 to 1.")
    audience = SharesSerializer(allow_null=True, help_text="The same for the whole audience.")
    languages = LanguageSharesSerializer(many=True, help_text="The languages with enough scored comments.")


class QuoteSerializer(serializers.Serializer):
    """A comment on one of the persona's contents, without its author."""

    text = serializers.CharField()
    language = serializers.CharField(help_text="A code; blank: not known.")
    content = serializers.CharField(source="content.external_id", help_text="The external id of its content unit.")
    title = serializers.CharField(source="content.title")
    source = serializers.CharField(help_text="The name of the data source.")
    published_at = serializers.DateTimeField(allow_null=True)
