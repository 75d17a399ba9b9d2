"""Asking a platform over HTTP: one policy of retries for all, and no address or token in any error."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from sources.connectors.faults import PlatformError, Retry, Unavailable
from sources.connectors.secret import Secret
from sources.connectors.storable import AS_JSON, NOT_IN_TEXT, storable

TIMEOUT = (10, 120)  # seconds to connect, and between two bytes of the answer
HASTY_TIMEOUT = (5, 20)  # the same, for a person who waits before a page
FIRST_WAITS = (2.0, 30.0, 60.0, 120.0)  # seconds before the second, third, ... try where no time is named
LONGEST_WAIT = 600.0  # whoever asks for more is answered by giving up; the collection goes on later
TOKEN = "access_token"  # noqa: S105 (the name under which platforms tell one)

Json = dict[str, Any]
Judge = Callable[[requests.Response], Retry | PlatformError | None]


class Sender(Protocol):
    """What a session is asked for: requests.Session and google-auth's AuthorizedSession fit."""

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response: ...


class Http:
    """A session with patience: `judge` says what an answer means, `sleep` waits seconds, `heard` gets every answer."""

    timeout = TIMEOUT

    def __init__(
        self,
        session: Sender,
        judge: Judge,
        sleep: Callable[[float], None],
        heard: Callable[[requests.Response], None] = lambda response: None,
    ) -> None:
        self.session, self.judge, self.sleep, self.heard = session, judge, sleep, heard
        self.calls = 0

    def get(self, url: str, params: Mapping[str, Any] | None = None) -> Json:
        """Return the JSON object that stands there; raises PlatformError."""
        return self.json(self.ask("GET", url, params=params))

    def post(self, url: str, body: Json) -> Json:
        """Return what a POST of a JSON object answers; raises PlatformError."""
        return self.json(self.ask("POST", url, json=body))

    def ask(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Return the answer once it is a good one; raises PlatformError.

        `stream=True` leaves the body of the answer to be read by the caller.
        """
        tries = 0
        while True:
            tries += 1
            verdict = self._tried(method, url, kwargs)
            if isinstance(verdict, requests.Response):
                return verdict
            if isinstance(verdict, PlatformError):
                raise verdict
            wait = verdict.wait if verdict.wait is not None else self._patience(tries)
            if tries >= verdict.tries or wait > LONGEST_WAIT:
                raise verdict.error
            self.sleep(wait)

    def _tried(self, method: str, url: str, kwargs: Mapping[str, Any]) -> requests.Response | Retry | PlatformError:
        self.calls += 1
        follows = method == "GET"  # all else would carry its body, and the secrets in it, to wherever it is sent on
        try:
            response = self.session.request(method, url, timeout=self.timeout, allow_redirects=follows, **kwargs)
        except requests.RequestException as error:
            # Its text would tell the whole address, and a token that stands in it.
            words = f"{urlsplit(url).hostname} did not answer ({type(error).__name__})."
            return Retry(Unavailable(words, "no answer"))
        except PlatformError as error:  # from a session that could not renew its token
            return error
        self.heard(response)
        if response.is_redirect:
            return Unavailable(f"{urlsplit(url).hostname} sends us on to somewhere else.", "redirect")
        return self.judge(response) or response

    def _patience(self, tries: int) -> float:
        wait = FIRST_WAITS[min(tries, len(FIRST_WAITS)) - 1]
        return wait * random.uniform(1.0, 1.3)  # noqa: S311 (so that many do not come back at the same moment)

    def json(self, response: requests.Response) -> Json:
        """Return the object in the body of an answer, its tokens as secrets; raises Unavailable when there is none."""
        masks = {"object_hook": _masked} if TOKEN.encode() in response.content else {}
        try:
            body = response.json(**masks)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            host = urlsplit(response.url).hostname
            raise Unavailable(f"{host} answered with something that is not a JSON object.", "not JSON")
        return _storable(body) if AS_JSON.search(response.content) else body


def _storable(told: Any) -> Any:
    """Leave out of all texts what no table takes."""
    if isinstance(told, str):
        return storable(told) if NOT_IN_TEXT.search(told) else told  # a Secret stays one
    if isinstance(told, dict):
        return {_storable(name): _storable(value) for name, value in told.items()}
    return [_storable(value) for value in told] if isinstance(told, list) else told


def _masked(told: Json) -> Json:
    """Hide the token of an object, so that no error page shows it with the names of the code that reads it."""
    return {**told, TOKEN: Secret(told[TOKEN])} if isinstance(told.get(TOKEN), str) else told


class HastyHttp(Http):
    """Asks once, for a person who waits before a page: what would be tried again later is an error at once."""

    timeout = HASTY_TIMEOUT

    def __init__(self, session: Sender, judge: Judge) -> None:
        super().__init__(session, judge, sleep=lambda seconds: None)

    def _tried(self, method: str, url: str, kwargs: Mapping[str, Any]) -> requests.Response | Retry | PlatformError:
        verdict = super()._tried(method, url, kwargs)
        return verdict.error if isinstance(verdict, Retry) else verdict
