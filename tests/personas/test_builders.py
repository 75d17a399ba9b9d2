"""The sample worlds of the tests are complete ones."""

from personas.models import Persona
from tests.builders import make_persona_sets


def test_sample_generation_has_every_size(organization):
    generation = make_persona_sets(organization, sizes=(5, 6))
    assert Persona.objects.filter(persona_set__generation=generation).count() == 11
