"""What a connector hands over: plain records in shards, each of which is stored whole and never read twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sources.connectors.records import AttributeRow, CommentRow, ContentRow, Counts

SAID = ("title", "description", "category", "tags", "url", "thumbnail", "published_at")  # of a content unit
GroupKey = tuple[str, str, str]  # gender, age group, country (ISO 3166 alpha-2), as our tables spell them


@dataclass(frozen=True)
class Account:
    """One thing to collect from: a channel, property, page; `detail` helps a person to tell it from another.

    `token` is the account's own key where the platform gives one (Facebook's pages), else "". One that `is_closed` is
    named, but cannot be read; `detail` says why.
    """

    id: str
    name: str
    detail: str = ""
    token: str = ""
    is_closed: bool = False

    def __repr__(self) -> str:
        return f"Account(id={self.id!r}, name={self.name!r})"


@dataclass(frozen=True)
class Window:
    """The days to collect, both included, in the platform's own calendar."""

    first: date
    last: date

    def months(self) -> list["Window"]:
        """The window cut at the ends of months; one period is one of these."""
        parts, first = [], self.first
        while first <= self.last:
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            parts.append(Window(first, min(self.last, date.fromordinal(following.toordinal() - 1))))
            first = following
        return parts

    @property
    def period(self) -> str:
        """YYYY-MM of the first day."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class ContentCounts:
    """The interactions of one content unit in one period: the whole truth about that column.

    groups and counts (n,) belong together, each group once, counts in interactions. Beside them stand the interactions
    that no group has: `unknown`, of which the platform does not know who they were, and `suppressed`, which it keeps
    back because the cell is small. `estimated` says that marginals were raked, from the seed named in `seed`.
    """

    content_id: str
    period: str
    groups: Sequence[GroupKey]
    counts: Counts
    unknown: float = 0.0
    suppressed: float = 0.0
    estimated: bool = False
    seed: str = ""


@dataclass(frozen=True)
class Stretch:
    """The contents from `first` on and before `behind` (None: to the end) in one period, by the code points of ids."""

    period: str
    first: str = ""
    behind: str | None = None


@dataclass(frozen=True)
class LoyaltyRow:
    """How many of some interactions (or people) were by the loyal, as `kind` defines them; blank dimensions: any.

    kind is "subscribed" (YouTube), "returning" (GA4) or "follower" (Facebook). content_id "" stands for all contents.
    The rows of a kind, period and content are the whole truth about these; a total of 0 says that there is nothing now.
    """

    kind: str
    period: str
    content_id: str
    group: GroupKey
    loyal: float
    total: float


@dataclass(frozen=True)
class AudienceSizeRow:
    """How many people (monthly active) a platform says there are in a group: a range. Blank dimensions: any."""

    group: GroupKey
    lower: int
    upper: int
    month: str
    origin: str


@dataclass(frozen=True)
class Harvest:
    """What one shard brought. `complaints` say in words what could not be had, for the person who reads the page.

    `said` names what the contents tell of themselves: of those that are stored already, all else stays as it is.
    `unnamed` are interactions of contents that the platform does not name: they count in what is not known.
    In the stretches of `whole` the columns of contents that are not named in `counts` are outdated.
    Of the groups `settled`, attributes and sizes are all that is told now: of what is not among them nothing is known
    any more, whatever was told in an earlier month.
    """

    contents: Sequence[ContentRow] = ()
    said: tuple[str, ...] = SAID
    counts: Sequence[ContentCounts] = ()
    comments: Sequence[CommentRow] = ()
    loyalty: Sequence[LoyaltyRow] = ()
    attributes: Sequence[AttributeRow] = ()
    sizes: Sequence[AudienceSizeRow] = ()
    settled: Sequence[GroupKey] = ()
    unnamed: float = 0.0
    whole: Sequence[Stretch] = ()
    complaints: Sequence[str] = ()


@dataclass(frozen=True)
class Shard:
    """One part of a collection: read and stored whole, then never again in this collection.

    `key` names report, period and part, the same after every restart; `place` of `total` is its place in its stage:
    contents, interactions, comments or audience. Nothing is asked of the platform before `read` is called, but what
    tells how a stage is cut into shards. Where nothing depends on a stage, `read` may raise faults.PutOff: the rest of
    the stage is left to the next collection.
    """

    stage: str
    key: str
    place: int
    total: int
    read: Callable[[], Harvest]


@dataclass(frozen=True)
class Known:
    """What is stored of the source already, asked for when a shard needs it.

    content_ids: the external ids, sorted. commented: the day of the newest comment stored, by content id. interactions:
    how many are stored of a period (YYYY-MM); None where nobody counts them.
    """

    content_ids: Callable[[], list[str]]
    commented: Callable[[], dict[str, date]] = dict
    interactions: Callable[[str], float | None] = lambda period: None


class Connector(Protocol):
    """One account of one platform, ready to be read."""

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield the parts of a collection in their order: stages that later ones depend on are stored before those.

        A shard of an earlier stage has been stored by the time that a later one is asked for.
        """
        ...
