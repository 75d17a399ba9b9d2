"""Single cells of contents and comments: dates, links, tags and plain text, each with its own complaint."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sources.connectors.files.counts import read_count

MOST_LIKES = 2**31 - 1
_FORMATS = (
    "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC", "%d.%m.%Y", "%d.%m.%Y %H:%M",
    "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_ISO_START = re.compile(r"\d{4}-?\d{2}-?\d{2}(\D.*)?", re.DOTALL)
_BLANK = re.compile(r"\s")


class CellError(Exception):
    """One cell cannot be used: its column, its value, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def read_text(row: dict[str, str], column: str, longest: int, *, required: bool = False) -> str:
    """Return the stripped cell, "" when there is none."""
    text = row.get(column, "").strip()
    if required and not text:
        raise CellError(column, "", f"the {column.replace('_', ' ')} is blank")
    if len(text) > longest:
        raise CellError(column, text, f"longer than {longest} characters")
    return text


def read_link(row: dict[str, str], column: str, longest: int = 1000) -> str:
    """Return an http or https address, "" when there is none."""
    text = read_text(row, column, longest)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise CellError(column, text, "not a web address") from None
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or _BLANK.search(text)):
        raise CellError(column, text, "not a web address that starts with http:// or https://")
    return text


def read_tags(row: dict[str, str], column: str = "tags") -> tuple[str, ...]:
    """Return the tags, each once, parted by |, else by ;, else by comma."""
    text = row.get(column, "").strip().removeprefix("[").removesuffix("]")
    separator = next((mark for mark in "|;" if mark in text), ",")
    tags = (" ".join(tag.strip(" \"'#\t").split()) for tag in text.split(separator))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def read_likes(row: dict[str, str], column: str = "likes") -> int:
    """Return the number of likes, 0 when the cell is blank."""
    text = row.get(column, "").strip()
    if not text:
        return 0
    try:
        likes = read_count(text)
    except ValueError as error:
        raise CellError(column, text, str(error).replace("the count", "the number of likes")) from None
    if likes > MOST_LIKES:
        raise CellError(column, text, f"the number of likes is larger than {MOST_LIKES}")
    return likes


def read_date(row: dict[str, str], column: str = "published_at") -> datetime | None:
    """Return the moment, in UTC where the cell names no zone, None when it is blank."""
    text = " ".join(row.get(column, "").split())
    if not text:
        return None
    moment = _iso(text) or _slashed(text, column) or _written(text)
    if moment is None:
        raise CellError(column, text, "not a date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 <= moment.year <= 2100:
        raise CellError(column, text, "not a date between 1970 and 2100")
    return moment.astimezone(UTC)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _ISO_START.fullmatch(text) else None
    except ValueError:
        return None


def _slashed(text: str, column: str) -> datetime | None:
    """05/01/2024 is one day here and another there: only a number above 12 tells which is the day."""
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    first, second, year, hour, minute = (int(part or 0) for part in match.groups())
    if first <= 12 and second <= 12 and first != second:
        raise CellError(column, text, "day and month cannot be told apart: write YYYY-MM-DD")
    day, month = (first, second) if first > 12 else (second, first)
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _written(text: str) -> datetime | None:
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
