"""The comments on a channel's videos: threads newest first, and the replies to them. Never who wrote them.

https://developers.google.com/youtube/v3/docs/commentThreads/list, .../comments/list
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sources.connectors.faults import NotSetUp, NotSupported, Refused, ScopeMissing
from sources.connectors.harvests import Harvest
from sources.connectors.http import Http, Json
from sources.connectors.records import CommentRow
from sources.connectors.wording import Complaint
from sources.connectors.youtube.contents import moment, pages

PAGE = "100"
NO_LONGER = {"commentNotFound", "parentCommentNotFound"}
FORBIDDEN = (
    "The comments were not read: the permission that was given does not include them. "
    "They can be read with an API key of YouTube's (the setting YOUTUBE_API_KEY)."
)


class Comments:
    """The comments of public videos, by a session that may read them or by an API key."""

    def __init__(self, http: Http, address: str) -> None:
        self.http, self.address = http, address

    def of(self, ids: Sequence[str], commented: Mapping[str, date]) -> Harvest:
        """Return the comments on these videos, from the day of the newest one stored of each onwards.

        Replies that are newer than that to threads that are older are not found.
        """
        rows: list[CommentRow] = []
        off: list[str] = []
        complaints: list[str] = []
        for video in ids:
            try:
                rows += [*self._on(video, commented.get(video))]  # all or none: what is stored ends the next reading
            except ScopeMissing:
                return Harvest(comments=rows, complaints=[*complaints, FORBIDDEN])
            except NotSetUp as error:
                return Harvest(comments=rows, complaints=[*complaints, f"The comments were not read. {error}"])
            except (Refused, NotSupported) as error:
                if error.code == "commentsDisabled":
                    off.append(video)
                else:
                    words = f"The comments on {{video}} were not read ({{names}}): {error}"
                    complaints.append(Complaint.about(words, "video", [video]))
        if off:
            complaints.append(Complaint.about("Comments are turned off on {video}: {names}.", "video", off))
        return Harvest(comments=list({row.external_id: row for row in rows}.values()), complaints=complaints)

    def _on(self, video: str, since: date | None) -> Iterator[CommentRow]:
        question = {"part": "snippet,replies", "videoId": video, "order": "time", "textFormat": "plainText"}
        for thread in pages(self.http, f"{self.address}/youtube/v3/commentThreads", {**question, "maxResults": PAGE}):
            top = thread.get("snippet", {}).get("topLevelComment", {})
            row = _row(video, top)
            if since and row and row.published_at and row.published_at.date() < since:
                return
            yield from filter(None, (row, *(_row(video, reply) for reply in self._replies(thread))))

    def _replies(self, thread: Json) -> Iterator[Json]:
        given = thread.get("replies", {}).get("comments", [])
        if int(thread.get("snippet", {}).get("totalReplyCount", 0)) <= len(given):
            yield from given
            return
        question = {"part": "snippet", "parentId": str(thread["id"]), "textFormat": "plainText", "maxResults": PAGE}
        try:
            given = [*pages(self.http, f"{self.address}/youtube/v3/comments", question)]
        except Refused as error:
            if error.code not in NO_LONGER:  # somebody deleted the thread a moment ago
                raise
        yield from given


def _row(video: str, comment: Json) -> CommentRow | None:
    snippet = comment.get("snippet", {})
    text = str(snippet.get("textDisplay") or snippet.get("textOriginal") or "").strip()
    if not text or not comment.get("id"):
        return None
    published = moment(str(snippet.get("publishedAt", "")))
    return CommentRow(video, text, str(comment["id"]), published, max(int(snippet.get("likeCount", 0)), 0))
