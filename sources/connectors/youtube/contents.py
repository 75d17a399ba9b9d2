"""The videos of a channel, from the YouTube Data API: a unit of the day's quota for each page of 50.

https://developers.google.com/youtube/v3/docs/playlistItems/list, .../videos/list, .../videoCategories/list
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sources.connectors.faults import PlatformError, Refused, WrongAccount
from sources.connectors.harvests import SAID, Harvest
from sources.connectors.http import Http, Json
from sources.connectors.records import ContentRow
from sources.connectors.wording import Complaint, listed

PAGE = 50
SIZES = ("medium", "high", "standard", "default")  # of thumbnails, the best fit first
IN_THE_LIST = tuple(name for name in SAID if name not in ("category", "tags"))
GONE = ("Deleted video", "Private video")  # what the list says in place of a title
WATCH = "https://www.youtube.com/watch?v="


class Videos:
    """The Data API of one channel. Names of categories are asked for once.

    comments: how many there are on each video of which this was told; None where they are turned off or hidden.
    """

    def __init__(self, http: Http, address: str, channel: str) -> None:
        self.http, self.address, self.channel = http, address, channel
        self.categories: dict[str, str] = {}
        self.comments: dict[str, int | None] = {}

    def uploads(self) -> Harvest:
        """Return all videos of the channel as its list of uploads tells them: without tags and category.

        Those of which it says only that they are gone are left out: what is stored of them says more.
        """
        there = (_uploaded(item) for item in self._playlist() if not _is_gone(item))
        rows = {row.external_id: row for row in there if row.external_id}
        return Harvest(contents=list(rows.values()), said=IN_THE_LIST)

    def details(self, ids: Sequence[str]) -> Harvest:
        """Return these videos with everything that is told of them; those that are gone are complained of.

        Where the names of categories are refused, nothing is said of categories.
        """
        items = self._videos(ids, "snippet,statistics")
        complaints = self._learn_categories({str(item.get("snippet", {}).get("categoryId", "")) for item in items})
        said = tuple(name for name in SAID if name != "category" or not complaints)
        rows = [self._detailed(item) for item in items]
        gone = sorted(set(ids) - {row.external_id for row in rows})
        if gone:
            words = "No longer on YouTube, or not visible: {video} ({names})."
            complaints.append(Complaint.about(words, "video", gone))
        return Harvest(contents=rows, said=said, complaints=complaints)

    def comments_on(self, ids: Sequence[str]) -> Mapping[str, int | None]:
        """Return how many comments there are on these videos, without those that are gone.

        Asked for are only the videos of which `details` has not told, as after a restart.
        """
        new = [video for video in ids if video not in self.comments]
        self._videos(new, "statistics")
        return {video: self.comments[video] for video in ids if video in self.comments}

    def _videos(self, ids: Sequence[str], parts: str) -> list[Json]:
        """Return what is told of these videos; more parts, one of them statistics, cost no more."""
        items: list[Json] = []
        for start in range(0, len(ids), PAGE):
            question = {"part": parts, "id": ",".join(ids[start : start + PAGE])}
            items += self.http.get(f"{self.address}/youtube/v3/videos", question).get("items", [])
        for item in items:
            number = item.get("statistics", {}).get("commentCount")
            self.comments[str(item.get("id", ""))] = None if number is None else int(number)
        return items

    def _playlist(self) -> Iterator[Json]:
        question = {"part": "contentDetails", "id": self.channel}
        channels = self.http.get(f"{self.address}/youtube/v3/channels", question).get("items", [])
        if not channels:
            raise WrongAccount(f"YouTube does not find the channel {self.channel}.", "channel")
        playlist = channels[0].get("contentDetails", {}).get("relatedPlaylists", {}).get("uploads")
        if playlist:
            question = {"part": "snippet,contentDetails", "playlistId": playlist, "maxResults": str(PAGE)}
            try:
                yield from pages(self.http, f"{self.address}/youtube/v3/playlistItems", question)
            except Refused as error:
                if error.code != "playlistNotFound":  # so it is of a channel that never had a video
                    raise

    def _detailed(self, item: Json) -> ContentRow:
        snippet = item.get("snippet", {})
        tags = tuple(dict.fromkeys(tag.strip() for tag in snippet.get("tags", []) if tag.strip()))
        category = self.categories.get(str(snippet.get("categoryId", "")), "")
        return _row(str(item.get("id", "")), snippet, str(snippet.get("publishedAt", "")), category, tags)

    def _learn_categories(self, ids: set[str]) -> list[str]:
        new = sorted(ids - set(self.categories) - {""})
        if not new:
            return []
        question = {"part": "snippet", "id": ",".join(new)}
        try:
            items = self.http.get(f"{self.address}/youtube/v3/videoCategories", question).get("items", [])
        except Refused as error:
            return [f"YouTube does not tell the names of the categories {listed(new)}: {error}"]
        self.categories |= {str(item["id"]): str(item.get("snippet", {}).get("title", "")) for item in items}
        return []


def pages(http: Http, url: str, question: dict[str, str], name: str = "items") -> Iterator[Json]:
    """Yield what stands under the name on every page; a page may be empty and still have a next one."""
    for body in answers(http, url, question):
        yield from body.get(name, [])


def answers(http: Http, url: str, question: dict[str, str]) -> Iterator[Json]:
    """Yield one page after the other, each asked for when it is taken."""
    seen: set[str] = set()
    while True:
        body = http.get(url, question)
        yield body
        token = body.get("nextPageToken")
        if not token:
            return
        if token in seen:
            raise PlatformError("YouTube turns in a circle: it names the same next page twice.", "paging")
        seen.add(token)
        question = {**question, "pageToken": token}


def moment(text: str) -> datetime | None:
    """Return the time that YouTube writes as 2026-05-01T10:00:00Z."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_gone(item: Json) -> bool:
    published = item.get("contentDetails", {}).get("videoPublishedAt")
    return not published and item.get("snippet", {}).get("title") in GONE


def _uploaded(item: Json) -> ContentRow:
    details, snippet = item.get("contentDetails", {}), item.get("snippet", {})
    published = str(details.get("videoPublishedAt") or snippet.get("publishedAt", ""))
    return _row(str(details.get("videoId", "")), snippet, published)


def _row(video: str, snippet: Json, published: str, category: str = "", tags: tuple[str, ...] = ()) -> ContentRow:
    return ContentRow(
        external_id=video,
        title=str(snippet.get("title") or video),
        description=str(snippet.get("description", "")),
        category=category,
        tags=tags,
        url=WATCH + video,
        thumbnail=_thumbnail(snippet.get("thumbnails", {})),
        published_at=moment(published),
    )


def _thumbnail(sizes: dict[str, Any]) -> str:
    return next((str(sizes[size]["url"]) for size in SIZES if sizes.get(size, {}).get("url")), "")
