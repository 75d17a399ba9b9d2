"""A run told as a row of steps: what is behind, what is now, what is ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

from sources.runs import Run


@dataclass(frozen=True)
class Stage:
    """A stage as the run reports it and as people read it; `counted` when its numbers mean something to them."""

    key: str
    label: str
    words: str
    counted: bool = False


@dataclass(frozen=True)
class Step:
    """One step on the page; `state` is done, now, ahead or stopped; `seconds` are those spent, None when unknown."""

    label: str
    words: str
    state: str
    done: int = 0
    total: int = 0
    counted: bool = False
    seconds: float | None = None

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.done / self.total)) if self.total else 0


def steps_of(run: Run, stages: Sequence[Stage]) -> list[Step]:
    """Return the steps of a run; a stage that the run names and the page does not know counts as the one before it."""
    keys = [stage.key for stage in stages]
    passed = [part["stage"] for part in run.stages]
    reached = [keys.index(key) for key in (*passed, run.stage) if key in keys]
    current = max(reached, default=0 if run.state == Run.State.RUNNING else -1)
    return [_step(run, stage, place, current) for place, stage in enumerate(stages)]


def _step(run: Run, stage: Stage, place: int, current: int) -> Step:
    past = [part for part in run.stages if part["stage"] == stage.key]
    seconds = sum(part["seconds"] for part in past) if past else None
    if run.state == Run.State.DONE or place < current:
        count = max((part.get("count", 0) for part in past), default=0)
        return Step(stage.label, stage.words, "done", count, count, stage.counted, seconds)
    if place > current:
        return Step(stage.label, stage.words, "ahead")
    state = "now" if run.is_open else "stopped"
    if run.stage != stage.key:
        return Step(stage.label, stage.words, state)
    return Step(stage.label, stage.words, state, run.stage_done, run.stage_total, stage.counted)
