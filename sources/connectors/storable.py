"""Texts of platforms that every table takes."""

import re

# JSON may hold NUL, and halves of characters beyond the basic plane; PostgreSQL takes neither.
NOT_IN_TEXT = re.compile("[\0\ud800-\udfff]")
AS_JSON = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # how they are written there, or what looks like them


def storable(text: str) -> str:
    """Return the text without what no table takes."""
    return NOT_IN_TEXT.sub("", text)
