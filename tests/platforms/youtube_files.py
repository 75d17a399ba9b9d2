"""The YouTube Reporting API over a planted channel: report types, jobs, and a file for each day of each job."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tests.platforms.youtube_world import AGES, World

PACIFIC = ZoneInfo("America/Los_Angeles")
KEY = ["date", "channel_id", "video_id", "live_or_on_demand", "subscribed_status", "country_code"]
TYPES = {
    "channel_annotations_a1": "Annotations",
    "channel_basic_a3": "User activity",
    "channel_demographics_a1": "Demographics",
    "channel_traffic_source_a3": "Traffic sources",
}
STATUSES = ("subscribed", "not_subscribed")
GENDERS = ("FEMALE", "MALE", "GENDER_OTHER")


@dataclass
class Files:
    """The jobs of a channel and their files: one for each of `days`, two (the first is wrong) for those `restated`.

    versions: of the days to be restated, how many files there are by now.
    few: cells of fewer views are left out of the demographics. blank: and of the basic report, anonymised to nothing.
    """

    world: World
    days: Sequence[date] = ()
    restated: Sequence[date] = ()
    few: int = 0
    blank: int = 0
    versions: int = 2
    types: dict[str, str] = field(default_factory=lambda: dict(TYPES))
    jobs: list[dict[str, str]] = field(default_factory=list)

    def create(self, report_type: str) -> dict[str, str]:
        number = len(self.jobs) + 1
        self.jobs.append(
            {
                "id": f"0b2c9b7e-0000-4000-8000-{number:012d}",
                "reportTypeId": report_type,
                "name": f"apg {report_type}",
                "createTime": f"2026-09-01T09:00:{number:02d}Z",
            }
        )
        return self.jobs[-1]

    def reports(self, job: dict[str, str]) -> list[dict[str, str]]:
        """Newest day first, as YouTube lists them."""
        return [
            self._report(job, day, version)
            for day in sorted(self.days, reverse=True)
            for version in ((1, 2)[: self.versions] if day in self.restated else (2,))
        ]

    def _report(self, job: dict[str, str], day: date, version: int) -> dict[str, str]:
        start, end = (datetime.combine(d, time(0), PACIFIC).astimezone(UTC) for d in (day, day + timedelta(days=1)))
        number = f"{day:%Y%m%d}{version}"
        media = f"CHANNEL/{self.world.channel}/jobs/{job['id']}/reports/{number}"
        return {
            "id": number,
            "jobId": job["id"],
            "startTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "endTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "createTime": f"{start + timedelta(days=version):%Y-%m-%dT%H:%M:%S}.000000Z",
            "downloadUrl": f"https://youtubereporting.googleapis.com/v1/media/{media}?alt=media",
        }

    def file(self, job_id: str, number: str) -> bytes:
        """The file of a report; the first version of a restated day tells half of the views."""
        kind = next(job["reportTypeId"] for job in self.jobs if job["id"] == job_id)
        day, version = datetime.strptime(number[:8], "%Y%m%d").date(), int(number[8:])
        cells = self.world.between(day, day) // (2 if version == 1 else 1)
        write = self._demographics if "demographics" in kind else self._basic
        header, rows = write(cells, f"{day:%Y%m%d}")
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows] if rows else [])
        return text.getvalue().encode()

    def _basic(self, cells: Any, day: str) -> tuple[list[str], list[list[Any]]]:
        views, rows = cells.sum(axis=(2, 3)), []
        for video, place, status in np.argwhere(views):
            number = int(views[video, place, status])
            told = ["", ""] if number < self.blank else [int(number * 0.8), number]
            rows.append([*self._key(day, video, place, status), *told, 0, 0, 0])
        return [*KEY, "engaged_views", "views", "comments", "likes", "watch_time_minutes"], rows

    def _demographics(self, cells: Any, day: str) -> tuple[list[str], list[list[Any]]]:
        percent = 100 * cells / np.maximum(cells.sum(axis=(2, 3), keepdims=True), 1)
        rows = [
            [
                *self._key(day, video, place, status),
                f"AGE_{list(AGES)[age].removeprefix('age').replace('-', '_')}",
                GENDERS[gender],
                repr(float(percent[video, place, age, gender, status])),
            ]
            for video, place, age, gender, status in np.argwhere(cells >= max(self.few, 1))
        ]
        return [*KEY, "age_group", "gender", "views_percentage"], rows

    def _key(self, day: str, video: int, place: int, status: int) -> list[str]:
        names = self.world.ids[video], "on_demand", STATUSES[status], self.world.countries[place]
        return [day, self.world.channel, *names]
