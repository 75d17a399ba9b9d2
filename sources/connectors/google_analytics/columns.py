"""The views of pages in one month of Google Analytics: the joint where it is told, raked where too little of it is.

What is kept back and what is not known about people stands beside the groups: the three add up to the page's views.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from sources.connectors.google_analytics.reports import Row
from sources.connectors.google_analytics.walks import OTHER, OTHER_LAST, Part
from sources.connectors.harvests import ContentCounts, GroupKey, Stretch
from sources.connectors.identifiers import bounds, stored_id
from sources.connectors.records import Counts
from sources.connectors.vocabulary import vocabulary
from sources.connectors.wording import Complaint
from sources.raking import Margin, rake_each

NO_PAGE = frozenset({"", OTHER, OTHER_LAST, "(not set)"})  # paths that stand for many pages, or for none

JOINT = ("pagePath", "countryId", "userAgeBracket", "userGender")
PEOPLE = ("pagePath", "userAgeBracket", "userGender")
COUNTRIES = ("pagePath", "countryId")
VIEWS = ("pagePath",)
REPORTS = (JOINT, PEOPLE, COUNTRIES, VIEWS)

PROPERTY = "age, gender and country of the whole property"  # of the same month, whose joint is the seed
NOBODY = ("", "")  # gender and age group of those who are not known
Seed = Mapping[GroupKey, float]
Estimate = tuple[Sequence[GroupKey], Counts]
BLOCK = 500  # pages raked at once: memory stays flat
TOLERANCE, ITERATIONS = 1e-4, 300  # of a margin: views are whole numbers, and few


@dataclass
class Page:
    """What the reports tell of one path: views by known groups, by known margins, and of people not known."""

    views: int = 0
    joint: dict[GroupKey, int] = field(default_factory=lambda: defaultdict(int))
    joint_unknown: int = 0
    people: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    people_unknown: int = 0
    countries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def known(self) -> int:
        """Views of which the margins know age and gender, and as many of which they know the country."""
        return min(sum(self.people.values()), sum(self.countries.values()))

    @property
    def explained(self) -> int:
        return sum(self.joint.values())

    @property
    def total(self) -> int:
        """All views; a sample may make the parts more than the whole."""
        return max(self.views, self.explained + self.joint_unknown)

    @property
    def suppressed(self) -> int:
        """Views that are missing from the joint: kept back because too few people stand behind them."""
        return self.total - self.explained - self.joint_unknown


@dataclass(frozen=True)
class Columns:
    """The columns of a part, in the order of their paths, the views of no page by name, and what could not be had.

    whole: the stretch in which columns of other pages are outdated; none where Google Analytics leaves out days. A page
    that is not named may still have views: lumped together in "(other)", kept back, or counted with the pages that are
    in a sample. Beside these, what was told of it earlier would count twice, and it would stay for ever in a property
    that is never told in full.
    """

    counts: list[ContentCounts]
    unnamed: int
    complaints: Sequence[str]
    whole: list[Stretch]


def columns(part: Part, period: str, share: float, seed: Callable[[], Seed]) -> Columns:
    """Return the columns of all paths in the part.

    Where the joint keeps less than `share` of the views of known people, the rest is raked from the margins; `seed`
    gives the joint of the whole property, blank where somebody is not known, and is asked for only then.
    """
    pages = _pages(part)
    is_whole = VIEWS not in part.lacking and part.span.first != part.span.behind
    odd = sum(pages.pop(path).views for path in NO_PAGE & pages.keys())  # the joint lumps more pages together
    nameless = Complaint(f"{period}: Google Analytics does not name the pages of {{view}}.", {"view": odd})
    complaints = [nameless] if odd else []
    thin = [path for path, page in pages.items() if page.suppressed and page.explained < share * page.known]
    raked: dict[str, Estimate] = {}
    if thin:
        raked, problem = _raked([pages[path] for path in thin], thin, seed())
        complaints += [Complaint(f"{period}: {problem}", {"page": len(thin) - len(raked)})] if problem else []
    counts = [_column(path, period, pages[path], raked.get(path)) for path in sorted(pages)]
    whole = [Stretch(period, *bounds(part.span.first, part.span.behind))] if is_whole else []
    return Columns(counts, odd, complaints, whole)


def known_people(age: str, gender: str) -> tuple[str, str]:
    """Return gender and age group in our words, both blank when one of them is not known."""
    found = _word("gender", gender), _word("age_group", age)
    return found if all(found) else NOBODY


def known_country(code: str) -> str:
    return _word("country", code)


@cache
def _word(dimension: str, value: str) -> str:
    """What the value is in our words; a new word of Google's is as good as unknown, never one of our groups."""
    words = vocabulary(dimension)
    return "" if value == OTHER else words.values[words.code(value) or 0]


@cache
def _group(country: str, age: str, gender: str) -> GroupKey | None:
    place, people = known_country(country), known_people(age, gender)
    return (*people, place) if place and people != NOBODY else None


def _pages(part: Part) -> dict[str, Page]:
    pages: dict[str, Page] = defaultdict(Page)
    for path, views in part.rows.get(VIEWS, ()):
        pages[path].views += views
    for path, country, age, gender, views in part.rows.get(JOINT, ()):
        group = _group(country, age, gender)
        if group is None:
            pages[path].joint_unknown += views
        else:
            pages[path].joint[group] += views
    for path, age, gender, views in part.rows.get(PEOPLE, ()):
        people = known_people(age, gender)
        if people == NOBODY:
            pages[path].people_unknown += views
        else:
            pages[path].people[people] += views
    for path, country, views in part.rows.get(COUNTRIES, ()):
        if place := known_country(country):
            pages[path].countries[place] += views
    return dict(pages)


def _raked(pages: Sequence[Page], paths: Sequence[str], seed: Seed) -> tuple[dict[str, Estimate], str]:
    """Return the groups of the pages that could be estimated, and words on the others."""
    if not any(all(key) for key in seed):
        return {}, "Google Analytics keeps back so much that the groups of some pages cannot even be estimated."
    found: dict[str, Estimate] = {}
    for start in range(0, len(pages), BLOCK):
        block = slice(start, start + BLOCK)
        found |= _raked_together(pages[block], paths[block], seed)
    lacking = len(paths) - len(found)
    return found, "The groups of {page} could not be estimated from the margins." if lacking else ""


def _raked_together(pages: Sequence[Page], paths: Sequence[str], seed: Seed) -> dict[str, Estimate]:
    """Rake what is left of the margins when the cells that are told are taken away: those are true and stay.

    There is a row and a column for those who are not known, so that both margins are all views of the page.
    """
    rows = [NOBODY, *sorted({key for page in pages for key in page.people})]
    places = ["", *sorted({key for page in pages for key in page.countries})]
    row, place = ({key: at for at, key in enumerate(keys)} for keys in (rows, places))
    told = np.zeros((len(pages), len(rows), len(places)))
    for at, page in enumerate(pages):
        for (gender, age, country), views in page.joint.items():
            told[at, row.get((gender, age), 0), place.get(country, 0)] += views
    totals = [page.total for page in pages]
    people = _whole([[page.people.get(key, 0) for key in rows] for page in pages], totals) - told.sum(axis=2)
    countries = _whole([[page.countries.get(key, 0) for key in places] for page in pages], totals) - told.sum(axis=1)
    margins = Margin((0,), people.clip(0), "of age and gender"), Margin((1,), countries.clip(0), "of countries")
    joint = np.array([[seed.get((*people, country), 0.0) for country in places] for people in rows])
    rest = np.array(totals) - told.sum(axis=(1, 2))
    done, raked, _ = rake_each(
        margins,
        np.where(told > 0, 0.0, joint),
        totals=rest,
        consistency=1.0,
        tolerance=TOLERANCE,
        iterations=ITERATIONS,
    )
    if raked is None:
        return {}
    groups = [(*people, country) for people in rows for country in places]
    return {
        paths[at]: _estimate(groups, told[at] + table) for at, table in zip(done.tolist(), raked.counts, strict=True)
    }


def _whole(margin: list[list[int]], totals: list[int]) -> Counts:
    """The margin (n, values) with all that it does not tell in its first value, that of nobody known."""
    counts = np.array(margin, dtype=float)
    counts[:, 0] = np.maximum(np.array(totals) - counts[:, 1:].sum(axis=1), 0)
    return counts


def _estimate(groups: Sequence[GroupKey], table: Counts) -> Estimate:
    """The cells of people who are known, of a table (rows, columns)."""
    cells = table.ravel()
    kept = [at for at in np.flatnonzero(cells).tolist() if all(groups[at])]
    return [groups[at] for at in kept], cells[kept]


def _column(path: str, period: str, page: Page, raked: Estimate | None) -> ContentCounts:
    if raked is None:
        told, views = list(page.joint), np.array(list(page.joint.values()), dtype=float)
        return ContentCounts(stored_id(path), period, told, views, float(page.joint_unknown), float(page.suppressed))
    groups, counts = raked
    # Whoever has a known age and gender and no country is unknown; what the margin of people lacks is kept back.
    left = max(page.total - float(counts.sum()), 0.0)
    suppressed = min(float(max(page.total - sum(page.people.values()) - page.people_unknown, 0)), left)
    return ContentCounts(
        stored_id(path), period, groups, counts, left - suppressed, suppressed, estimated=True, seed=PROPERTY
    )


def seed_of(rows: Sequence[Row]) -> Seed:
    """Return the joint of the whole property from rows of country, age, gender and views; blank where not known."""
    seed: dict[GroupKey, float] = defaultdict(float)
    for country, age, gender, views in rows:
        seed[(*known_people(age, gender), known_country(country))] += views
    return dict(seed)


def returning(rows: Sequence[Row]) -> Iterator[tuple[GroupKey, int, int]]:
    """Yield (group, views by who had been there before, all views) from rows of newness, country, age, gender, views.

    Whoever is neither new nor returning counts in neither.
    """
    loyal: dict[GroupKey, int] = defaultdict(int)
    total: dict[GroupKey, int] = defaultdict(int)
    for newness, country, age, gender, views in rows:
        group = _group(country, age, gender)
        if group is not None and newness in ("new", "returning"):
            total[group] += views
            loyal[group] += views if newness == "returning" else 0
    yield from ((group, loyal[group], total[group]) for group in sorted(total))
