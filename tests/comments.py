"""Comments and their readings for tests."""

from collections.abc import Iterable, Sequence

from enrichment.models import CommentReading
from enrichment.reading_comments import digest_of
from sources.models import Comment, ContentUnit

PRAISE = "The explanation of the river was wonderful, number {} taught me a lot"
BLAME = "The camera work was terrible and episode {} was boring to the very end"


def make_comments(contents: Sequence[ContentUnit], texts: Iterable[str], first: int = 0) -> list[Comment]:
    """Give the texts to the contents in turn, each liked once more than the one before."""
    return Comment.objects.bulk_create(
        Comment(content=contents[place % len(contents)], external_id=f"c{place}", text=text, likes=place)
        for place, text in enumerate(texts, start=first)
    )


def make_readings(comments: Iterable[Comment], **fields) -> list[CommentReading]:
    """Readings as if the comments were English, praised and could be quoted."""
    told = {"language": "en", "score": 0.5, "reason": "", "version": "test", **fields}
    return CommentReading.objects.bulk_create(
        CommentReading(comment=comment, digest=digest_of(comment.text), **told) for comment in comments
    )
