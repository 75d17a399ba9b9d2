"""Months from the files of the YouTube Reporting API: for the days that they cover, without any quota."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sources.connectors.faults import NotSupported, Refused
from sources.connectors.harvests import ContentCounts, Harvest, LoyaltyRow, Window
from sources.connectors.http import Http
from sources.connectors.wording import counted, listed
from sources.connectors.youtube.report_files import Damaged, check, joined
from sources.connectors.youtube.reporting import Job, Report, Reporting, newest

Keep = Callable[[Job, Report, bytes], None]
Kept = Callable[[Job, Window], Iterable[tuple[Report, Callable[[], bytes]]]]
FAMILIES = ("basic", "demographics")


@dataclass(frozen=True)
class Files:
    """How to read the newest file of each day, of each family, as one look at YouTube's lists and our store found them.

    `unknown` says why nothing could be found out about files; then there are none. `complaints` is what else is to be
    said about them.
    """

    by_family: Sequence[Mapping[date, Callable[[], bytes]]]
    metric: str
    unknown: str = ""
    complaints: str = ""

    def lacking(self, window: Window) -> str:
        """Say why the window cannot be read from files; "" when there is one of each family for each of its days."""
        if self.unknown:
            return self.unknown
        missing = [f"{day}" for day in _days(window) if not all(day in family for family in self.by_family)]
        if not missing:
            return ""
        return f"YouTube's files do not cover {counted(len(missing), 'day')} of {window.period}: {listed(missing)}."

    def read(self, window: Window, ids: Sequence[str]) -> Harvest:
        """Return the counts of these videos in a window in which no file is lacking.

        A video that the files do not name has no views and nobody loyal: its column is empty. Where a file cannot be
        read, what is stored of the window stays: a day less would be a lie.
        """
        basic, demographics = self.by_family
        try:
            result = joined(((basic[day](), demographics[day]()) for day in _days(window)), self.metric)
        except Damaged as error:
            raise Damaged(f"{error} What is stored of {window.period} stays.", error.code) from None
        found = {column.content_id: column for column in result.counts}
        loyal = {row.content_id: row for row in result.loyalty}
        period, empty = window.period, np.zeros(0, dtype=np.float64)
        counts = [found.get(video) or ContentCounts(video, period, (), empty) for video in ids]
        loyalty = [loyal.get(video) or LoyaltyRow("subscribed", period, video, ("", "", ""), 0, 0) for video in ids]
        return Harvest(counts=counts, loyalty=loyalty, complaints=result.complaints)


class Bulk:
    """The two jobs' files of one channel. `keep` stores a file's bytes, `kept` gives those of some days again.

    keep(job, report, data) is called once for each file that is downloaded. kept(job, window) yields (report, read)
    of the stored files whose day starts in the window; read() returns the bytes. Without them nothing is stored, and
    what YouTube has deleted (after 60 days) is gone.
    """

    def __init__(
        self, http: Http, address: str, metric: str = "views", keep: Keep | None = None, kept: Kept | None = None
    ) -> None:
        self.reporting, self.metric = Reporting(http, address), metric
        self.keep: Keep = keep or (lambda job, report, data: None)
        self.kept: Kept = kept or (lambda job, window: ())

    def files(self, window: Window) -> Files:
        """Look up the files of these days, and download none; where YouTube refuses its lists, there are none.

        A job that expired is made anew, or there would be no more files from then on.
        """
        try:
            jobs = self.reporting.ensured(window.last)
            if set(FAMILIES) - set(jobs.by_family):
                return self._none([*jobs.complaints, "There are no jobs at the YouTube Reporting API yet."])
            readers = [
                self._readers(family, [*jobs.earlier.get(family, ()), jobs.by_family[family]], window)
                for family in FAMILIES
            ]
            return Files(readers, self.metric, complaints=" ".join(jobs.complaints))
        except (NotSupported, Refused) as error:
            return self._none([f"YouTube does not tell of its daily files: {error}"])

    def _none(self, why: Sequence[str]) -> Files:
        return Files((), self.metric, " ".join(why))

    def _readers(self, family: str, jobs: Sequence[Job], window: Window) -> dict[date, Callable[[], bytes]]:
        """Return how to read each day's newest file, stored or not, of whichever of the jobs."""
        stored = dict(self.kept(jobs[-1], window))
        by_id = {report.id: read for report, read in stored.items()}
        made = [(report, job) for job in jobs for report in self._reports(job, window, is_last=job is jobs[-1])]
        job_of = {report.id: job for report, job in made}
        reports = newest([*stored, *(report for report, _ in made)])
        return {
            report.start.date(): by_id.get(report.id) or self._downloader(family, job_of[report.id], report)
            for report in reports
        }

    def _reports(self, job: Job, window: Window, is_last: bool) -> list[Report]:
        """The files of a job; an earlier one may be gone with them."""
        try:
            return self.reporting.reports(job, window)
        except (NotSupported, Refused):
            if is_last:
                raise
            return []

    def _downloader(self, family: str, job: Job, report: Report) -> Callable[[], bytes]:
        def read() -> bytes:
            data = self.reporting.download(report)
            check(data, family, self.metric)  # what is kept is never asked for again
            self.keep(job, report, data)
            return data

        return read


def _days(window: Window) -> list[date]:
    return [date.fromordinal(day) for day in range(window.first.toordinal(), window.last.toordinal() + 1)]
