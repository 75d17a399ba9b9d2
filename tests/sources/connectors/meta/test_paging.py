"""The walk over lists of Meta's."""

from itertools import count

import pytest

from sources.connectors.meta.paging import EMPTY_IN_A_ROW, NoWayOn, items


def page(number: int, *found: int, last: bool = False) -> dict:
    paging = {"cursors": {"after": str(number)}, **({} if last else {"next": "https://graph.facebook.com/x"})}
    return {"data": [{"id": one} for one in found], "paging": paging}


def test_empty_pages_on_the_way_end_nothing():
    pages = iter([page(1, 7), page(2), page(3), page(4, 8, last=True)])
    assert [one["id"] for one in items(lambda asked: next(pages), page=10)] == [7, 8]


def test_new_cursors_that_lead_to_nothing_end():
    asked = count(1)
    with pytest.raises(NoWayOn):
        list(items(lambda wish: page(next(asked)), page=10))
    assert next(asked) == EMPTY_IN_A_ROW + 1


def test_each_page_is_asked_for_by_the_cursor_of_the_one_before():
    pages, asked = iter([page(1, 7), page(2, 8, last=True)]), []
    list(items(lambda wish: asked.append(wish) or next(pages), page=10))
    assert asked == [{"limit": 10}, {"limit": 10, "after": "1"}]
