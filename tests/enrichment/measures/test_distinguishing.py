"""What sets a part of the audience apart: planted differences are found, chance is not."""

import numpy as np
import pytest
from scipy import sparse

from enrichment.measures.distinguishing import Attribute, Units, distinguish
from enrichment.measures.testing import false_discoveries

LABELS = [Attribute("topic", name) for name in ("News", "Sport", "Science", "Music", "Film", "Food")]


def world(seed: int, units: int = 120, spread: float = 0.4, tail: float = 1.0, **likings: float):
    """Units with one label each, their totals (heavy-tailed) and the part's share of each, with likings planted."""
    random = np.random.default_rng(seed)
    totals = random.lognormal(7, tail, units)
    labels = random.integers(0, len(LABELS), units)
    belonging = np.clip(0.15 * random.lognormal(0, spread, units), 0, 0.8)
    for place, label in enumerate(LABELS):
        belonging[labels == place] *= likings.get(label.value, 1.0)
    mine = totals * np.clip(belonging, 0, 1)
    table = sparse.csr_array(labels[:, None] == np.arange(len(LABELS)))
    return Units(totals, table, LABELS), mine / mine.sum(), mine.sum() / totals.sum()


def found(units: Units, weights, share):
    return distinguish(units.candidates(weights, share))


@pytest.mark.parametrize("seed", range(5))
def test_planted_differences_are_found_and_nothing_else(seed):
    values = {one.value for one in found(*world(seed, units=300, Science=3.0, Film=0.25))}
    assert values == {"Science", "Film"}


def test_shares_here_and_in_the_rest_are_those_of_the_interactions():
    units, weights, share = world(1, units=300, Science=3.0)
    one = found(units, weights, share)[0]
    labels = np.asarray(units._table.todense())[:, 2] > 0
    rest = (units._totals - share * units._totals.sum() * weights) / (units._totals.sum() * (1 - share))
    assert one.share == pytest.approx(weights[labels].sum())
    assert one.rest == pytest.approx(rest[labels].sum())
    assert one.times == pytest.approx(one.share / one.rest)


@pytest.mark.parametrize(("spread", "tail"), [(0.2, 0.5), (0.4, 1.0), (1.0, 1.0), (0.6, 2.0)])
@pytest.mark.parametrize("units", [24, 120])
def test_where_attributes_play_no_part_nothing_is_found_in_95_of_100(spread, tail, units):
    said = [bool(found(*world(seed, units, spread, tail))) for seed in range(200)]
    assert sum(said) <= 200 * 0.05 + 6  # 6: two standard errors


def test_one_huge_unit_sets_nothing_apart():
    totals = np.append(np.full(60, 1000.0), 50_000.0)
    mine = totals * 0.1
    mine[-1] *= 8
    table = sparse.csr_array(np.append(np.zeros(60), 1.0)[:, None])
    assert found(Units(totals, table, LABELS[:1]), mine / mine.sum(), mine.sum() / totals.sum()) == ()


def test_a_difference_that_is_sure_but_slight_is_not_told():
    assert found(*world(1, units=3000, spread=0.01, tail=0.1, Science=1.1)) == ()


def test_at_most_three_are_told_those_that_differ_most_first():
    likings = {"News": 2.0, "Sport": 3.0, "Science": 4.0, "Music": 0.3}
    told = found(*world(2, units=2000, spread=0.1, tail=0.3, **likings))
    weights = [(one.share - one.rest) * np.log(one.times) for one in told]
    assert len(told) == 3
    assert weights == sorted(weights, reverse=True)
    assert "News" not in {one.value for one in told}


def test_an_attribute_of_the_same_contents_is_told_once():
    units, weights, share = world(1, units=300, Science=3.0)
    doubled = sparse.csr_array(sparse.hstack([units._table, units._table[:, [2]]]))
    twice = Units(units._totals, doubled, [*LABELS, Attribute("category", "Science and nature")])
    assert sum(one.value.startswith("Science") for one in found(twice, weights, share)) == 1


def test_one_of_two_genders_is_told():
    random = np.random.default_rng(3)
    female = np.arange(200) % 2 == 0
    totals = random.lognormal(7, 0.5, 200)
    mine = totals * np.where(female, 0.3, 0.05)
    table = sparse.csr_array(np.column_stack([female, ~female]))
    genders = [Attribute("gender", "female"), Attribute("gender", "male")]
    told = found(Units(totals, table, genders), mine / mine.sum(), mine.sum() / totals.sum())
    assert len(told) == 1


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="3 units and 6 attributes"):
        Units(np.ones(3), sparse.csr_array((2, 6)), LABELS)


def test_false_discoveries_are_those_of_the_step_up_procedure():
    # The worked example of Benjamini and Hochberg (1995), section 3.2: four of the fifteen tests are findings.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
               0.7590, 1.0]  # fmt: skip
    assert false_discoveries(np.array(chances), 0.05).tolist() == [True] * 4 + [False] * 11
    assert false_discoveries(np.array([]), 0.05).tolist() == []
