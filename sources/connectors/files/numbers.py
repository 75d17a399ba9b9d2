"""Numbers in the exports of platforms, which are written as the reader's language has them."""

import re

_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_BLANKS = str.maketrans("", "", " \u00a0\u202f\t'\u2019%\u066a")


def read_number(text: str, *, percent: bool = False) -> float:
    """Return a number of 0 or more in any of the forms that the platforms' languages write; ValueError for another.

    A comma or point before groups of three digits parts thousands, unless it is a percentage; else it is the decimal
    mark.
    """
    plain = text.translate(_BLANKS).replace("\u066b", ".").replace("\u066c", ",")
    marks = [mark for mark in plain if mark in ".,"]
    if len(set(marks)) == 2:
        plain = plain.replace(next(mark for mark in ".," if mark != marks[-1]), "")
    elif _GROUPED.fullmatch(plain) and marks and not percent:
        plain = plain.replace(marks[0], "")
    number = float(plain.replace(",", "."))
    if not 0 <= number < 2**53:
        raise ValueError(text)
    return number


def number_or_none(text: str) -> float | None:
    """Return the number, None where there is none."""
    try:
        return read_number(text)
    except ValueError:
        return None
