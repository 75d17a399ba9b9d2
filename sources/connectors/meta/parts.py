"""What Facebook's and Instagram's connectors share about days, titles and the values of insights."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from sources.connectors.harvests import Harvest, Shard, Window
from sources.connectors.http import Json
from sources.connectors.meta.graph import Graph
from sources.connectors.records import CommentRow

TITLE = 200  # characters
HASHTAG = re.compile(r"(?<!\w)#(\w{2,60})")
DAYS = 7  # a month is read in parts of so many days of publication, the last one up to its end


def parts(window: Window) -> list[Window]:
    """The window cut at the 1st, 8th, 15th and 22nd of every month."""
    found = []
    for month in window.months():
        first = month.first
        while first <= month.last:
            start = (first.day - 1) // DAYS * DAYS + 1
            last = month.last if start > 21 else min(month.last, first.replace(day=start + DAYS - 1))
            found.append(Window(first, last))
            first = date.fromordinal(last.toordinal() + 1)
    return found


def shards_of(stage: str, windows: list[Window], read: Callable[[Window], Harvest]) -> Iterator[Shard]:
    """Yield a shard for each of the windows, named by its first day."""
    for place, part in enumerate(windows, 1):
        yield Shard(stage, f"{stage} {part.first}", place, len(windows), partial(read, part))


def moment(text: str) -> datetime | None:
    """Return the time that Meta writes as 2026-10-01T10:00:00+0000; None for anything else."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def title_of(*texts: str) -> str:
    """Return the first line of the first text that has one, cut to a title's length."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    title = next((line for line in lines if line), "")
    return title if len(title) <= TITLE else title[: TITLE - 1].rstrip() + "…"


def tags_of(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text, each once, without their sign."""
    return tuple(dict.fromkeys(HASHTAG.findall(text)))


def value_of(insight: Json | None) -> Any:
    """Return the first value of an insight; None when there is none, which is not zero."""
    values = (insight or {}).get("values") or [{}]
    return values[0].get("value")


def comments_of(
    graph: Graph, node: str, content_id: str, after: date | None, fields: tuple[str, str, str], **params: Any
) -> list[CommentRow]:
    """Return the comments that stand at a node and are not older than `after`. No author is read.

    fields: the names of their text, time and likes. None are returned where only some could be read: the next
    collection would ask for those that are newer than what is stored, and never for the rest.
    """
    text, time, likes = fields
    found: list[CommentRow] = []
    with graph.leaving_out():
        listed = list(graph.listed(f"{node}/comments", f"id,{text},{time},{likes}", **params))
        for item in listed:
            written = moment(item.get(time, ""))
            if item.get(text) and not (after and written and written.date() < after):
                found.append(CommentRow(content_id, item[text], item["id"], written, int(item.get(likes) or 0)))
    return found


def in_window(items: Iterable[Json], time: str, window: Window) -> Iterator[tuple[Json, datetime]]:
    """Yield the items that were made on the days of the window, with their times."""
    for item in items:
        made = moment(item.get(time, ""))
        if made and window.first <= made.date() <= window.last:
            yield item, made
