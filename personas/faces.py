"""The groups to ask Meta about, the faces of the latest personas first; asked when a person wishes, or every month."""

from personas.models import Generation, Persona
from sources.collecting.estimating import heaviest_groups
from sources.collecting.wanting import due_this_month, queue_estimates
from sources.connectors.harvests import GroupKey
from sources.connectors.meta.audience_targeting import unavailable
from sources.errors import DataError
from sources.models import Collection, DataSource, Organization

MOST = 60  # groups at once: eight hours where an app may ask least


def faces_of(organization: Organization) -> list[GroupKey]:
    """Return those of the latest generation by country of which Meta estimates something, the largest part first."""
    latest = latest_by_country(organization)
    personas = Persona.objects.filter(persona_set__generation=latest).order_by("-share", "pk") if latest else ()
    faces = dict.fromkeys((one.gender, one.age_group, one.country) for one in personas)
    return [face for face in faces if not unavailable(face)]


def latest_by_country(organization: Organization) -> Generation | None:
    """Return the generation whose personas stand for countries and are shown now."""
    return Generation.objects.of(organization).complete().filter(unit=Generation.Unit.COUNTRY).first()


def groups_to_ask(organization: Organization) -> list[GroupKey]:
    """Return the faces of the latest personas; while there are none, the groups with the most interactions."""
    return faces_of(organization)[:MOST] or heaviest_groups(organization, MOST // 3)


def queue_estimates_of(source: DataSource, requested_by=None) -> Collection:
    """Queue a collection that asks about the personas of the source's organization; raises DataError."""
    groups = groups_to_ask(source.organization)
    return queue_estimates(source=source, groups=groups, requested_by=requested_by)


def queue_monthly() -> list[Collection]:
    """Queue what is asked every month and was not yet in this one; a source that is busy waits for the next look."""
    queued = []
    for source in due_this_month():
        try:
            queued.append(queue_estimates_of(source))
        except DataError:
            continue
    return queued
