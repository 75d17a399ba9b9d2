"""A YouTube channel: its videos, who watched them, what was said about them."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import requests

from sources.connectors.faults import WrongAccount
from sources.connectors.google.faults import NO_CHANNEL
from sources.connectors.harvests import Account, Harvest, Known, Shard, Window
from sources.connectors.http import Http
from sources.connectors.wording import counted
from sources.connectors.youtube.analytics import MOST_IDS, MOST_ROWS, Analytics
from sources.connectors.youtube.audience import Audience
from sources.connectors.youtube.bulk import Bulk, Files, Keep, Kept
from sources.connectors.youtube.comments import MOST_QUESTIONS, Comments, need
from sources.connectors.youtube.contents import Videos, pages

DETAILS = 1000  # videos of one shard: 20 questions
METRICS = ("views", "engagedViews")
SOURCES = ("analytics", "bulk")
Part = tuple[str, Callable[[], Harvest]]


def accounts(http: Http, addresses: Mapping[str, str]) -> list[Account]:
    """Return the channel that was chosen at consent; raises WrongAccount when there is none."""
    question = {"part": "snippet,statistics", "mine": "true", "maxResults": "50"}
    found = [_account(item) for item in pages(http, f"{addresses['youtube']}/youtube/v3/channels", question)]
    if not found:
        raise WrongAccount(NO_CHANNEL, "no channel")
    return found


class YouTube:
    """One channel, by its id ("UC..."), as harvests.Connector asks for it.

    metric: "views", or "engagedViews", which keeps the meaning that views of Shorts had before April 2025.
    share, most_countries: the countries told by age and gender are the largest, until they have that part of the views.
    batch: videos of one question (500 at most). most_rows: rows of one answer. comments_per_shard: videos of one shard.
    comment_questions: how often one collection asks for comments, about. api_key: reads comments without the right to
    write. source_of_counts: "bulk" takes months from the files of the
    Reporting API where these cover them; `keep` and `kept` store those files, see Bulk.
    """

    def __init__(
        self,
        http: Http,
        addresses: Mapping[str, str],
        account: str,
        *,
        metric: str = "views",
        share: float = 0.95,
        most_countries: int = 20,
        batch: int = 200,
        most_rows: int = MOST_ROWS,
        api_key: str = "",
        comments_per_shard: int = 25,
        comment_questions: int = MOST_QUESTIONS,
        source_of_counts: str = "analytics",
        keep: Keep | None = None,
        kept: Kept | None = None,
    ) -> None:
        _check(metric in METRICS, f"metric is one of {', '.join(METRICS)}, not {metric!r}")
        _check(
            source_of_counts in SOURCES, f"source_of_counts is one of {', '.join(SOURCES)}, not {source_of_counts!r}"
        )
        _check(1 <= batch <= MOST_IDS, f"batch is from 1 to {MOST_IDS} videos, not {batch}")
        self.batch, self.comments_per_shard = batch, comments_per_shard
        self.videos = Videos(http, addresses["youtube"], account)
        analytics = Analytics(http, addresses["youtube_analytics"], account, most_rows)
        self.audience = Audience(analytics, metric, share, most_countries)
        asking = _by_key(http, api_key) if api_key else http
        self.comments = Comments(asking, addresses["youtube"], self.videos.comments_on, comment_questions)
        self.bulk = (
            Bulk(http, addresses["youtube_reporting"], metric, keep, kept) if source_of_counts == "bulk" else None
        )

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield the list of videos, what is told of each, its audience by month, its comments, subscribers in all.

        Which months come from files is asked before the first of them: a restart may find that more files are there.
        The month is then read whole under another key, in place of the parts that were read before. The parts of the
        comments are cut alike after every restart, too, and come by what is stored of them: those that lack most first.
        """
        yield Shard("contents", "contents uploads", 1, 1, self.videos.uploads)
        ids, months = known.content_ids(), window.months()
        yield from _numbered("contents", _parted("details", ids, DETAILS, self.videos.details), before=1)
        files = self.bulk.files(window) if self.bulk else None
        parts = [part for month in months for part in self._month(month, ids, files)]
        if files and files.complaints and parts:
            parts[0] = _saying(files.complaints, parts[0])
        yield from _numbered("interactions", parts)
        commented = known.commented()
        read = partial(self.comments.of, commented, window.last)
        order = partial(need, commented, window.last)
        yield from _numbered("comments", _parted("of", ids, self.comments_per_shard, read, order))
        yield from _numbered("audience", [(_days(month), partial(self._whole, month, known)) for month in months])

    def _whole(self, month: Window, known: Known) -> Harvest:
        return self.audience.whole(month, known.interactions(month.period))

    def _month(self, month: Window, ids: Sequence[str], files: Files | None) -> list[Part]:
        """The month as one part where files cover it, else its videos in parts: a channel may have very many."""
        lacking = files.lacking(month) if files else ""
        if files and not lacking:
            return [(_days(month), partial(files.read, month, ids))]
        parts = _parted(_days(month), ids, self.batch, partial(self.audience.of, month))
        return [_saying(lacking, parts[0]), *parts[1:]] if lacking and parts else parts


def _parted(
    name: str,
    ids: Sequence[str],
    size: int,
    read: Callable[[Sequence[str]], Harvest],
    order: Callable[[Sequence[str]], Any] = lambda part: 0,
) -> list[Part]:
    """Return a part for each `size` videos, by `order` of these; its key tells which ones they are."""
    parts = enumerate([ids[start : start + size] for start in range(0, len(ids), size)], 1)
    return [
        (f"{name} {place} {zlib.crc32(','.join(part).encode()):08x}", partial(read, part))
        for place, part in sorted(parts, key=lambda numbered: order(numbered[1]))
    ]


def _saying(words: str, part: Part) -> Part:
    """Return the part with these words before its own complaints."""
    key, read = part

    def said() -> Harvest:
        harvest = read()
        return replace(harvest, complaints=[words, *harvest.complaints])

    return key, said


def _numbered(stage: str, parts: Sequence[Part], before: int = 0) -> Iterator[Shard]:
    for place, (key, read) in enumerate(parts, before + 1):
        yield Shard(stage, f"{stage} {key}", place, before + len(parts), read)


def _days(window: Window) -> str:
    return f"{window.first} to {window.last}"


def _by_key(http: Http, api_key: str) -> Http:
    """Return the same patience with an API key in place of the account's token; the key stands in no address."""
    session: Any = requests.Session()
    session.headers["X-Goog-Api-Key"] = api_key
    return Http(session, http.judge, http.sleep, http.heard)


def _account(item: dict[str, dict[str, str]]) -> Account:
    counts, name = item.get("statistics", {}), item.get("snippet", {}).get("title", "")
    detail = counted(int(counts.get("videoCount", 0)), "video")
    if "subscriberCount" in counts and not counts.get("hiddenSubscriberCount"):
        detail += f", {counted(int(counts['subscriberCount']), 'subscriber')}"
    return Account(str(item.get("id", "")), str(name or item.get("id", "")), detail)


def _check(good: bool, words: str) -> None:
    if not good:
        raise ValueError(words)
