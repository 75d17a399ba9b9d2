"""Who watched which video: views by gender, age and country, joint where YouTube gives that, else estimated.

The joint is made of three reports: views of each video by subscription (which give its total), views of each video by
country, and for each of the largest countries the percentages of viewers by age and gender. Percentages are of viewers
who were logged in; they are taken to hold for all. Where YouTube refuses the last report for many videos at once, each
video's ages and genders are raked with its countries, from the joint of the whole channel.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sources.connectors.faults import NotSupported, TooMuch
from sources.connectors.harvests import GroupKey, Harvest, LoyaltyRow, Window
from sources.connectors.wording import Complaint, counted
from sources.connectors.youtube.analytics import DIMENSION_VALUES, Analytics, Row
from sources.connectors.youtube.columns import Column, Person, estimate, people_of
from sources.connectors.youtube.words import Words

PEOPLE = ("ageGroup", "gender")
SHORT = 0.02  # of the views may be of no country before an answer is suspected to be cut
UNLISTED = 0.02  # of the channel's views may be of no video: two reports are not of the same minute
BEYOND = (
    "{} of the channel are in no video's count: YouTube keeps them back, or does not list their videos "
    "(private or deleted ones)."
)
SUBSCRIBED, UNSUBSCRIBED = "SUBSCRIBED", "UNSUBSCRIBED"


@dataclass
class Audience:
    """The audience of one channel. `share` of its views, from at most `most` countries, is told by age and gender."""

    analytics: Analytics
    metric: str = "views"
    share: float = 0.95
    most: int = 20
    largest: dict[str, dict[str, float]] = field(default_factory=dict)
    joints: dict[str, dict[GroupKey, float]] = field(default_factory=dict)

    def of(self, window: Window, ids: Sequence[str]) -> Harvest:
        """Return the counts of one period of some videos (500 at most), and how many views were by subscribers."""
        words = Words()
        self.analytics.begin_anew()
        self._largest(window, words)  # the plainest report first: where YouTube lost the metric, it ends here
        by_status = self._by_status(window, ids, words)
        totals = {video: sum(parts.values()) for video, parts in by_status.items()}
        columns = self._columns(window, ids, totals, words)
        try:
            self._joint(window, columns, words)
        except NotSupported:
            columns = [Column(c.video, c.total, c.places) for c in columns]  # without what was told before it
            self._estimate(window, columns, words)
        columns = self._complete(window, columns, words)
        self._tell_silent(window, columns, words)
        # Of a video without views YouTube must have said so: what is stored of one that it refused stays.
        told = [column for column in columns if column.total or column.video not in self.analytics.passed_over]
        # One that has views and no status was refused there: its stored loyalty stays.
        known = [column.video for column in told if column.video in by_status or not column.total]
        loyalty = [_loyal(window.period, video, ("", "", ""), by_status.get(video, {})) for video in known]
        counts = [column.counts(window.period) for column in told]
        return Harvest(counts=counts, loyalty=loyalty, complaints=words.complaints)

    def whole(self, window: Window, stored: float | None) -> Harvest:
        """Return the views by subscribers of the whole channel: in all, by country, and by age and gender.

        `stored` is what the videos had together; the channel's views beyond these are of videos that it does not list,
        or kept back where the videos were counted from files.
        """
        words, period = Words(), window.period
        by_country: dict[str, dict[str, float]] = defaultdict(dict)
        in_all: dict[str, float] = defaultdict(float)
        most = DIMENSION_VALUES["country"] * DIMENSION_VALUES["subscribedStatus"] + 1
        for place, status, views in self.analytics.table(
            window, ["country", "subscribedStatus"], self.metric, most=most
        ):
            in_all[status] += views
            if country := words.value("country", place):
                by_country[country][status] = by_country[country].get(status, 0.0) + views
        by_people: dict[Person, dict[str, float]] = defaultdict(dict)
        for status, age, gender, percent in self.analytics.table(
            window, ["subscribedStatus", *PEOPLE], "viewerPercentage", most=_most(PEOPLE) * 4
        ):
            if person := words.person(age, gender):  # the percentages of each status sum to 100 by themselves
                by_people[person][status] = by_people[person].get(status, 0.0) + in_all[status] * percent / 100
        rows = [_loyal(period, "", ("", "", ""), in_all)]
        rows += [_loyal(period, "", ("", "", country), parts) for country, parts in sorted(by_country.items())]
        rows += [_loyal(period, "", (*person, ""), parts) for person, parts in sorted(by_people.items())]
        return Harvest(
            loyalty=rows, unnamed=_unlisted(window, sum(in_all.values()), stored, words), complaints=words.complaints
        )

    def _complete(self, window: Window, columns: Sequence[Column], words: Words) -> list[Column]:
        """The columns of the videos that were not too long in any report; TooMuch when all of them were."""
        cut = self.analytics.too_long
        if not cut:
            return list(columns)
        if len(cut) == len(columns):
            video, most = next(iter(cut.items()))
            raise TooMuch(f"YouTube's answer for the video {video} is cut at {most} rows.", "truncated")
        told = (
            f"YouTube's answer for {{video}} in {window.period} is longer than may be asked for; what is stored stays: "
            "{names}."
        )
        words.complain(Complaint.about(told, "video", cut))
        return [column for column in columns if column.video not in cut]

    def _by_status(self, window: Window, ids: Sequence[str], words: Words) -> dict[str, dict[str, float]]:
        parts: dict[str, dict[str, float]] = {}
        try:
            rows = self.analytics.of_videos(window, ids, ["subscribedStatus"], self.metric, words.complain)
        except NotSupported as error:
            words.complain(f"YouTube does not tell subscribers' {self.metric} from others': {error}")
            return parts
        for video, status, views in rows:
            if status not in (SUBSCRIBED, UNSUBSCRIBED):
                words.complain(
                    f"YouTube has a new subscribed status, {str(status)[:40]!r}: it counts as not subscribed."
                )
            parts.setdefault(video, {})[status] = parts.get(video, {}).get(status, 0.0) + views
        return parts

    def _columns(self, window: Window, ids: Sequence[str], totals: dict[str, float], words: Words) -> list[Column]:
        largest = set(self._largest(window, words))
        rows = self._by_country(window, ids, totals, words)
        found: dict[str, float] = defaultdict(float)
        columns = {video: Column(video, totals.get(video, 0.0), {}) for video in ids}
        for video, place, views in rows:
            found[video] += views
            if video in columns and place in largest and views:
                columns[video].places[words.value("country", place)] = float(views)
        for video, column in columns.items():
            column.total = max(column.total, found[video])
        return list(columns.values())

    def _by_country(self, window: Window, ids: Sequence[str], totals: dict[str, float], words: Words) -> list[Row]:
        """Rows (video, country, views); an answer that lacks views is asked for again in halves, for it may be cut."""
        rows = self.analytics.of_videos(window, ids, ["country"], self.metric, words.complain)
        total = sum(views for video, views in totals.items() if video not in self.analytics.too_long)
        lacking = 1 - sum(row[2] for row in rows) / total if total else 0.0
        if lacking <= SHORT or len(ids) == 1 or ("country",) in self.analytics.refused:
            return rows
        half = len(ids) // 2
        parts = [self.analytics.by_video(window, part, ["country"], self.metric) for part in (ids[:half], ids[half:])]
        if sum(map(len, parts)) <= len(rows):
            told = f"{{view}} of {window.period} are of no country that YouTube tells."
            words.complain(Complaint(told, {"view": lacking * total}))
            return rows
        self.analytics.most_rows = len(rows)  # YouTube's own limit, which it does not tell
        if max(map(len, parts)) < len(rows):
            return [*parts[0], *parts[1]]
        return self.analytics.by_video(window, ids, ["country"], self.metric)

    def _largest(self, window: Window, words: Words) -> dict[str, float]:
        """Return the views of the largest countries of the channel in the period, by YouTube's code."""
        if window.period not in self.largest:
            rows = self.analytics.table(
                window, ["country"], self.metric, most=DIMENSION_VALUES["country"] + 1, sort=f"-{self.metric}"
            )
            enough, chosen = self.share * sum(row[1] for row in rows), dict[str, float]()
            for place, views in sorted(rows, key=lambda row: (-row[1], row[0])):
                if (
                    views
                    and len(chosen) < self.most
                    and sum(chosen.values()) < enough
                    and words.value("country", place)
                ):
                    chosen[place] = float(views)
            self.largest[window.period] = chosen
        return self.largest[window.period]

    def _joint(self, window: Window, columns: Sequence[Column], words: Words) -> None:
        for place in self._largest(window, words):
            country = words.value("country", place)
            watched = [column for column in columns if column.places.get(country)]
            if not watched:
                continue
            ids = [column.video for column in watched]
            rows = self.analytics.by_watched_video(window, ids, PEOPLE, "viewerPercentage", {"country": place})
            people = people_of(rows, words)
            for column in watched:
                column.tell(country, people.get(column.video))

    def _estimate(self, window: Window, columns: Sequence[Column], words: Words) -> None:
        joint = self._channel(window, words)
        ids = [column.video for column in columns if column.places]
        rows = self.analytics.of_videos(window, ids, PEOPLE, "viewerPercentage", words.complain) if ids else []
        people = people_of(rows, words)
        words.complain(
            f"YouTube does not give age and gender by country for the videos of {window.period}: "
            "these counts are estimated from the whole channel's."
        )
        seed = f"the channel's views by gender, age and country, {window.period}, YouTube Analytics"
        estimate([column for column in columns if column.places], people, joint, seed, words)

    def _channel(self, window: Window, words: Words) -> dict[GroupKey, float]:
        """Return the views of the whole channel by gender, age and country: the seed of the estimates."""
        if window.period not in self.joints:
            joint: dict[GroupKey, float] = defaultdict(float)
            for place, views in self._largest(window, words).items():
                rows = self.analytics.table(window, PEOPLE, "viewerPercentage", {"country": place}, most=_most(PEOPLE))
                for age, gender, percent in rows:
                    if person := words.person(age, gender):
                        joint[(*person, words.value("country", place))] += views * percent / 100
            self.joints[window.period] = dict(joint)
        return self.joints[window.period]

    def _tell_silent(self, window: Window, columns: Sequence[Column], words: Words) -> None:
        silent = [column.video for column in columns if column.places and not column.groups]
        if silent:
            told = (
                f"YouTube tells nobody's age and gender for {{video}} in {window.period}, mostly because few people "
                "watched: {names}."
            )
            words.complain(Complaint.about(told, "video", silent))


def _loyal(period: str, video: str, group: GroupKey, parts: dict[str, float]) -> LoyaltyRow:
    return LoyaltyRow("subscribed", period, video, group, float(parts.get(SUBSCRIBED, 0.0)), float(sum(parts.values())))


def _most(dimensions: Sequence[str]) -> int:
    values = [DIMENSION_VALUES[dimension] for dimension in dimensions]
    return int(np.prod(values)) + 1


def _unlisted(window: Window, views: float, stored: float | None, words: Words) -> float:
    """The views of the channel that no video's count has; few of them are the rounding of two reports."""
    beyond = 0.0 if stored is None else views - stored
    if beyond <= UNLISTED * views:
        return 0.0
    words.complain(f"{window.period}: {BEYOND.format(counted(beyond, 'view'))}")
    return beyond
