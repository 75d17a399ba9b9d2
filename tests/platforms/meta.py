"""The ground of Meta's Graph as it answers over HTTP: tokens, proofs, paging by cursors, errors, headers of usage.

The fakes of pages, Instagram and ads stand on it. Every question and every answer is held against Meta's SDK; what
does not fit stands in `violations`, which a test looks at in the end, for a server cannot fail a test by itself.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.platforms.meta_contract import VERSION, NotInContract, check_answer, check_error, check_request, field_names
from tests.platforms.server import Answer, PlatformServer, Request

PREFIX = f"/graph/{VERSION}"
PAGE_SIZE, LARGEST_PAGE = 25, 100
Body = dict[str, Any]
Reader = Callable[[Request, "re.Match[str]"], Body]


class GraphError(Exception):
    """An answer in Meta's envelope of errors instead of data."""

    def __init__(self, message: str, code: int, sub: int = 0, status: int = 400, kind: str = "OAuthException") -> None:
        super().__init__(message)
        self.body = error_body(message, code, sub, kind)
        self.status = status


class Graph:
    """The Graph at `/graph/v26.0`, also for the SDK: `FacebookSession.GRAPH = base + "/graph"`.

    accepts: says whether a token is one of ours; the default takes any. secret: the app's, with which proofs are
    checked where it is given. page_tokens: the tokens that are a page's own. dead: the subcode of 190 by token.
    usage: headers of usage sent with every answer. largest: a longer page than this is "too much data".
    """

    def __init__(
        self, server: PlatformServer, accepts: Callable[[str], bool] = lambda token: True, secret: str = ""
    ) -> None:
        self.server, self.accepts, self.secret = server, accepts, secret
        self.page_tokens: set[str] = set()
        self.dead: dict[str, int] = {}
        self.usage: dict[str, Body] = {}
        self.version = VERSION
        self.largest = LARGEST_PAGE
        self.empty_pages: set[int] = set()  # places in a list before which an empty page is given, with a next one
        self.violations: list[str] = []

    def addresses(self, base: str) -> dict[str, str]:
        return {"graph": f"{base}{PREFIX}"}

    def get(self, pattern: str, node: str, call: str, read: Reader, *, answers: str = "", page: bool = False) -> None:
        """Answer GETs of a path below the version as the SDK's method `node.call` asks them.

        answers: the SDK's class of what is answered, `node` when left out. page: only a page's own token will do.
        """
        self.route("GET", pattern, node, call, read, answers=answers, page=page)

    def route(
        self, method: str, pattern: str, node: str, call: str, read: Reader, *, answers: str = "", page: bool = False
    ) -> None:
        def handled(request: Request, found: "re.Match[str]") -> Answer:
            try:
                self._admit(request, page)
                check_request(request, node, call)
                body = read(request, found)
                check_answer(answers or node, body)
            except GraphError as error:
                check_error(error.body)
                return self._answer(error.body, error.status)
            except NotInContract as error:
                self.violations.append(str(error))
                return self._answer(error_body(f"(#100) {error}", 100), 400)
            return self._answer(body, 200)

        self.server.route(method, f"{re.escape(PREFIX)}/{pattern}", handled)

    def listed(self, request: Request, items: Sequence[Mapping[str, Any]]) -> Body:
        """Return one page of a list, with the fields that were asked for, and a `next` that holds the token."""
        limit = int(request.one("limit", str(PAGE_SIZE)))
        if limit > self.largest:
            raise GraphError("Please reduce the amount of data you're asking for, then retry your request", 1, 0, 500)
        limit = min(limit, LARGEST_PAGE)
        first, rested = _opened(request.one("after"))
        empty = first in self.empty_pages and not rested
        last = first if empty else min(first + limit, len(items))
        body: Body = {"data": [picked(item, request.one("fields")) for item in items[first:last]]}
        if empty or last > first:
            body["paging"] = {"cursors": {"before": _cursor(first), "after": _cursor(last, empty)}}
        if last < len(items):
            # A true next address holds the token in clear; whoever follows or tells it gives the token away.
            address = f"{self.server.base}{request.path}?access_token={token_of(request)}&limit={limit}"
            body["paging"]["next"] = f"{address}&after={_cursor(last, empty)}"
        return body

    def error(self, message: str, code: int, sub: int = 0, status: int = 400) -> Answer:
        """An answer for `PlatformServer.fail`."""
        return self._answer(error_body(message, code, sub), status)

    def _admit(self, request: Request, page: bool) -> None:
        token = token_of(request)
        if token in self.dead:
            sub = self.dead[token]
            raise GraphError("Error validating access token: The session is invalid.", 190, sub)
        if not token or not self.accepts(token):
            raise GraphError("Invalid OAuth access token - Cannot parse access token", 190)
        if self.secret and request.one("appsecret_proof") != proof_of(self.secret, token):
            raise GraphError("Invalid appsecret_proof provided in the API argument", 100, kind="GraphMethodException")
        if page and token not in self.page_tokens:
            raise GraphError("(#190) This method must be called with a Page Access Token", 190)

    def _answer(self, body: Body, status: int) -> Answer:
        told = {name: json.dumps(value) for name, value in self.usage.items()}
        return Answer(body, status, {"facebook-api-version": self.version, **told})


def token_of(request: Request) -> str:
    """The token of a request: in the header, as we send it, or in the address, as the SDK does."""
    return request.token or request.one("access_token")


def proof_of(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def error_body(message: str, code: int, sub: int = 0, kind: str = "OAuthException") -> Body:
    error: Body = {"message": message, "type": kind, "code": code, "fbtrace_id": "EJplcsCHuLu"}
    if sub:
        error["error_subcode"] = sub
    return {"error": error}


def picked(item: Mapping[str, Any], fields: str) -> Body:
    """Return the id and the fields that were asked for; what has no value is not told at all."""
    names = ["id", *field_names(fields)]
    return {name: item[name] for name in names if item.get(name) is not None}


def _cursor(place: int, rested: bool = False) -> str:
    return base64.urlsafe_b64encode(f"{place}{'r' if rested else ''}".encode()).decode()


def _opened(cursor: str) -> tuple[int, bool]:
    text = base64.urlsafe_b64decode(cursor.encode()).decode() or "0"
    return int(text.rstrip("r")), text.endswith("r")
