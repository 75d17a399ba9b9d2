"""What the comments on the contents of an audience say of a part of it: its sentiment, and a few of them as quotes."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Coalesce, RowNumber
from numpy.typing import NDArray

from enrichment.measures.counting import CommentCounts
from enrichment.measures.quoting import Candidate, Marks, choose_quotes
from enrichment.measures.sentiment import LEAST
from enrichment.measures.tallying import FEWEST_SCORED, Tally
from enrichment.models import CommentReading, HiddenQuote
from sources.models import Comment

Weights = NDArray[np.floating]

CONTENTS_HEARD = 60
"""Quotes come from so many of the contents that speak most for a part of the audience."""
COMMENTS_HEARD = 20
"""So many comments of each are considered, the most liked."""
MOST_LANGUAGES = 6
MOST_LIFT = 10.0
CELL = np.dtype(
    [
        ("content", np.int64),
        ("language", np.int64),
        ("total", np.int64),
        ("scored", np.int64),
        ("positive", np.int64),
        ("negative", np.int64),
        ("quotable", np.int64),
        ("sum", np.float64),
    ]
)


@dataclass(frozen=True)
class Shares:
    """Weighted shares of the scored comments, which add up to 1, and on how many comments they stand."""

    positive: float
    neutral: float
    negative: float
    scored: int
    total: int


@dataclass(frozen=True)
class Sentiment:
    """How a part of the audience feels, the whole audience beside it, and each language that says enough.

    `mean` is the mean score, -1 to 1; `audience` is None where the whole says not enough, which is rare.
    """

    shares: Shares
    mean: float
    audience: Shares | None
    languages: tuple[tuple[str, Shares], ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain values, to be stored as JSON."""
        return {
            **asdict(self.shares),
            "mean": self.mean,
            "audience": self.audience and asdict(self.audience),
            "languages": [{"language": language, **asdict(shares)} for language, shares in self.languages],
        }


@dataclass(frozen=True)
class QuoteKey:
    """A comment that is quoted, by its key and that of its content; its text is read when it is shown."""

    comment: int
    content: int
    digest: str


Missing = Sequence[tuple[str, str]]
Heard = tuple[Sentiment | None, tuple[QuoteKey, ...], Missing]
"""Both, and what of it is missing with why."""


class Voices:
    """The comments on some contents, counted once and then asked for each part of the audience."""

    def __init__(self, content_ids: NDArray[np.int64], usual: Weights, sources: Iterable[int]) -> None:
        """Take the contents (c,), the share of each in the whole audience (c,), and the sources that they are of."""
        self._ids = np.asarray(content_ids, dtype=np.int64)
        self._usual = np.asarray(usual, dtype=np.float64)
        self._sources = list(sources)
        self._names: list[str] = []
        cells = self._counted()
        self.read = int(cells["total"].sum())
        self._counts = CommentCounts(
            *(cells[name] for name in ("content", "language", "positive", "negative", "scored", "total", "sum"))
        )
        self._quotable = np.bincount(cells["content"], weights=cells["quotable"], minlength=len(self._ids)) > 0
        hidden = HiddenQuote.objects.filter(organization__sources__in=self._sources).distinct()
        self._hidden = {key for row in hidden.values_list("digest", "comment") for key in row if key}
        self._heard: dict[int, list[tuple]] = {}
        self._marks: dict[int, Marks] = {}
        self._audience = self._counts.tally(self._usual)

    def sentiment(self, weights: Weights) -> Sentiment | str:
        """Return the sentiment of the part with these weights (c,), or in words why there is none."""
        found = self._counts.tally(weights)
        if not found.enough:
            return _too_few(found)
        named = zip(self._names, self._counts.by_language(weights), strict=False)
        languages = sorted(((name, one) for name, one in named if one.enough), key=lambda pair: -pair[1].scored)
        return Sentiment(
            shares=_shares(found),
            mean=found.mean,
            audience=_shares(self._audience) if self._audience.enough else None,
            languages=tuple((name, _shares(one)) for name, one in languages[:MOST_LANGUAGES]),
        )

    def quotes(self, weights: Weights, before: Collection[int] = ()) -> tuple[QuoteKey, ...]:
        """Return the comments that speak for the part with these weights (c,), the best first, one of a content.

        Those quoted `before` are quoted again unless others say clearly more.
        """
        worth = self._worth(np.asarray(weights, dtype=np.float64))
        places = np.argsort(-worth, kind="stable")[:CONTENTS_HEARD]
        places = places[worth[places] > 0]
        self._hear(places)
        digests: dict[int, str] = {}
        candidates = []
        for place in places.tolist():
            for pk, text, likes, language, score, digest in self._heard[place]:
                digests[pk] = digest
                weight, mood = float(worth[place]), math.nan if score is None else score
                candidates.append(Candidate(pk, int(self._ids[place]), text, language, weight, likes, mood))
        chosen = choose_quotes(candidates, before=before, marks=self._marks)
        return tuple(QuoteKey(one.comment, one.content, digests[one.comment]) for one in chosen)

    def _worth(self, weights: Weights) -> Weights:
        """Return what each content says of this part: its share, more where the part sees it more than others do."""
        lift = np.divide(weights, self._usual, out=np.zeros_like(weights), where=self._usual > 0)
        return np.where(self._quotable, weights * np.minimum(lift, MOST_LIFT), 0.0)

    def _counted(self) -> np.ndarray:
        """Return the comments that were read, by content (its place) and language (its number in the names)."""
        counts = (
            CommentReading.objects.filter(comment__content__source__in=self._sources)
            .order_by()
            .values_list("comment__content", "language")
            .annotate(
                total=Count("pk"),
                scored=Count("score"),
                positive=Count("pk", filter=Q(score__gt=LEAST)),
                negative=Count("pk", filter=Q(score__lt=-LEAST)),
                quotable=Count("pk", filter=Q(reason="")),
                sum=Coalesce(Sum("score"), 0.0),
            )
        )
        numbers: dict[str, int] = {}
        rows = ((pk, numbers.setdefault(name, len(numbers)), *rest) for pk, name, *rest in counts.iterator(20_000))
        cells = np.fromiter(rows, dtype=CELL)
        # In one order whatever the database gives, so that sums of floats are the same each time.
        self._names = sorted(numbers)
        ranks = {numbers[name]: rank for rank, name in enumerate(self._names)}
        cells["language"] = np.array([ranks[number] for number in range(len(ranks))], dtype=np.int64)[cells["language"]]
        cells.sort(order=["content", "language"])
        order = np.argsort(self._ids)
        found = np.searchsorted(self._ids, cells["content"], sorter=order)
        known = np.zeros(len(cells), dtype=bool)
        inside = found < len(self._ids)
        places = order[found[inside]]
        known[inside] = self._ids[places] == cells["content"][inside]
        cells["content"][inside] = places
        return cells[known]

    def _hear(self, places: NDArray[np.intp]) -> None:
        """Read the most liked quotable comments of the contents at these places, if they are not read yet."""
        missing = {int(self._ids[place]): place for place in places.tolist() if place not in self._heard}
        if not missing:
            return
        self._heard.update((place, []) for place in missing.values())
        rank = Window(RowNumber(), partition_by=F("content"), order_by=[F("likes").desc(), F("pk").asc()])
        comments = Comment.objects.filter(content__in=list(missing), reading__reason="").annotate(rank=rank)
        # As many more as are hidden, so that a content with hidden ones is still heard.
        wanted = comments.filter(rank__lte=COMMENTS_HEARD + len(self._hidden)).order_by("content", "rank")
        fields = ("content", "pk", "text", "likes", "reading__language", "reading__score", "reading__digest")
        for content, *row in wanted.values_list(*fields):
            heard = self._heard[missing[content]]
            if len(heard) < COMMENTS_HEARD and not {row[0], row[-1]} & self._hidden:
                heard.append(tuple(row))


def _shares(tally: Tally) -> Shares:
    return Shares(tally.positive, tally.neutral, tally.negative, tally.scored, tally.total)


def _too_few(tally: Tally) -> str:
    if not tally.total:
        return "Nobody commented on what this persona looks at."
    if tally.scored >= FEWEST_SCORED:
        return "Not enough comments: nearly all of those that can be scored stand under one content."
    return f"Not enough comments: {tally.scored} of {tally.total:,} can be scored, and it takes {FEWEST_SCORED}."


def sentiment_and_quotes(voices: Voices, weights: Weights, before: Collection[int] = ()) -> Heard:
    """Return both, and what of it is missing with why; comments quoted `before` are preferred."""
    sentiment, quotes = voices.sentiment(weights), voices.quotes(weights, before)
    missing = []
    if isinstance(sentiment, str):
        missing.append(("Sentiment", sentiment))
    if not quotes:
        missing.append(("Quotes", "None of the comments on what this persona looks at may be quoted."))
    return (None if isinstance(sentiment, str) else sentiment), quotes, missing
