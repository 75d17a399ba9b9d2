"""Quotes as they are shown, and what people decide about them: hidden once, a comment is never quoted again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.db.models import Q, QuerySet

from enrichment.measures.language import UNKNOWN
from enrichment.measures.privacy import without_names
from enrichment.models import HiddenQuote
from enrichment.reading_comments import digest_of
from sources.models import Comment, ContentUnit, Organization

NAMES = {
    "ar": "Arabic",
    "ar-Latn": "Arabic in Latin letters",
    "arz": "Egyptian Arabic",
    "fil": "Filipino",
    "hi-Latn": "Hindi in Latin letters",
    "ms": "Malay",
    "tl": "Filipino",
    "zh": "Chinese",
    UNKNOWN: "Language not known",
}
RIGHT_TO_LEFT = {"ar", "arz", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


@dataclass(frozen=True)
class ShownQuote:
    """A comment as it is quoted, without who wrote it; the language is a code, blank where it is not known."""

    comment: int
    text: str
    language: str
    content: ContentUnit
    published_at: datetime | None

    @property
    def source(self) -> str:
        return str(self.content.source)

    @property
    def direction(self) -> str:
        """The direction of writing, as HTML calls it."""
        return ("rtl" if self.language in RIGHT_TO_LEFT else "ltr") if self.language else "auto"

    @property
    def language_name(self) -> str:
        return language_name(self.language)


def language_name(code: str) -> str:
    """hi-Latn -> Hindi in Latin letters; a code without a name is told as it is."""
    return NAMES.get(code) or LANG_INFO.get(code, {}).get("name") or code


def shown_quotes(organization: Organization, keys: Sequence[Mapping[str, Any]]) -> list[ShownQuote]:
    """Return the quotes of these stored keys that may be shown now, in order."""
    return shown_quotes_of(organization, [keys])[0]


def shown_quotes_of(organization: Organization, lists: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[ShownQuote]]:
    """Return the quotes of several lists of keys, in two queries.

    Left out are comments that are hidden or gone, whose text is another now, and that newer lists would not quote.
    """
    keys = {key["comment"]: key["digest"] for one in lists for key in one}
    if not keys:
        return [[] for _ in lists]
    hidden = _hidden(organization, keys)
    comments = Comment.objects.of(organization).filter(pk__in=keys, reading__reason="")
    found = {
        comment.pk: _shown(comment)
        for comment in comments.select_related("reading", "content__source").defer("content__description")
        if comment.pk not in hidden and keys[comment.pk] not in hidden and digest_of(comment.text) == keys[comment.pk]
    }
    return [[found[key["comment"]] for key in one if key["comment"] in found] for one in lists]


def hide_quote(*, comment: Comment, by) -> HiddenQuote:
    """Quote this comment no more, and no other of its organization with the same text; twice is once."""
    hidden, _ = HiddenQuote.objects.get_or_create(
        organization=comment.content.source.organization,
        digest=digest_of(comment.text),
        defaults={"comment": comment, "hidden_by": by},
    )
    return hidden


def hide_quotes(*, comments: QuerySet, by) -> int:
    """Hide all of these comments, and return how many these are."""
    found = list(comments.select_related("content__source__organization"))
    for comment in found:
        hide_quote(comment=comment, by=by)
    return len(found)


def allow_again(*, hidden: QuerySet) -> int:
    """Let these be quoted again, and return how many these are; where a persona still names one it is back at once."""
    count = hidden.order_by().count()
    hidden.order_by().delete()
    return count


def _hidden(organization: Organization, keys: Mapping[int, str]) -> set[int | str]:
    """Return which of the keys and digests are hidden."""
    rows = HiddenQuote.objects.filter(Q(digest__in=keys.values()) | Q(comment__in=keys), organization=organization)
    return {key for row in rows.values_list("comment", "digest") for key in row if key}


def _shown(comment: Comment) -> ShownQuote:
    language = "" if comment.reading.language == UNKNOWN else comment.reading.language
    return ShownQuote(comment.pk, without_names(comment.text), language, comment.content, comment.published_at)
