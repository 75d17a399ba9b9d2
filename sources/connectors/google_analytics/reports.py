"""Asking a Google Analytics property for reports, five at a time, with an eye on what is left of its quota.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/batchRunReports
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sources.connectors.faults import NotSupported, QuotaUsedUp, Unavailable
from sources.connectors.harvests import Window
from sources.connectors.http import Http, Json
from sources.connectors.storable import storable

MOST_AT_ONCE = 5
MOST_ROWS = 250_000  # of one answer, whatever is asked for
METRIC = "screenPageViews"
# A question that has one of these is counted by the quota of "potentially thresholded" requests.
THRESHOLDED = {"userAgeBracket", "userGender", "brandingInterest", "audienceId", "audienceName"}


class Quota(NamedTuple):
    """What a property may use up, one of Analytics 360 more; `wait` is in seconds (None: when Google's day ends)."""

    standard: int
    large: int
    wait: float | None
    words: str


QUOTAS = {
    "tokensPerDay": Quota(200_000, 2_000_000, None, "tokens of the day"),
    "tokensPerHour": Quota(40_000, 400_000, 3600.0, "tokens of the hour"),
    "tokensPerProjectPerHour": Quota(14_000, 140_000, 3600.0, "tokens of the hour for one project"),
    "serverErrorsPerProjectPerHour": Quota(10, 50, 3600.0, "server errors of the hour"),
    "potentiallyThresholdedRequestsPerHour": Quota(120, 120, 3600.0, "questions of the hour about age and gender"),
}
LEFT_ALONE = 0.1  # the part of each quota that stays for the people who work with the property

Row = tuple[Any, ...]  # the values of the dimensions as text, then the views


@dataclass(frozen=True)
class Question:
    """Views by these dimensions over these days, ordered by the dimensions: an order in which no two rows are equal."""

    dimensions: tuple[str, ...]
    days: Window
    offset: int = 0
    limit: int = MOST_ROWS

    @property
    def thresholded(self) -> bool:
        return not THRESHOLDED.isdisjoint(self.dimensions)

    def body(self) -> Json:
        order = [{"dimension": {"dimensionName": name, "orderType": "ALPHANUMERIC"}} for name in self.dimensions]
        return {
            "dateRanges": [{"startDate": f"{self.days.first}", "endDate": f"{self.days.last}"}],
            "dimensions": [{"name": name} for name in self.dimensions],
            "metrics": [{"name": METRIC}],
            "orderBys": order,
            "limit": str(min(self.limit, MOST_ROWS)),
            "offset": str(self.offset),
            "returnPropertyQuota": True,
        }


@dataclass(frozen=True)
class Report:
    """One answer: its rows, how many there are in all, and what Google says about their truth, in words.

    lacking: whether days are missing, or all of them: then what has no row here is not what has no views.
    """

    rows: list[Row]
    total: int
    complaints: tuple[str, ...]
    lacking: bool


class Property:
    """One property of Google Analytics, asked within its quota."""

    def __init__(self, http: Http, address: str, number: str) -> None:
        self._http, self._url = http, f"{address}/v1beta/properties/{number}"
        self._left: dict[str, int] = {}
        self._large = False

    def check(self, dimensions: Sequence[str]) -> None:
        """Raise NotSupported when the property cannot give views by all of these dimensions at once."""
        answer = self._http.post(
            f"{self._url}:checkCompatibility",
            {
                "dimensions": [{"name": name} for name in dimensions],
                "metrics": [{"name": METRIC}],
                "compatibilityFilter": "INCOMPATIBLE",
            },
        )
        parts = [*answer.get("dimensionCompatibilities", []), *answer.get("metricCompatibilities", [])]
        names = {_api_name(part) for part in parts if part.get("compatibility") == "INCOMPATIBLE"}
        bad = sorted(names & {*dimensions, METRIC})
        if bad:
            raise NotSupported(f"This Google Analytics property cannot tell views by {', '.join(bad)}.", "INCOMPATIBLE")

    def ask(self, questions: Sequence[Question]) -> list[Report]:
        """Return the answers in the order of the questions; raises PlatformError.

        QuotaUsedUp comes before a tenth of any quota is touched.
        """
        reports: list[Report] = []
        for start in range(0, len(questions), MOST_AT_ONCE):
            reports += self._batch(questions[start : start + MOST_AT_ONCE])
        return reports

    def _batch(self, questions: Sequence[Question]) -> list[Report]:
        self._refuse_when_used_up(sum(question.thresholded for question in questions))
        body = {"requests": [question.body() for question in questions]}
        response = self._http.ask("POST", f"{self._url}:batchRunReports", json=body)
        answers = _reports(response.content)
        if len(answers) != len(questions):
            raise Unavailable(f"Google Analytics gave {len(answers)} answers to {len(questions)} questions.", "missing")
        for answer in answers:
            self._note(answer.get("propertyQuota") or {})
        return [_report(question, answer) for question, answer in zip(questions, answers, strict=True)]

    def _note(self, quota: Json) -> None:
        for name in (name for name in QUOTAS if quota.get(name)):  # an empty one tells nothing
            self._left[name] = int(quota[name].get("remaining", 0))
            self._large = self._large or self._left[name] > QUOTAS[name].standard

    def _refuse_when_used_up(self, thresholded: int) -> None:
        for name, left in self._left.items():
            quota = QUOTAS[name]
            limit = quota.large if self._large else quota.standard
            needed = thresholded if name == "potentiallyThresholdedRequestsPerHour" else 0
            if needed == 0 and name == "potentiallyThresholdedRequestsPerHour":
                continue
            if left - needed < LEFT_ALONE * limit:
                said = f"Of the {quota.words} at Google Analytics {left:,} of {limit:,} are left"
                # What is kept back is for others; when asked again, the property says anew what there is.
                self._left = {}
                raise QuotaUsedUp(
                    f"{said}: the rest is kept for the people who work with the property.", name, quota.wait
                )


def _api_name(part: Json) -> str:
    told = part.get("dimensionMetadata") or part.get("metricMetadata") or {}
    return str(told.get("apiName", ""))


def _reports(content: bytes) -> list[Json]:
    """Return the reports of a body, each of its rows as one tuple: a hundred thousand rows in their dicts are too much.

    Words that come again and again are kept once.
    """
    words: dict[str, str] = {}

    def compact(pairs: list[tuple[str, Any]]) -> Any:
        if len(pairs) == 1 and pairs[0][0] == "value":
            word = pairs[0][1]
            return words.get(word) or words.setdefault(word, storable(word))
        made = dict(pairs)
        if "metricValues" in made:  # of a dimension, a value that is empty may be left out
            return (*(value or "" for value in made.get("dimensionValues", ())), int(made["metricValues"][0]))
        return {name: storable(value) if isinstance(value, str) else value for name, value in pairs}

    try:
        body = json.loads(content, object_pairs_hook=compact)
        return list(body.get("reports", []))
    except (ValueError, TypeError, AttributeError) as error:
        raise Unavailable("Google Analytics answered with something that is not a report.", "not JSON") from error


def _report(question: Question, answer: Json) -> Report:
    names = tuple(header.get("name", "") for header in answer.get("dimensionHeaders", []))
    if answer.get("rows") and names != question.dimensions:
        raise Unavailable(f"Google Analytics answered with {', '.join(names)}.", "other dimensions")
    rows = answer.get("rows", [])
    metadata = answer.get("metadata") or {}
    lacking = bool(metadata.get("dataTruncationReasons") or metadata.get("emptyReason"))
    return Report(rows, int(answer.get("rowCount", 0)), tuple(_complaints(question.days, metadata)), lacking)


def _complaints(days: Window, metadata: Json) -> Iterator[str]:
    """Say in words what the metadata of a report mean for its numbers; the same words for every page of the report."""
    when = f"{days.first} to {days.last}"
    if metadata.get("dataLossFromOtherRow"):
        yield f"{when}: Google Analytics adds up pages that are seldom seen in one row, '(other)'."
    if metadata.get("subjectToThresholding"):
        yield f"{when}: Google Analytics keeps back groups that are too small; see the coverage."
    for sample in metadata.get("samplingMetadatas") or []:
        read, space = int(sample.get("samplesReadCount", 0)), int(sample.get("samplingSpaceSize", 0))
        if 0 < read < space:
            yield f"{when}: The counts are reckoned from a sample of {read:,} of {space:,} events ({read / space:.1%})."
    for reason in metadata.get("dataTruncationReasons") or []:
        said = reason.get("dataTruncationMessage") or reason.get("dataTruncationType", "no reason given")
        since = f" before {reason['dataTruncationDate']}" if reason.get("dataTruncationDate") else ""
        yield f"{when}: Google Analytics has cut off data{since}: {said}"
    if metadata.get("emptyReason"):
        yield f"{when}: Google Analytics gives nothing: {metadata['emptyReason']}"
