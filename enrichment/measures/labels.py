"""Labels of topics: how they are written, and under which form two spellings are one."""

import unicodedata


def tidy(label: str) -> str:
    """Return the label as it is shown: composed letters, no # before it, single blanks for underscores and runs."""
    text = unicodedata.normalize("NFC", str(label)).strip().lstrip("#")
    return " ".join(text.replace("_", " ").split())


def normalise(label: str) -> str:
    """Return the form under which spellings are one label; blank when it has no letter."""
    text = unicodedata.normalize("NFKC", tidy(label)).casefold().replace("-", " ")
    text = " ".join(text.split())
    return text if any(character.isalpha() for character in text) else ""


def plural_of(key: str) -> str:
    """Return the plural in -s under which a normalised label is one with it; blank when it has none."""
    return f"{key}s" if len(key) > 3 and not key.endswith("s") else ""


def singular_of(key: str) -> str:
    """Return the singular of a normalised label that is its plural in -s; blank when it is none."""
    singular = key.removesuffix("s")
    return singular if plural_of(singular) == key else ""
