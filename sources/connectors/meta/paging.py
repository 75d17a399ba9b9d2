"""Lists of Meta's, page by page: the one walk for all of them."""

from collections.abc import Callable, Iterator
from typing import Any

from sources.connectors.faults import TooMuch, Unavailable
from sources.connectors.http import Json

EMPTY_IN_A_ROW = 100  # pages; as many with nothing on them lead nowhere, however new their cursors are


class NoList(Unavailable):
    """What should be a list, or the next page of it, is none."""


class NoWayOn(NoList):
    """A list names no page that would lead further."""


def items(ask: Callable[[dict[str, Any]], Json], *, page: int, smallest: int = 1) -> Iterator[Json]:
    """Yield what stands on all pages of a list; a page too large is asked for in halves. Raises PlatformError.

    ask: takes the parameters of one page, and returns Meta's answer. The end is where no `next` is told: a page may be
    empty and still have one. Its address holds the token, so it is neither followed nor kept; the next page is asked
    for by its cursor.
    """
    cursor, cursors, empty = dict[str, str](), {""}, 0
    while True:
        try:
            body = ask({"limit": page, **cursor})
        except TooMuch:
            if page // 2 < smallest:
                raise
            page //= 2
            continue
        if not isinstance(body.get("data"), list):
            raise NoList("Facebook answered without a list.", "no list")  # which is not an empty one
        yield from body["data"]
        paging = body.get("paging") or {}
        if "next" not in paging:
            return
        after = (paging.get("cursors") or {}).get("after", "")
        empty = 0 if body["data"] else empty + 1
        if after in cursors or empty == EMPTY_IN_A_ROW:
            raise NoWayOn("Facebook's list of pages runs in a circle.", "paging")
        cursors.add(after)
        cursor = {"after": after}
