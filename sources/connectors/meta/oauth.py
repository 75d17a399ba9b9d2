"""A permission at Meta: asked for, exchanged for a lasting token, looked into, taken back.

https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow. Tokens and our secret go in bodies and
headers; the one exception is `debug_token`, which reads the token that it is asked about from its address only.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from sources.connectors.faults import PlatformError, ReconnectNeeded, Refused, Unavailable
from sources.connectors.http import HastyHttp, Json
from sources.connectors.meta.faults import dead_words, figure, judge, plain
from sources.connectors.oauth import Client, Consent, Grant
from sources.connectors.secret import Secret

LAST = 253_402_300_800  # seconds since 1970: the year 10000, where our calendar ends


@dataclass(frozen=True)
class Inspection:
    """What Meta says of a token: whether it works, for what, and until when (seconds since 1970; None: no end).

    `problem` is why it does not work, in Meta's words.
    """

    valid: bool
    scopes: tuple[str, ...]
    ends_at: float | None
    problem: str = ""


class MetaSession:
    """A session that proves with every call that token and app secret are in one hand."""

    def __init__(self, client: Client, token: str) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.proof = {"appsecret_proof": appsecret_proof(client, token)}

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask; `params` is a mapping or None."""
        kwargs["params"] = {**(kwargs.get("params") or {}), **self.proof}
        return self.session.request(method, url, **kwargs)


class AppSession:
    """A session of the app itself; without a token where the body says who asks."""

    def __init__(self, token: str = "") -> None:
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        return self.session.request(method, url, **kwargs)


def appsecret_proof(client: Client, token: str) -> str:
    """Return the HMAC-SHA256 of the token under the app's secret.

    https://developers.facebook.com/docs/facebook-login/security
    """
    return hmac.new(client.secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def consent(client: Client, addresses: Mapping[str, str], scopes: Sequence[str], redirect_uri: str) -> Consent:
    """Return where to send a person; the platform sends the person back to redirect_uri."""
    state = secrets.token_urlsafe(24)
    asked = {
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "state": state,
        "response_type": "code",
        "scope": ",".join(scopes),
        "auth_type": "rerequest",  # asks again for what was declined once
    }
    return Consent(f"{addresses['meta_consent']}?{urlencode(asked)}", state)


def exchange(
    client: Client, addresses: Mapping[str, str], redirect_uri: str, code: str, verifier: str, now: float
) -> Grant:
    """Return what the code that came back stands for; raises PlatformError. Meta knows no verifier and needs no now."""
    app = {"client_id": client.id, "client_secret": client.secret}
    short = _token(addresses, {**app, "redirect_uri": redirect_uri, "code": code})
    token = _token(addresses, {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short})
    found = inspect(client, addresses, token)
    if not found.valid:
        raise ReconnectNeeded(words_of(found), "190")
    person = HastyHttp(MetaSession(client, token), judge).get(f"{addresses['graph']}/me", {"fields": "id,name"})
    return Grant(token, found.scopes, str(person.get("name") or ""), found.ends_at, str(person.get("id") or ""))


def words_of(found: Inspection) -> str:
    """Say that a token which is not valid is of no use any more, and what to do."""
    return dead_words(found.problem)


def inspect(client: Client, addresses: Mapping[str, str], token: str) -> Inspection:
    """Return what Meta says of a token; raises PlatformError when it says nothing."""
    http = HastyHttp(AppSession(f"{client.id}|{client.secret}"), judge)
    data = http.get(f"{addresses['graph']}/debug_token", {"input_token": token}).get("data")
    if not isinstance(data, dict) or "is_valid" not in data:
        raise Unavailable("Facebook does not say whether the permission is valid.", "no word")
    told: Json = data
    ends = [figure(told.get(name)) for name in ("expires_at", "data_access_expires_at")]
    ends_at = min((end for end in ends if 0 < end < LAST), default=None)
    problem = told.get("error")
    words = plain(str(problem.get("message") or "")) if isinstance(problem, dict) else ""
    return Inspection(bool(told["is_valid"]), tuple(told.get("scopes") or ()), ends_at, words)


def revoke(client: Client, addresses: Mapping[str, str], token: str) -> None:
    """Give the permission back: Meta forgets everything that this person allowed us. Raises PlatformError.

    One that is dead already counts as given back.
    """
    http = HastyHttp(MetaSession(client, token), judge)
    try:
        told = http.json(http.ask("DELETE", f"{addresses['graph']}/me/permissions"))
    except ReconnectNeeded:
        return
    if told.get("success") is not True:
        raise Unavailable("Facebook did not take the permission back.", "no success")


def _token(addresses: Mapping[str, str], form: Mapping[str, str]) -> Secret:
    http = HastyHttp(AppSession(), judge)
    try:
        told = http.json(http.ask("POST", f"{addresses['graph']}/oauth/access_token", data=form))
    except PlatformError as error:
        raise type(error)(f"Facebook did not give the permission. {error}", error.code) from None
    if not told.get("access_token"):
        raise Refused("Facebook answered without a token. Connect once more.", "no token")
    return Secret(told["access_token"])
