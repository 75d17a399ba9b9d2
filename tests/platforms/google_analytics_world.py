"""A planted audience of a web site: pages x countries x ages x genders, made block by block, so that any size fits.

Every number follows from the seed: asked twice, the same is told, and nothing but counts of rows is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tests.platforms.stories import Story, tastes

COUNTRIES = ("(not set)", "DE", "EG", "FR", "GB", "ID", "IN", "JO", "MA", "PH", "QA", "TR", "US")
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+", "unknown")
GENDERS = ("female", "male", "unknown")
AXES = {"countryId": COUNTRIES, "userAgeBracket": AGES, "userGender": GENDERS}
SHAPE = tuple(len(values) for values in AXES.values())
BLOCK = 500
PATTERNS = 6
SECTIONS = ("arts", "business", "climate", "health", "politics", "science", "sport", "travel", "world")
SUBJECTS = ("Cities", "Schools", "Rivers", "Markets", "Hospitals", "Farms", "Museums", "Deserts", "Railways", "Ports")
TURNS = ("how they change", "what comes next", "in ten charts", "seen from above", "a short history", "and who pays")

Counts = npt.NDArray[np.int64]
Dimensions = tuple[str, ...]
Walked = tuple[int, tuple[int, ...]]
TITLES: Dimensions = ("pageTitle",)


@dataclass(frozen=True, eq=False)
class World:
    """One property's truth. views: mean a page and month; unknown: the share of people with no age and gender.

    threshold: cells of a question about age or gender below it are withheld. cap: pages beyond so many are told as
    "(other)", the least seen first. stories: what the pages tell, one for each, in the order of their topics' names;
    without them titles are put together from short lists. gone: pages without any views, as those that were deleted
    and restated. withheld: pages of so few people that no report by page has a row of them. other_last: whether the
    rows of "(other)" stand behind those of all paths, not before them.
    """

    pages: int = 300
    views: float = 900.0
    unknown: float = 0.35
    threshold: int = 0
    cap: int | None = None
    seed: int = 0
    stories: Sequence[Story] = ()
    gone: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()
    other_last: bool = False
    _starts: dict[tuple[str, Dimensions], Counts] = field(default_factory=dict, repr=False)

    def path(self, page: int) -> str:
        if self.stories:
            story = self.stories[page]
            return f"/{story.topic_name.lower()}/{page:06d}-{story.slug}"
        return _path(self.pages, page)

    def title(self, page: int) -> str:
        return self.stories[page].title if self.stories else f"{SUBJECTS[page % 10]}: {TURNS[page % 6]}"

    def block(self, period: str, number: int) -> Counts:
        """The true views (pages of the block, countries, ages, genders)."""
        return _block(self, period, number)

    def blocks(self) -> range:
        return range(-(-self.pages // BLOCK))

    def truth(self, period: str) -> Counts:
        """The true views (pages, countries, ages, genders): for worlds that fit."""
        return np.concatenate([self.block(period, number) for number in self.blocks()])

    @property
    def patterns(self) -> npt.NDArray[np.float64]:
        """What each pattern's audience looks like (patterns, countries, ages, genders), unknown people among them."""
        return _patterns(self)

    def kept(self, period: str) -> npt.NDArray[np.bool_]:
        """Which pages are told by name (pages,)."""
        return _kept(self, period)

    def starts(self, period: str, dimensions: Dimensions) -> Counts:
        """The number of rows before each page in a report by pagePath and these (pages + 1,), "(other)" not counted."""
        if (period, dimensions) not in self._starts:
            self._count(period)
        return self._starts[period, dimensions]

    def rows_of(self, period: str, number: int, dimensions: Dimensions) -> Counts:
        """What a report tells of a block: views by the dimensions, withheld cells and unnamed pages as 0."""
        kept = self.kept(period)[number * BLOCK : (number + 1) * BLOCK]
        return self.told(self.block(period, number), dimensions) * kept.reshape(-1, *[1] * len(dimensions))

    def told(self, cells: Counts, dimensions: Dimensions) -> Counts:
        """Sum (n, countries, ages, genders) over what is not asked for, and withhold what is small.

        By ("pageTitle",) the views are (n, 2): every page was first seen under another title, by a fifth of all.
        """
        if dimensions == TITLES:
            views = cells.sum(axis=(1, 2, 3))
            return np.stack([views - views // 5, views // 5], axis=1)
        gone = tuple(axis for axis, name in enumerate(AXES, start=1) if name not in dimensions)
        summed = cells.sum(axis=gone)
        if self.threshold and dimensions and dimensions != ("countryId",):
            known = self.about_known(dimensions)
            summed = np.where(known & (summed < self.threshold), 0, summed)
        return summed

    def about_known(self, dimensions: Dimensions) -> npt.NDArray[np.bool_]:
        """The cells whose people have an age or a gender: only these are withheld."""
        full = np.ones([len(AXES[name]) for name in dimensions], dtype=bool)
        people = [place for place, name in enumerate(dimensions) if name != "countryId"]
        unknown = np.ones_like(full)
        for place in people:
            shape = [1] * len(dimensions)
            shape[place] = -1
            unknown &= (np.arange(len(AXES[dimensions[place]])) == len(AXES[dimensions[place]]) - 1).reshape(shape)
        return full & ~unknown

    def site(self, period: str) -> Counts:
        """The true views of the whole property (countries, ages, genders)."""
        return _site(self, period)

    def other(self, period: str) -> Counts:
        """The views of the pages that are not named (countries, ages, genders)."""
        return _other(self, period)

    def returning(self, period: str) -> Counts:
        """The views of the whole property by those who had been there before."""
        share = np.linspace(0.15, 0.7, int(np.prod(SHAPE))).reshape(SHAPE)
        return _rng(self, period, 1_000_001).binomial(self.site(period), share)

    def _count(self, period: str) -> None:
        questions = [(), TITLES, ("countryId",), ("userAgeBracket", "userGender"), tuple(AXES)]
        lengths: dict[Dimensions, list[Counts]] = {dimensions: [] for dimensions in questions}
        for number in self.blocks():
            for dimensions in questions:
                rows = self.rows_of(period, number, dimensions)
                lengths[dimensions].append(np.count_nonzero(rows.reshape(len(rows), -1), axis=1))
        for dimensions, parts in lengths.items():
            self._starts[period, dimensions] = np.concatenate([[0], np.cumsum(np.concatenate(parts))])


@lru_cache(maxsize=1024)
def _path(pages: int, page: int) -> str:
    words = f"{SUBJECTS[page % 10]} {TURNS[page % 6]}".lower().replace(" ", "-")
    return f"/{SECTIONS[page * len(SECTIONS) // pages]}/{page:06d}-{words}"


def _rng(world: World, period: str, number: int) -> np.random.Generator:
    return np.random.default_rng((world.seed, int(period.replace("-", "")), number))


@lru_cache(maxsize=8)
def _patterns(world: World) -> npt.NDArray[np.float64]:
    rng = np.random.default_rng((world.seed, 7))
    parts = [rng.dirichlet(np.full(length, 0.9), PATTERNS) for length in (SHAPE[0] - 1, SHAPE[1] - 1, SHAPE[2] - 1)]
    known = np.einsum("pc,pa,pg->pcag", *parts) * rng.lognormal(0, 0.5, (PATTERNS, *(n - 1 for n in SHAPE)))
    made = np.zeros((PATTERNS, *SHAPE))
    made[:, 1:, :-1, :-1] = known / known.sum(axis=(1, 2, 3), keepdims=True) * (1 - world.unknown)
    made[:, 1:, -1, -1] = parts[0] * world.unknown
    made[:, 0] = made[:, 1:].sum(axis=1) * 0.01
    return made / made.sum(axis=(1, 2, 3), keepdims=True)


def _parts(world: World, topics: list[int]) -> npt.NDArray[np.float64]:
    """Who views the pages of the topics (pages, cells); whoever is not known has no taste of their own."""
    taste = np.ones((len(topics), *SHAPE))
    taste[:, 1:, :-1, :-1] = tastes(COUNTRIES[1:])[topics][:, :, 1:]
    made = (world.patterns.mean(axis=0) * taste).reshape(len(topics), -1)
    return made / made.sum(axis=1, keepdims=True)


@lru_cache(maxsize=40)
def _block(world: World, period: str, number: int) -> Counts:
    size = min(BLOCK, world.pages - number * BLOCK)
    rng = np.random.default_rng((world.seed, 11, number))  # what a page is about does not change with the month
    mixture, popularity = rng.dirichlet(np.full(PATTERNS, 0.3), size), rng.lognormal(-0.5, 1.0, size)
    parts = mixture @ world.patterns.reshape(PATTERNS, -1)
    if world.stories:
        parts = _parts(world, [story.topic for story in world.stories[number * BLOCK : (number + 1) * BLOCK]])
    mean = parts * (popularity * world.views)[:, None]
    views: Counts = _rng(world, period, number).poisson(mean).reshape(size, *SHAPE)
    views[[page - number * BLOCK for page in world.gone if page // BLOCK == number]] = 0
    return views


@lru_cache(maxsize=8)
def _kept(world: World, period: str) -> npt.NDArray[np.bool_]:
    kept = np.ones(world.pages, dtype=bool)
    if world.cap is not None:
        views = np.concatenate([world.block(period, number).sum(axis=(1, 2, 3)) for number in world.blocks()])
        kept[np.argsort(-views, kind="stable")[world.cap :]] = False
    kept[[*world.withheld]] = False
    return kept


@lru_cache(maxsize=8)
def _site(world: World, period: str) -> Counts:
    return sum((world.block(period, number).sum(axis=0) for number in world.blocks()), np.zeros(SHAPE, dtype=np.int64))


@lru_cache(maxsize=8)
def _other(world: World, period: str) -> Counts:
    lumped, found = ~world.kept(period), np.zeros(SHAPE, dtype=np.int64)
    lumped[[*world.withheld]] = False
    if lumped.any():
        for number in world.blocks():
            found += world.block(period, number)[lumped[number * BLOCK : (number + 1) * BLOCK]].sum(axis=0)
    return found


def walked(world: World, period: str, dimensions: Dimensions, offset: int, limit: int) -> Iterator[Walked]:
    """Yield (page, its row's values) of a report in its order, "(other)" as page -1 before or behind all others."""
    told = world.told(world.other(period)[None], dimensions)
    other = [(-1, (*place, count)) for place, count in zip(np.argwhere(told > 0)[:, 1:], told[told > 0], strict=True)]
    pages = int(world.starts(period, dimensions)[-1])
    if world.other_last:
        yield from _walked(world, period, dimensions, offset, min(offset + limit, pages))
        yield from other[max(offset - pages, 0) : max(offset + limit - pages, 0)]
    else:
        yield from other[offset : offset + limit]
        yield from _walked(world, period, dimensions, max(offset - len(other), 0), offset + limit - len(other))


def _walked(world: World, period: str, dimensions: Dimensions, low: int, high: int) -> Iterator[Walked]:
    """Yield the rows of named pages from the one that is `low` up to the one before `high`."""
    starts = world.starts(period, dimensions)
    page = int(np.searchsorted(starts, low, side="right")) - 1
    for number in range(page // BLOCK, len(world.blocks())):
        begin = starts[number * BLOCK]
        if begin >= high:
            return
        cells = world.rows_of(period, number, dimensions)
        wanted = slice(max(low - begin, 0), high - begin)
        found = np.argwhere(cells > 0)[wanted].tolist(), cells[cells > 0][wanted].tolist()
        for place, count in zip(*found, strict=True):
            yield number * BLOCK + place[0], (*place[1:], count)
