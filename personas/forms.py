"""What people choose for a generation, and for a question to Facebook."""

from django import forms
from django.core.exceptions import ValidationError

from personas.faces import MOST
from personas.generation import DEFAULT_SIZES, LARGEST, SMALLEST
from personas.models import Generation
from sources.forms import StyledForm
from sources.models import DataSource, Organization
from sources.overview import periods_of

LARGEST_SEED = 2**31 - 1


class AudienceForm(StyledForm, forms.Form):
    """The part of the data that personas are made of."""

    period = forms.ChoiceField(required=False, label="Period")
    unit = forms.ChoiceField(
        choices=Generation.Unit.choices,
        initial=Generation.Unit.COUNTRY,
        label="Where people are",
        help_text="Regions join countries: for data with few interactions for each country.",
    )
    sources = forms.MultipleChoiceField(
        label="Sources",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one source.",
            "invalid_choice": "There is no such source here.",
        },
    )

    def __init__(self, *args, organization: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(source.pk): source for source in organization.sources.all()}
        self.fields["period"].choices = [("", "All periods"), *((one, one) for one in periods_of(organization))]
        self.fields["sources"].choices = [
            (key, f"{source.name} ({source.get_kind_display()})") for key, source in self.known.items()
        ]
        # Ads tell whom they aimed at: beside others, they are for those who want them.
        others = [key for key, source in self.known.items() if source.kind != DataSource.Kind.FACEBOOK_ADS]
        self.fields["sources"].initial = others or list(self.known)

    @property
    def audience(self) -> dict:
        """The choices as verbs take them: all sources chosen is the same as none named."""
        chosen = [self.known[key] for key in dict.fromkeys(self.cleaned_data["sources"])]
        everything = len(chosen) == len(self.known)
        return {
            "period": self.cleaned_data["period"],
            "unit": self.cleaned_data["unit"],
            "sources": [] if everything else chosen,
        }


class GenerationForm(AudienceForm):
    smallest = forms.IntegerField(
        min_value=SMALLEST, max_value=LARGEST, initial=DEFAULT_SIZES[0], label="Fewest personas"
    )
    largest = forms.IntegerField(
        min_value=SMALLEST, max_value=LARGEST, initial=DEFAULT_SIZES[-1], label="Most personas"
    )
    method = forms.ChoiceField(
        choices=Generation.Method.choices,
        initial=Generation.Method.BALANCED,
        help_text="Reference is the published recipe, for comparison. Balanced is the better one.",
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_SEED,
        initial=0,
        help_text="The same seed, data and numbers of personas give the same personas.",
    )

    def clean(self) -> dict:
        smallest, largest = self.cleaned_data.get("smallest"), self.cleaned_data.get("largest")
        if smallest and largest and smallest > largest:
            raise ValidationError("The fewest personas are more than the most. Swap the two numbers.")
        return self.cleaned_data

    @property
    def wish(self) -> dict:
        """All choices, as `queue_generation` takes them."""
        chosen = self.cleaned_data
        sizes = tuple(range(chosen["smallest"], chosen["largest"] + 1))
        # What was offered and left as it was is no wish: the data may give fewer.
        wished = None if sizes == DEFAULT_SIZES else sizes
        return {**self.audience, "sizes": wished, "method": chosen["method"], "seed": chosen["seed"]}


class AskForm(forms.Form):
    """How many groups Facebook is to be asked about; none said: all that there are to ask about."""

    groups = forms.IntegerField(required=False, min_value=1, max_value=MOST)
