"""The verb that reads stored comments: each is read once, and again when its text or the lists have changed."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min

from enrichment.listing import current_reader
from enrichment.measures.reading import CommentReader
from enrichment.measures.screening import REMEMBERED, Seen
from enrichment.models import CommentReading
from sources import bulk
from sources.models import Comment, Organization
from sources.telling import Report

logger = logging.getLogger(__name__)

BATCH = 5_000
WIDEST = 20
"""A range of keys is at most so many batches wide, however few of its comments are the organization's."""
TRIES = 3
FIELDS = ("comment", "language", "score", "reason", "version", "digest")

Reading = tuple[int, str, float | None, str, str, str]


@dataclass(frozen=True)
class Told:
    """How many comments there are, and how many of them were read now."""

    comments: int
    read: int


class Row(NamedTuple):
    """A comment with what is known of it; None where it was never read."""

    pk: int
    text: str
    digest: str
    known: str | None
    version: str | None
    language: str | None
    reason: str | None

    def is_current(self, version: str) -> bool:
        return self.version == version and self.known == self.digest


def digest_of(text: str) -> str:
    """Return 64 bits of a text, by which it is known again."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_comments(*, organization: Organization, report: Report | None = None) -> Told:
    """Read the organization's comments that are new, have another text, or were read by other rules and lists.

    In batches with a short transaction each, so that it goes on where it was stopped, and gives the same readings
    then: what tells repeated comments is rebuilt from the readings that are stored. Its memory does not grow with
    the number of comments. Reports the stage "comments".
    """
    tell = report or (lambda stage, done, total: None)
    # By the keys of the sources, which a database plans better than by the organization that they are of.
    sources = list(organization.sources.values_list("pk", flat=True))
    extent = Comment.objects.filter(content__source__in=sources).aggregate(
        total=Count("pk"), first=Min("pk"), last=Max("pk")
    )
    total = extent["total"]
    if not total:
        return Told(0, 0)
    reader = current_reader()
    seen: Seen | None = None
    done = read = 0
    tell("comments", 0, total)
    for rows in _batches(sources, **extent):
        found: list[Reading] = []
        first = next((row.pk for row in rows if not row.is_current(reader.version)), None)
        if first is None:
            seen = None  # what was passed meanwhile is remembered when it is needed
        else:
            passed = seen is None
            seen = seen or _remembered(organization, first, reader)
            found = _read(rows, reader, seen, after=first if passed else 0)
            _store(found)
        done, read = done + len(rows), read + len(found)
        tell("comments", done, max(total, done))
    return Told(done, read)


def _batches(sources: list[int], total: int, first: int, last: int) -> Iterator[list[Row]]:
    """Yield the comments from the first key to the last, in order, each batch read when it is asked for.

    By ranges of keys that hold a batch on average: asked for the next few rows instead, a database may well look at
    all that follow, every time.
    """
    known = ("reading__digest", "reading__version", "reading__language", "reading__reason")
    comments = Comment.objects.filter(content__source__in=sources).order_by("pk").values_list("pk", "text", *known)
    span = BATCH * min(max(1, (last - first + 1) // total), WIDEST)
    for start in range(first, last + 1, span):
        found = comments.filter(pk__gte=start, pk__lt=min(start + span, last + 1))
        rows = [Row(pk, text, digest_of(text), *rest) for pk, text, *rest in found]
        for place in range(0, len(rows), BATCH):
            yield rows[place : place + BATCH]


def _remembered(organization: Organization, before: int, reader: CommentReader) -> Seen:
    """Return the memory as it is once all comments before this key were read."""
    seen = Seen()
    stored = CommentReading.objects.of(organization).quotable().filter(version=reader.version, comment__lt=before)
    last = stored.order_by("-comment").values_list("comment__text", "language")[:REMEMBERED]
    for text, language in reversed(last):
        seen.remember(text, language)
    return seen


def _read(rows: Sequence[Row], reader: CommentReader, seen: Seen, after: int) -> list[Reading]:
    """Read what is not current, in order, and remember the rest from the key `after` on."""
    found: list[Reading] = []
    for is_current, part in groupby(rows, lambda row: row.is_current(reader.version)):
        run = list(part)
        if is_current:
            for row in run:
                if row.pk >= after and not row.reason:
                    seen.remember(row.text, row.language or "")
            continue
        readings = reader.read([row.text for row in run], seen)
        for row, language, score, reason in zip(
            run, readings.languages, readings.scores.tolist(), readings.reasons, strict=True
        ):
            told = None if math.isnan(score) else score
            found.append((row.pk, language, told, reason.value if reason else "", reader.version, row.digest))
    return found


def _store(found: Sequence[Reading]) -> None:
    """Write readings in place of those before; of a comment that was deleted meanwhile there is none."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                bulk.delete(CommentReading, [row[0] for row in found])
                bulk.insert(CommentReading, FIELDS, found)
            return
        except IntegrityError:
            # A source was deleted, or another process reads the same comments.
            if attempt == TRIES:
                raise
            there = set(Comment.objects.filter(pk__in=[row[0] for row in found]).values_list("pk", flat=True))
            logger.info("%s of %s comments were deleted while they were read", len(found) - len(there), len(found))
            found = [row for row in found if row[0] in there]
