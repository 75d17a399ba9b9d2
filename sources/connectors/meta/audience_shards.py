"""Estimates of groups as parts of a collection: a shard each, so that a stop loses one group only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from sources.connectors.harvests import GroupKey, Harvest, Known, Shard, Window
from sources.connectors.meta.audience_estimates import CANNOT_TELL, AudienceEstimates

SHARES_ARE_OF = (
    "The shares of jobs, educations and relationships are of the people who tell Facebook one, without values that "
    "at most 1,000 people have."
)


def key_of(group: GroupKey) -> str:
    """Return what the shard of a group is called."""
    return " ".join(["audience", *(part or "any" for part in group)])


class AudienceShards:
    """Yields a shard for each of the groups to ask about, whatever the days of the collection."""

    def __init__(self, asking: AudienceEstimates, groups: Sequence[GroupKey]) -> None:
        self.asking, self.groups = asking, groups

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        for place, group in enumerate(self.groups, 1):
            yield Shard("audience", key_of(group), place, len(self.groups), partial(self._of, group))

    def _of(self, group: GroupKey) -> Harvest:
        """Return what is told of a group; what shares leave open is said alike of all groups, to be counted."""
        harvest = self.asking.of(group)
        if not harvest.attributes or not harvest.complaints:
            return harvest
        missing = [words for words in harvest.complaints if CANNOT_TELL in words]
        usual = [SHARES_ARE_OF] if len(missing) < len(harvest.complaints) else []
        return replace(harvest, complaints=[*usual, *missing])
