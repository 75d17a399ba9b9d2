"""The form for how a source is collected, made of the options of its platform."""

from typing import Any

from django import forms

from sources.connecting.options import Choice, Option, Percent, Whole, percent_of, share_of
from sources.forms import StyledForm


class PercentField(forms.FloatField):
    """A part of 1, entered in percent."""

    def prepare_value(self, value: Any) -> Any:
        return f"{percent_of(value):g}" if isinstance(value, int | float) else value

    def clean(self, value: Any) -> float:
        return share_of(super().clean(value))


class OptionsForm(StyledForm, forms.Form):
    """One field for each option."""

    def __init__(self, *args, options: tuple[Option, ...], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        for option in options:
            self.fields[option.name] = _field(option)
        self.style()

    def lines(self) -> list[tuple[Option, forms.BoundField, str]]:
        """Each option with its field, and its default in words."""
        return [(option, self[option.name], option.words_of(option.default)) for option in self.options]


def _field(option: Option) -> forms.Field:
    common: dict[str, Any] = {"label": option.label, "help_text": option.help}
    match option:
        case Choice():
            choices = [(value, label) for value, (label, _) in option.choices.items()]
            errors = dict.fromkeys(("required", "invalid_choice"), "Choose one of these.")
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=errors, **common)
        case Whole():
            words = f"Enter a whole number from {option.least:,} to {option.most:,}."
            errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
            return forms.IntegerField(min_value=option.least, max_value=option.most, error_messages=errors, **common)
        case Percent():
            words = f"Enter a number from {option.least:g} to {option.most:g}, in percent."
            errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
            return PercentField(min_value=option.least, max_value=option.most, error_messages=errors, **common)
    raise TypeError(f"There is no field for {option!r}.")
