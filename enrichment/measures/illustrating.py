"""The drawing of a face from its traits: open-peeps (CC0), rendered to PNG without any network."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import resvg_py
from dicebear import Avatar, Style

STYLE = "open-peeps.json"
HAIR, SCARF = "hair", "scarf"
INK = {"type": "color", "name": "ink"}
INK_ONLY = frozenset({"noHair1", "noHair2", "turban", "hatBeanie", "moustache1"})
"""Variants without any mass of hair."""
EDGE = "26"
"""Width of the inked edge, in units of the drawing (704 wide); half of it shows."""
ROOT_CLIP = re.compile(r'<g clip-path="url\(#clip-[^"]*\)">')
"""The clip to the canvas, which a bitmap does by itself in less than half the time."""
SCALE, DOWN = 0.88, 6
"""Smaller and lower than the style draws itself, so that no hair is cut off at the top (DOWN in percent)."""


@dataclass(frozen=True)
class Traits:
    """What an illustration shows; head, expression, glasses, beard are variants of the drawing style or blank.

    Skin, hair, fabric (of a headscarf), clothes and background are hex colours; grey says whether the hair is grey;
    headwear is hijab, turban or blank.
    """

    head: str
    skin: str
    hair: str
    grey: bool
    expression: str
    glasses: str
    beard: str
    headwear: str
    fabric: str
    clothes: str
    background: str


def render(traits: Traits, size: int) -> bytes:
    """Return a square PNG of size pixels, the same bytes for the same traits."""
    svg = ROOT_CLIP.sub("<g>", Avatar(_style(), _options(traits)).to_string(), count=1)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True))


def _options(traits: Traits) -> dict[str, Any]:
    """Return the drawing style's options: everything is fixed, nothing is left to its own chance."""
    options: dict[str, Any] = {
        "seed": "fixed",
        "headVariant": traits.head,
        "expressionVariant": traits.expression,
        "skinColor": [traits.skin],
        "hairColor": [traits.hair],
        "scarfColor": [traits.fabric],
        "headContrastColor": [traits.hair],
        "clothingColor": [traits.clothes],
        "backgroundColor": [traits.background],
        "maskProbability": 0,
        "accessoriesProbability": 100 if traits.glasses else 0,
        "facialHairProbability": 100 if traits.beard else 0,
        "scale": SCALE,
        "translateY": DOWN,
    }
    if traits.glasses:
        options["accessoriesVariant"] = traits.glasses
    if traits.beard:
        options["facialHairVariant"] = traits.beard
    return options


@lru_cache(maxsize=1)
def _style() -> Style:
    """Load the drawing style and let its black hair take a colour, which it has for a few heads only."""
    definition = json.loads(files("dicebear_styles").joinpath(STYLE).read_text("utf-8"))
    definition["colors"][HAIR] = {"values": ["#000000"]}
    definition["colors"][SCARF] = {"values": ["#000000"]}
    for part in ("head", "facialHair"):
        for name, variant in definition["components"][part]["variants"].items():
            if name not in INK_ONLY and '"headContrast"' not in json.dumps(variant):
                color = SCARF if name == "hijab" else HAIR
                variant["elements"] = [
                    painted
                    for place, element in enumerate(variant["elements"])
                    for painted in _paint(element, color, f"{part}-{name}-{place}")
                ]
    return Style(definition)


def _paint(element: dict[str, Any], color: str, name: str) -> list[dict[str, Any]]:
    """Give an inked shape a colour and an inked inner edge: its thin lines stay black, its masses are filled."""
    attributes = element.get("attributes", {})
    if attributes.get("fill") != INK:
        return [element]
    if element["name"] == "g":
        inked = [{**child, "attributes": {**child["attributes"], **attributes}} for child in element["children"]]
        return [part for place, child in enumerate(inked) for part in _paint(child, color, f"{name}-{place}")]
    shape = {"d": attributes["d"], "clip-rule": attributes.get("fill-rule", "nonzero")}
    clip = {
        "type": "element",
        "name": "clipPath",
        "attributes": {"id": name},
        "children": [{"type": "element", "name": "path", "attributes": shape}],
    }
    edge = {"fill": {"type": "color", "name": color}, "stroke": INK, "stroke-width": EDGE, "clip-path": f"url(#{name})"}
    painted = {**element, "attributes": {**attributes, **edge}}
    return [{"type": "element", "name": "defs", "children": [clip]}, painted]
