"""The parts of a way through the days: which are stored, which of these hold no longer, and which were refused."""

from collections import Counter

from sources import bulk
from sources.collecting.complaining import as_stored
from sources.collecting.harvesting import Kept
from sources.connectors.harvests import Shard
from sources.models import Cycle

COUNTING = "interactions"  # the stage without which the others are of no use


class Parts:
    """The checkpoints of a cycle, and which of them a run has met again on its way past the shards."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        rows = cycle.checkpoints.values_list("key", "stage", "place", "refusal")
        self.stored = {key: (stage, place) for key, stage, place, _ in rows}
        self.refusals = {key: refusal for key, _, _, refusal in rows if refusal}
        self.before, self.now = len(self.stored), 0
        self.passed: Counter[str] = Counter()  # of each stage, those of earlier runs too
        self._met: set[str] = set()
        self._reached: dict[str, int] = {}
        self._left: set[str] = set()  # stages that lie behind

    def __contains__(self, shard: Shard) -> bool:
        return shard.key in self.stored

    def keep(self, shard: Shard, kept: Kept, refusal: str) -> None:
        """Write down that a shard is stored; `refusal`: the platform's words where there was nothing to store."""
        sums = {name: getattr(kept, name) for name in ("explained", "suppressed", "unknown")}
        self.cycle.checkpoints.create(
            key=shard.key,
            stage=shard.stage,
            place=shard.place,
            refusal=refusal,
            complaints=as_stored(kept.complaints),
            **sums,
        )

    def kept(self, shard: Shard, refusal: str) -> None:
        """Take note that what `keep` wrote is there to stay."""
        self.now += 1
        self.stored[shard.key] = shard.stage, shard.place
        if refusal:
            self.refusals[shard.key] = refusal

    def enter(self, stage: str) -> None:
        """Begin with a stage; those before it lie behind."""
        self._left = (self._left | {*self._reached}) - {stage}
        self._reached.setdefault(stage, 0)

    def met(self, shard: Shard) -> None:
        self._met.add(shard.key)
        self.passed[shard.stage] += 1
        self._reached[shard.stage] = shard.place

    def refused(self) -> tuple[list[str], list[str]]:
        """Return the words with which parts that were met were refused: of all of them, and of the counting ones."""
        keys = [key for key in self.refusals if key in self._met]
        counting = [key for key in keys if self.stored[key][0] == COUNTING]
        return [self.refusals[key] for key in keys], [self.refusals[key] for key in counting]

    def are_all_refused(self) -> bool:
        """Whether the platform refused all that was met."""
        return len(self.refused()[0]) == len(self._met)

    def forget_unmet(self) -> None:
        """Delete the checkpoints of parts that are not among the shards any more: others were cut in their place."""
        self._forget([key for key in self.stored if key not in self._met])

    def forget_passed(self) -> None:
        """Delete those of them that lie behind, on a way that is not at its end: or else their sums count twice."""
        self._forget([key for key, at in self.stored.items() if key not in self._met and self._is_behind(*at)])

    def _is_behind(self, stage: str, place: int) -> bool:
        """Comments come in another order every day, so that their places tell nothing before the stage is left."""
        return stage in self._left or (stage == COUNTING and place <= self._reached.get(stage, 0))

    def _forget(self, keys: list[str]) -> None:
        for start in range(0, len(keys), bulk.CHUNK):
            self.cycle.checkpoints.filter(key__in=keys[start : start + bulk.CHUNK]).delete()
        for key in keys:
            del self.stored[key]
            self.refusals.pop(key, None)
