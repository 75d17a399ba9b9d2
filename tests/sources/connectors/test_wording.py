"""Numbers in sentences."""

import pytest

from sources.connectors.wording import counted


@pytest.mark.parametrize(("number", "words"), [(0, "0 pages"), (1, "1 page"), (1.2, "1 page"), (2000, "2,000 pages")])
def test_a_number_takes_its_noun_in_the_right_form(number, words):
    assert counted(number, "page") == words
