"""What a profile and a list say of a person's state, and how often it comes back."""

import pytest
from django.urls import reverse

from personas.explaining import size_curves, unsettled
from personas.models import Generation, PersonaSet
from personas.templatetags import apg
from tests.personas.months import make_months, personas_of
from tests.personas.test_screens_numbers import FIGURE, switch, words_of


@pytest.fixture
def months(organization):
    return make_months(organization, ("2026-09", "2026-10"), sizes=(5,))


def profile(client, generation, position=1):
    return client.get(reverse("persona", args=["acme", personas_of(generation).get(position=position).pk]))


@pytest.mark.parametrize(
    ("likeness", "words"),
    [(None, "New since September 2026"), (0.8, "Stable since September 2026"), (0.7, "Drifting since September 2026")],
)
def test_badge_tells_what_became_of_a_person(owner_client, months, likeness, words):
    personas_of(months[1]).update(likeness=likeness)
    assert words in profile(owner_client, months[1]).content.decode()


def test_first_set_has_no_badge(owner_client, months):
    assert "since" not in words_of(profile(owner_client, months[0])).lower()


def test_list_labels_the_new_and_the_drifting_alone(owner_client, months):
    personas_of(months[1], position=1).update(likeness=None)
    personas_of(months[1], position=2).update(likeness=0.1)
    text = profile(owner_client, months[1]).content.decode()
    assert (text.count('person-state state-new">New<'), text.count('person-state state-drifting">Drifting<')) == (1, 1)
    assert text.count("person-state") == 2


def test_profile_says_in_how_many_redraws_a_person_comes_back(owner_client, months):
    personas_of(months[1]).update(stability=0.875)
    assert "7 of 8 redraws" in profile(owner_client, months[1]).content.decode()
    switch(owner_client, "off")
    without = words_of(profile(owner_client, months[1]))
    assert "Comes back nearly always" in without
    assert not FIGURE.search(without)


def test_stability_that_was_not_measured_is_not_mentioned(owner_client, months):
    assert "omes back" not in words_of(profile(owner_client, months[1]))


@pytest.mark.parametrize(
    ("stability", "redraws", "words"),
    [(1.0, 8, "8 of 8 redraws"), (0.0, 4, "0 of 4 redraws"), (0.9, 8, "90% of redraws"), (None, 8, "–")],
)
def test_stability_in_figures(stability, redraws, words):
    assert apg.comes_back(stability, redraws) == words


@pytest.mark.parametrize(("stability", "words"), [(1, "always"), (0.6, "more often than not"), (0, "hardly ever")])
def test_stability_in_words(stability, words):
    assert apg.comes_back_in_words(stability) == words


def method_page(client, generation) -> str:
    return client.get(reverse("set_method", args=["acme", generation.sets.get().pk])).content.decode()


def test_method_page_says_which_time_is_carried_on(owner_client, months):
    assert "The search starts from the patterns of September 2026" in method_page(owner_client, months[1])
    assert "it starts afresh" in method_page(owner_client, months[0])


def test_search_that_did_not_settle_is_never_silent(owner_client, months):
    assert "ended before they settled" not in method_page(owner_client, months[1])
    PersonaSet.objects.update(measures={"converged": 0.0})
    assert "ended before they settled" in method_page(owner_client, months[1])
    assert "not settled" in profile(owner_client, months[1]).content.decode()
    assert not unsettled(PersonaSet(measures={"converged": 1.0}))


def test_curve_of_other_countries_is_cut_above_two_and_shows_chance(owner_client, months):
    curve = {str(size): {"found_elsewhere": value} for size, value in ((5, 20.0), (6, 1.5), (7, 1.0))}
    (one,) = size_curves(Generation(size_curve=curve), 6)
    assert (one.curve.high, one.curve.cut) == (2, True)
    assert one.curve.points[2].y == one.curve.level
    assert one.curve.points[0].y == one.curve.top < one.curve.points[1].y
    Generation.objects.update(size_curve=curve)
    assert "Values above 2 are drawn there" in method_page(owner_client, months[1])
