"""Loyalty as YouTube and Google Analytics count it, from the platform to a persona's page and the formula behind it."""

import pytest
from django.urls import reverse

from personas.generation import new_generation
from personas.models import Persona
from sources.models import Collection
from tests.running import run
from tests.sources.collecting import test_google_analytics as analytics_case
from tests.sources.collecting import test_youtube as youtube_case
from tests.sources.connecting.world import text

last_month, server, accounts = youtube_case.last_month, youtube_case.server, youtube_case.accounts
youtube, channel = youtube_case.youtube, youtube_case.channel
property_of = analytics_case.property_of


@pytest.fixture
def told(organization, colleague_client):
    """Collect from a source, make personas, and return the largest with its page and that of the method."""

    def told(source) -> tuple[Persona, str, str]:
        assert run(Collection.objects.create(source=source)).state == Collection.State.DONE
        run(new_generation(organization=organization, sizes=[5]))
        persona = Persona.objects.order_by("-share").first()
        page = colleague_client.get(reverse("persona", args=["acme", persona.pk]))
        method = colleague_client.get(reverse("set_method", args=["acme", persona.persona_set_id]))
        return persona, text(page), text(method)

    return told


def test_a_channel_tells_the_part_of_the_subscribed(told, channel):
    persona, page, method = told(channel)
    assert persona.loyalty["kind"] == "subscribed"
    assert 0 < persona.loyalty["share"] < 1
    assert "by subscribers" in page
    assert "Σ w r ÷ Σ w" in method


def test_a_site_tells_the_part_of_the_returning(told, property_of):
    _, source = property_of()
    persona, page, method = told(source)
    assert persona.loyalty["kind"] == "returning"
    assert 0 < persona.loyalty["share"] < 1
    assert "by people who came back" in page
    assert "Σ w r ÷ Σ w" in method
