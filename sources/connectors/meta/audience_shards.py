"""Estimates of groups as the last part of a collection of ads: a shard each, so that a stop loses one group only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from sources.connectors.harvests import Connector, GroupKey, Harvest, Known, Shard, Window
from sources.connectors.meta.audience_estimates import AudienceEstimates

SHARES_ARE_OF = (
    "The shares of jobs, educations and relationships are of the people who tell Facebook one, without values that "
    "at most 1,000 people have."
)


class WithEstimates:
    """Yields the shards of a connector of ads, and after them one for each of the groups to ask about."""

    def __init__(self, ads: Connector, asking: AudienceEstimates, groups: Sequence[GroupKey]) -> None:
        self.ads, self.asking, self.groups = ads, asking, groups

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        yield from self.ads.shards(window, known)
        for place, group in enumerate(self.groups, 1):
            key = " ".join(["audience", *(part or "any" for part in group)])
            yield Shard("audience", key, place, len(self.groups), partial(self._of, group))

    def _of(self, group: GroupKey) -> Harvest:
        """Return what is told of a group; what its shares leave open is said alike of all groups, to be counted."""
        harvest = self.asking.of(group)
        if harvest.attributes and harvest.complaints:
            return replace(harvest, complaints=[SHARES_ARE_OF])
        return harvest
