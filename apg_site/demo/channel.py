"""A fictional international news channel, made from a seed and written as the four files a user would upload."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apg_site.demo import audience
from apg_site.demo.attributes import ATTRIBUTE_COLUMNS, make_attributes
from apg_site.demo.audience import planted_behaviour
from apg_site.demo.comments import Comment, make_comments
from apg_site.demo.contents import Content, make_contents
from apg_site.demo.tables import write_table
from apg_site.demo.viewing import MONTHS, Counts, make_views

__all__ = ["NAME", "SLUG", "ChannelFiles", "planted_behaviour", "write_channel"]

NAME = "Meravia News"
SLUG = "demo"

CONTENT_COLUMNS = ("content_id", "title", "description", "category", "tags", "url", "published_at", "thumbnail")
COMMENT_COLUMNS = ("comment_id", "content_id", "text", "published_at", "likes")
INTERACTION_COLUMNS = ("content_id", "gender", "age_group", "country", "count", "period")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class ChannelFiles:
    """Where the four files lie, how many rows each has (without its header), and the sum of all counts."""

    contents: Path
    interactions: Path
    comments: Path
    attributes: Path
    content_rows: int
    interaction_rows: int
    comment_rows: int
    attribute_rows: int
    views: int


def write_channel(folder: Path, *, seed: int = 0) -> ChannelFiles:
    """Write the four files into `folder`, made if absent; a seed gives the same bytes.

    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for_contents, for_views, for_comments = (np.random.default_rng([seed, part]) for part in range(3))
    contents = make_contents(for_contents)
    views = make_views(contents, for_views)
    comments = make_comments(contents, views.sum(axis=(0, 2)), for_comments)
    attributes = make_attributes()
    files = ChannelFiles(
        contents=folder / "contents.csv",
        interactions=folder / "interactions.csv",
        comments=folder / "comments.csv",
        attributes=folder / "attributes.csv",
        content_rows=len(contents),
        interaction_rows=int(np.count_nonzero(views)),
        comment_rows=len(comments),
        attribute_rows=len(attributes),
        views=int(views.sum()),
    )
    write_table(files.contents, CONTENT_COLUMNS, map(_content_row, contents))
    write_table(files.comments, COMMENT_COLUMNS, map(_comment_row, comments))
    write_table(files.attributes, ATTRIBUTE_COLUMNS, attributes)
    files.interactions.write_text("".join(_interaction_lines(contents, views)), encoding="utf-8", newline="\n")
    return files


def _content_row(content: Content) -> tuple[str, ...]:
    return (
        content.content_id,
        content.title,
        content.description,
        content.category,
        "|".join(content.tags),
        content.url,
        f"{content.published_at:{MOMENT}}",
        content.thumbnail,
    )


def _comment_row(comment: Comment) -> tuple[str | int, ...]:
    return comment.comment_id, comment.content_id, comment.text, f"{comment.published_at:{MOMENT}}", comment.likes


def _interaction_lines(contents: list[Content], views: Counts) -> Iterator[str]:
    """The interactions as CSV lines: no field needs quotes, and a plain join is several times quicker than csv."""
    yield ",".join(INTERACTION_COLUMNS) + "\n"
    names = [f"{group.gender},{group.age_group},{group.country}" for group in audience.groups()]
    for month, content, group in zip(*np.nonzero(views), strict=True):
        count = views[month, content, group]
        yield f"{contents[content].content_id},{names[group]},{count},{MONTHS[month][0]}\n"
