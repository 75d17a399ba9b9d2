"""Country names as they stand inside a sentence."""

import re

WITH_ARTICLE = frozenset(
    {
        "bahamas",
        "caribbean",
        "comoros",
        "congo",
        "czech republic",
        "gambia",
        "holy see",
        "isle of man",
        "maldives",
        "netherlands",
        "philippines",
    }
)
ARTICLE_STARTS = ("united ", "democratic republic", "republic of", "state of", "french southern")
WITHOUT_ARTICLE = ("heard island", "south georgia")
ARTICLE_ENDS = (" islands", " emirates", " republic", " territory", " territories", " minor outlying islands")
OFFICIAL = re.compile(r"^(?P<name>[^(,]+?)\s*[(,]\s*(?:the )?(?P<form>[^)]*?\bof)(?: the)?\)?$", re.IGNORECASE)
"""The lists' inverted forms: Congo (the Democratic Republic of the), Palestine, State of."""
NOTE = re.compile(r"\s*[(\[][^)\]]*[)\]]$")


def with_article(name: str) -> str:
    """Return an English country or region name for use after "in": the United States, Mexico, the Congo."""
    text = " ".join(name.split())
    match = OFFICIAL.match(text)
    text = _restore(match["name"], match["form"]) if match else NOTE.sub("", text)
    plain = text.casefold()
    if plain.startswith("the "):
        return f"the {text[4:]}"
    if plain.startswith(WITHOUT_ARTICLE):
        return text
    if plain in WITH_ARTICLE or plain.startswith(ARTICLE_STARTS) or plain.endswith(ARTICLE_ENDS):
        return f"the {text}"
    return text


def _restore(name: str, form: str) -> str:
    """Tell the two Congos and the two Koreas apart by their form of state, which other names do without."""
    if name.casefold() == "congo":
        return f"{form} the {name}"
    if name.casefold() == "korea":
        return f"{'North' if 'people' in form.casefold() else 'South'} {name}"
    return name
