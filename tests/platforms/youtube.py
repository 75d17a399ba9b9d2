"""A fake YouTube: the Data, Analytics and Reporting APIs over one planted channel, in their own dialect.

Every question and every answer is held to the discovery documents; what breaks them stands in `broken`.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sources.connectors.google import oauth as google_oauth
from tests.platforms.google_contract import ContractBroken, check_answer, check_error, check_request
from tests.platforms.server import Answer, PlatformServer, Request
from tests.platforms.youtube_data import Data, error
from tests.platforms.youtube_files import Files
from tests.platforms.youtube_reports import NotKnown, Reports
from tests.platforms.youtube_world import World

APIS = ("youtube", "youtube_analytics", "youtube_reporting")
UNITS = {"youtube": 10_000, "youtube_analytics": 100_000, "youtube_reporting": 100_000}
COMMENT_SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
COMMENT_METHODS = {"youtube.commentThreads.list", "youtube.comments.list"}
ASKED = frozenset({google_oauth.YOUTUBE, google_oauth.YOUTUBE_ANALYTICS})
WITH_COMMENTS = ASKED | {COMMENT_SCOPE}
NOT_SUPPORTED = (
    "The query is not supported. Check the documentation at "
    "https://developers.google.com/youtube/analytics/v2/available_reports for a list of supported queries."
)


@dataclass
class FakeYouTube:
    """Registers itself on a server. What it does not give can be switched while it runs.

    accepts: which bearer tokens are good. scopes_of: what each of them was granted, what our application asks for if
    nobody says otherwise. left: units of the day's quotas. key: the API key that reads comments without a token.
    """

    server: PlatformServer
    world: World = field(default_factory=World)
    accepts: Callable[[str], bool] = lambda token: True
    scopes_of: Callable[[str], Collection[str]] = lambda token: ASKED
    key: str = "AIzaPlanted"
    left: dict[str, int] = field(default_factory=lambda: dict(UNITS))
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reports, self.files = Reports(self.world), Files(self.world)
        self.data = Data(self.world, silent=set(self.world.ids[5::17]))
        data, reporting = "/youtube/youtube/v3", "/youtube_reporting/v1"
        self._route("youtube", "GET", f"{data}/channels", self.data.channels)
        self._route("youtube", "GET", f"{data}/playlistItems", self.data.uploads)
        self._route("youtube", "GET", f"{data}/videos", self.data.videos)
        self._route("youtube", "GET", f"{data}/videoCategories", self.data.categories)
        self._route("youtube", "GET", f"{data}/commentThreads", self.data.threads)
        self._route("youtube", "GET", f"{data}/comments", self.data.replies)
        self._route("youtube_analytics", "GET", "/youtube_analytics/v2/reports", self._report)
        self._route("youtube_reporting", "GET", f"{reporting}/reportTypes", self._types)
        self._route("youtube_reporting", "POST", f"{reporting}/jobs", self._create)
        self._route("youtube_reporting", "GET", f"{reporting}/jobs", self._jobs)
        self._route("youtube_reporting", "GET", f"{reporting}/jobs/([^/]+)/reports", self._files)
        self._route("youtube_reporting", "GET", f"{reporting}/media/.*/jobs/([^/]+)/reports/([^/]+)", self._file)

    def addresses(self, base: str) -> dict[str, str]:
        """The addresses of the three APIs on a server that runs at `base`."""
        return {name: f"{base}/{name}" for name in APIS}

    def truth(self, month: str) -> Any:
        """The planted views of a month, see World.truth."""
        return self.world.truth(month)

    def empty(self, api: str) -> None:
        """Use up the day's quota of an API."""
        self.left[api] = 0

    def renew(self) -> None:
        self.left = dict(UNITS)

    def _route(self, api: str, method: str, pattern: str, handler: Callable[..., Any]) -> None:
        def answer(request: Request, found: "re.Match[str]") -> Answer:
            try:
                asked = check_request(api, request)
                given = self._refused(api, asked, request) or handler(request, *found.groups())
                answer = given if isinstance(given, Answer) else Answer(given)
                if answer.status >= 400:
                    check_error(answer.body, answer.status)
                elif not isinstance(answer.body, bytes):
                    check_answer(api, asked, answer.body)
            except ContractBroken as problem:
                self.broken.append(str(problem))
                return error(400, "badRequest", str(problem))
            return answer

        self.server.route(method, pattern, answer)
        if method == "GET":  # a question too long for an address comes as a form, and says that it is none
            self.server.route("POST", pattern, lambda request, found: answer(_overridden(request), found))

    def _refused(self, api: str, asked: str, request: Request) -> Answer | None:
        by_key = request.headers.get("x-goog-api-key", request.one("key"))
        if by_key and by_key != self.key:
            return error(
                400, "badRequest", "API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT"
            )
        if not by_key and not (request.token and self.accepts(request.token)):
            words = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            return error(401, "authError", words, status="UNAUTHENTICATED")
        if not by_key and not self._granted(api, asked, self.scopes_of(request.token)):
            words = "Request had insufficient authentication scopes."
            details = [
                {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
            ]
            return error(403, "insufficientPermissions", words, status="PERMISSION_DENIED", details=details)
        if self.left[api] <= 0:
            return self._used_up(api)
        self.left[api] -= 1
        return None

    def _granted(self, api: str, asked: str, scopes: Collection[str]) -> bool:
        if asked in COMMENT_METHODS:
            return COMMENT_SCOPE in scopes
        return (google_oauth.YOUTUBE if api == "youtube" else google_oauth.YOUTUBE_ANALYTICS) in scopes

    def _used_up(self, api: str) -> Answer:
        if api == "youtube_reporting":
            limit = "Quota exceeded for quota metric 'Free requests' and limit 'FreeQuotaRequestsPerDayPerProject'"
            return error(429, "rateLimitExceeded", limit, status="RESOURCE_EXHAUSTED")
        words = 'The request cannot be completed because you have exceeded your <a href="/youtube/v3">quota</a>.'
        return error(403, "quotaExceeded", words, "youtube.quota")

    def _report(self, request: Request) -> Any:
        if request.one("ids") not in ("channel==MINE", f"channel=={self.world.channel}"):
            return error(403, "forbidden", "Forbidden")
        try:
            return self.reports.answer(request)
        except NotKnown:
            return error(400, "badRequest", NOT_SUPPORTED)

    def _types(self, request: Request) -> Any:
        items = [{"id": name, "name": title} for name, title in self.files.types.items()]
        return _listed(request, "reportTypes", items, 2)

    def _jobs(self, request: Request) -> Any:
        return _listed(request, "jobs", self.files.jobs, 10)

    def _create(self, request: Request) -> Any:
        wanted = request.json.get("reportTypeId")
        if wanted not in self.files.types:
            return error(400, "badRequest", f"Report type {wanted} does not exist.", status="INVALID_ARGUMENT")
        if any(job["reportTypeId"] == wanted and "expireTime" not in job for job in self.files.jobs):
            return error(409, "alreadyExists", "Requested entity already exists", status="ALREADY_EXISTS")
        return self.files.create(wanted)

    def _files(self, request: Request, job_id: str) -> Any:
        job = next((job for job in self.files.jobs if job["id"] == job_id), None)
        if job is None:
            return error(404, "notFound", "Requested entity was not found.", status="NOT_FOUND")
        first, after = (request.one(name) for name in ("startTimeAtOrAfter", "startTimeBefore"))
        found = [
            report
            for report in self.files.reports(job)
            if (not first or _at(report["startTime"]) >= _at(first))
            and (not after or _at(report["startTime"]) < _at(after))
        ]
        return _listed(request, "reports", found, 10)

    def _file(self, request: Request, job_id: str, number: str) -> Answer:
        return Answer(self.files.file(job_id, number), headers={"Content-Type": "text/csv"})


def _listed(request: Request, name: str, items: list[Any], size: int) -> dict[str, Any]:
    """A page as the Reporting API gives it; nothing at all where there is nothing."""
    start = int(request.one("pageToken", "0"))
    body: dict[str, Any] = {name: items[start : start + size]} if items else {}
    return body | ({"nextPageToken": str(start + size)} if start + size < len(items) else {})


def _overridden(request: Request) -> Request:
    if request.headers.get("x-http-method-override") != "GET":
        return request
    return Request("GET", request.path, request.form, request.headers, b"")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
