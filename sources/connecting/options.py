"""What can be chosen of how a source is collected: options that say of themselves what people read and may enter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.collecting.scheduling import FIRST_MONTHS

MOST_MONTHS = 36


@dataclass(frozen=True)
class Option:
    """One option of a source under the name that stores it, with what is used where nothing is stored.

    for_connector: whether the connector takes it by that name; else it is for the collecting around it.
    is_what_counts: whether counts that were stored with another value are of another kind: after a change all of them
    are read again.
    """

    name: str
    label: str
    help: str
    default: Any
    for_connector: bool = True
    is_what_counts: bool = False

    @property
    def unit(self) -> str:
        """What a value is entered in, where the label does not say."""
        return ""

    def words_of(self, value: Any) -> str:
        """A value as people read it."""
        return str(value)

    def meaning_of(self, value: Any) -> str:
        """What a value means, where the option has words for that."""
        return ""


@dataclass(frozen=True, kw_only=True)
class Choice(Option):
    """One of some values, each with a label and words on what it means."""

    choices: Mapping[str, tuple[str, str]]

    def words_of(self, value: Any) -> str:
        return self.choices[value][0] if value in self.choices else str(value)

    def meaning_of(self, value: Any) -> str:
        return self.choices[value][1] if value in self.choices else ""


@dataclass(frozen=True, kw_only=True)
class Whole(Option):
    """A whole number between two, which may be chosen too."""

    least: int
    most: int

    def words_of(self, value: Any) -> str:
        return f"{value:,}" if isinstance(value, int) else str(value)


@dataclass(frozen=True, kw_only=True)
class Percent(Option):
    """A part of 1, which people read and enter in percent between two."""

    least: float
    most: float = 100.0

    @property
    def unit(self) -> str:
        return "in percent"

    def words_of(self, value: Any) -> str:
        return f"{percent_of(value):g}%" if isinstance(value, int | float) else str(value)


def percent_of(share: float) -> float:
    """Return a part of 1 in percent, as exact as anybody enters it."""
    return round(share * 100, 4)


def share_of(percent: float) -> float:
    """Return percent as a part of 1: what `percent_of` made goes back to what it was."""
    return round(percent / 100, 6)


MONTHS = Whole(
    "months",
    "Months of the first collection",
    "How many whole months the first collection goes back, besides the current one. Later ones read what is new, and "
    "again the days that the platform may have corrected. When the number is raised later, the next collection goes "
    "back that far, once, and reads all days from there; when it is lowered, what is stored stays.",
    FIRST_MONTHS,
    for_connector=False,
    least=1,
    most=MOST_MONTHS,
)
