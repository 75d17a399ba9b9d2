"""Months from the files of the YouTube Reporting API: for the days that they cover, without any quota."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from sources.connectors.harvests import ContentCounts, Harvest, LoyaltyRow, Window
from sources.connectors.http import Http
from sources.connectors.wording import counted
from sources.connectors.youtube.report_files import joined
from sources.connectors.youtube.reporting import Job, Report, Reporting, newest
from sources.connectors.youtube.words import listed

Keep = Callable[[Job, Report, bytes], None]
Kept = Callable[[Job, Window], Iterable[tuple[Report, Callable[[], bytes]]]]
FAMILIES = ("basic", "demographics")


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

    def of(self, window: Window, ids: Sequence[str]) -> Harvest:
        """Return the window's counts of these videos; none but a complaint where the files do not cover all its days.

        A video that the files do not name has no views: its column is empty.
        """
        jobs, complaints = self.reporting.jobs()
        if set(FAMILIES) - set(jobs):
            return Harvest(complaints=[*complaints, "There are no jobs at the YouTube Reporting API yet."])
        files = [self._files(jobs[family], window) for family in FAMILIES]
        wanted = [date.fromordinal(day) for day in range(window.first.toordinal(), window.last.toordinal() + 1)]
        missing = [f"{day}" for day in wanted if not all(day in family for family in files)]
        if missing:
            words = (
                f"YouTube's files do not cover {counted(len(missing), 'day')} of {window.period}: {listed(missing)}."
            )
            return Harvest(complaints=[words])
        result = joined(((files[0][day](), files[1][day]()) for day in wanted), self.metric)
        found = {column.content_id: column for column in result.counts}
        empty = np.zeros(0, dtype=np.float64)
        counts = [found.get(video) or ContentCounts(video, window.period, (), empty) for video in ids]
        loyal = {row.content_id: row for row in result.loyalty}
        loyalty = [
            loyal.get(video) or LoyaltyRow("subscribed", window.period, video, ("", "", ""), 0, 0) for video in ids
        ]
        return Harvest(counts=counts, loyalty=loyalty, complaints=result.complaints)

    def _files(self, job: Job, window: Window) -> dict[date, Callable[[], bytes]]:
        """Return how to read each day's newest file, stored or not."""
        stored = dict(self.kept(job, window))
        by_id = {report.id: read for report, read in stored.items()}
        offered = self.reporting.reports(job, window)
        return dict(self._readers(job, newest([*stored, *offered]), by_id))

    def _readers(
        self, job: Job, reports: Iterable[Report], stored: dict[str, Callable[[], bytes]]
    ) -> Iterator[tuple[date, Callable[[], bytes]]]:
        for report in reports:
            yield report.start.date(), stored.get(report.id) or self._downloader(job, report)

    def _downloader(self, job: Job, report: Report) -> Callable[[], bytes]:
        def read() -> bytes:
            data = self.reporting.download(report)
            self.keep(job, report, data)
            return data

        return read
