"""The report of a collection from a platform in the words of the page, while it runs and when it is over."""

from dataclasses import dataclass, field
from datetime import date

from sources.collecting.complaining import with_titles
from sources.collecting.covering import Coverage, coverage_so_far
from sources.collecting.wanting import MINUTES_A_GROUP, waiting_of
from sources.connecting.platforms import PLATFORMS
from sources.models import Collection
from sources.stepping import Stage

COUNTED = (("contents", "Contents"), ("cells", "Counts by group"), ("comments", "Comments read"))
STAGES = (
    Stage("contents", "Contents", "Reading the list of contents", counted=True),
    Stage("interactions", "Interactions", "Asking who the people behind the interactions are", counted=True),
    Stage("comments", "Comments", "Reading what was said", counted=True),
    Stage("audience", "Audience", "Asking about the audience as a whole", counted=True),
)


@dataclass(frozen=True)
class Collected:
    """What a collection brought and how much of it known groups explain; what is not known yet is None or empty."""

    coverage: Coverage | None = None
    first_day: date | None = None
    last_day: date | None = None
    parts_now: int = 0
    parts_before: int = 0
    counts: list[tuple[str, int]] = field(default_factory=list)
    complaints: list[dict] = field(default_factory=list)
    more_complaints: int = 0
    stopped: str = ""
    groups_asked: int = 0
    groups_to_ask: int = 0
    is_undated: bool = False

    @property
    def seconds_to_ask(self) -> int:
        """How long asking about the groups takes at most, with the access that an app has in development."""
        return self.groups_to_ask * MINUTES_A_GROUP * 60


def collected_of(run: Collection) -> Collected:
    """Return the report of a collection; of one that goes on, what it covers so far."""
    told = run.summary
    if "coverage" not in told:
        return _so_far(run) if run.is_open else Collected()
    complaints = told.get("complaints", [])
    return Collected(
        coverage=Coverage(**told["coverage"]),
        first_day=date.fromisoformat(told["first_day"]),
        last_day=date.fromisoformat(told["last_day"]),
        parts_now=told["shards_now"],
        parts_before=told["shards_before"],
        counts=[(words, told.get(key, 0)) for key, words in COUNTED],
        complaints=with_titles(run.source, complaints),
        more_complaints=told.get("complaint_kinds", 0) - len(complaints),
        stopped=told.get("stopped", ""),
        groups_asked=told.get("groups_asked", 0),
        groups_to_ask=told.get("groups_to_ask", 0),
        is_undated=PLATFORMS[run.source.kind].is_undated,
    )


def is_cut_off(run: Collection) -> bool:
    """Whether only a person can mend what a failed collection failed of: nothing was collected of its source since."""
    is_last = run.state == Collection.State.FAILED and not run.source.collections.filter(pk__gt=run.pk).exists()
    return is_last and run.source.link == "reconnect"


def _so_far(run: Collection) -> Collected:
    """Tell of the way that a run goes on with; that is finished already while it asks about groups."""
    cycle = (run.source.cycles if run.stage else run.source.cycles.filter(finished_at=None)).first()
    covered = coverage_so_far(cycle) if cycle else None
    return Collected(coverage=covered, groups_to_ask=waiting_of(run.source))
