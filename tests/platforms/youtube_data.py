"""The YouTube Data API over a planted channel: pages, batches of ids, comments and the words of its errors."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

from tests.platforms.server import Answer, Request
from tests.platforms.youtube_world import Said, World

REPLIES_SHOWN = 5
T = TypeVar("T")


def error(code: int, reason: str, message: str, domain: str = "global", /, **more: Any) -> Answer:
    """An error as Google says it."""
    told = [{"domain": domain, "reason": reason, "message": message}]
    return Answer({"error": {"code": code, "message": message, "errors": told, **more}}, code)


@dataclass
class Data:
    """The videos of a world and what is said of them; `silent` are the ids whose comments are turned off.

    is_own: whether the channel is of the account that asks; one of others is still found by its id.
    """

    world: World
    has_channel: bool = True
    is_own: bool = True
    silent: set[str] = field(default_factory=set)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {video: place for place, video in enumerate(self.world.ids)}

    @cached_property
    def _threads_by_id(self) -> dict[str, Said]:
        return {said.id: said for threads in self.world.said for said in threads}

    def _page(self, request: Request, kind: str, items: Sequence[T], made: Callable[[T], Any], default: int = 5) -> Any:
        """A page of the items as they are made to be told; `default` of them where no number is asked for."""
        size = int(request.one("maxResults", str(default)))
        token = request.one("pageToken", "AT0")
        if not re.fullmatch("AT[0-9]+", token):
            return error(400, "invalidPageToken", "The request specifies an invalid page token.", "youtube.parameter")
        start = int(token[2:])
        body = {"kind": f"youtube#{kind}", "etag": "e", "items": [*map(made, items[start : start + size])]}
        body["pageInfo"] = {"totalResults": len(items), "resultsPerPage": size}
        return body | ({"nextPageToken": f"AT{start + size}"} if start + size < len(items) else {})

    def channels(self, request: Request) -> Any:
        own = request.one("mine") == "true" and self.is_own
        if not (own or request.one("id") == self.world.channel) or not self.has_channel:
            return {"kind": "youtube#channelListResponse", "etag": "e", "pageInfo": {"totalResults": 0}}
        views = sum(int(cells.sum()) for cells in self.world.cells.values())
        parts = {
            "snippet": {"title": self.world.title, "description": "", "country": "QA"},
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{self.world.channel[2:]}"}},
            "statistics": {
                "viewCount": str(views),
                "subscriberCount": "48300",
                "hiddenSubscriberCount": False,
                "videoCount": str(self.world.videos),
            },
        }
        item = {"kind": "youtube#channel", "etag": "e", "id": self.world.channel}
        asked = request.one("part").split(",")
        found = item | {name: parts[name] for name in asked}
        return self._page(request, "channelListResponse", [found], dict)

    def uploads(self, request: Request) -> Any:
        if request.one("playlistId") != f"UU{self.world.channel[2:]}":
            return error(404, "playlistNotFound", "The playlist cannot be found.", "youtube.playlistItem")
        return self._page(request, "playlistItemListResponse", range(self.world.videos), self._upload)

    def _upload(self, video: int) -> dict[str, Any]:
        identifier, snippet = self.world.ids[video], self._snippet(video)
        item = {"kind": "youtube#playlistItem", "etag": "e", "id": f"VVV.{identifier}"}
        details = {"videoId": identifier, "videoPublishedAt": snippet["publishedAt"]}
        more = {"playlistId": f"UU{self.world.channel[2:]}", "position": video}
        return item | {"snippet": snippet | more, "contentDetails": details}

    def videos(self, request: Request) -> Any:
        ids = request.one("id").split(",")
        if len(ids) > 50 or request.one("maxResults") or request.one("pageToken"):
            return error(
                400, "invalidFilters", "The request specifies an invalid filter parameter.", "youtube.parameter"
            )
        found = [identifier for identifier in ids if identifier in self._place]
        made = partial(self._video, request.one("part").split(","))
        return self._page(request, "videoListResponse", found, made, 50)

    def _video(self, parts: Sequence[str], identifier: str) -> dict[str, Any]:
        subject = self.world.subjects[self._place[identifier]]
        more = {"tags": subject["tags"].split("|"), "categoryId": subject["category_id"]}
        item = {"kind": "youtube#video", "etag": "e", "id": identifier}
        told = {
            "snippet": self._snippet(self._place[identifier]) | more,
            "statistics": self._statistics(identifier),
        }
        return item | {part: told[part] for part in parts}

    def _statistics(self, identifier: str) -> dict[str, str]:
        """Numbers as texts; none of comments where these are turned off."""
        threads = self.world.said[self._place[identifier]]
        number = {"commentCount": str(sum(1 + len(said.replies) for said in threads))}
        return {"favoriteCount": "0"} | ({} if identifier in self.silent else number)

    def _snippet(self, video: int) -> dict[str, Any]:
        subject = self.world.subjects[video]
        picture = f"https://i.ytimg.com/vi/{self.world.ids[video]}/mqdefault.jpg"
        return {
            "publishedAt": f"{self.world.published(video):%Y-%m-%dT%H:%M:%SZ}",
            "channelId": self.world.channel,
            "title": self.world.title_of(video),
            "description": subject.get("description")
            or f"A film about {subject['subject']}. Filed under {subject['category']}.",
            "thumbnails": {"medium": {"url": picture, "width": 320, "height": 180}},
        }

    def categories(self, request: Request) -> Any:
        names = {subject["category_id"]: subject["category"] for subject in self.world.subjects}
        items = [
            {
                "kind": "youtube#videoCategory",
                "etag": "e",
                "id": one,
                "snippet": {"title": names[one], "assignable": True},
            }
            for one in request.one("id").split(",")
            if one in names
        ]
        return {"kind": "youtube#videoCategoryListResponse", "etag": "e", "items": items}

    def threads(self, request: Request) -> Any:
        video = request.one("videoId")
        if video not in self._place:
            return error(404, "videoNotFound", "The video cannot be found.", "youtube.commentThread")
        if video in self.silent:
            words = 'The video identified by the <code><a href="/youtube/v3">videoId</a></code> has disabled comments.'
            return error(403, "commentsDisabled", words, "youtube.commentThread")
        threads = self.world.said[self._place[video]]
        return self._page(request, "commentThreadListResponse", threads, partial(self._thread, video), 20)

    def _thread(self, video: str, said: Said) -> dict[str, Any]:
        snippet = {"channelId": self.world.channel, "videoId": video, "canReply": True, "isPublic": True}
        snippet |= {"totalReplyCount": len(said.replies), "topLevelComment": _comment(said)}
        thread = {"kind": "youtube#commentThread", "etag": "e", "id": said.id, "snippet": snippet}
        shown = [_comment(reply) for reply in said.replies[-REPLIES_SHOWN:]]
        return thread | ({"replies": {"comments": shown}} if shown else {})

    def replies(self, request: Request) -> Any:
        parent = self._threads_by_id.get(request.one("parentId"))
        if parent is None:
            return error(404, "commentNotFound", "The comment cannot be found.", "youtube.comment")
        return self._page(request, "commentListResponse", parent.replies, _comment, 20)


def _comment(said: Said) -> dict[str, Any]:
    at = f"{said.at:%Y-%m-%dT%H:%M:%SZ}"
    snippet = {
        "textDisplay": said.text,
        "textOriginal": said.text,
        "authorDisplayName": "@a-planted-viewer",
        "authorChannelId": {"value": "UCplantedviewer"},
        "canRate": True,
        "viewerRating": "none",
        "likeCount": said.likes,
        "publishedAt": at,
        "updatedAt": at,
    }
    return {"kind": "youtube#comment", "etag": "e", "id": said.id, "snippet": snippet}
