"""The comments on a channel's videos, newest first, with the replies shown beside them. Never who wrote them.

Each question takes from the quota of a day that all channels share, so what a video and a collection may cost is bound.
https://developers.google.com/youtube/v3/docs/commentThreads/list
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sources.connectors.faults import (
    NotSetUp,
    NotSupported,
    PutOff,
    QuotaUsedUp,
    Refused,
    ScopeMissing,
    Unavailable,
)
from sources.connectors.harvests import Harvest
from sources.connectors.http import Http, Json
from sources.connectors.records import CommentRow
from sources.connectors.wording import Complaint, counted
from sources.connectors.youtube.contents import answers, moment

PAGE = 100
MOST_PAGES = 3  # of one video in one collection: some hundreds of comments are enough for quotes and a sentiment
MOST_QUESTIONS = 3000  # of one collection, of the 10,000 that a day has for all channels of this server
PATIENCE = 3  # videos that YouTube may fail to answer for, before the rest is left to another day
QUIET_AFTER, QUIET_NIGHTS = 28, 7  # days without a comment, after which a video has its turn in one night of so many
FORBIDDEN = (
    "The comments were not read: the permission that was given does not include them. "
    "They can be read with an API key of YouTube's (the setting YOUTUBE_API_KEY)."
)
CUT = (
    f"On {{video}} there are more comments than are read at a time: the newest {PAGE * MOST_PAGES} were read, with the "
    "replies that YouTube shows beside them ({names})."
)

Commented = Mapping[str, date]
Counts = Callable[[Sequence[str]], Mapping[str, int | None]]


class Comments:
    """The comments of public videos, by a session that may read them or by an API key.

    counts: gives how many comments there are on videos, see Videos.comments_on. left: the questions of this collection.
    """

    def __init__(self, http: Http, address: str, counts: Counts, most_questions: int = MOST_QUESTIONS) -> None:
        self.http, self.address, self.counts = http, address, counts
        self.most = self.left = most_questions
        self.refusal, self.unanswered = "", 0

    def of(self, commented: Commented, day: date, ids: Sequence[str]) -> Harvest:
        """Return the comments on these videos, from the day of the newest one stored of each onwards.

        Replies that are newer than that to threads that are older are not found. Raises PutOff when the quota of the
        day or this collection's part of it is used up, or YouTube does not answer time and again.
        """
        if self.refusal:  # it is of all videos
            return Harvest(complaints=[self.refusal])
        if self.left <= 0:
            asked = f"One collection asks for comments {counted(self.most, 'time')} at most"
            raise PutOff(f"{asked}, for all channels share the quota of a day.", "enough")
        try:
            return self._of(commented, day, ids)
        except QuotaUsedUp as error:
            if error.wait is not None:
                raise
            raise PutOff(str(error), error.code) from error

    def _of(self, commented: Commented, day: date, ids: Sequence[str]) -> Harvest:
        rows: list[CommentRow] = []
        cut: list[str] = []
        complaints: list[str] = []
        counts = self.counts(ids)
        off = [video for video, number in counts.items() if number is None]
        for video in (video for video, number in counts.items() if number and _has_turn(video, commented, day)):
            try:
                found, is_cut = self._on(video, commented.get(video))
                rows += found  # all or none: what is stored ends the next reading
                cut += [video] if is_cut else []
            except (ScopeMissing, NotSetUp) as error:
                self.refusal = FORBIDDEN if isinstance(error, ScopeMissing) else f"The comments were not read. {error}"
                return Harvest(comments=rows, complaints=[*complaints, self.refusal])
            except (Refused, NotSupported, Unavailable) as error:
                self.unanswered += isinstance(error, Unavailable)
                if self.unanswered == PATIENCE:
                    raise PutOff(str(error), error.code) from error
                if error.code == "commentsDisabled":
                    off.append(video)
                else:
                    words = f"The comments on {{video}} were not read ({{names}}): {error}"
                    complaints.append(Complaint.about(words, "video", [video]))
        if cut:
            complaints.append(Complaint.about(CUT, "video", cut))
        if off:
            complaints.append(Complaint.about("Comments are turned off on {video}: {names}.", "video", off))
        return Harvest(comments=list({row.external_id: row for row in rows}.values()), complaints=complaints)

    def _on(self, video: str, since: date | None) -> tuple[list[CommentRow], bool]:
        """Return the newest comments on a video, and whether there are more than may be asked for."""
        question = {"part": "snippet,replies", "videoId": video, "order": "time", "textFormat": "plainText"}
        question["maxResults"] = str(PAGE)
        rows: list[CommentRow] = []
        self.left -= 1
        for page, body in enumerate(answers(self.http, f"{self.address}/youtube/v3/commentThreads", question), 1):
            for thread in body.get("items", []):
                top = _row(video, thread.get("snippet", {}).get("topLevelComment", {}))
                if since and top and top.published_at and top.published_at.date() < since:
                    return rows, False
                replies = thread.get("replies", {}).get("comments", [])
                rows += filter(None, (top, *(_row(video, reply) for reply in replies)))
            if page == MOST_PAGES:
                return rows, bool(body.get("nextPageToken"))
            self.left -= bool(body.get("nextPageToken"))
        return rows, False


def need(commented: Commented, day: date, ids: Sequence[str]) -> tuple[int, int]:
    """Return by what a part comes before others where not all can be read: the fewer of its videos are commented.

    Of those alike others come first every day, so that none is left out for ever.
    """
    return sum(video in commented for video in ids), _drawn(",".join(ids), day)


def _has_turn(video: str, commented: Commented, day: date) -> bool:
    newest = commented.get(video)
    return newest is None or (day - newest).days <= QUIET_AFTER or _drawn(video, day) % QUIET_NIGHTS == 0


def _drawn(name: str, day: date) -> int:
    """Return a number as if drawn anew for every day: no pattern of days leaves a video out."""
    return zlib.crc32(f"{name} {day}".encode())


def _row(video: str, comment: Json) -> CommentRow | None:
    snippet = comment.get("snippet", {})
    text = str(snippet.get("textDisplay") or snippet.get("textOriginal") or "").strip()
    if not text or not comment.get("id"):
        return None
    published = moment(str(snippet.get("publishedAt", "")))
    return CommentRow(video, text, str(comment["id"]), published, max(int(snippet.get("likeCount", 0)), 0))
