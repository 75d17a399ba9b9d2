"""No page carries a script, a style or an address that the content security policy would refuse."""

import re

import pytest
from django.urls import reverse

from personas.models import Persona
from tests.builders import make_persona_sets

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:|hx-on|js:", re.IGNORECASE)
OUTSIDE = re.compile(r"(?:src|srcset)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//", re.IGNORECASE)


def addresses(organization) -> list[str]:
    persona = Persona.objects.filter(persona_set__size=5).first()
    slug = organization.slug
    pages = [
        ("personas", [slug]),
        ("persona", [slug, persona.pk]),
        ("persona_groups", [slug, persona.pk]),
        ("persona_contents", [slug, persona.pk]),
        ("persona_content", [slug, persona.pk, persona.contents[0]["id"]]),
        ("set_method", [slug, persona.persona_set_id]),
    ]
    other = persona.persona_set.personas.get(position=2)
    choices = [[persona.pk, other.pk], [persona.pk]]
    compare = [reverse("persona_compare", args=[slug], query={"with": keys}) for keys in choices]
    return [*(reverse(name, args=args) for name, args in pages), *compare]


@pytest.mark.parametrize("number", range(8))
def test_pages_load_nothing_inline_or_from_outside(owner_client, organization, number):
    make_persona_sets(organization, sizes=(5, 6))
    response = owner_client.get(addresses(organization)[number])
    assert response.status_code == (400 if number == 7 else 200)  # the last one compares a persona with nobody
    text = response.content.decode()
    assert not INLINE.search(text)
    assert not OUTSIDE.search(text)


@pytest.mark.django_db
def test_sign_in_page_loads_nothing_inline_or_from_outside(client):
    text = client.get(reverse("login")).content.decode()
    assert not INLINE.search(text)
    assert not OUTSIDE.search(text)


def test_empty_screen_loads_nothing_inline(owner_client):
    assert not INLINE.search(owner_client.get(reverse("personas", args=["acme"])).content.decode())


def test_what_others_wrote_is_escaped(owner_client, organization):
    generation = make_persona_sets(organization, sizes=(5,))
    evil = "<script>alert(1)</script>"
    Persona.objects.update(description=evil, topics=[{"label": evil, "share": 0.5, "lift": 2}])
    generation.organization.identities.filter(personas__position=1).update(name=evil)
    assert evil not in owner_client.get(reverse("personas", args=["acme"])).content.decode()


def test_policy_refuses_inline_code(client, db):
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_scanner_of_these_tests_finds_what_it_looks_for():
    for bad in ('<p style="x">', "<style>", "<script>", '<a onclick="x">', "<script type=module>"):
        assert INLINE.search(bad)
    assert not INLINE.search('<script src="/static/a.js" defer></script>')
    assert OUTSIDE.search('<img src="https://example.org/a.png">')
