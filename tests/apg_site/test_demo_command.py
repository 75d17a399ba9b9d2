"""`manage.py demo` prepares everything, as often as it is called."""

import socket

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command

from apg_site.demo import channel, platforms
from apg_site.management.commands import demo
from personas.generation import new_generation
from personas.models import Generation, Persona
from personas.over_time import over_time
from sources.models import Comment, ContentUnit, Organization, PackedInteractions
from sources.overview import periods_of
from tests.builders import make_contents, make_groups, make_interactions, make_persona_sets

pytestmark = pytest.mark.django_db


def test_demo_twice_after_one_that_was_killed_is_the_same_as_once(capsys):
    killed = new_generation(organization=Organization.objects.create(slug="demo", name=channel.NAME))
    assert killed.claim()
    call_command("demo", "--no-serve")
    first = list(PackedInteractions.objects.values_list("pk", "total"))
    call_command("demo", "--no-serve")
    assert list(PackedInteractions.objects.values_list("pk", "total")) == first
    made = Generation.objects.exclude(pk=killed.pk).order_by("finished_at")
    assert [one.period for one in made] == [*sorted(periods_of(killed.organization)), ""]
    out = capsys.readouterr().out
    assert "http://127.0.0.1:8000/" in out
    assert "Sign in as demo with the password demo" in out
    _the_demo_is_whole()


def test_whole_audience_comes_last_also_where_only_months_were_missing(organization, monkeypatch):
    for number, period in enumerate(("2026-08", "2026-09", "2026-10")):
        make_interactions(make_contents(organization, 2, f"Files {number}"), make_groups(), period=period)
    for period in ("2026-08", ""):
        make_persona_sets(organization, sizes=(5,), period=period)
    made = []
    monkeypatch.setattr(demo.Command, "_generate_one", lambda self, organization, period: made.append(period))
    demo.Command()._generate(organization)
    assert made == ["2026-09", "2026-10", ""]


def _the_demo_is_whole():
    organization = Organization.objects.get(slug="demo")
    assert authenticate(username="demo", password="demo").organizations.get() == organization
    assert ContentUnit.objects.of(organization).count() >= 400
    assert Comment.objects.of(organization).count() == 5000
    made = Generation.objects.complete()
    assert {tuple(one.sizes) for one in made} == {tuple(range(5, 16))}
    assert Persona.objects.count() == 4 * sum(range(5, 16))
    assert over_time(organization, "country").enough
    assert all(persona.topics and persona.description for persona in Persona.objects.all())


def test_database_in_which_other_people_work_is_refused_and_left_as_it_was(owner):
    with pytest.raises(CommandError, match=r"Other people have accounts in this database\. Give the demo a database"):
        call_command("demo", "--no-serve")
    assert get_user_model().objects.get() == owner
    assert [str(one) for one in Organization.objects.all()] == ["Acme"]


@pytest.mark.parametrize("slug", ["demo", "demo-platforms"])
def test_organization_of_others_with_the_address_of_the_demo_is_refused(slug):
    Organization.objects.create(slug=slug, name="Demo")
    with pytest.raises(CommandError, match="“Demo” of this database is not the demo's"):
        demo._refuse_strangers([channel, platforms])


def test_people_let_in_beside_the_demo_and_a_new_name_are_no_reason_to_refuse(owner):
    made = demo._organization(channel.SLUG, channel.NAME)
    demo._account(made)
    Organization.objects.filter(pk=made.pk).update(name="Ours")
    demo._refuse_strangers([channel])
    assert demo._organization(channel.SLUG, channel.NAME) == made


def test_port_that_is_taken_is_named_before_anything_is_done():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            call_command("demo", port=port)
    assert not Organization.objects.exists()
