"""What viewers wrote: comments in five languages that fit the video, a few of them spam, abusive or private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from apg_site.demo.contents import Content
from apg_site.demo.tables import read_table

COMMENTS = 5_000
UNWELCOME = {"spam": 80, "abusive": 70, "private": 50}
LAST_MOMENT = datetime(2026, 10, 31, 23, 55)
WITH_EMOJI = 0.28
# How a comment is put together, and how often.
SHAPES = ((("general",), 0.22), (("topic",), 0.33), (("opener", "topic"), 0.22), (("topic", "closer"), 0.23))

Phrases = dict[tuple[str, str, str], list[str]]


@dataclass(frozen=True)
class Comment:
    """One comment under a video; `kind` is "welcome", "spam", "abusive" or "private" and is not written to the file."""

    comment_id: str
    content_id: str
    text: str
    published_at: datetime
    likes: int
    language: str
    kind: str


def make_comments(contents: Sequence[Content], views: NDArray[np.int64], rng: np.random.Generator) -> list[Comment]:
    """Return the comments, oldest first; `views` is the total of each video and decides how many comments it has."""
    phrases = _phrases()
    emoji = {row["topic"]: row["emoji"].split("|") for row in read_table("topics")}
    shares = {row["topic"]: row for row in read_table("languages")}
    languages = [name for name in next(iter(shares.values())) if name != "topic"]
    chances = {topic: np.array([float(row[name]) for name in languages]) for topic, row in shares.items()}
    weights = views**0.8
    chosen = rng.choice(len(contents), size=COMMENTS, p=weights / weights.sum())
    written: set[str] = set()
    comments = []
    for number, (place, kind) in enumerate(zip(chosen, _kinds(rng), strict=True)):
        content = contents[place]
        language = str(rng.choice(languages, p=chances[content.category] / chances[content.category].sum()))
        text = _fresh(phrases, language, kind, content, emoji[content.category], written, rng)
        comments.append(
            Comment(
                f"cm{number:06d}", content.content_id, text, _moment(content, rng), _likes(kind, rng), language, kind
            )
        )
    return sorted(comments, key=lambda comment: (comment.published_at, comment.comment_id))


def _phrases() -> Phrases:
    phrases: Phrases = {}
    for row in read_table("comments"):
        phrases.setdefault((row["language"], row["kind"], row["topic"]), []).append(row["text"])
    return phrases


def _kinds(rng: np.random.Generator) -> list[str]:
    kinds = [kind for kind, count in UNWELCOME.items() for _ in range(count)]
    kinds += ["welcome"] * (COMMENTS - len(kinds))
    return [kinds[place] for place in rng.permutation(COMMENTS)]


def _fresh(
    phrases: Phrases,
    language: str,
    kind: str,
    content: Content,
    emoji: list[str],
    written: set[str],
    rng: np.random.Generator,
) -> str:
    """A text nobody wrote yet, if a few tries find one: short reactions do repeat in real comments."""
    for _ in range(4):
        if kind == "welcome":
            text = _welcome(phrases, language, content, emoji, rng)
        else:
            text = _pick(phrases[language, kind, ""], rng).format(number=f"{int(rng.integers(100, 200)):04d}")
        if text not in written:
            break
    written.add(text)
    return text


def _welcome(phrases: Phrases, language: str, content: Content, emoji: list[str], rng: np.random.Generator) -> str:
    shape = SHAPES[int(rng.choice(len(SHAPES), p=[share for _, share in SHAPES]))][0]
    choices = {
        "topic": [
            phrase
            for subject in (content.category, *content.tags)
            for phrase in phrases.get((language, "topic", subject), [])
        ]
    }
    parts: list[str] = []
    for part in shape:
        phrase = _pick(choices.get(part) or phrases[language, part, ""], rng)
        parts.append(_capitalised(phrase) if not parts or parts[-1][-1] in ".!?" else phrase)
    if rng.random() < WITH_EMOJI:
        parts.append(_pick(emoji, rng) * int(rng.choice([1, 1, 1, 2, 3])))
    return " ".join(parts)


def _capitalised(phrase: str) -> str:
    first = next((place for place, letter in enumerate(phrase) if letter.isalpha()), 0)
    return phrase[:first] + phrase[first].upper() + phrase[first + 1 :]


def _pick(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _moment(content: Content, rng: np.random.Generator) -> datetime:
    after = content.published_at + timedelta(minutes=3 + int(rng.exponential(5 * 24 * 60)))
    return min(after, LAST_MOMENT)


def _likes(kind: str, rng: np.random.Generator) -> int:
    typical = 3.0 if kind == "welcome" else 0.4
    return int(typical * rng.pareto(1.3))
