"""YouTube Analytics, one report at a time: tables read by the names of their columns, cut shards found and halved.

Many videos are asked for at once by the rule that a filter of several values may stand among the dimensions
(https://developers.google.com/youtube/analytics/reference/reports/query). Where YouTube refuses that for a report, its
documented form is asked instead, one video at a time. Rows are never paged: `startIndex` drops them silently.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.connectors.faults import NotSupported, PlatformError, Refused, Unavailable
from sources.connectors.harvests import Window
from sources.connectors.http import Http, Json
from sources.connectors.wording import Complaint

Row = tuple[Any, ...]
Complain = Callable[[str], None]
MOST_ROWS = 50_000  # a day of patience: more than 200 videos have in all countries
MOST_IDS = 500  # as documented; one more is refused
DIMENSION_VALUES = {"country": 260, "ageGroup": 12, "gender": 6, "subscribedStatus": 4}  # with room for new words
UNCUT = 50  # rows: nobody cuts an answer as short as that
PATIENCE = 3  # videos that may be refused before the rest are not asked for
WORDS_OF_ERRORS: dict[str, type[PlatformError]] = {"BAD_REQUEST": NotSupported, "FORBIDDEN": Refused}


@dataclass
class Analytics:
    """The reports of one channel. `refused` remembers what YouTube does not give for many videos at once.

    passed_over: the videos of which a report was refused, too_long: those that alone have more rows than may be asked
    for and are not asked about any more, both since the reader last began anew. whole: rows of the longest answer that
    was found not to be cut by a limit that YouTube does not tell.
    """

    http: Http
    address: str
    channel: str
    most_rows: int = MOST_ROWS
    refused: set[tuple[str, ...]] = field(default_factory=set)
    passed_over: set[str] = field(default_factory=set)
    too_long: dict[str, int] = field(default_factory=dict)  # and the rows at which each was cut
    whole: int = UNCUT

    def begin_anew(self) -> None:
        """Forget which videos were refused or too long; what is refused for many at once stays known."""
        self.passed_over.clear()
        self.too_long.clear()

    def table(
        self,
        window: Window,
        dimensions: Sequence[str],
        metric: str,
        filters: Mapping[str, str] | None = None,
        *,
        most: int,
        sort: str = "",
    ) -> list[Row]:
        """Return rows (*dimensions, metric) of at most `most`, which is always asked for; no rows are no error.

        Raises PlatformError, NotSupported for a combination that YouTube does not know.
        """
        asked = {
            "ids": f"channel=={self.channel}",
            "startDate": window.first.isoformat(),
            "endDate": window.last.isoformat(),
            "dimensions": ",".join(dimensions),
            "metrics": metric,
            "filters": ";".join(f"{name}=={value}" for name, value in (filters or {}).items()),
            "sort": sort,
            "maxResults": most,
        }
        body = self.http.get(f"{self.address}/v2/reports", {name: value for name, value in asked.items() if value})
        return _rows(body, [*dimensions, metric])

    def by_video(
        self,
        window: Window,
        ids: Sequence[str],
        dimensions: Sequence[str],
        metric: str,
        filters: Mapping[str, str] | None = None,
    ) -> list[Row]:
        """Return rows (video, *dimensions, metric) of up to 500 videos at once.

        An answer as long as was asked for may be cut, and is asked for again in two halves, down to the one video that
        is too long. Raises NotSupported where YouTube does not give this for many videos.
        """
        ids = self._asked_about(ids)
        if not ids:
            return []
        shape = (*dimensions, *(filters or {}))
        if shape in self.refused:
            raise NotSupported("YouTube does not give this report for many videos at once.", "badRequest")
        most = self._most(dimensions, len(ids))
        try:
            rows = self.table(
                window, ["video", *dimensions], metric, {"video": ",".join(ids), **(filters or {})}, most=most
            )
        except NotSupported:
            self.refused.add(shape)
            raise
        if len(rows) < most:
            return rows
        if len(ids) == 1:
            self.too_long[ids[0]] = most
            return []
        half = len(ids) // 2
        parts = (ids[:half], ids[half:])
        return [row for part in parts for row in self.by_video(window, part, dimensions, metric, filters)]

    def by_watched_video(
        self,
        window: Window,
        ids: Sequence[str],
        dimensions: Sequence[str],
        metric: str,
        filters: Mapping[str, str],
    ) -> list[Row]:
        """Return the rows of `by_video` for videos with views, of which some may be kept back: or the answer is cut.

        The videos that it lacks are asked for once more, unless a longer answer was whole. If they have rows after all,
        YouTube has a limit that it does not tell: from then on it is ours, too.
        """
        rows = self.by_video(window, ids, dimensions, metric, filters)
        told = {row[0] for row in rows}
        lacking = [video for video in self._asked_about(ids) if video not in told]
        # What is as long as we ask for was asked for in halves already.
        if not lacking or not self.whole <= len(rows) < self.most_rows:
            return rows
        if not self.by_video(window, lacking, dimensions, metric, filters):
            self.whole = len(rows)
            return rows
        self.most_rows = len(rows)
        half = len(ids) // 2
        parts = (ids[:half], ids[half:])
        return [row for part in parts for row in self.by_video(window, part, dimensions, metric, filters)]

    def one_by_one(
        self, window: Window, ids: Sequence[str], dimensions: Sequence[str], metric: str, complain: Complain
    ) -> list[Row]:
        """Return the same rows in the documented form, with a call for each video; those refused are complained of.

        Raises NotSupported or Refused when the first few all are: then it is not for the videos' sake.
        """
        rows: list[Row] = []
        refused: dict[str, PlatformError] = {}
        ids, most = self._asked_about(ids), self._most(dimensions, 1)
        for asked, video in enumerate(ids, 1):
            try:
                found = self.table(window, dimensions, metric, {"video": video}, most=most)
            except (NotSupported, Refused) as error:
                refused[video] = error
                if asked == len(refused) == min(PATIENCE, len(ids)):
                    raise
                continue
            if len(found) < most:
                rows += [(video, *row) for row in found]
            else:
                self.too_long[video] = most
        self.passed_over |= refused.keys()
        if refused:
            named = " and ".join(dimensions)
            words = f"YouTube refused {named} of {{video}} in {window.period}: {{names}}."
            complain(Complaint.about(words, "video", refused))
        return rows

    def of_videos(
        self, window: Window, ids: Sequence[str], dimensions: Sequence[str], metric: str, complain: Complain
    ) -> list[Row]:
        """Return rows (video, *dimensions, metric), for many at once where YouTube gives that, else one by one."""
        try:
            return self.by_video(window, ids, dimensions, metric)
        except (NotSupported, Refused):
            return self.one_by_one(window, ids, dimensions, metric, complain)

    def _asked_about(self, ids: Sequence[str]) -> Sequence[str]:
        return [video for video in ids if video not in self.too_long]

    def _most(self, dimensions: Sequence[str], videos: int) -> int:
        """How many rows to ask for: one more than an honest answer has, so that a cut one is known by its length."""
        values = 1
        for dimension in dimensions:
            values *= DIMENSION_VALUES[dimension]
        return min(self.most_rows, values * videos + 1)


def _rows(body: Json, columns: Sequence[str]) -> list[Row]:
    """Return the columns of each row, the metric last; a metric that is not told is 0, and its row stays."""
    if body.get("errors") is not None:
        raise _failure(body["errors"])
    names = [header.get("name") for header in body.get("columnHeaders", [])]
    rows = body.get("rows") or []
    if not rows:
        return []
    missing = [column for column in columns if column not in names]
    if missing:
        raise Unavailable(f"YouTube Analytics answered without the column {missing[0]}.", "columns")
    *places, metric = (names.index(column) for column in columns)
    try:
        return [(*(row[place] for place in places), row[metric] or 0.0) for row in rows]
    except IndexError:
        raise Unavailable("YouTube Analytics answered with a row that is shorter than its header.", "row") from None


def _failure(errors: Json) -> PlatformError:
    """Return the error of an answer whose status was good: YouTube then says so in its body."""
    code = str(errors.get("code") or "errors")
    told: Iterator[str] = (str(error.get("externalErrorMessage") or "") for error in errors.get("error", []))
    words = next(filter(None, told), code)
    return WORDS_OF_ERRORS.get(code, Unavailable)(f"YouTube Analytics failed: {words}", code)
