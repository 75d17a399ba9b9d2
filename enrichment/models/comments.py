"""What was read of comments, what people decided about them, and the words that an installation adds to the lists."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from enrichment.measures.amending import ADD, BLOCKED, REMOVE, SENTIMENT, SPAM
from enrichment.measures.screening import Reason
from enrichment.querysets import HiddenQuoteQuerySet, ReadingQuerySet
from sources.models import Comment, Organization


class CommentReading(models.Model):
    """The language, sentiment and fitness of one comment, as one version of rules and lists read them."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="reading")
    language = models.CharField(max_length=12, help_text="A code, or “unknown”.")
    score = models.FloatField(null=True, blank=True, help_text="Sentiment, -1 to 1; empty: not scored.")
    reason = models.CharField(
        max_length=20,
        blank=True,
        choices=[(reason.value, reason.told.capitalize()) for reason in Reason],
        help_text="Why it is never quoted; empty: it may be.",
    )
    version = models.CharField(max_length=12, help_text="Of the rules and lists that read it.")
    digest = models.CharField(max_length=16, help_text="Of the text that was read.")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["comment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=-1, score__lte=1), name="a_score_runs_from_minus_1_to_1"
            )
        ]

    def __str__(self) -> str:
        return f"Reading of comment {self.comment_id}"


class HiddenQuote(models.Model):
    """A comment that is never quoted again in an organization, for somebody said so.

    It is known by the digest of its text too: brought in anew under another key, it stays hidden.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="hidden_quotes")
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="hidden")
    digest = models.CharField(max_length=16, help_text="Of its text.")
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    hidden_at = models.DateTimeField(auto_now_add=True)

    objects = HiddenQuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="a_quote_is_hidden_once")]

    def __str__(self) -> str:
        return str(self.comment) if self.comment else f"A comment that is gone ({self.digest})"


class ListedWord(models.Model):
    """A word that this installation adds to a list of the project, or takes out of it."""

    class List(models.TextChoices):
        SENTIMENT = SENTIMENT, "Sentiment"
        BLOCKED = BLOCKED, "Blocked words"
        SPAM = SPAM, "Spam"

    class Action(models.TextChoices):
        ADD = ADD, "Add, or give another value"
        REMOVE = REMOVE, "Take out"

    list = models.CharField(max_length=9, choices=List)
    language = models.CharField(max_length=12, help_text="A code, such as en or hi-Latn; “any” in the last two lists.")
    word = models.CharField(max_length=100, help_text="A word or phrase; a * at its end stands for any ending.")
    value = models.CharField(
        max_length=20, blank=True, help_text="Sentiment: a score from -4 to 4. Blocked words and spam: a kind."
    )
    action = models.CharField(max_length=6, choices=Action, default=Action.ADD)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["list", "language", "word"]
        constraints = [
            models.UniqueConstraint(fields=["list", "language", "word"], name="a_word_is_listed_once"),
            models.CheckConstraint(condition=Q(action=REMOVE) | ~Q(value=""), name="a_word_that_is_added_has_a_value"),
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"
