"""The groups to ask Meta about, the faces of the latest personas first; asked when a person wishes, or every month."""

from collections.abc import Iterable, Iterator

from enrichment.measures.likeliest import LEAST_COVERAGE
from personas.exporting import groups_of
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
    return _told_of(_face(one) for one in _personas_of(latest_by_country(organization)))


def latest_by_country(organization: Organization) -> Generation | None:
    """Return the generation whose personas stand for countries and are shown now."""
    return Generation.objects.of(organization).complete().filter(unit=Generation.Unit.COUNTRY).first()


def groups_to_ask(organization: Organization) -> list[GroupKey]:
    """Return the groups by which the latest personas can tell most; without any, those with the most interactions.

    First what the suggested set needs: its faces, for their sizes, and behind each of them the largest groups, so many
    that jobs and the like can be told. Then the faces of the other sets.
    """
    latest = latest_by_country(organization)
    if latest is None:
        return heaviest_groups(organization, MOST // 3)
    first = [one for one in _personas_of(latest) if one.persona_set.size == latest.suggested_size]
    behind = [group for one in first for group in _enough(one, latest.audience.groups)]
    faces = [_face(one) for one in first]
    return _told_of([*faces, *behind, *faces_of(organization)])[:MOST]


def queue_estimates_of(source: DataSource, requested_by=None, most: int = MOST) -> Collection:
    """Queue a collection that asks about the personas of the source's organization; raises DataError.

    most: how many groups, of which the personas need the first ones most.
    """
    groups = groups_to_ask(source.organization)[:most]
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


def _personas_of(generation: Generation | None) -> list[Persona]:
    shown = Persona.objects.filter(persona_set__generation=generation).select_related("persona_set")
    return list(shown.order_by("-share", "pk")) if generation else []


def _face(persona: Persona) -> GroupKey:
    return persona.gender, persona.age_group, persona.country


def _enough(persona: Persona, rows: list) -> Iterator[GroupKey]:
    """Yield the largest groups behind a persona until estimates of them cover what its attributes need."""
    covered = 0.0
    for group in groups_of(persona, rows):
        key = group["gender"], group["age_group"], group["country"]
        if covered >= LEAST_COVERAGE:
            return
        if not unavailable(key):
            covered += group["share"]
            yield key


def _told_of(groups: Iterable[GroupKey]) -> list[GroupKey]:
    """Return those of which Meta estimates something, each once."""
    return [group for group in dict.fromkeys(groups) if not unavailable(group)]
