"""The verb that makes persona sets: interactions -> matrix -> patterns -> thin personas -> identities -> profiles."""

import platform
import time
from collections.abc import Iterable, Sequence
from contextlib import contextmanager

import numpy as np
import scipy
import sklearn
from django.db import IntegrityError, transaction

from enrichment.attributing import Whole
from enrichment.enriching import Enricher
from enrichment.measures.loyalty import scatter
from enrichment.reading_comments import read_comments
from enrichment.topic_rules import rules_of
from personas import storing
from personas.errors import GenerationError, TooManyPersonas
from personas.frames import read_audience, refuse_deleted_sources, sources_read, sources_used
from personas.identifying import recognise
from personas.models import Generation
from personas.pipeline.matrix import Audience
from personas.pipeline.skeletons import Drawn, draw_sets
from personas.recalling import labels_before, memory_of, time_before
from sources.models import DataSource, Organization
from sources.queueing import enqueue

LARGEST = 40
SMALLEST = 2
DEFAULT_SIZES = tuple(range(5, 16))
NOTED = (
    "sizes",
    "continues",
    "group_count",
    "content_count",
    "interaction_total",
    "unknown_total",
    "estimated_total",
    "seeds",
    "small_total",
    "small_groups",
    "absent_dimensions",
    "suggested_size",
    "size_curve",
    "used_sources",
    "fingerprint",
    "versions",
)
STAGES = {"factorise": "patterns", "represent": "personas", "judge": "personas", "measure": "personas"}


def new_generation(
    *,
    organization: Organization,
    requested_by=None,
    sizes: Iterable[int] | None = None,
    method: str = Generation.Method.BALANCED,
    period: str = "",
    unit: str = Generation.Unit.COUNTRY,
    seed: int = 0,
    sources: Sequence[DataSource] = (),
) -> Generation:
    """Write down a generation that is to run; no sources named means all of them, those of then and of now.

    Without sizes it makes those of 5 to 15 that the data can give. Raises GenerationError when another one of the
    organization is open.
    """
    chosen, sizes = sizes is not None, sorted(set(DEFAULT_SIZES if sizes is None else sizes))
    if not sizes or sizes[0] < SMALLEST or sizes[-1] > LARGEST:
        raise GenerationError(f"The numbers of personas go from {SMALLEST} to {LARGEST}.")
    try:
        with transaction.atomic():
            return Generation.objects.create(
                organization=organization,
                requested_by=requested_by,
                sizes=sizes,
                sizes_chosen=chosen,
                method=method,
                period=period,
                unit=unit,
                seed=seed,
                threshold=organization.small_cell_threshold,
                chosen_sources=[{"id": source.pk, "name": source.name, "kind": source.kind} for source in sources],
            )
    except IntegrityError:
        raise GenerationError(
            "A generation of this organization is already waiting or running. Wait until it is done, or cancel it."
        ) from None


def queue_generation(**wish) -> Generation:
    """Write down a generation and hand it to the queue, both or neither; takes what `new_generation` takes."""
    with transaction.atomic():
        generation = new_generation(**wish)
        enqueue(generation)
    return generation


def run_generation(generation: Generation) -> None:
    """Make the sets of a generation and store them; nothing of it is visible before it is complete."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "read"):
        audience, fingerprint, estimates = read_audience(generation, report=generation.report)
    generation.continues = time_before(generation, fingerprint)
    drawn = _draw(generation, audience)
    generation.estimated_total, generation.seeds = estimates.total, estimates.by_seed
    _note(generation, audience, drawn, fingerprint)
    with _timed(seconds, "comments"):
        read_comments(organization=generation.organization, report=generation.report)
    with _timed(seconds, "enrich"):
        usual = np.asarray(audience.V.sum(axis=0)).ravel()
        rules = rules_of(generation.organization)
        whole = _whole(audience, generation.period)
        labels = labels_before(generation)
        year, sources = generation.created_at.year, sources_read(generation)
        enricher = Enricher(audience.content_ids, usual, year, whole, rules, labels, sources=sources)
        known = recognise(generation, audience, drawn)
        made = storing.enrich(generation, audience, drawn, known, enricher)
    generation.report("store", 0, 1)
    with storing.pictures_only_if_stored(made), generation.completing():
        with _timed(seconds, "store"):
            refuse_deleted_sources(audience)
            storing.store(generation, audience, drawn, made, estimates.parts)
        generation.seconds = {"read": seconds.pop("read"), **_rounded(drawn.seconds), **seconds}
        generation.save(update_fields=["seconds"])


def _whole(audience: Audience, period: str) -> Whole:
    groups = [(group.gender, group.age_group, group.country) for group in audience.groups]
    return Whole(groups, np.asarray(audience.V.sum(axis=1)).ravel(), scatter(audience.V), period)


def _draw(generation: Generation, audience: Audience) -> Drawn:
    def report(stage: str, done: int, total: int) -> None:
        generation.report(STAGES.get(stage, stage), done, total)

    memory = memory_of(generation.continues) if generation.continues else None
    options = {"method": generation.method, "seed": generation.seed, "memory": memory, "report": report}
    while True:
        try:
            return draw_sets(audience, sizes=generation.sizes, **options)
        except TooManyPersonas as refusal:
            possible = [size for size in generation.sizes if size <= refusal.most]
            if generation.sizes_chosen or not possible:
                raise
            generation.sizes = possible


def _note(generation: Generation, audience: Audience, drawn: Drawn, fingerprint: str) -> None:
    generation.group_count, generation.content_count = audience.V.shape
    generation.interaction_total = audience.total
    generation.unknown_total, generation.small_total = audience.unknown, audience.small
    generation.small_groups = audience.small_groups
    generation.absent_dimensions = [
        name for name in ("gender", "age_group", "country") if not getattr(audience.groups[0], name)
    ]
    generation.suggested_size = drawn.suggested_size
    generation.size_curve = {str(size): values for size, values in drawn.size_curve.items()}
    generation.used_sources = sources_used(audience)
    generation.fingerprint = fingerprint
    generation.versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }
    generation.save(update_fields=NOTED)


@contextmanager
def _timed(seconds: dict[str, float], stage: str):
    began = time.monotonic()
    yield
    seconds[stage] = round(time.monotonic() - began, 3)


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {stage: round(value, 3) for stage, value in seconds.items()}
