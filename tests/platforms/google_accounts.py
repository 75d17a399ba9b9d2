"""Google's accounts over HTTP: consent, codes with PKCE, tokens that are renewed, die and are given back."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from tests.platforms.consent import consent_page, sent_back
from tests.platforms.server import Answer, PlatformServer, Request

KEPT = (
    "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "access_type", "prompt",
    "include_granted_scopes",
)  # fmt: skip
IDENTITY = ("openid", "https://www.googleapis.com/auth/userinfo.email")


@dataclass
class Permission:
    """What one person gave to the application, once."""

    person: str
    scopes: list[str]
    redirect_uri: str
    challenge: str
    offline: bool
    refresh: str = ""
    alive: bool = True


class GoogleAccounts:
    """The accounts at `/google_consent`, `/google_token` and `/google_revoke`.

    people: who may be chosen on the page. lasts: seconds after which refresh tokens end, told with them as Google does
    for applications in testing; None for those that do not end.
    """

    def __init__(
        self,
        server: PlatformServer,
        client_id: str = "google-client",
        client_secret: str = "google-secret",
        people: Sequence[str] = ("owner@example.org",),
        lasts: int | None = None,
    ) -> None:
        self.client = (client_id, client_secret)
        self.people, self.lasts = people, lasts
        self.codes: dict[str, Permission] = {}
        self.given: dict[str, Permission] = {}  # by refresh token
        self.access: dict[str, Permission] = {}  # by access token
        server.route("GET", "/google_consent", self._ask)
        server.route("GET", "/google_consent/decide", self._decide)
        server.route("POST", "/google_token", self._token)
        server.route("POST", "/google_revoke", self._revoke)

    def addresses(self, base: str) -> dict[str, str]:
        return {name: f"{base}/{name}" for name in ("google_consent", "google_token", "google_revoke")}

    def accepts(self, token: str) -> bool:
        """Whether an access token is good."""
        return token in self.access and self.access[token].alive

    def person_of(self, token: str) -> str:
        """Whose access token it is."""
        return self.access[token].person

    def scopes_of(self, token: str) -> list[str]:
        """What the person of an access token allowed."""
        return self.access[token].scopes

    def give(self, scopes: list[str], person: str = "") -> str:
        """Have a person give scopes without the pages; return the refresh token."""
        permission = Permission(person or self.people[0], scopes, "", "", True, f"1//0{secrets.token_urlsafe(30)}")
        self.given[permission.refresh] = permission
        return permission.refresh

    def expire(self) -> None:
        """Let all access tokens end, as they do after an hour."""
        self.access.clear()

    def withdraw(self, person: str = "") -> None:
        """Let the permissions of a person, or all, end: withdrawn, unused for long, or in testing for seven days."""
        for permission in self.given.values():
            if person in ("", permission.person):
                permission.alive = False

    @property
    def secrets(self) -> list[str]:
        """Everything that must never be seen anywhere."""
        return [self.client[1], *self.given, *self.access]

    def _ask(self, request: Request, found: object) -> Answer:
        if request.one("client_id") != self.client[0] or request.one("response_type") != "code":
            return Answer(b"Error 401: invalid_client", 401, {"Content-Type": "text/html"})
        if request.one("code_challenge_method") != "S256" or not request.one("code_challenge"):
            return Answer(b"Error 400: invalid_request", 400, {"Content-Type": "text/html"})
        asked = {name: request.one(name) for name in KEPT}
        scopes = request.one("scope").split()
        asked["identity"] = " ".join(scope for scope in scopes if scope in IDENTITY)  # for that there is no box
        boxes = [scope for scope in scopes if scope not in IDENTITY]
        return consent_page("Google", "/google_consent/decide", asked, boxes, self.people)

    def _decide(self, request: Request, found: object) -> Answer:
        state = request.one("state")
        if request.one("decision") != "allow":
            return sent_back(request.one("redirect_uri"), error="access_denied", state=state)
        code = f"4/{secrets.token_urlsafe(16)}"
        person, granted = request.one("person"), request.query.get("granted", [])
        before = [one for one in self.given.values() if one.alive and one.person == person]
        if request.one("include_granted_scopes") == "true":
            granted = [*granted, *(scope for one in before for scope in one.scopes if scope not in IDENTITY)]
        self.codes[code] = Permission(
            person,
            list(dict.fromkeys([*granted, *request.one("identity").split()])),
            request.one("redirect_uri"),
            request.one("code_challenge"),
            # A second consent brings a refresh token only when it was asked for again.
            request.one("access_type") == "offline" and request.one("prompt") == "consent",
        )
        return sent_back(request.one("redirect_uri"), state=state, code=code, scope=" ".join(self.codes[code].scopes))

    def _token(self, request: Request, found: object) -> Answer:
        form = {name: values[0] for name, values in request.form.items()}
        if _client_of(request, form) != self.client:
            return _error("invalid_client", "Unauthorized", 401)
        if form.get("grant_type") == "refresh_token":
            return self._renewed(form.get("refresh_token", ""))
        return self._exchanged(form)

    def _exchanged(self, form: dict[str, str]) -> Answer:
        permission = self.codes.pop(form.get("code", ""), None)
        if permission is None or permission.redirect_uri != form.get("redirect_uri"):
            return _error("invalid_grant", "Malformed auth code.")
        if _challenge(form.get("code_verifier", "")) != permission.challenge:
            return _error("invalid_grant", "Invalid code verifier.")
        told = self._access(permission)
        if "openid" in permission.scopes:
            told["id_token"] = self._id_token(permission)
        if permission.offline:
            permission.refresh = f"1//0{secrets.token_urlsafe(30)}"
            self.given[permission.refresh] = permission
            told["refresh_token"] = permission.refresh
            if self.lasts is not None:
                told["refresh_token_expires_in"] = self.lasts
        return Answer(told)

    def _id_token(self, permission: Permission) -> str:
        """Who it is: a header, claims and a signature that nobody here looks at."""
        number = str(100_000_000_000_000_000_000 + sum(map(ord, permission.person)))
        claims = {"iss": "https://accounts.google.com", "aud": self.client[0], "sub": number}
        if IDENTITY[1] in permission.scopes:
            claims["email"] = permission.person
        parts = ({"alg": "RS256", "typ": "JWT"}, claims)
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return ".".join([*encoded, "c2lnbmF0dXJl"])

    def _renewed(self, refresh: str) -> Answer:
        permission = self.given.get(refresh)
        if permission is None or not permission.alive:
            return _error("invalid_grant", "Token has been expired or revoked.")
        return Answer(self._access(permission))

    def _access(self, permission: Permission) -> dict[str, object]:
        token = f"ya29.{secrets.token_urlsafe(40)}"
        self.access[token] = permission
        scope = " ".join(permission.scopes)
        return {"access_token": token, "expires_in": 3599, "scope": scope, "token_type": "Bearer"}

    def _revoke(self, request: Request, found: object) -> Answer:
        """One token given back ends everything that the person allowed the application."""
        token = request.form.get("token", [""])[0]
        permission = self.given.get(token) or self.access.get(token)
        if permission is None or not permission.alive:
            return _error("invalid_token", "Token expired or revoked")
        self.withdraw(permission.person)
        return Answer({})


def _client_of(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Who asks: told in the header of HTTP's basic scheme, or in the body."""
    basic = request.headers.get("authorization", "").removeprefix("Basic ")
    if basic:
        name, _, secret = base64.b64decode(basic).decode().partition(":")
        return name, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _error(word: str, words: str, status: int = 400) -> Answer:
    return Answer({"error": word, "error_description": words}, status)
