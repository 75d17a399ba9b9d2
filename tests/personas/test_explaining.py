"""How a set was made, in words."""

import pytest
from django.urls import reverse

from personas.explaining import other_sizes
from personas.models import Generation
from tests.builders import make_persona_sets


def advice(sizes, suggested, *, chosen=True) -> str:
    return other_sizes(Generation(sizes=list(sizes), suggested_size=suggested, sizes_chosen=chosen))


def test_suggested_size_at_the_lower_edge_asks_for_fewer():
    assert "Fewer may fit better: ask for sizes from 2." in advice(range(5, 16), 5)


def test_suggested_size_at_the_upper_edge_asks_for_more():
    assert "More may fit better: ask for sizes up to 40." in advice(range(5, 16), 15, chosen=False)


@pytest.mark.parametrize(
    ("sizes", "suggested"), [(range(5, 16), 7), (range(2, 9), 2), (range(30, 41), 40), ([5], 5), ([5, 6], None)]
)
def test_nothing_is_advised_inside_the_range_at_its_ends_or_without_one(sizes, suggested):
    assert advice(sizes, suggested) == ""


def test_more_is_not_advised_where_the_data_could_give_no_more():
    assert advice(range(5, 10), 9, chosen=False) == ""


def test_method_page_gives_the_advice_and_says_what_makes_the_same_personas(owner_client, organization):
    persona_set = make_persona_sets(organization, sizes=(5, 6)).sets.first()
    page = " ".join(owner_client.get(reverse("set_method", args=["acme", persona_set.pk])).content.decode().split())
    assert "5 is suggested, the fewest asked for" in page
    assert "sizes asked for, smallest group, seed, method and versions, if they carry on the same earlier ones" in page
