"""The YouTube Reporting API: jobs that make a file for every day, the list of the files, and the files themselves.

https://developers.google.com/youtube/reporting/v1/reports. A job's files reach 30 days back from its making and are
gone after 60: make the jobs at once on connecting, and keep the files.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from sources.connectors.faults import NotSupported, Refused, Unavailable
from sources.connectors.harvests import Window
from sources.connectors.http import Http, Json
from sources.connectors.youtube.contents import pages

# The two reports whose join is the joint of video, country, age, gender and subscription.
WANTED = {"basic": "channel_basic_a3", "demographics": "channel_demographics_a1"}
FAMILIES = {"basic": re.compile(r"channel_basic_a(\d+)"), "demographics": re.compile(r"channel_demographics_a(\d+)")}
MEDIA = "/v1/media/"
NAME = "apg"


@dataclass(frozen=True)
class Job:
    """A job of one channel; it makes no more files from `expires` on."""

    id: str
    report_type: str
    created: datetime
    expires: datetime | None = None


@dataclass(frozen=True)
class Report:
    """A file of one day (Pacific time), by its start; of two with the same start the one created later holds."""

    id: str
    job_id: str
    start: datetime
    end: datetime
    created: datetime
    resource: str


@dataclass(frozen=True)
class Jobs:
    """The jobs of a channel, and what is to be said about them.

    `by_family` ("basic", "demographics") makes the files from now on; `earlier` are others of the same reports, whose
    files are there for some time after they expired.
    """

    by_family: Mapping[str, Job]
    complaints: tuple[str, ...] = ()
    earlier: Mapping[str, Sequence[Job]] = field(default_factory=dict)


class Reporting:
    """The Reporting API of the channel whose session it is."""

    def __init__(self, http: Http, address: str) -> None:
        self.http, self.address = http, address

    def jobs(self) -> dict[str, list[Job]]:
        """Return the jobs of each family: the newest report type last, and of one type the one made last."""
        found: dict[str, list[Job]] = {family: [] for family in FAMILIES}
        for job in map(_job, self._listed("jobs", "jobs")):
            if family := family_of(job.report_type):  # other programs may have jobs of their own
                found[family].append(job)
        for jobs in found.values():
            jobs.sort(key=lambda job: (_age(job.report_type), job.created))
        return found

    def reports(self, job: Job, window: Window) -> list[Report]:
        """Return the files whose day lies in the window; of a restated day only the newest."""
        first, after = window.first, date.fromordinal(window.last.toordinal() + 1)
        question = {"startTimeAtOrAfter": f"{first}T00:00:00Z", "startTimeBefore": f"{after}T00:00:00Z"}
        listed = (_report(item) for item in self._listed(f"jobs/{job.id}/reports", "reports", question))
        return newest(report for report in listed if window.first <= report.start.date() <= window.last)

    def download(self, report: Report) -> bytes:
        """Return the file, from our own address of the API: its link is not followed with the account's token."""
        return self.http.ask("GET", f"{self.address}{MEDIA}{report.resource}", params={"alt": "media"}).content

    def types(self) -> list[str]:
        """Return the ids of the report types that the channel can have."""
        return [str(item.get("id", "")) for item in self._listed("reportTypes", "reportTypes")]

    def ensured(self, today: date) -> Jobs:
        """Make the jobs that are missing or have expired by `today`, and only those; raises PlatformError."""
        found, earlier, complaints = dict[str, Job](), dict[str, list[Job]](), list[str]()
        there, offered = self.jobs(), self.types()
        for family, jobs in there.items():
            newest_type = max((kind for kind in offered if family_of(kind) == family), key=_age, default="")
            if not newest_type:
                complaints.append(f"YouTube offers no report like {WANTED[family]}.")
            elif newest_type != WANTED[family]:
                complaints.append(f"YouTube offers {newest_type} in place of {WANTED[family]}.")
            living = [job for job in jobs if not job.expires or job.expires.date() > today]
            if newest_type and (not living or _age(living[-1].report_type) < _age(newest_type)):
                try:
                    living.append(self.create(newest_type))
                except (NotSupported, Refused) as error:
                    complaints.append(f"YouTube did not make a job of {newest_type}: {error}")
            if living:
                found[family] = last = living[-1]
                earlier[family] = [job for job in jobs if job != last and job.report_type == last.report_type]
        return Jobs(found, tuple(complaints), earlier)

    def create(self, report_type: str) -> Job:
        body = {"reportTypeId": report_type, "name": f"{NAME} {report_type}"}
        return _job(self.http.post(f"{self.address}/v1/jobs", body))

    def _listed(self, path: str, name: str, question: Mapping[str, str] | None = None) -> Iterator[Json]:
        """Yield what stands under the name on every page; an empty answer is an empty list."""
        return pages(self.http, f"{self.address}/v1/{path}", dict(question or {}), name)


def ensure_jobs(http: Http, addresses: Mapping[str, str], today: date) -> Jobs:
    """Make the jobs that are missing, and only those; to be called on connecting, and as often as one likes.

    `today` tells which jobs have expired. Raises PlatformError.
    """
    return Reporting(http, addresses["youtube_reporting"]).ensured(today)


def newest(reports: Iterable[Report]) -> list[Report]:
    """Return one report for each day, the one created last, in the order of the days."""
    latest: dict[datetime, Report] = {}
    for report in reports:
        if report.start not in latest or latest[report.start].created < report.created:
            latest[report.start] = report
    return [latest[start] for start in sorted(latest)]


def family_of(report_type: str) -> str | None:
    return next((family for family, pattern in FAMILIES.items() if pattern.fullmatch(report_type)), None)


def _age(report_type: str) -> int:
    """Return the number at the end of a report type: channel_basic_a3 is younger than channel_basic_a2."""
    found = re.search(r"_a(\d+)$", report_type)
    return int(found[1]) if found else 0


def _job(item: Json) -> Job:
    expires = item.get("expireTime")
    made = _moment(str(item.get("createTime", "")))
    return Job(str(item["id"]), str(item.get("reportTypeId", "")), made, _moment(str(expires)) if expires else None)


def _report(item: Json) -> Report:
    start, end, created = (_moment(str(item.get(name, ""))) for name in ("startTime", "endTime", "createTime"))
    path = urlsplit(str(item.get("downloadUrl", ""))).path
    return Report(str(item["id"]), str(item.get("jobId", "")), start, end, created, path.partition(MEDIA)[2])


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unavailable(f"YouTube Reporting tells a time that is none: {text[:40]!r}.", "time") from None
