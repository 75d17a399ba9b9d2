"""The groups that give an organization's latest personas their gender, age and country."""

from personas.models import Generation, Persona
from sources.connectors.harvests import GroupKey
from sources.connectors.meta.audience_targeting import unavailable
from sources.models import Organization


def faces_of(organization: Organization) -> list[GroupKey]:
    """Return those of the latest generation by country of which Meta estimates something, the largest part first."""
    made = Generation.objects.filter(organization=organization, state=Generation.State.DONE)
    latest = made.filter(unit=Generation.Unit.COUNTRY).order_by("-pk").first()
    personas = Persona.objects.filter(persona_set__generation=latest).order_by("-share", "pk") if latest else ()
    faces = dict.fromkeys((one.gender, one.age_group, one.country) for one in personas)
    return [face for face in faces if not unavailable(face)]
