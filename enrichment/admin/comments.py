"""What was read of comments: looked at, and hidden as quotes; what is hidden can be let out again."""

from django.contrib import admin
from django.db.models import QuerySet

from enrichment import models
from enrichment.hiding import allow_again, hide_quotes, language_name
from enrichment.measures.screening import Reason
from enrichment.measures.sentiment import LEAST
from sources.admin.bases import MachineWritten
from sources.models import Comment, Organization

MOODS = {
    "positive": ("Positive", {"score__gt": LEAST}),
    "neutral": ("Neutral", {"score__gte": -LEAST, "score__lte": LEAST}),
    "negative": ("Negative", {"score__lt": -LEAST}),
    "none": ("Not scored", {"score": None}),
}
QUOTABLE = "quotable"


class MoodFilter(admin.SimpleListFilter):
    title, parameter_name = "sentiment", "sentiment"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _) in MOODS.items()]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**MOODS[self.value()][1]) if self.value() in MOODS else queryset


class ReasonFilter(admin.SimpleListFilter):
    title, parameter_name = "quoting", "reason"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [(QUOTABLE, "May be quoted"), *((one.value, f"Not: {one.told}") for one in Reason)]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(reason="" if self.value() == QUOTABLE else self.value())


class LanguageFilter(admin.SimpleListFilter):
    title, parameter_name = "language", "language"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        present = models.CommentReading.objects.visible_to(request.user).order_by().values_list("language", flat=True)
        return sorted(((code, language_name(code)) for code in present.distinct()), key=lambda pair: pair[1])

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        return queryset.filter(language=self.value()) if self.value() else queryset


class OrganizationFilter(admin.SimpleListFilter):
    """The organizations that the person may see; `path` leads to them."""

    title, parameter_name = "organization", "organization"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        mine = Organization.objects.administered_by(request.user)
        return [(str(pk), name) for pk, name in mine.values_list("pk", "name")]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None:
            return queryset
        return queryset.of(int(value)) if value.isdecimal() else queryset.none()


@admin.register(models.CommentReading)
class CommentReadingAdmin(MachineWritten):
    list_display = ["beginning", "told_language", "sentiment", "quotable", "content", "organization"]
    list_filter = [LanguageFilter, MoodFilter, ReasonFilter, OrganizationFilter]
    list_select_related = ["comment__content__source__organization"]
    search_fields = ["comment__text"]
    actions = ["hide"]
    fields = ["text", "content", "organization", "told_language", "sentiment", "quoting", "likes", "version"]
    readonly_fields = fields

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user)

    @admin.action(description="Never quote the selected comments", permissions=["hide"])
    def hide(self, request, queryset: QuerySet) -> None:
        comments = Comment.objects.filter(pk__in=queryset.order_by().values("pk"))
        count = hide_quotes(comments=comments, by=request.user)
        self.message_user(request, f"{count:,} are quoted no more. Hidden quotes lists them, and lets them out again.")

    def has_hide_permission(self, request) -> bool:
        return request.user.has_perm("enrichment.add_hiddenquote")

    @admin.display(description="comment")
    def beginning(self, reading: models.CommentReading) -> str:
        return str(reading.comment)

    @admin.display(description="comment")
    def text(self, reading: models.CommentReading) -> str:
        return reading.comment.text

    @admin.display
    def content(self, reading: models.CommentReading) -> str:
        return str(reading.comment.content)

    @admin.display
    def organization(self, reading: models.CommentReading) -> str:
        return str(reading.comment.content.source.organization)

    @admin.display(description="language", ordering="language")
    def told_language(self, reading: models.CommentReading) -> str:
        return language_name(reading.language)

    @admin.display(ordering="score")
    def sentiment(self, reading: models.CommentReading) -> str:
        if reading.score is None:
            return "Not scored"
        mood = "positive" if reading.score > LEAST else "negative" if reading.score < -LEAST else "neutral"
        return f"{MOODS[mood][0]} ({reading.score:+.2f})"

    @admin.display(description="quoting", ordering="reason")
    def quotable(self, reading: models.CommentReading) -> str:
        return f"No: {reading.reason.replace('_', ' ')}" if reading.reason else "Yes"

    @admin.display
    def quoting(self, reading: models.CommentReading) -> str:
        return f"Not quoted: {Reason(reading.reason).told}" if reading.reason else "May be quoted"

    @admin.display
    def likes(self, reading: models.CommentReading) -> int:
        return reading.comment.likes


@admin.register(models.HiddenQuote)
class HiddenQuoteAdmin(admin.ModelAdmin):
    """What is hidden is neither made nor edited here: it is let out again, which is its deletion."""

    list_display = ["__str__", "organization", "hidden_by", "hidden_at"]
    list_filter = [OrganizationFilter]
    list_select_related = ["organization", "comment", "hidden_by"]
    search_fields = ["comment__text", "digest__exact"]
    actions = ["allow"]
    fields = ["organization", "text", "hidden_by", "hidden_at", "digest"]
    readonly_fields = fields
    show_full_result_count = False

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_actions(self, request) -> dict:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Let the selected be quoted again", permissions=["delete"])
    def allow(self, request, queryset: QuerySet) -> None:
        count = allow_again(hidden=queryset)
        self.message_user(request, f"{count:,} may be quoted again.")

    def delete_model(self, request, obj: models.HiddenQuote) -> None:
        allow_again(hidden=models.HiddenQuote.objects.filter(pk=obj.pk))

    @admin.display(description="comment")
    def text(self, hidden: models.HiddenQuote) -> str:
        return hidden.comment.text if hidden.comment else str(hidden)
