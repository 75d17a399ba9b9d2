"""What words in the lists would change: comments that hold them, read by the lists of now and by those wished."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from enrichment.listing import DATA, current_amendments
from enrichment.measures.amending import Amendment
from enrichment.measures.blocking import DISGUISE
from enrichment.measures.reading import CommentReader, Readings, load_reader
from enrichment.measures.screening import TOLD, Reason
from enrichment.measures.sentiment import labels
from enrichment.measures.words import LONG_RUN, normalise
from sources.models import Comment

SCANNED = 20_000
"""So many of the last comments are looked through."""
READ = 2_000
"""So many of those that hold a word are read both ways."""
EXAMPLES = 10


@dataclass(frozen=True)
class Change:
    """One comment whose reading would be another, before and after in words."""

    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """Of `scanned` comments (of `stored`), `holding` may hold a word; `read` of these were read both ways.

    The other numbers are of comments whose reading changes, and how.
    """

    stored: int
    scanned: int
    holding: int
    read: int
    sentiment: int = 0
    hidden: int = 0
    allowed: int = 0
    languages: int = 0
    changed: int = 0
    examples: list[Change] = field(default_factory=list)


def preview(amendments: Sequence[Amendment], *, without: Sequence[Amendment] = ()) -> Preview:
    """Return what these amendments would change, laid over those of now less the ones to be taken back (`without`)."""
    now = current_amendments()
    named = {_key(one) for one in amendments}
    wished = tuple(one for one in now if one not in set(without) and _key(one) not in named) + tuple(amendments)
    stems = {_stem(one.word) for one in (*amendments, *without)}
    last = Comment.objects.order_by("-pk").values_list("text", flat=True)[:SCANNED]
    scanned, holding = 0, []
    for text in last.iterator(chunk_size=2_000):
        scanned += 1
        if _holds(text, stems):
            holding.append(text)
    texts = list(islice(holding, READ))
    readers = load_reader(DATA, now), load_reader(DATA, wished)
    return _compared(readers, texts, Preview(Comment.objects.count(), scanned, len(holding), len(texts)))


def _key(amendment: Amendment) -> tuple[str, str, str]:
    return amendment.list, amendment.language, amendment.word


def _stem(word: str) -> str:
    return word.removesuffix("*").split(" ")[0]


def _holds(text: str, stems: set[str]) -> bool:
    """Tell whether a comment may hold a word in some form: as it is, drawn out, or with digits for letters."""
    normalised = normalise(text)
    forms = {normalised, LONG_RUN.sub(r"\1\1", normalised), LONG_RUN.sub(r"\1", normalised)}
    forms.add(normalised.translate(DISGUISE))
    return any(stem in form for form in forms for stem in stems)


def _compared(readers: tuple[CommentReader, CommentReader], texts: Sequence[str], found: Preview) -> Preview:
    before, after = (reader.read(texts) for reader in readers)
    counts: Counter[str] = Counter()
    examples = []
    moods = labels(before.scores), labels(after.scores)
    for place, text in enumerate(texts):
        kinds = {
            "sentiment": moods[0][place] != moods[1][place] or abs(_score(before, place) - _score(after, place)) > 1e-9,
            "languages": before.languages[place] != after.languages[place],
            "hidden": before.reasons[place] is None and after.reasons[place] is not None,
            "allowed": before.reasons[place] is not None and after.reasons[place] is None,
        }
        counts.update(kind for kind, is_so in kinds.items() if is_so)
        if any(kinds.values()) or before.reasons[place] != after.reasons[place]:
            counts["changed"] += 1
            if len(examples) < EXAMPLES:
                was, becomes = _told(before, moods[0][place], place), _told(after, moods[1][place], place)
                examples.append(Change(text, was, becomes))
    shown = {name: counts[name] for name in ("sentiment", "hidden", "allowed", "languages", "changed")}
    return Preview(found.stored, found.scanned, found.holding, found.read, **shown, examples=examples)


def _score(readings: Readings, place: int) -> float:
    score = float(readings.scores[place])
    return score if score == score else -2.0  # not scored: no score at all


def _told(readings: Readings, mood: str, place: int) -> str:
    score, reason = float(readings.scores[place]), readings.reasons[place]
    told = f"{mood} ({score:+.2f})" if mood else "not scored"
    return f"{told}; {f'not quoted: {_why(reason)}' if reason else 'may be quoted'}"


def _why(reason: Reason) -> str:
    return TOLD[reason]
