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
REPEATS = (1, 1, 1, 2, 3)
TRIES = 4
# How a welcome comment is put together, and how often.
SHAPES = (("general",), ("subject",), ("opener", "subject"), ("subject", "closer"))
SHAPE_CHANCES = (0.20, 0.37, 0.20, 0.23)
# A phrase about the very subject of the video comes up as often as this many about its topic.
TO_THE_POINT = 3


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


class Phrasebook:
    """Puts comments together from phrases: general ones, and others that fit a topic or a tag."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.written: set[str] = set()
        self.emoji = {row["topic"]: row["emoji"].split("|") for row in read_table("topics")}
        self.phrases: dict[tuple[str, str, str], list[str]] = {}
        for row in read_table("comments"):
            self.phrases.setdefault((row["language"], row["kind"], row["topic"]), []).append(row["text"])

    def text(self, language: str, kind: str, content: Content) -> str:
        """Return a text nobody wrote yet, if a few tries find one: short reactions do repeat under real videos."""
        for _ in range(TRIES):
            text = self._welcome(language, content) if kind == "welcome" else self._unwelcome(language, kind)
            if text not in self.written:
                break
        self.written.add(text)
        return text

    def _unwelcome(self, language: str, kind: str) -> str:
        # Numbers 0100 to 0199 after 555 are kept free for fiction.
        return self._pick(self.phrases[language, kind, ""]).format(number=f"{int(self.rng.integers(100, 200)):04d}")

    def _welcome(self, language: str, content: Content) -> str:
        parts: list[str] = []
        for part in SHAPES[int(self.rng.choice(len(SHAPES), p=SHAPE_CHANCES))]:
            known = self._fitting(language, content) if part == "subject" else self.phrases[language, part, ""]
            phrase = self._pick(known)
            parts.append(_capitalised(phrase) if not parts or parts[-1][-1] in ".!?" else phrase)
        if self.rng.random() < WITH_EMOJI:
            parts.append(self._pick(self.emoji[content.category]) * REPEATS[int(self.rng.integers(len(REPEATS)))])
        return " ".join(parts)

    def _fitting(self, language: str, content: Content) -> list[str]:
        about_tags = [phrase for tag in content.tags for phrase in self.phrases.get((language, "topic", tag), [])]
        return self.phrases[language, "topic", content.category] + about_tags * TO_THE_POINT

    def _pick(self, choices: Sequence[str]) -> str:
        return choices[int(self.rng.integers(len(choices)))]


def make_comments(contents: Sequence[Content], views: NDArray[np.int64], rng: np.random.Generator) -> list[Comment]:
    """Return the comments, oldest first; `views` is the total of each video and decides how many comments it has."""
    book = Phrasebook(rng)
    shares = {row.pop("topic"): {name: float(share) for name, share in row.items()} for row in read_table("languages")}
    weights = views**0.8
    chosen = rng.choice(len(contents), size=COMMENTS, p=weights / weights.sum())
    comments = []
    for number, (place, kind) in enumerate(zip(chosen, _kinds(rng), strict=True)):
        content = contents[place]
        language = _language(shares[content.category], rng)
        comments.append(
            Comment(
                comment_id=f"cm{number:06d}",
                content_id=content.content_id,
                text=book.text(language, kind, content),
                published_at=_moment(content, rng),
                likes=_likes(kind, rng),
                language=language,
                kind=kind,
            )
        )
    return sorted(comments, key=lambda comment: (comment.published_at, comment.comment_id))


def _kinds(rng: np.random.Generator) -> list[str]:
    kinds = [kind for kind, count in UNWELCOME.items() for _ in range(count)]
    kinds += ["welcome"] * (COMMENTS - len(kinds))
    return [kinds[place] for place in rng.permutation(COMMENTS)]


def _language(shares: dict[str, float], rng: np.random.Generator) -> str:
    chances = np.array(list(shares.values()))
    return list(shares)[int(rng.choice(len(chances), p=chances / chances.sum()))]


def _capitalised(phrase: str) -> str:
    first = next((place for place, letter in enumerate(phrase) if letter.isalpha()), 0)
    return phrase[:first] + phrase[first].upper() + phrase[first + 1 :]


def _moment(content: Content, rng: np.random.Generator) -> datetime:
    after = content.published_at + timedelta(minutes=3 + int(rng.exponential(5 * 24 * 60)))
    return min(after, LAST_MOMENT)


def _likes(kind: str, rng: np.random.Generator) -> int:
    typical = 3.0 if kind == "welcome" else 0.4
    return int(typical * rng.pareto(1.3))
