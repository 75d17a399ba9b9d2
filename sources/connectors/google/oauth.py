"""A permission at Google: asked for, exchanged for a token, renewed, taken back.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import HTTPAdapter

from sources.connectors.faults import PlatformError, ReconnectNeeded, Refused, Unavailable
from sources.connectors.http import HASTY_TIMEOUT
from sources.connectors.oauth import Client, Consent, Grant
from sources.connectors.secret import Secret
from sources.connectors.storable import storable

YOUTUBE = "https://www.googleapis.com/auth/youtube.readonly"
YOUTUBE_ANALYTICS = "https://www.googleapis.com/auth/yt-analytics.readonly"
ANALYTICS = "https://www.googleapis.com/auth/analytics.readonly"
# Whose permission it is: no box to tick, and nothing that Google has to verify.
IDENTITY = ("openid", "https://www.googleapis.com/auth/userinfo.email")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DEAD = (
    "Google no longer accepts the permission: it was withdrawn, was not used for six months, or came from an app that "
    "is still in testing, where permissions end after seven days. Reconnect the account."
)
NOT_KNOWN = "Google does not accept this server's own account there. Its administrator must check {}."
SETTINGS = "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET"


def consent(client: Client, addresses: Mapping[str, str], scopes: Sequence[str], redirect_uri: str) -> Consent:
    """Return where to send a person; the platform sends the person back to redirect_uri."""
    flow = _flow(client, addresses, redirect_uri, [*scopes, *IDENTITY])
    # A refresh token comes with a consent only, and is not given twice without asking again.
    address, state = flow.authorization_url(prompt="consent", include_granted_scopes="true")
    return Consent(_as_given(address, addresses["google_consent"]), state, flow.code_verifier)


def exchange(
    client: Client, addresses: Mapping[str, str], redirect_uri: str, code: str, verifier: str, now: float
) -> Grant:
    """Return what the code that came back stands for; raises PlatformError. now: seconds since 1970.

    The state has been compared by then. The flow names no scopes, since oauthlib takes fewer than it names for an
    error, and a person may give fewer: the caller compares.
    """
    flow = _flow(client, addresses, redirect_uri, None)
    flow.code_verifier = verifier
    try:
        told = flow.fetch_token(code=code, timeout=HASTY_TIMEOUT)
    except OAuth2Error as error:
        if error.error == "invalid_grant":
            raise Refused("Google's answer was used already, or is too old. Connect once more.", "code") from None
        raise _refusal(error.error or "no word") from None
    except requests.RequestException as error:
        host = urlsplit(addresses["google_token"]).hostname
        raise Unavailable(f"{host} did not answer ({type(error).__name__}).", "no answer") from None
    if not told.get("refresh_token"):
        raise ReconnectNeeded("Google gave no lasting permission. Connect once more.", "no refresh token")
    lasts = told.get("refresh_token_expires_in")
    ends_at = now + float(lasts) if lasts is not None else None
    person, account = _identity(told.get("id_token"))
    return Grant(Secret(told["refresh_token"]), tuple(told.get("scope") or ()), account, ends_at, person)


def revoke(client: Client, addresses: Mapping[str, str], token: str) -> None:
    """Give the permission back: Google forgets everything that this account allowed us. Raises PlatformError.

    One that is gone already counts as given back.
    """
    try:
        response = _staying().post(addresses["google_revoke"], data={"token": token}, timeout=HASTY_TIMEOUT)
    except requests.RequestException as error:
        raise Unavailable(f"Google did not take the permission back ({type(error).__name__}).", "no answer") from None
    if response.status_code >= 400 and _word(response) != "invalid_token":
        raise Unavailable(f"Google did not take the permission back ({response.status_code}).", _word(response))


class GoogleSession:
    """A session that renews its access token by itself; a dead permission becomes ReconnectNeeded."""

    def __init__(self, client: Client, addresses: Mapping[str, str], token: str) -> None:
        credentials = Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=token,
            token_uri=addresses["google_token"],
            client_id=client.id,
            client_secret=client.secret,
        )
        self.session = AuthorizedSession(credentials, auth_request=_Renewing(_staying()))  # type: ignore[no-untyped-call]

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask; raises PlatformError and requests' own errors, none of which tells a token."""
        try:
            response: requests.Response = self.session.request(method, url, **kwargs)  # type: ignore[no-untyped-call]
        except RefreshError as error:
            if error.retryable:
                raise requests.ConnectionError("the token could not be renewed") from None
            raise _refusal(_refresh_word(error)) from None
        except TransportError:
            raise requests.ConnectionError("the token could not be renewed") from None
        return response


class _Renewing(Request):
    """Asks for access tokens; where google-auth would trip over an answer that is no JSON object, there is none."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        response = super().__call__(*args, **kwargs)  # type: ignore[no-untyped-call]
        try:
            body = json.loads(response.data)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise TransportError("not a JSON object")  # type: ignore[no-untyped-call]
        return response


def _identity(told: Any) -> tuple[str, str]:
    """Return the number and the address of the person; "" for what is not told.

    The signature is not looked at: the token came from Google itself, over TLS.
    https://developers.google.com/identity/openid-connect/openid-connect#obtainuserinfo
    """
    try:
        claims = jwt.decode(told, verify=False)  # type: ignore[no-untyped-call]
    except (GoogleAuthError, ValueError, TypeError, AttributeError):
        return "", ""
    return storable(str(claims.get("sub") or "")), storable(str(claims.get("email") or ""))


def _staying() -> requests.Session:
    """Return a session that follows nobody to another address: what it sends holds a token or our secret."""
    session = requests.Session()
    session.max_redirects = 0
    return session


class _InTheClear(HTTPAdapter):
    """Speaks plain HTTP where oauthlib, which insists on HTTPS, believes in it: to fakes on this machine only."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = "http" + str(request.url).removeprefix("https")
        return super().send(request, *args, **kwargs)


def _flow(client: Client, addresses: Mapping[str, str], redirect_uri: str, scopes: Sequence[str] | None) -> Flow:
    config = {
        "client_id": client.id,
        "client_secret": client.secret,
        "auth_uri": _as_https(addresses["google_consent"]),
        "token_uri": _as_https(addresses["google_token"]),
    }
    flow = Flow.from_client_config({"web": config}, scopes=scopes, redirect_uri=redirect_uri)
    flow.oauth2session.max_redirects = 0
    if config["token_uri"] != addresses["google_token"]:
        flow.oauth2session.mount(config["token_uri"], _InTheClear())
    return flow


def _as_https(address: str) -> str:
    """The address as oauthlib wants it. Its own way out, an environment variable, would hold for everything."""
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    return parts._replace(scheme="https").geturl() if plain else address


def _as_given(address: str, given: str) -> str:
    return urlsplit(address)._replace(scheme=urlsplit(given).scheme).geturl()


def _refusal(word: str) -> PlatformError:
    if word == "invalid_grant":
        return ReconnectNeeded(DEAD, word)
    if word in ("invalid_client", "unauthorized_client"):
        return Unavailable(NOT_KNOWN.format(SETTINGS), word)
    return Unavailable(f"Google did not give the permission: {word}.", word)


def _refresh_word(error: RefreshError) -> str:
    told = error.args[1] if len(error.args) > 1 else None
    return str(told.get("error", "no word")) if isinstance(told, dict) else "no word"


def _word(response: requests.Response) -> str:
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return "no word"
