"""Thin personas: patterns joined with their groups and contents, in sets of every size asked for."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from personas.pipeline import measures
from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import compress
from personas.pipeline.counting import CountModel, raw_model, unscaled_model
from personas.pipeline.factorising import check_rank, check_size, factorise_path, factorise_reference, path_rank
from personas.pipeline.likeness import Yardstick
from personas.pipeline.matrix import Audience
from personas.pipeline.remembering import Memory, recalled
from personas.pipeline.representing import balanced_representatives, reference_representatives
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.sizing import judge_sizes, suggest_size
from personas.pipeline.threads import quiet_linear_algebra
from personas.pipeline.trying import Recall
from sources.telling import Report

HEAVIEST = 200
REFITS = 2
TRACE = 1e-6
FEW_CELLS = 300_000  # up to here the reference is quick enough to be held against

Method = Literal["balanced", "reference"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ThinPersona:
    """A pattern with its representative group (row of the audience), the groups behind it and its heaviest contents.

    `thread` is the same at every size that carries the pattern on; `share` is its part of all interactions in V.
    `content_weights` (c,) is the share of every content in the persona's interactions.
    """

    thread: int
    representative: int
    share: float
    group_shares: NDArray[np.float32]
    content_columns: NDArray[np.int64]
    content_shares: Floats
    content_lifts: Floats
    content_weights: NDArray[np.float32]
    stability: float = float("nan")


@dataclass(frozen=True)
class ThinSet:
    """The thin personas of one size, heaviest first, with the set's measures."""

    size: int
    personas: tuple[ThinPersona, ...]
    measures: dict[str, float]
    consistency_with_next: float | None


@dataclass(frozen=True)
class Drawn:
    """All sets of one audience, the size that the data suggests and the curve behind it."""

    sets: tuple[ThinSet, ...]
    suggested_size: int
    size_curve: dict[int, dict[str, float]]
    seconds: dict[str, float]


@dataclass(frozen=True)
class _Sketch:
    """One size before it is a set: its model in counts, the thread and the representative of every pattern."""

    model: CountModel
    threads: list[int]
    representatives: list[int]
    converged: bool


def draw_sets(
    audience: Audience,
    *,
    sizes: Sequence[int],
    method: Method,
    seed: int,
    memory: Memory | None = None,
    report: Report | None = None,
) -> Drawn:
    """Draw a set of thin personas at every size; `report` hears (stage, done, total) and may raise to cancel.

    With a `memory` the balanced method carries on the patterns and faces of an earlier time where they still hold.

    Raises GenerationError when the data cannot give that many personas.
    """
    say = report or (lambda stage, done, total: None)
    sizes = sorted(set(sizes))
    check_size(audience.V, sizes[-1])
    clock = _Stages()
    with quiet_linear_algebra():
        if method == "balanced":
            sketches = _balanced(audience, sizes, seed, memory, say, clock)
        else:
            sketches = _reference(audience, sizes, seed, say, clock)
        clock.begin("judge")
        patterns = {size: sketch.model.content_mass(audience.V.shape[1]) for size, sketch in sketches.items()}
        judged = judge_sizes(audience, patterns, method, seed, say)
        clock.begin("measure")
        sets = _sets(audience, sketches, judged.stability, say)
    return Drawn(sets, suggest_size(judged.curve), judged.curve, clock.end())


class _Stages:
    """Seconds spent by stage."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._name, self._since = "", time.perf_counter()

    def begin(self, name: str) -> None:
        now = time.perf_counter()
        if self._name:
            self._seconds[self._name] = self._seconds.get(self._name, 0.0) + now - self._since
        self._name, self._since = name, now

    def end(self) -> dict[str, float]:
        self.begin("")
        return self._seconds


def _balanced(
    audience: Audience, sizes: list[int], seed: int, memory: Memory | None, say: Report, clock: _Stages
) -> dict[int, _Sketch]:
    clock.begin("factorise")
    say("factorise", 0, len(sizes))
    scaled = shrunken_lift(audience.V, audience.sources)
    path = factorise_path(
        audience.V,
        scaled,
        audience.sources,
        sizes,
        seed,
        done=lambda done: say("factorise", done, len(sizes)),
        recall=_recall(audience, memory, scaled.kept),
    )
    models = {size: unscaled_model(f.W, f.H, scaled, audience.V, refits=REFITS) for size, f in path.items()}
    clock.begin("represent")
    say("represent", 0, 1)
    masses = {size: model.group_mass() for size, model in models.items()}
    chosen = balanced_representatives(audience, masses, _yardsticks(audience, sizes, seed), seed, memory)
    say("represent", 1, 1)
    return {k: _Sketch(models[k], list(range(k)), chosen[:k], path[k].converged) for k in sizes}


def _recall(audience: Audience, memory: Memory | None, kept: Floats) -> Recall:
    """How the groups of now mixed the patterns of the earlier time, as W, by size; `kept` is how they stand there."""
    return lambda size: recalled(memory, audience.groups, size) * kept[:, None] if memory else None


def _yardsticks(audience: Audience, sizes: list[int], seed: int) -> dict[int, Yardstick]:
    """What the reference method reaches, in audiences so small that it may come near the best by luck."""
    if audience.V.nnz > FEW_CELLS:
        return {}
    found = {}
    for size in sizes:
        chosen = reference_representatives(factorise_reference(audience.V, size, seed).W)
        different = measures.different([audience.groups[i] for i in chosen])
        found[size] = Yardstick(measures.fairness_gap(audience, chosen), different)
    return found


def _reference(audience: Audience, sizes: list[int], seed: int, say: Report, clock: _Stages) -> dict[int, _Sketch]:
    clock.begin("factorise")
    say("factorise", 0, len(sizes))
    one_source = np.zeros_like(audience.sources)
    check_rank(compress(SparseBlocks(shrunken_lift(audience.V, one_source).X), path_rank(sizes), seed), sizes[-1])
    sketches, fresh = {}, 0
    for done, size in enumerate(sizes, start=1):
        factors = factorise_reference(audience.V, size, seed)
        threads = list(range(fresh, fresh + size))
        fresh += size
        model = raw_model(factors.W, factors.H)
        sketches[size] = _Sketch(model, threads, reference_representatives(factors.W), factors.converged)
        say("factorise", done, len(sizes))
    return sketches


def _sets(
    audience: Audience, sketches: dict[int, _Sketch], stability: dict[int, Floats], say: Report
) -> tuple[ThinSet, ...]:
    sets = []
    following = [*list(sketches.values())[1:], None]
    for done, ((size, sketch), after) in enumerate(zip(sketches.items(), following, strict=True), start=1):
        sets.append(
            ThinSet(
                size=size,
                personas=_personas(audience, sketch, stability[size]),
                measures=_measures(audience, sketch, stability[size]),
                consistency_with_next=None
                if after is None
                else measures.consistency(sketch.representatives, after.representatives),
            )
        )
        say("measure", done, len(sketches))
    return tuple(sets)


def _measures(audience: Audience, sketch: _Sketch, stability: Floats) -> dict[str, float]:
    return {
        "relative_error": measures.relative_error(audience.V, sketch.model),
        "explained_deviance": measures.explained_deviance(audience.V, sketch.model),
        "diversity": measures.diversity(audience, sketch.representatives),
        "most_diversity": measures.most_diversity(audience, len(sketch.representatives)),
        "fairness_gap": measures.fairness_gap(audience, sketch.representatives),
        "coverage": audience.coverage,
        "duplicate_groups": float(measures.duplicate_groups(audience, sketch.representatives)),
        "stability": float(stability.mean()),
        "converged": float(sketch.converged),
    }


def _personas(audience: Audience, sketch: _Sketch, stability: Floats) -> tuple[ThinPersona, ...]:
    """The personas of one size, heaviest first."""
    by_group = sketch.model.group_mass()
    for k, i in enumerate(sketch.representatives):
        # In a tiny audience a representative may have no part in its pattern: it then stands there with a trace.
        by_group[i, k] = max(by_group[i, k], TRACE * by_group[i].sum())
    by_content = sketch.model.content_mass(audience.V.shape[1])
    shares = by_group.sum(axis=0) / by_group.sum()
    baseline = np.asarray(audience.V.sum(axis=0)).ravel() / audience.V.sum()
    order = np.argsort(-shares, kind="stable")
    return tuple(
        ThinPersona(
            thread=sketch.threads[k],
            representative=sketch.representatives[k],
            share=float(shares[k]),
            group_shares=(by_group[:, k] / by_group[:, k].sum()).astype(np.float32),
            stability=float(stability[k]),
            content_weights=_shares(by_content[k]).astype(np.float32),
            **_contents(by_content[k], baseline),
        )
        for k in order
    )


def _contents(mass: Floats, baseline: Floats) -> dict[str, NDArray[Any]]:
    """The heaviest contents of one persona, with share and lift; none for a pattern that the reference left empty."""
    shares = _shares(mass)
    least = np.partition(shares, -HEAVIEST)[-HEAVIEST] if len(shares) > HEAVIEST else 0.0
    columns = np.flatnonzero((shares >= least) & (shares > 0))
    columns = columns[np.argsort(-shares[columns], kind="stable")][:HEAVIEST]
    return {
        "content_columns": columns,
        "content_shares": shares[columns],
        "content_lifts": shares[columns] / baseline[columns],
    }


def _shares(mass: Floats) -> Floats:
    """Parts of the whole; zeros where there is no whole."""
    return np.asarray(mass / max(float(mass.sum()), 1e-12))
