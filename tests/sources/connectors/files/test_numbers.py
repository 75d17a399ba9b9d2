"""Numbers as the languages of the platforms write them."""

import pytest

from sources.connectors.files.numbers import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234", 1234), ("1.234", 1234), ("1 234 567", 1234567), ("1 234", 1234), ("12’345", 12345), ("1,234.5", 1234.5),
     ("1.234,5", 1234.5), ("12,5", 12.5), ("7", 7), ("١٢", 12)],
)  # fmt: skip
def test_numbers_are_read_in_the_forms_of_all_languages(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(("text", "number"), [("12,345", 12.345), ("33.3 %", 33.3), ("1.234", 1.234)])
def test_a_percentage_has_no_thousands(text, number):
    assert read_number(text, percent=True) == number


@pytest.mark.parametrize("text", ["", "many", "-3", "nan", "inf", "1e400"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 (its words are the caller's)
        read_number(text)
