"""Three months of an organization whose changes are known beforehand."""

from personas.models import Generation, Persona
from tests.builders import make_persona_sets


def make_months(organization, periods=("2026-08", "2026-09", "2026-10"), sizes=(5, 6), likeness=0.9, **fields):
    """Make a generation for each month, each carrying on the one before; everybody stays, and is like before."""
    made: list[Generation] = []
    for period in periods:
        before = made[-1] if made else None
        made.append(make_persona_sets(organization, sizes=sizes, period=period, continues=before, **fields))
        Generation.objects.filter(pk=made[-1].pk).update(fingerprint=period * 9)
        if before:
            personas_of(made[-1]).update(likeness=likeness)
    return made


def personas_of(generation: Generation, **fields):
    return Persona.objects.filter(persona_set__generation=generation, **fields)
