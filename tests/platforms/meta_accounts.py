"""Meta's accounts over HTTP: the dialog, short and long-lived tokens, what is said of them, their end."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.platforms.consent import consent_page, sent_back
from tests.platforms.server import Answer, PlatformServer, Request

DIALOG, GRAPH = "/meta_consent", "/graph/v26.0"
LASTS = 5_183_944  # seconds, about 60 days
DATA_ACCESS = 90 * 86_400


@dataclass
class Token:
    """A token of a person or of one of the pages; page is "" for a person's own."""

    person: str
    scopes: list[str]
    made: float = field(default_factory=time.time)
    page: str = ""
    long: bool = False
    dead: str = ""  # why, in Meta's words
    sub: int = 0  # of the error 190 that a dead one is answered with


class MetaAccounts:
    """The dialog at `/meta_consent` and the Graph's own addresses for tokens.

    people: who may be chosen in the dialog, by name. pages: the pages of each of them, (id, name), for `me/accounts`;
    None leaves that address to another fake.
    """

    def __init__(
        self,
        server: PlatformServer,
        app_id: str = "1234567890",
        app_secret: str = "meta-secret",
        people: Sequence[str] = ("Page Owner",),
        pages: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> None:
        self.app = (app_id, app_secret)
        self.people, self.pages = people, pages
        self.codes: dict[str, tuple[Token, str]] = {}
        self.tokens: dict[str, Token] = {}
        self.data_access_ends: float | None = None
        self.roles_lost: set[tuple[str, str]] = set()  # person and page
        self.keyless: set[str] = set()  # pages that are listed without their token: the role there is too small
        server.route("GET", DIALOG, self._ask)
        server.route("GET", f"{DIALOG}/decide", self._decide)
        graph = re.escape(GRAPH)
        server.route("POST", f"{graph}/oauth/access_token", self._exchange)
        server.route("GET", f"{graph}/debug_token", self._inspect)
        server.route("GET", f"{graph}/me", self._me)
        server.route("DELETE", f"{graph}/me/permissions", self._revoke)
        if pages is not None:
            server.route("GET", f"{graph}/me/accounts", self._accounts)

    def addresses(self, base: str) -> dict[str, str]:
        return {"meta_consent": f"{base}{DIALOG}", "graph": f"{base}{GRAPH}"}

    def accepts(self, token: str) -> bool:
        """Whether a token is good."""
        return token in self.tokens and not self.tokens[token].dead

    def person_of(self, token: str) -> str:
        return self.tokens[token].person

    def page_token(self, person: str, page: str) -> str:
        """Return the key that a person has to a page."""
        scopes = next(one.scopes for one in self.tokens.values() if one.person == person and one.long)
        return self._made(Token(person, scopes, page=page, long=True))

    def give(self, scopes: list[str], person: str = "") -> str:
        """Have a person give scopes without the pages; return the long-lived token."""
        return self._made(Token(person or self.people[0], scopes, long=True))

    def withdraw(self, words: str = "The user has not authorized application.", person: str = "") -> None:
        """Let the tokens of a person, or all, die: password changed, role lost, application removed."""
        for token in self.tokens.values():
            if person in ("", token.person):
                token.dead = words

    def lose_role(self, person: str, page: str) -> None:
        """Take a person's role on one page: its tokens die with 190/492, and it is listed no more."""
        self.roles_lost.add((person, page))
        for token in self.tokens.values():
            if (token.person, token.page) == (person, page):
                token.dead, token.sub = "The user must be an administrator of the page to impersonate it.", 492

    def regain_role(self, person: str, page: str) -> None:
        """Give the role back: the page is listed again with a new token; the old ones stay dead."""
        self.roles_lost.remove((person, page))

    @property
    def secrets(self) -> list[str]:
        """Everything that must never be seen anywhere."""
        return [self.app[1], *self.tokens]

    def _made(self, token: Token) -> str:
        text = f"EAA{secrets.token_hex(40)}"
        self.tokens[text] = token
        return text

    def _ask(self, request: Request, found: object) -> Answer:
        if request.one("client_id") != self.app[0]:
            return Answer(b"Invalid App ID", 400, {"Content-Type": "text/html"})
        asked = {name: request.one(name) for name in ("redirect_uri", "state")}
        return consent_page("Facebook", f"{DIALOG}/decide", asked, request.one("scope").split(","), self.people)

    def _decide(self, request: Request, found: object) -> Answer:
        back, state = request.one("redirect_uri"), request.one("state")
        if request.one("decision") != "allow":
            return sent_back(back, error="access_denied", error_reason="user_denied", state=state)
        code, person = secrets.token_hex(20), request.one("person")
        before = [one for one in self.tokens.values() if one.person == person and not one.dead and not one.page]
        scopes = [*request.query.get("granted", []), *(scope for one in before for scope in one.scopes)]
        self.codes[code] = Token(person, list(dict.fromkeys([*scopes, "public_profile"]))), back
        return sent_back(back, code=code, state=state)

    def _exchange(self, request: Request, found: object) -> Answer:
        form = {name: values[0] for name, values in request.form.items()}
        if (form.get("client_id"), form.get("client_secret")) != self.app:
            return _error("Error validating client secret.", 1)
        if form.get("grant_type") == "fb_exchange_token":
            given = self.tokens.get(form.get("fb_exchange_token", ""))
            if given is None or given.dead:
                return _error("Error validating access token: Session has expired.", 190, 463)
            return self._answer(Token(given.person, given.scopes, long=True), LASTS)
        token, back = self.codes.pop(form.get("code", ""), (None, ""))
        if token is None or back != form.get("redirect_uri"):
            return _error("This authorization code has been used.", 100, 36009)
        return self._answer(token, 5400)

    def _answer(self, token: Token, lasts: int) -> Answer:
        return Answer({"access_token": self._made(token), "token_type": "bearer", "expires_in": lasts})

    def _inspect(self, request: Request, found: object) -> Answer:
        if request.token != "|".join(self.app):
            return _error("(#100) You must provide an app access token", 100)
        token = self.tokens.get(request.one("input_token"))
        if token is None:
            nobody = {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid token."}}
            return Answer({"data": nobody})
        data = {
            "app_id": self.app[0],
            "type": "PAGE" if token.page else "USER",
            "is_valid": not token.dead,
            "expires_at": 0 if token.page else int(token.made) + LASTS,
            "data_access_expires_at": int(self.data_access_ends or token.made + DATA_ACCESS),
            "scopes": token.scopes,
        }
        error = {"error": {"code": 190, "message": token.dead}} if token.dead else {}
        return Answer({"data": data | error})

    def _me(self, request: Request, found: object) -> Answer:
        token, refused = self._admitted(request)
        return refused or Answer({"id": str(1000 + self.people.index(token.person)), "name": token.person})

    def _accounts(self, request: Request, found: object) -> Answer:
        token, refused = self._admitted(request)
        if refused:
            return refused
        pages = [
            {
                "id": number,
                "name": name,
                "followers_count": 4_210,
                "tasks": ["ADVERTISE"] if number in self.keyless else ["ANALYZE", "MANAGE"],
            }
            | ({} if number in self.keyless else {"access_token": self.page_token(token.person, number)})
            for number, name in (self.pages or {}).get(token.person, ())
            if (token.person, number) not in self.roles_lost
        ]
        return Answer({"data": pages, "paging": {"cursors": {"before": "QQ", "after": "QR"}}})

    def _revoke(self, request: Request, found: object) -> Answer:
        token, refused = self._admitted(request)
        if not refused:
            self.withdraw(person=token.person)
        return refused or Answer({"success": True})

    def _admitted(self, request: Request) -> tuple[Token, Answer | None]:
        """The token in the header with the proof beside it, or why it is not admitted."""
        proof = hmac.new(self.app[1].encode(), request.token.encode(), hashlib.sha256).hexdigest()
        token = self.tokens.get(request.token, Token("", [], dead="The access token could not be decrypted"))
        if token.dead:
            return token, _error(f"Error validating access token: {token.dead}", 190, token.sub)
        if request.one("appsecret_proof") != proof:
            return token, _error("API calls from the server require an appsecret_proof argument", 100)
        return token, None


def _error(message: str, code: int, sub: int = 0) -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AAAAAAAAAAA"}
    return Answer({"error": error | ({"error_subcode": sub} if sub else {})}, 400)
