"""YouTube Studio's exports: a table of contents and, video by video, tables of age, gender and place, raked together.

Studio shows one dimension at a time and exports no joint. A video's own tables are its margins; a dimension that it has
no table for is taken from the channel's. They are raked together as they go together in a joint that was measured
elsewhere; without one they are independent within a video. The channel's tables alone would give every video one and
the same audience, and are refused.
"""

from collections import defaultdict

import numpy as np

from sources.connectors.files.export_seeds import Joint, JointOf, estimated_how
from sources.connectors.files.export_tables import ExportRead, ExportTable, of_days
from sources.connectors.files.layout import header_key
from sources.connectors.files.rejects import RejectFile
from sources.connectors.files.studio_tables import Content, StudioTable, about, read_table
from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.records import DIMENSIONS, FileError
from sources.connectors.wording import counted
from sources.margins import Array
from sources.raking import Margin, Raked, rake_each

WORDS = {"age_group": "Viewer age", "gender": "Viewer gender", "country": "Geography"}
MOST_ROWS = 500
TELLING = 0.005
LONG_ENOUGH = 20  # letters of a title that a file's name may have cut
HOW = (
    "In YouTube Studio open a video, choose Analytics, Advanced mode, and export Viewer age, Viewer gender and "
    "Geography; do so for every video that matters, and hand all the ZIPs in together."
)

OfVideos = dict[str, dict[str, StudioTable]]  # by content id, then by dimension


class StudioReader:
    """Reads what YouTube Studio exports."""

    name = "YouTube Studio"

    def recognises(self, table: ExportTable) -> bool:
        return bool(about(table))

    def read(self, tables: list[ExportTable], *, period: str, out: RejectFile, joint: JointOf) -> ExportRead:
        read = [read_table(table, out) for table in tables if about(table) != "beside"]
        overview, contents = _overview(read)
        videos, channel, warnings = _sorted_out(read, overview, contents)
        recognised = _recognised(overview, contents, videos, channel)
        _refuse_without_videos(videos, [*recognised, *warnings])
        dimensions = [name for name in DIMENSIONS if any(name in tables for tables in videos.values())]
        margins, skipped = _margins(videos, channel, dimensions, contents)
        warnings += of_days(overview.days, overview.period, period)
        warnings += _of_cut(overview, contents) + _of_left_out(contents, videos) + skipped
        counts, refusals = _raked(margins, dimensions, contents, period or overview.period, joint)
        if not counts:
            raise FileError(" ".join(["No video's tables fit together.", *skipped, *refusals]))
        if len(dimensions) > 1:
            words = " and ".join(
                filter(None, (", ".join(WORDS[name] for name in dimensions[:-1]), WORDS[dimensions[-1]]))
            )
            how = estimated_how(counts[0].seed, "video")
            warnings.append(f"{words} were exported apart: their joint counts are estimated, {how}.")
        rows = [content.row for content in contents.values()]
        return ExportRead(counts, rows, sum(one.rows_read for one in read), recognised, warnings + refusals)


def _overview(read: list[StudioTable]) -> tuple[StudioTable, dict[str, Content]]:
    """The table of contents, and its rows by id; the one with most views when there are several."""
    overviews = [one for one in read if one.about == "contents"]
    if not overviews:
        there = ", ".join(sorted({WORDS[one.about] for one in read})) or "charts and totals"
        raise FileError(
            f"This is from YouTube Studio: {there}. Missing is the table of contents with its views: export Content in "
            f"Advanced mode, too. {HOW}"
        )
    overview = max(overviews, key=lambda one: sum(content.views for content in one.contents))
    return overview, {content.row.external_id: content for content in overview.contents}


def _sorted_out(
    read: list[StudioTable], overview: StudioTable, contents: dict[str, Content]
) -> tuple[OfVideos, dict[str, StudioTable], list[str]]:
    """Tell the tables of single videos from the channel's; others and those of other days are left out with words."""
    videos: OfVideos = defaultdict(dict)
    channel: dict[str, StudioTable] = {}
    warnings = []
    for table in read:
        if table.about == "contents":
            continue
        if table.days and overview.days and table.days != overview.days:
            warnings.append(f"{table.name} is of other days than the table of contents and was left out.")
            continue
        video = _video_of(table, contents)
        if not video and overview.whose and table.whose not in ("", overview.whose):
            warnings.append(f"{table.name} is of nothing that the table of contents names and was left out.")
            continue
        place = videos[video] if video else channel
        if table.about in place:
            whose = contents[video].row.title if video else "the channel"
            warnings.append(f"Of {WORDS[table.about]} for {whose} there are two tables; {table.name} was left out.")
        place.setdefault(table.about, table)
    return {video: found for video, found in videos.items() if found}, channel, warnings


def _video_of(table: StudioTable, contents: dict[str, Content]) -> str | None:
    """Return the id of the video that the names of file and folder say, None when they say the channel or nothing."""
    keys: dict[str, list[str]] = defaultdict(list)
    for external_id, content in contents.items():
        keys[header_key(content.row.title)].append(external_id)
    for subject in table.subjects:
        words = {subject, *subject.replace("[", " ").replace("]", " ").split()}
        if named := words & set(contents):
            return min(named)
        key = header_key(subject)
        found = keys.get(key) or [
            video for title, ids in keys.items() if len(key) >= LONG_ENOUGH and title.startswith(key) for video in ids
        ]
        if len(found) == 1:
            return found[0]
    return None


def _recognised(
    overview: StudioTable, contents: dict[str, Content], videos: OfVideos, channel: dict[str, StudioTable]
) -> list[str]:
    words = [f"Content: {counted(len(contents), 'video')}, {counted(_views(contents), 'view')}."]
    if overview.period:
        words.append(f"All of {overview.period}.")
    for name in DIMENSIONS:
        count = sum(name in tables for tables in videos.values())
        missing = "" if count or name in channel else " Missing: no group will have it."
        of_channel = " and for the channel" if name in channel else ""
        words.append(f"{WORDS[name]}: for {count:,} of the videos{of_channel}.{missing}")
    return words


def _refuse_without_videos(videos: OfVideos, told: list[str]) -> None:
    if not videos:
        raise FileError(
            f"This is from YouTube Studio. {' '.join(told)} No table is of a single video. From the channel's "
            "tables every video would get one and the same audience, and no persona could differ from another. "
            f"{HOW} A table belongs to the video whose id or title its file or folder is named by."
        )


def _margins(
    videos: OfVideos, channel: dict[str, StudioTable], dimensions: list[str], contents: dict[str, Content]
) -> tuple[dict[str, list[StudioTable]], list[str]]:
    """Return a table for every dimension of each video, its own or the channel's; words on what had to be done."""
    margins, borrowed, lacking = dict[str, list[StudioTable]](), 0, list[str]()
    for video, own in videos.items():
        tables = [own.get(name) or channel.get(name) for name in dimensions]
        if any(table is None or not table.known for table in tables):
            lacking.append(contents[video].row.title or video)
            continue
        borrowed += any(name not in own for name in dimensions)
        margins[video] = [table for table in tables if table is not None]
    words = []
    if borrowed:
        words.append(f"For {counted(borrowed, 'video')} without a table, the channel's stands in.")
    if lacking:
        names = ", ".join(lacking[:3]) + (" and others" if len(lacking) > 3 else "")
        left = counted(len(lacking), "video")
        words.append(f"Left out, for a table is missing or empty: {left} ({names}).")
    return margins, words


def _of_cut(overview: StudioTable, contents: dict[str, Content]) -> list[str]:
    """Words on contents beyond the table's end, whose views only the row Total knows."""
    seen, total = _views(contents), overview.total
    if total is None:
        cut = overview.cut or len(contents) >= MOST_ROWS
        return ["The table of contents is cut, and has no row Total: how much is missing is not known."] if cut else []
    missing = total - seen
    if missing <= TELLING * total and not overview.cut:
        return []
    return [
        f"The table shows the top {len(contents):,} contents: {max(missing, 0):,.0f} of {total:,.0f} views "
        f"({max(missing, 0) / max(total, 1):.1%}) are of others and are missing."
    ]


def _of_left_out(contents: dict[str, Content], videos: OfVideos) -> list[str]:
    left = {video: content for video, content in contents.items() if video not in videos and content.views}
    if not left:
        return []
    part = _views(left) / max(_views(contents), 1.0)
    return [
        f"Left out, for nothing says who watched: {len(left):,} of {counted(len(contents), 'video')} without tables of "
        f"their own, with {part:.1%} of the views."
    ]


def _views(contents: dict[str, Content]) -> float:
    return sum(content.views for content in contents.values())


def _raked(
    margins: dict[str, list[StudioTable]],
    dimensions: list[str],
    contents: dict[str, Content],
    period: str,
    joint: JointOf,
) -> tuple[list[ContentCounts], list[str]]:
    """Return each video's joint counts, and the words on videos whose tables contradict each other."""
    if not margins:
        return [], []
    views = np.array([contents[video].views for video in margins])
    values = [
        sorted({key for tables in margins.values() for key in tables[at].values}) for at in range(len(dimensions))
    ]
    known = [
        _parts([tables[at] for tables in margins.values()], values[at], views) * views[:, None]
        for at in range(len(dimensions))
    ]
    # Nobody counts as known of whom one table knows nothing: rows with a blank value come first.
    known = [part[:, 1:] if keys[0] == "" else part for part, keys in zip(known, values, strict=True)]
    values = [keys[1:] if keys[0] == "" else keys for keys in values]
    totals = np.min([part.sum(axis=1) for part in known], axis=0)
    named = [
        Margin((at,), part, f"of {WORDS[name]}") for at, (name, part) in enumerate(zip(dimensions, known, strict=True))
    ]
    estimated = len(known) > 1
    seed, origin = (joint() if estimated else Joint()).seed(dict(zip(dimensions, values, strict=True)))
    done, raked, refused = rake_each(named, seed, totals=totals, consistency=1.0)
    videos = list(margins)
    counts = [] if raked is None else _counts([videos[at] for at in done], raked, dimensions, values)
    by_video = dict(zip(videos, views.tolist(), strict=True))
    return [
        ContentCounts(
            video,
            period,
            groups,
            cells,
            unknown=max(by_video[video] - float(cells.sum()), 0.0),
            estimated=estimated,
            seed=origin if estimated else "",
        )
        for video, groups, cells in counts
    ], [f"{contents[videos[at]].row.title or videos[at]}: {words}" for at, words in refused.items()]


def _parts(tables: list[StudioTable], values: list[str], views: Array) -> Array:
    """The part of the views (n, values) that each value has; counts are held against all views of the video."""
    found = np.array([[table.values.get(value, 0.0) for value in values] for table in tables])
    whole = [100.0 if table.percent else max(table.total or 0.0, views[at]) for at, table in enumerate(tables)]
    parts: Array = found / np.maximum(np.maximum(whole, found.sum(axis=1)), 1e-9)[:, None]
    return parts


def _counts(
    videos: list[str], raked: Raked, dimensions: list[str], values: list[list[str]]
) -> list[tuple[str, list[GroupKey], Array]]:
    cells = np.indices([len(keys) for keys in values]).reshape(len(values), -1)
    by_name = {
        name: [keys[at] for at in cells[axis]] for axis, (name, keys) in enumerate(zip(dimensions, values, strict=True))
    }
    blank = [""] * cells.shape[1]
    groups = list(zip(*(by_name.get(name, blank) for name in DIMENSIONS), strict=True))
    found = []
    for video, table in zip(videos, raked.counts.reshape(len(videos), -1), strict=True):
        kept = np.flatnonzero(table)
        found.append((video, [groups[at] for at in kept], table[kept]))
    return found
