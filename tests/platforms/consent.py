"""The page on which a person says yes or no to a platform's question, and what a browser makes of it."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import requests

from tests.platforms.server import Answer

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{platform} (a stand-in)</title><link rel="icon" href="data:,">
<style>body {{ font: 16px/1.5 sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
fieldset {{ border: 1px solid #bbb; border-radius: 8px; margin: 0 0 1rem }} label {{ display: block; padding: .25rem }}
label {{ overflow-wrap: anywhere }}
button {{ font: inherit; padding: .5rem 1.25rem; margin-right: .5rem }}</style></head>
<body><main><h1>{platform}</h1>
<p>This page stands in for that of {platform}: nothing leaves this machine.</p>
<form method="get" action="{action}">{hidden}
<fieldset><legend>Which account?</legend>{people}</fieldset>
<fieldset><legend>An application asks for permission to</legend>{scopes}</fieldset>
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button>
</form></main></body></html>"""


def consent_page(
    platform: str, action: str, asked: Mapping[str, str], scopes: Collection[str], people: Sequence[str]
) -> Answer:
    """Return the page; what was asked comes along to `action` with `person`, `granted` and `decision`."""
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in asked.items())
    boxes = "".join(
        f'<label><input type="checkbox" name="granted" value="{escape(scope)}" checked> {escape(scope)}</label>'
        for scope in scopes
    )
    radios = "".join(
        f'<label><input type="radio" name="person" value="{escape(person)}"{"" if place else " checked"}> '
        f"{escape(person)}</label>"
        for place, person in enumerate(people)
    )
    page = PAGE.format(platform=platform, action=escape(action), hidden=hidden, people=radios, scopes=boxes)
    return Answer(page.encode(), headers={"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def sent_back(redirect_uri: str, **told: str) -> Answer:
    """Return the redirect that ends it."""
    return Answer(b"", 302, {"Location": f"{redirect_uri}?{urlencode(told)}"})


def decide(address: str, *, allow: bool = True, untick: Collection[str] = (), person: str = "") -> str:
    """Open the page and press a button as a browser would; return the address that the person is sent back to.

    untick: ends of the scopes that are not given.
    """
    form = _Form()
    form.feed(requests.get(address, timeout=5).text)
    ticked = [value for value in form.ticked if not value.endswith(tuple(untick) or ("\0",))]
    fields = [*form.hidden, *(("granted", value) for value in ticked), ("person", person or form.person)]
    fields.append(("decision", "allow" if allow else "deny"))
    answer = requests.get(urljoin(address, form.action), params=fields, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


class _Form(HTMLParser):
    """The one form of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.action, self.person = "", ""
        self.hidden: list[tuple[str, str]] = []
        self.ticked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.action = told["action"] or ""
        elif told.get("type") == "hidden":
            self.hidden.append((told["name"] or "", told["value"] or ""))
        elif told.get("name") == "granted":
            self.ticked.append(told["value"] or "")
        elif told.get("name") == "person" and "checked" in told:
            self.person = told["value"] or ""
