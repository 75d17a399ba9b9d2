"""`manage.py demo` prepares everything, as often as it is called."""

import socket

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from personas.generation import new_generation
from personas.models import Generation, Persona
from sources.models import Comment, ContentUnit, Organization, PackedInteractions

pytestmark = pytest.mark.django_db


def test_demo_twice_after_one_that_was_killed_is_the_same_as_once(capsys):
    killed = new_generation(organization=Organization.objects.create(slug="demo", name="Demo"))
    assert killed.claim()
    call_command("demo", "--no-serve")
    first = list(PackedInteractions.objects.values_list("pk", "total"))
    call_command("demo", "--no-serve")
    assert list(PackedInteractions.objects.values_list("pk", "total")) == first
    assert Generation.objects.exclude(pk=killed.pk).count() == 1
    out = capsys.readouterr().out
    assert "http://127.0.0.1:8000/" in out
    assert "Sign in as demo with the password demo" in out
    _the_demo_is_whole()


def _the_demo_is_whole():
    organization = Organization.objects.get(slug="demo")
    assert authenticate(username="demo", password="demo").organizations.get() == organization
    assert ContentUnit.objects.of(organization).count() >= 400
    assert Comment.objects.of(organization).count() == 5000
    assert Generation.objects.complete().get().sizes == list(range(5, 16))
    assert Persona.objects.count() == sum(range(5, 16))
    assert all(persona.topics and persona.description for persona in Persona.objects.all())


def test_port_that_is_taken_is_named_before_anything_is_done():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            call_command("demo", port=port)
    assert not Organization.objects.exists()
