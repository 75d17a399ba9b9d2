"""A real HTTP server on loopback that stands for the platforms: routes, a log of what was asked, scripted faults.

Each platform's fake adds its routes; all of them may share one server, each under a path of its own.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked: the path without the platform's prefix, query and form values as lists, the JSON body."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Answer:
    """What is answered; a body of bytes goes out as it is, all else as JSON."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request, "re.Match[str]"], Answer]


@dataclass
class Fault:
    """An answer that is given instead of the true one to the next requests that fit."""

    method: str
    path: re.Pattern[str]
    answer: Answer
    skip: int
    times: int


class PlatformServer:
    """The routes of one or more fakes, served until the end of `running`."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.asked: list[Request] = []
        self.faults: list[Fault] = []
        self.base = ""
        self._lock = threading.Lock()

    def route(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer requests whose whole path fits the pattern."""
        self.routes.append((method, re.compile(pattern), handler))

    def fail(self, method: str, pattern: str, answer: Answer, *, times: int = 1, skip: int = 0) -> None:
        """Give this answer to the next `times` requests that fit, after letting `skip` of them pass."""
        self.faults.append(Fault(method, re.compile(pattern), answer, skip, times))

    def count(self, pattern: str) -> int:
        """How many requests have been made whose path fits."""
        return sum(bool(re.search(pattern, request.path)) for request in self.asked)

    def counts(self) -> Counter[str]:
        return Counter(f"{request.method} {request.path}" for request in self.asked)

    def answer(self, request: Request) -> Answer:
        """What the platform says to a request."""
        with self._lock:
            self.asked.append(request)
            fault = self._fault_for(request)
        if fault:
            return fault
        for method, pattern, handler in self.routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                return handler(request, found)
        return Answer({"error": {"code": 404, "message": f"no route for {request.method} {request.path}"}}, 404)

    def _fault_for(self, request: Request) -> Answer | None:
        for fault in self.faults:
            if fault.method == request.method and fault.path.search(request.path) and fault.times > 0:
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault.answer
        return None

    @contextmanager
    def running(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives the base address."""
        http = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self.base = f"http://127.0.0.1:{http.server_address[1]}"
        try:
            yield self.base
        finally:
            http.shutdown()
            http.server_close()
            thread.join()


def _handler_of(server: PlatformServer) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body go out together, or else each answer waits 40 ms for an acknowledgement

        def _respond(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = parse_qs(parts.query, keep_blank_values=True)
            answer = server.answer(Request(self.command, parts.path, query, headers, body))
            data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            told = {"Content-Type": "application/json; charset=UTF-8", **answer.headers}
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = _respond

        def log_message(self, *args: object) -> None:
            """Say nothing: the requests stand in `asked`."""

    return Asked
