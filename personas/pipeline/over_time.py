"""What becomes of people from month to month: who stays, who comes, who goes, and whose topics change."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

TOP = 3  # topics of a person that are compared, as the authors do

People = Mapping[Hashable, Sequence[str]]


@dataclass(frozen=True)
class Step:
    """Two months beside each other: who is in both, who came and who went, and which part of the top topics changed.

    `topic_change` holds, for those in both who have topics, a number from 0 (the same three) to 1 (three others).
    """

    stayed: frozenset[Hashable]
    came: frozenset[Hashable]
    went: frozenset[Hashable]
    topic_change: Mapping[Hashable, float]

    @property
    def persistence(self) -> float | None:
        """The part of the people of the month before who are there still; None when nobody was there."""
        before = len(self.stayed) + len(self.went)
        return len(self.stayed) / before if before else None

    @property
    def mean_topic_change(self) -> float | None:
        return mean(self.topic_change.values())


@dataclass(frozen=True)
class Report:
    """The figures over all months: different people, the part that stays, and the mean change of topics.

    Every pair of a person and a month weighs the same in both means; None where there is nothing to compare.
    """

    unique: int
    persistence: float | None
    topic_change: float | None


def step(before: People, now: People) -> Step:
    """Compare two months, each the topics of its people, the foremost first."""
    stayed = before.keys() & now.keys()
    changes = {one: topics_changed(before[one], now[one]) for one in stayed}
    return Step(
        stayed=frozenset(stayed),
        came=frozenset(now.keys() - stayed),
        went=frozenset(before.keys() - stayed),
        topic_change={one: change for one, change in changes.items() if change is not None},
    )


def report(months: Sequence[People], carried: Sequence[bool]) -> tuple[Report, list[Step | None]]:
    """Return the figures over months in their order, and the steps between them: one fewer than months.

    `carried` tells of each step whether the later month carries on the earlier one. Who is new and who is gone is not
    known of one that does not: that step is None and counts in no figure.
    """
    pairs = zip(pairwise(months), carried, strict=True)
    all_steps = [step(before, now) if goes_on else None for (before, now), goes_on in pairs]
    steps = [one for one in all_steps if one]
    stayed, went = sum(len(one.stayed) for one in steps), sum(len(one.went) for one in steps)
    return (
        Report(
            unique=len(set().union(*months)),
            persistence=stayed / (stayed + went) if stayed + went else None,
            topic_change=mean(change for one in steps for change in one.topic_change.values()),
        ),
        all_steps,
    )


def topics_changed(before: Sequence[str], now: Sequence[str]) -> float | None:
    """Return the part of the top three that is another one now, whatever the order and the case; None without topics.

    Where one month has fewer than three, the longer list counts.
    """
    then, here = ({label.casefold() for label in topics[:TOP]} for topics in (before, now))
    longest = max(len(then), len(here))
    return 1 - len(then & here) / longest if longest else None


def mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
