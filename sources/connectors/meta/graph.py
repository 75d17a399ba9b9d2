"""Reading Meta's Graph: nodes, lists by cursor, and insights whose refused metrics do not spoil the others."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import requests

from sources.connectors.faults import LEFT_OUT, NotSupported, PlatformError, TooMuch, Unavailable
from sources.connectors.http import Http, Json
from sources.connectors.meta.metrics import sunset
from sources.connectors.meta.pacing import Pace
from sources.connectors.meta.paging import NoWayOn, items

LIMIT = 100  # items of a list at a time
ABOUT_THE_METRIC = re.compile(r"insights metric|metric\[|breakdown", re.IGNORECASE)
UNANSWERED_IN_A_ROW = 3  # contents; that is no longer about them, but about Facebook as a whole
VERSION_HEADER = "facebook-api-version"


class Graph:
    """The Graph of one collection: it remembers which metrics were refused, and counts what there is to complain of.

    See https://developers.facebook.com/docs/graph-api.
    """

    def __init__(self, http: Http, addresses: Mapping[str, str]) -> None:
        self.http, self.address = http, addresses["graph"].rstrip("/")
        self.version = self.address.rsplit("/", 1)[-1]
        self.refused: set[tuple[str, str]] = set()  # metric and breakdown
        self.broken: set[str] = set()  # paths of the lists that broke off
        self._unanswered = 0  # in a row
        self._complaints: Counter[str] = Counter()
        self._told: set[str] = set()
        self._pace = Pace(http.sleep)
        heard = http.heard

        def listen(response: requests.Response) -> None:
            self._hear_version(response)
            self._pace.hear(response)
            heard(response)

        http.heard = listen

    def get(self, path: str, **params: Any) -> Json:
        """Return what stands at a path below the version, at the pace that the limits allow; raises PlatformError."""
        self._pace.wait()
        return self.http.get(f"{self.address}/{path}", params)

    def listed(self, path: str, fields: str, **params: Any) -> Iterator[Json]:
        """Yield the items of a list, each id once, as far as the list leads; raises PlatformError."""
        seen = set[str]()
        try:
            for item in items(lambda page: self.get(path, fields=fields, **params, **page), page=LIMIT):
                if item["id"] not in seen:
                    seen.add(item["id"])
                    yield item
        except NoWayOn:
            self.broken.add(path)
            self.complain(f"Facebook's list of {path.rsplit('/', 1)[-1]} breaks off after {len(seen)}: no way on.")

    def insights(self, path: str, names: Sequence[str], **params: Any) -> dict[str, Json]:
        """Return by name the insights that Facebook gives of those asked; raises PlatformError for the object itself.

        A metric (with its breakdown) that is refused is found by halving, told once, and asked no more; one that is
        known to be dead is not asked at all.
        """
        breakdown = params.get("breakdown", "")
        asked = [name for name in names if not sunset(name) and (name, breakdown) not in self.refused]
        if not asked:
            return {}
        try:
            answer = self.get(path, metric=",".join(asked), **params)
        except (NotSupported, TooMuch) as error:
            if len(asked) > 1:
                half = len(asked) // 2
                return {**self.insights(path, asked[:half], **params), **self.insights(path, asked[half:], **params)}
            if isinstance(error, TooMuch) or not ABOUT_THE_METRIC.search(str(error)):
                raise
            self.refuse(asked[0], breakdown, error)
            return {}
        return {entry["name"]: entry for entry in answer.get("data", []) if entry.get("name") in asked}

    @contextmanager
    def leaving_out(self) -> Iterator[None]:
        """Leave out, with a complaint, a content that is refused or that Facebook cannot answer: what is stored stays.

        Raises PlatformError where nothing else would be answered either.
        """
        try:
            yield
        except LEFT_OUT as error:
            self.complain(str(error))
        except Unavailable as error:
            self._unanswered += 1
            if self._unanswered == UNANSWERED_IN_A_ROW:
                raise
            self.complain(str(error))
        else:
            self._unanswered = 0

    def refuse(self, name: str, breakdown: str, error: PlatformError) -> None:
        """Remember that a metric is not given, and tell it once."""
        self.refused.add((name, breakdown))
        self.tell_once(f"Facebook does not give {name}{f' by {breakdown}' if breakdown else ''}: {error}")

    def complain(self, words: str) -> None:
        """Complain of one content."""
        self._complaints[words] += 1

    def tell_once(self, words: str) -> None:
        """Complain of something that is true of the whole collection."""
        if words not in self._told:
            self._told.add(words)
            self._complaints[words] = 1

    def complaints(self) -> list[str]:
        """Return what there was to complain of since the last time, the same words as often as it was so."""
        told = list(self._complaints.elements())
        self._complaints.clear()
        return told

    def _hear_version(self, response: requests.Response) -> None:
        version = response.headers.get(VERSION_HEADER, self.version)
        if version != self.version:
            self.tell_once(
                f"Facebook answered as {version} though {self.version} was asked: that version has ended, and what "
                "the figures mean may have changed."
            )
