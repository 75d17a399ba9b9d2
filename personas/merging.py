"""Two personas that are one: merged in every set, early and late, and parted again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Q

from personas.combining import combine
from personas.curating import locked, put_name
from personas.history import Verb, record
from personas.models import Identity, IdentityChange, Persona, PersonaSet
from personas.uniting import tell_unions
from sources.errors import DataError

ASIDE = 10_000  # added to positions while they are dealt out anew: no two may be the same at any time
BATCH = 500


@dataclass(frozen=True)
class Shared:
    """A set that both stand in: their shares of the audience, which add up."""

    persona_set: PersonaSet
    kept: float
    merged: float

    @property
    def sum(self) -> float:
        return self.kept + self.merged

    @property
    def left(self) -> int:
        """How many personas the set shows after the merge."""
        return self.persona_set.shown - 1


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do: to the sets that both stand in, and to those where only the other name changes."""

    kept: Identity
    merged: Identity
    shared: list[Shared]
    renamed: int


def preview_merge(*, kept: Identity, merged: Identity) -> MergePreview:
    """Return what merging would do; DataError when these two cannot be merged."""
    refuse_merge(kept, merged)
    ours, theirs = _shares(kept), _shares(merged)
    both = [pk for pk in ours if pk in theirs]
    sets = PersonaSet.objects.select_related("generation__organization").filter(pk__in=both)
    sets = sets.annotate(shown=Count("personas", filter=Q(personas__part_of=None))).order_by("-generation", "size")
    return MergePreview(
        kept, merged, [Shared(one, ours[one.pk], theirs[one.pk]) for one in sets], len(theirs) - len(both)
    )


def refuse_merge(kept: Identity, merged: Identity) -> None:
    """Raise DataError when the two cannot become one, and say why."""
    if kept.pk == merged.pk:
        raise DataError("A persona cannot be merged with itself. Choose two.")
    if kept.organization_id != merged.organization_id:
        raise DataError("These personas belong to different organizations.")
    if merged.merged.exists():
        raise DataError(f"Others were merged into {merged}. Keep that one, or revert those merges first.")


@transaction.atomic
def merge_identities(
    *, kept: Identity, merged: Identity, by=None, why: str = "", undoes: IdentityChange | None = None
) -> IdentityChange:
    """Show the patterns of one identity under the name, the face and the pins of another, and return the entry.

    Where only the other one stands in a set, its persona goes by the kept name. Where both do, one persona shows the
    two: shares, interactions and groups add up, contents and topics are weighted by share, sentiment, job and loyalty
    are those of both, and the set shows one persona less. Notes and history of the other are shown with those of the
    kept one; its name, picture and pins wait for the merge to be reverted. The patterns stay as the data gave them: the
    measures of the sets remain those before the merge, and later generations know either pattern again as the kept
    one. Raises DataError when these two cannot be merged.
    """
    # In the order of their keys, so that two merges at a time do not wait for each other.
    stored = {one.pk: locked(one) for one in sorted((kept, merged), key=lambda one: one.pk)}
    kept, merged = stored[kept.pk], stored[merged.pk]
    refuse_merge(kept, merged)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    put_name(Persona.every.filter(identity=merged), merged.name, kept.name)
    Persona.every.filter(identity=merged).update(identity=kept, merged_from=merged)
    combine_doubles(kept)
    before, after = _entry(merged, False), _entry(merged, True)
    return record(identity=kept, verb=Verb.MERGE, before=before, after=after, by=by, why=why, undoes=undoes)


@transaction.atomic
def unmerge_identity(*, identity: Identity, by=None, why: str = "", undoes: IdentityChange | None = None):
    """Give an identity that was merged away its own patterns back, also those of later generations; return the entry.

    Both have the name, the face and the pins that they had. Raises DataError when it is not merged.
    """
    merged = Identity.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=identity.pk)
    kept = merged.merged_into
    if kept is None:
        raise DataError(f"{merged} is not merged into another persona.")
    sets = set(Persona.every.filter(merged_from=merged, part_of__isnull=False).values_list("persona_set", flat=True))
    _set_aside(sets)
    _dissolve(kept, sets)
    _deal_positions(sets)
    put_name(Persona.every.filter(merged_from=merged), kept.name, merged.name)
    Persona.every.filter(merged_from=merged).update(identity=merged, merged_from=None)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    combine_doubles(kept)
    before, after = _entry(merged, True), _entry(merged, False)
    return record(identity=kept, verb=Verb.MERGE, before=before, after=after, by=by, why=why, undoes=undoes)


def combine_doubles(identity: Identity, sets: Iterable[PersonaSet] | None = None) -> None:
    """Show the identity once in each set, of all or of these, where several patterns are its own.

    To be called in a transaction.
    """
    rows = Persona.objects.filter(identity=identity)
    if sets is not None:
        rows = rows.filter(persona_set__in=sets)
    many = rows.order_by().values("persona_set").annotate(rows=Count("pk")).filter(rows__gt=1)
    touched = set(many.values_list("persona_set", flat=True))
    _set_aside(touched)
    _dissolve(identity, touched)
    by_set: dict[int, list[Persona]] = defaultdict(list)
    rows = Persona.objects.filter(identity=identity, persona_set__in=touched)
    whole = rows.select_related("persona_set__generation__organization", "persona_set__generation__audience")
    for row in whole.order_by("persona_set", "thread"):
        by_set[row.persona_set_id].append(row)
    combined = [(combine(parts, identity), parts) for parts in by_set.values()]
    tell_unions(combined)
    for one, parts in combined:
        one.position = 0  # of none that is shown; it gets its own below
        one.save()
        for number, part in enumerate(parts, start=1):
            part.part_of, part.position = one, number
        Persona.every.bulk_update(parts, ["part_of", "position"])
    _deal_positions(touched)


def _shares(identity: Identity) -> dict[int, float]:
    return dict(Persona.objects.filter(identity=identity).values_list("persona_set", "share"))


def _entry(merged: Identity, is_merged: bool) -> dict:
    return {"merged": is_merged, "merged_id": merged.pk, "merged_name": merged.name}


def _dissolve(identity: Identity, sets: Iterable[int]) -> None:
    """Show the identity's patterns in these sets one by one; their positions are to be dealt out anew."""
    shown = Persona.objects.filter(identity=identity, persona_set__in=sets, combined=True)
    keys = list(shown.values_list("pk", flat=True))
    Persona.every.filter(part_of__in=keys).update(part_of=None, position=F("position") + 2 * ASIDE)
    Persona.every.filter(pk__in=keys).delete()


def _set_aside(sets: Iterable[int]) -> None:
    Persona.objects.filter(persona_set__in=sets).update(position=F("position") + ASIDE)


def _deal_positions(sets: Iterable[int]) -> None:
    """Number the shown personas of each set by falling share, which were set aside before."""
    place: dict[int, int] = defaultdict(int)
    rows = list(
        Persona.objects.filter(persona_set__in=sets).order_by("persona_set", "-share", "thread").only("persona_set")
    )
    for row in rows:
        place[row.persona_set_id] += 1
        row.position = place[row.persona_set_id]
    Persona.every.bulk_update(rows, ["position"], batch_size=BATCH)
