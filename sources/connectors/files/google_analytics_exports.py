"""Google Analytics 4's CSV exports: pages by country, age and gender, together as an exploration shows them, or apart.

An exploration with all of them in its rows is the joint, and is read as it is. Reports show one at a time: several of
them, handed in together, are the margins of every page, raked as they go together in a joint that was measured
elsewhere, or else as independent.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np

from sources.connectors.files.export_seeds import JointOf, estimated_how
from sources.connectors.files.export_tables import ExportRead, ExportTable, of_days
from sources.connectors.files.google_analytics_tables import LONGEST_TITLE, Cell, Key, PageTable, read_pages, section_of
from sources.connectors.files.rejects import RejectFile
from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.records import DIMENSIONS, ContentRow, Counts, FileError
from sources.connectors.wording import counted
from sources.raking import Margin, rake_each

Cells = dict[Cell, float]
Tables = dict[tuple[str, ...], dict[Key, Cells]]  # by dimensions, then by period and page

WORDS = {"gender": "Gender", "age_group": "Age", "country": "Country"}
TELLING = 0.005  # of the views: less than that missing from the rows is rounding
HOW = (
    "In Google Analytics choose Explore, Free form, put Page path and screen class, Age, Gender and Country into the "
    "rows and Views into the values, show as many rows as there are, and export it as CSV."
)


class GoogleAnalyticsReader:
    """Reads what Google Analytics 4 exports as CSV."""

    name = "Google Analytics"

    def recognises(self, table: ExportTable) -> bool:
        return section_of(table) is not None

    def read(self, tables: list[ExportTable], *, period: str, out: RejectFile, joint: JointOf) -> ExportRead:
        read = [
            read_pages(table.name, section, period, out)
            for table in tables
            if (section := section_of(table)) is not None
        ]
        recognised = list(_recognised(read))
        by_dimensions, warnings = _sorted_out(read, recognised)
        warnings += [*_of_days(read, period), *_of_totals(read)]
        every = {name for dimensions in by_dimensions for name in dimensions}
        counts = [
            one
            for dimensions, pages in by_dimensions.items()
            if every == {*dimensions}
            for one in _as_told(dimensions, pages)
        ]
        raked, words = _raked({of: pages for of, pages in by_dimensions.items() if every != {*of}}, every, joint)
        counts, warnings = counts + raked, warnings + words
        if not counts:
            raise FileError(" ".join(["No views by a known group stand in it.", *recognised, *warnings, HOW]))
        return ExportRead(counts, _contents(read), sum(one.rows_read for one in read), recognised, warnings)


def _recognised(read: list[PageTable]) -> Iterator[str]:
    for table in read:
        named = f"{table.name}: " if table.name else ""
        dimensions = ", ".join(WORDS[name] for name in table.dimensions) or "no group"
        days = f", {table.days[0]} to {table.days[1]}" if table.days else ""
        pages, views = counted(len(table.cells), "page"), counted(table.read, "view")
        yield f"{named}{pages} by {dimensions}, {views}{days}."


def _sorted_out(read: list[PageTable], recognised: list[str]) -> tuple[Tables, list[str]]:
    """Put tables of the same dimensions together, and keep of each page what knows most."""
    found: Tables = {}
    warnings = []
    for table in read:
        if not table.dimensions:
            continue
        pages = found.setdefault(table.dimensions, {})
        twice = pages.keys() & table.cells.keys()
        if twice:
            warnings.append(f"{table.name or 'A table'} tells again of {counted(len(twice), 'page')}, left out there.")
        pages |= {key: cells for key, cells in table.cells.items() if key not in twice}
    if not found:
        raise FileError(f"This is from Google Analytics: {' '.join(recognised)} It tells of no group of people. {HOW}")
    return found, warnings + _leave_twice_told(found)


def _leave_twice_told(found: Tables) -> list[str]:
    """Take out of each table the pages of which another tells the same and more; return words on it."""
    warnings = []
    for dimensions in sorted(found, key=len, reverse=True):
        for part in [other for other in found if set(other) < set(dimensions) and dimensions in found]:
            named, before = ", ".join(WORDS[name] for name in part), len(found[part])
            found[part] = {key: cells for key, cells in found[part].items() if key not in found[dimensions]}
            left = before - len(found[part])
            if not found[part]:
                del found[part]
                warnings.append(f"The table of {named} adds nothing to the one that knows more, and was left out.")
            elif left:
                more = ", ".join(WORDS[name] for name in dimensions)
                why = f"for the one of {more} knows more of them"
                warnings.append(f"Left out of the table of {named}, {why}: {counted(left, 'page')}.")
    return warnings


def _as_told(dimensions: tuple[str, ...], pages: dict[Key, Cells]) -> list[ContentCounts]:
    counts = []
    for (period, page), cells in pages.items():
        groups = {_group(dimensions, cell): views for cell, views in cells.items() if all(cell)}
        known = np.array(list(groups.values()), dtype=float)
        unknown = sum(views for cell, views in cells.items() if not all(cell))
        counts.append(ContentCounts(page, period, list(groups), known, unknown))
    return counts if any(len(one.groups) for one in counts) else []


def _group(dimensions: tuple[str, ...], cell: tuple[str, ...]) -> GroupKey:
    values = dict(zip(dimensions, cell, strict=True))
    return (values.get("gender", ""), values.get("age_group", ""), values.get("country", ""))


def _raked(found: Tables, every: set[str], joint: JointOf) -> tuple[list[ContentCounts], list[str]]:
    """Rake the tables that have a known group of a page, where together they know every dimension."""
    together: dict[tuple[tuple[str, ...], ...], list[Key]] = defaultdict(list)
    for key in sorted(set().union(*found.values())):
        together[tuple(of for of, pages in found.items() if any(map(all, pages.get(key, ()))))].append(key)
    counts, words, left, joint = list[ContentCounts](), list[str](), 0, cache(joint)
    for tables, keys in together.items():
        if set().union(*tables) == every:
            raked, more = _raked_together({of: found[of] for of in tables}, keys, joint)
            counts, words = counts + raked, words + more
        else:
            left += len(keys)
    if left:
        reason = "for being in some of the tables only, or there with no known group"
        words.insert(0, f"Left out, {reason}: {counted(left, 'page')}.")
    return counts, [*dict.fromkeys(words)]


def _raked_together(found: Tables, keys: list[Key], joint: JointOf) -> tuple[list[ContentCounts], list[str]]:
    """Rake the tables of these pages; who is not known in one of them is unknown."""
    values = {name: _values(found, name) for name in DIMENSIONS if any(name in dimensions for dimensions in found)}
    margins = [_margin(dimensions, [pages[key] for key in keys], values) for dimensions, pages in found.items()]
    smallest = np.min([np.asarray(margin.counts).reshape(len(keys), -1).sum(axis=1) for margin in margins], axis=0)
    seed, origin = joint().seed(values)
    done, raked, refused = rake_each(margins, seed, totals=smallest, consistency=1.0)
    words = [f"{keys[at][1]}: {why}" for at, why in refused.items()]
    apart = " and ".join(margin.name.removeprefix("of ") for margin in margins)
    words.append(f"{apart} were exported apart: their joint counts are estimated, {estimated_how(origin, 'page')}.")
    if raked is None:
        return [], words
    groups = [_group(tuple(values), cell) for cell in product(*values.values())]
    totals = [max(sum(pages[key].values()) for pages in found.values()) for key in keys]
    tables = raked.counts.reshape(len(done), -1)
    return [
        _estimated(keys[at], groups, table, totals[at], origin) for at, table in zip(done.tolist(), tables, strict=True)
    ], words


def _values(found: Tables, name: str) -> list[str]:
    """The known values of a dimension in all tables that have it."""
    places = {dimensions: dimensions.index(name) for dimensions in found if name in dimensions}
    cells = {cell[at] for dimensions, at in places.items() for page in found[dimensions].values() for cell in page}
    return sorted(cells - {""})


def _margin(dimensions: tuple[str, ...], pages: list[Cells], values: dict[str, list[str]]) -> Margin:
    cells = list(product(*(values[name] for name in dimensions)))
    counts = np.array([[page.get(cell, 0.0) for cell in cells] for page in pages])
    shape = [len(values[name]) for name in dimensions]
    named = " and ".join(WORDS[name] for name in dimensions)
    axes = tuple(list(values).index(name) for name in dimensions)
    return Margin(axes, counts.reshape(len(pages), *shape), f"of {named}")


def _estimated(key: Key, groups: list[GroupKey], table: Counts, total: float, seed: str) -> ContentCounts:
    kept = np.flatnonzero(table)
    unknown = max(total - float(table.sum()), 0.0)
    return ContentCounts(key[1], key[0], [groups[at] for at in kept], table[kept], unknown, estimated=True, seed=seed)


def _of_days(read: list[PageTable], period: str) -> Iterator[str]:
    for table in read:
        if not table.dated:
            yield from of_days(table.days, table.month, period)


def _of_totals(read: list[PageTable]) -> Iterator[str]:
    for table in read:
        if table.odd:
            yield f"Left out, for Google Analytics does not name their pages: {counted(table.odd, 'view')}."
        missing = (table.total or 0.0) - table.read - table.odd
        if missing > TELLING * (table.total or 0.0):
            whole, held = table.total or 1.0, table.read + table.odd
            yield (
                f"Its rows hold {held:,.0f} of {whole:,.0f} views. {missing / whole:.1%} are missing, "
                "cut off by the export or kept back because few people stand behind them."
            )


def _contents(read: list[PageTable]) -> list[ContentRow]:
    """The pages with the title under which most views were."""
    titles: dict[str, dict[str, float]] = {}
    for table in read:
        for page, found in table.titles.items():
            titles.setdefault(page, {}).update(found)
    return [
        ContentRow(page, max(found, key=lambda title: (found[title], title))[:LONGEST_TITLE])
        for page, found in titles.items()
    ]
