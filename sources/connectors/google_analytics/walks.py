"""Long reports of Google Analytics read in parts, such that the rows of one page (path) always come together.

All reports of a walk begin with pagePath and are ordered by it, letter by letter, so that a part of one and a part of
another hold the same pages when they lie between the same two paths. No part has to know what was read before it.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sources.connectors.faults import Unavailable
from sources.connectors.google_analytics.reports import MOST_AT_ONCE, Property, Question, Report, Row
from sources.connectors.harvests import Window
from sources.connectors.identifiers import LAST

Dimensions = tuple[str, ...]
OTHER = "(other)"  # pages that are seldom seen, in one row
OTHER_LAST = LAST + OTHER  # the same where it stands behind all paths, under a name that does so, too


@dataclass(frozen=True)
class Span:
    """The paths of a part: from `first` on ("" for all that come before, too), up to `behind` (None: to the end)."""

    first: str
    behind: str | None


@dataclass(frozen=True)
class Part:
    """The rows of each report that lie in the span, by the report's dimensions."""

    span: Span
    rows: dict[Dimensions, list[Row]]
    complaints: tuple[str, ...]
    lacking: frozenset[Dimensions] = frozenset()  # the reports in which days are missing


NOWHERE = Span("", "")


@dataclass
class _Run:
    """Rows of one report, read onward from `at`."""

    dimensions: tuple[str, ...]
    days: Window
    at: int
    rows: list[Row] = field(default_factory=list)
    ended: bool = False
    lacking: bool = False

    def next(self, size: int) -> Question:
        return Question(self.dimensions, self.days, self.at + len(self.rows), size)

    def take(self, report: Report) -> None:
        ended = not report.rows or self.at + len(self.rows) + len(report.rows) >= report.total
        last = self.rows[-1][0] if self.rows else ""
        for row in report.rows:
            if row[0] < last:
                raise Unavailable("Google Analytics gave its rows in another order than asked for.", "order")
            last = row[0]
        self.rows += report.rows
        self.ended, self.lacking = ended, self.lacking or report.lacking

    def reaches(self, path: str | None) -> bool:
        """Tell whether all rows before the path have been read."""
        return self.ended or (path is not None and bool(self.rows) and self.rows[-1][0] >= path)

    def place_of(self, path: str) -> int:
        """The number of rows read that come before the path."""
        return bisect_left(self.rows, path, key=lambda row: row[0])


class Walk:
    """Reports of the same days, cut where the longest of them, the leader, has had `size` rows more.

    lengths: rows of each report by its dimensions, as they were when the walk was planned. other_last: the reports in
    which "(other)" does not stand among the paths by its letters, but behind them.
    """

    def __init__(
        self,
        asked: Property,
        days: Window,
        lengths: dict[Dimensions, int],
        size: int,
        other_last: Collection[Dimensions] = (),
    ) -> None:
        self._other_last = other_last
        self._asked, self.days, self._lengths, self._size = asked, days, lengths, size
        self.leader = max(lengths, key=lambda dimensions: lengths[dimensions])
        # Where the next part begins in each of the others, once a part was read: it saves searching, no more.
        self._begins: dict[Dimensions, tuple[int, str, int]] = {}

    @property
    def rows(self) -> int:
        """Of the leader; where the parts begin is another matter once it has more or fewer of them."""
        return self._lengths[self.leader]

    @property
    def parts(self) -> int:
        """One at least: that there is nothing is an answer, too."""
        return max(-(-self.rows // self._size), 1)

    def read(self, place: int) -> Part:
        """Return the pages whose first row in the leader is one of those of the part; raises PlatformError."""
        start = place * self._size
        leader = _Run(self.leader, self.days, max(start - 1, 0))
        others = {name: self._resumed(name, place) for name in self._lengths if name != self.leader}
        told = self._go_on([leader, *filter(None, others.values())])
        while not self._complete(leader, place):
            told += self._go_on([leader], self._size // 20 + 1)
        span = self._span(leader, place)
        if span is None:
            self._begins = {name: (place + 1, path, at) for name, (_, path, at) in self._begins.items()}
            return Part(NOWHERE, {}, tuple(dict.fromkeys(told)))
        runs = [leader, *(self._rightly(run, name, span.first) for name, run in others.items())]
        while short := [run for run in runs if not run.reaches(span.behind)]:
            told += self._go_on(short)
        rows = {run.dimensions: self._cut(run, span, place) for run in runs}
        lacking = frozenset(run.dimensions for run in runs if run.lacking)
        return Part(span, rows, tuple(dict.fromkeys(told)), lacking)

    def _go_on(self, runs: Sequence[_Run], size: int = 0) -> list[str]:
        reports = self._ask([run.next(size or self._stride(run.dimensions)) for run in runs])
        for run, report in zip(runs, reports, strict=True):
            run.take(report)
        return [words for report in reports for words in report.complaints]

    def _ask(self, questions: Sequence[Question]) -> list[Report]:
        reports = self._asked.ask(questions)
        return [
            replace(report, rows=[(OTHER_LAST, *row[1:]) if row[0] == OTHER else row for row in report.rows])
            if question.dimensions in self._other_last
            else report
            for question, report in zip(questions, reports, strict=True)
        ]

    def _stride(self, dimensions: Dimensions) -> int:
        """A part's rows and some more, so that one question is mostly enough."""
        rows = self._size * self._lengths[dimensions] / max(self._lengths[self.leader], 1)
        return int(rows * 1.05) + 2

    def _complete(self, leader: _Run, place: int) -> bool:
        """Tell whether the page of the part's last row has been read to its end; behind the last part nothing is."""
        last = (place + 1) * self._size - 1 - leader.at
        if leader.ended or place == self.parts - 1 or len(leader.rows) <= last:
            return leader.ended
        return bool(leader.rows[-1][0] != leader.rows[last][0])

    def _span(self, leader: _Run, place: int) -> Span | None:
        """The paths that begin in the part; None when no page does."""
        skip = place * self._size - leader.at
        end = len(leader.rows) if place == self.parts - 1 else min(skip + self._size, len(leader.rows))
        before = leader.rows[0][0] if skip and leader.rows else ""
        first = next((row[0] for row in leader.rows[skip:end] if row[0] != before), None) if place else ""
        if first is None:
            return None
        last = leader.rows[end - 1][0] if end else ""
        return Span(first, next((row[0] for row in leader.rows[end:] if row[0] != last), None))

    def _resumed(self, dimensions: Dimensions, place: int) -> _Run | None:
        """The run from where the last part ended; None when nobody knows."""
        found = (0, "", 0) if place == 0 else self._begins.get(dimensions)
        return _Run(dimensions, self.days, found[2]) if found and found[0] == place else None

    def _rightly(self, run: _Run | None, dimensions: Dimensions, first: str) -> _Run:
        """The run when it begins early enough, else one that does."""
        if run is not None and self._begins.get(dimensions, (0, "", 0))[1] <= first:
            return run
        return self._searched(dimensions, first)

    def _searched(self, dimensions: Dimensions, first: str) -> _Run:
        """A run from a row that is surely not behind the path, found by looking at single rows, five at a time."""
        low, high = 0, self._lengths[dimensions]
        while high - low > max(self._stride(dimensions), MOST_AT_ONCE + 1):
            places = [low + (high - low) * step // (MOST_AT_ONCE + 1) for step in range(1, MOST_AT_ONCE + 1)]
            answers = self._ask([Question(dimensions, self.days, at, 1) for at in places])
            smaller = bisect_left([not answer.rows or answer.rows[0][0] >= first for answer in answers], True)
            low, high = ([low, *places][smaller], [*places, high][smaller])
        return _Run(dimensions, self.days, low)

    def _cut(self, run: _Run, span: Span, place: int) -> list[Row]:
        low = run.place_of(span.first) if span.first else 0
        if span.behind is None:
            return run.rows[low:]
        high = run.place_of(span.behind)
        if run.dimensions != self.leader:
            self._begins[run.dimensions] = (place + 1, span.behind, run.at + high)
        return run.rows[low:high]
