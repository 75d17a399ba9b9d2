"""Joints from margins: what iterative proportional fitting promises, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.margins import completed
from sources.raking import Margin, RakingError, rake, rake_demographics


@st.composite
def worlds(draw):
    """Joint tables (n, a, b, c), all positive, and a positive seed (a, b, c)."""
    shape = draw(st.tuples(*[st.integers(1, 4)] * 4))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.gamma(1.0, 100.0, shape) + 0.1, generator.gamma(1.0, 1.0, shape[1:]) + 0.01


def margins_of(truth, scale=1.0):
    return [Margin((0, 1), truth.sum(axis=3), "people"), Margin((2,), scale * truth.sum(axis=(1, 2)), "places")]


def distance(truth, guess):
    """Total variation distance of each table (n,)."""
    apart = np.abs(truth - guess).reshape(len(truth), -1).sum(axis=1)
    return apart / truth.reshape(len(truth), -1).sum(axis=1) / 2


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_every_margin_holds(world):
    truth, seed = world
    counts = rake(margins_of(truth), seed).counts
    np.testing.assert_allclose(counts.sum(axis=3), truth.sum(axis=3), rtol=2e-6)
    np.testing.assert_allclose(counts.sum(axis=(1, 2)), truth.sum(axis=(1, 2)), rtol=2e-6)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_the_odds_ratios_of_the_seed_are_kept(world):
    truth, seed = world
    counts = rake(margins_of(truth), seed).counts

    def odds(table):
        flat = np.log(table.reshape(*table.shape[:-3], -1, table.shape[-1]))
        return flat - flat[..., :1, :] - flat[..., :, :1] + flat[..., :1, :1]

    np.testing.assert_allclose(odds(counts), np.broadcast_to(odds(seed), odds(counts).shape), atol=1e-8)


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_tables_and_of_groups_changes_nothing(world, chance):
    truth, seed = world
    order = [chance.sample(range(length), length) for length in truth.shape]
    shuffled = rake(margins_of(truth[np.ix_(*order)]), seed[np.ix_(*order[1:])]).counts
    np.testing.assert_allclose(shuffled, rake(margins_of(truth), seed).counts[np.ix_(*order)], rtol=1e-5)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_seed_that_is_the_truth_returns_the_truth_in_one_step(world):
    truth, _ = world
    raked = rake(margins_of(truth), 3.0 * truth)
    np.testing.assert_allclose(raked.counts, truth, rtol=1e-7)
    assert raked.iterations.tolist() == [1] * len(truth)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_seed_without_association_returns_the_outer_product(world):
    truth, _ = world
    people, places = truth.sum(axis=3), truth.sum(axis=(1, 2))
    outer = people[..., None] * places[:, None, None, :] / people.sum(axis=(1, 2))[:, None, None, None]
    np.testing.assert_allclose(rake(margins_of(truth), np.ones(truth.shape[1:])).counts, outer, rtol=1e-7)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_tables_raked_at_once_come_out_as_each_alone(world):
    truth, seed = world
    alone = [rake(margins_of(truth[i : i + 1]), seed).counts[0] for i in range(len(truth))]
    np.testing.assert_allclose(rake(margins_of(truth), seed).counts, alone, rtol=1e-12)


def test_three_margins_that_share_axes_hold_together():
    truth = np.random.default_rng(0).gamma(1.0, 10.0, (5, 3, 4, 2)) + 0.1
    margins = [Margin(kept, truth.sum(axis=1 + dropped)) for kept, dropped in [((0, 1), 2), ((1, 2), 0), ((0, 2), 1)]]
    counts = rake(margins, np.ones((3, 4, 2))).counts
    for margin, dropped in zip(margins, (3, 1, 2), strict=True):
        np.testing.assert_allclose(counts.sum(axis=dropped), margin.counts, rtol=2e-6)


def test_a_margin_of_zero_makes_a_slice_of_zero():
    people, places = [[0.0, 10.0]], [[4.0, 0.0, 6.0]]
    counts = rake([Margin((0,), people), Margin((1,), places)], np.ones((2, 3))).counts[0]
    np.testing.assert_allclose(counts, [[0, 0, 0], [4, 0, 6]])


def test_a_table_of_nothing_stays_nothing():
    counts = rake([Margin((0,), np.zeros((1, 2))), Margin((1,), np.zeros((1, 3)))], np.ones((2, 3))).counts
    assert counts.tolist() == np.zeros((1, 2, 3)).tolist()


def test_a_group_that_the_seed_never_saw_is_given_its_margin():
    seed = [[5.0, 1.0, 0.0], [1.0, 5.0, 0.0]]
    counts = rake([Margin((0,), [[30.0, 30.0]]), Margin((1,), [[20.0, 20.0, 20.0]])], seed).counts[0]
    np.testing.assert_allclose(counts.sum(axis=0), 20.0, rtol=1e-7)
    np.testing.assert_allclose(counts[:, 2], 10.0, rtol=1e-3)


def test_margins_are_brought_to_the_first_total_and_the_discrepancy_is_told():
    truth = np.random.default_rng(1).gamma(1.0, 10.0, (2, 2, 3, 4)) + 0.1
    raked = rake(margins_of(truth, scale=0.95), np.ones((2, 3, 4)))
    np.testing.assert_allclose(raked.counts.sum(axis=(1, 2, 3)), truth.sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(raked.discrepancy, 0.05)


def test_a_total_of_ones_own_rescales_all_margins():
    truth = np.ones((2, 2, 3, 4))
    counts = rake(margins_of(truth), np.ones((2, 3, 4)), totals=[12.0, 48.0]).counts
    np.testing.assert_allclose(counts.sum(axis=(1, 2, 3)), [12.0, 48.0])


def test_margins_that_differ_by_more_than_allowed_are_refused_with_both_sums():
    people, places = (
        Margin((0,), [[60.0, 40.0], [50.0, 50.0]], "of ages"),
        Margin((1,), [[50.0, 50.0], [40.0, 39.0]], "of places"),
    )
    with pytest.raises(
        RakingError, match=r"of places sums to 79, the margin of ages to 100: they differ by 21\.0%"
    ) as told:
        rake([people, places], np.ones((2, 2)))
    assert told.value.tables == (1,)


def test_margins_that_contradict_each_other_in_a_shared_axis_are_refused():
    first, second = Margin((0, 1), [[[9.0, 1.0], [0.0, 0.0]]], "a"), Margin((1, 2), [[[1.0, 0.0], [0.0, 9.0]]], "b")
    with pytest.raises(RakingError, match="they differ by 160"):
        rake([first, second], np.ones((2, 2, 2)))


@pytest.mark.parametrize(("value", "words"), [(np.nan, "not a number"), (np.inf, "not a number"), (-1.0, "below 0")])
def test_counts_that_are_no_counts_are_refused_with_their_place(value, words):
    with pytest.raises(RakingError, match=rf"margin of ages holds a count that is {words}, at \(0, 1\)"):
        rake([Margin((0,), [[1.0, value]], "of ages"), Margin((1,), [[1.0]])], np.ones((2, 1)))
    with pytest.raises(RakingError, match=rf"seed holds a count that is {words}, at \(1, 0\)"):
        rake([Margin((0,), [[1.0, 1.0]]), Margin((1,), [[2.0]])], [[1.0], [value]])


@pytest.mark.parametrize(
    ("margins", "seed", "words"),
    [
        ([], np.ones((2, 2)), "no margin"),
        (
            [Margin((0,), [[1.0, 1.0, 1.0]]), Margin((1,), [[1.0, 2.0]])],
            np.ones((2, 2)),
            r"shape \(1, 3\), not \(1, 2\)",
        ),
        ([Margin((0,), [[1.0, 2.0]]), Margin((1,), [[1.0, 2.0]])], np.ones(2), "fix 2 axes of 1 tables"),
        ([Margin((0,), [[1.0, 2.0]]), Margin((1,), [[1.0, 2.0]])], np.ones((3, 2, 2)), "fix 2 axes of 1 tables"),
        ([Margin((1, 0), np.ones((1, 2, 2)))], np.ones((2, 2)), r"fixes the axes \(1, 0\)"),
        ([Margin((0,), [[1.0, 2.0]]), Margin((1,), [[1.0, 2.0]])], np.zeros((2, 2)), "nothing but zeros"),
    ],
)
def test_misshapen_input_is_refused_with_words(margins, seed, words):
    with pytest.raises(RakingError, match=words):
        rake(margins, seed)


def test_zeros_that_leave_no_room_raise_and_never_report_success():
    people, places = Margin((0,), [[5.0, 5.0]]), Margin((1,), [[2.0, 8.0]])
    with pytest.raises(RakingError, match="leave them little or no room") as told:
        rake([people, places], [[1.0, 0.0], [0.0, 1.0]], epsilon=0.0)
    assert told.value.tables == (0,)


def test_too_few_steps_raise():
    truth = np.random.default_rng(2).gamma(0.3, 10.0, (1, 3, 3, 3)) + 0.01
    seed = np.random.default_rng(3).gamma(0.3, 10.0, (3, 3, 3)) + 0.01
    with pytest.raises(RakingError, match="after 2 steps"):
        rake(margins_of(truth), seed, iterations=2)


def planted(strength, items=200, seed=1):
    """Views (items, 14, 20) whose association of people with places is the channel's, varied a little by item."""
    generator = np.random.default_rng(seed)
    people, places = generator.dirichlet(np.full(14, 3.0)), generator.dirichlet(np.full(20, 1.0))
    channel = np.outer(people, places) * np.exp(strength * generator.normal(size=(14, 20)))
    own = np.exp(0.5 * generator.normal(size=(items, 14, 1)) + 0.5 * generator.normal(size=(items, 1, 20)))
    tables = channel * own * np.exp(0.25 * generator.normal(size=(items, 14, 20)))
    views = generator.lognormal(9.0, 1.0, items)
    return generator.poisson(tables / tables.sum(axis=(1, 2), keepdims=True) * views[:, None, None]).astype(float)


@pytest.mark.parametrize(("strength", "at_most", "gain"), [(0.8, 0.12, 2.0), (0.2, 0.12, 1.1)])
def test_a_channels_joint_as_seed_comes_nearer_to_the_truth_than_independence(strength, at_most, gain):
    truth = planted(strength)
    margins = [Margin((0,), truth.sum(axis=2)), Margin((1,), truth.sum(axis=1))]
    seeded = distance(truth, rake(margins, truth.sum(axis=0)).counts).mean()
    independent = distance(truth, rake(margins, np.ones((14, 20))).counts).mean()
    assert seeded < at_most
    assert independent > gain * seeded


def test_the_common_package_comes_to_the_same_counts():
    ipfn = pytest.importorskip("ipfn.ipfn", reason="ipfn, a second opinion on raking, is not installed")
    truth = planted(0.8, items=1)[0] + 1.0
    seed = np.random.default_rng(5).gamma(1.0, 1.0, truth.shape) + 0.01
    margins = [truth.sum(axis=1), truth.sum(axis=0)]
    theirs = ipfn.ipfn(seed.copy(), list(margins), [[0], [1]], convergence_rate=1e-12, max_iteration=5000).iteration()
    ours = rake([Margin((i,), margin[None]) for i, margin in enumerate(margins)], seed, tolerance=1e-12).counts[0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


JOINT = {
    ("female", "18-24", "QA"): 8e6,
    ("female", "18-24", "EG"): 2e6,
    ("male", "25-34", "QA"): 2e6,
    ("male", "25-34", "EG"): 8e6,
}


def test_demographics_are_raked_from_people_and_countries_with_the_channels_joint():
    people, countries = {("female", "18-24"): 50.0, ("male", "25-34"): 50.0}, {"QA": 50.0, "EG": 50.0}
    (column,) = rake_demographics([people], [countries], JOINT)
    assert dict(zip(column.groups, column.counts.tolist(), strict=True)) == {
        group: pytest.approx(5e-6 * count, abs=1e-3) for group, count in JOINT.items()
    }


def test_nobody_counts_as_known_whose_country_is_not():
    people, countries = {("female", "18-24"): 60.0, ("male", "25-34"): 40.0}, {"QA": 55.0, "EG": 40.0}
    (column,) = rake_demographics([people], [countries], JOINT)
    assert column.counts.sum() == pytest.approx(95.0)
    assert column.discrepancy == pytest.approx(0.05)


def test_a_content_unit_whose_margins_contradict_is_told_and_the_others_are_raked():
    people = [{("female", "18-24"): 10.0}, {("female", "18-24"): 10.0}, {}]
    refused, raked, empty = rake_demographics(people, [{"QA": 100.0}, {"QA": 10.0}, {}], JOINT)
    assert "differ by 90.0%" in refused.refusal
    assert not refused.groups
    assert raked.counts.tolist() == pytest.approx([10.0])
    assert (empty.refusal, list(empty.groups)) == ("", [])


def test_a_count_that_is_none_costs_its_content_unit_only():
    people = [{("female", "18-24"): np.nan}, {("female", "18-24"): 10.0}]
    refused, raked = rake_demographics(people, [{"QA": 10.0}, {"QA": 10.0}], JOINT)
    assert "not a number" in refused.refusal
    assert raked.counts.tolist() == pytest.approx([10.0])


@pytest.mark.parametrize(("filled", "spread"), [(0.5, 0.1), (0.5, 0.02), (0.2, 1.0), (0.2, 0.1)])
def test_a_joint_with_many_gaps_still_serves_as_seed(filled, spread):
    generator = np.random.default_rng(5)
    shape = (100, 14, 20)
    for _ in range(3):
        seed = generator.gamma(0.5, 1.0, shape[1:]) * (generator.random(shape[1:]) < filled)
        truth = generator.gamma(spread, 1.0, shape) * (generator.random(shape) < 0.5)
        counts = rake([Margin((0,), truth.sum(axis=2)), Margin((1,), truth.sum(axis=1))], seed).counts
        np.testing.assert_allclose(counts.sum(axis=(1, 2)), truth.sum(axis=(1, 2)))


def test_a_country_that_the_joint_does_not_know_is_taken_for_average():
    people, countries = {("female", "18-24"): 80.0, ("male", "25-34"): 20.0}, {"QA": 50.0, "EG": 30.0, "SE": 20.0}
    joint = {group: count for group, count in JOINT.items() if group[2] != "SE"} | {("female", "18-24", "FR"): 5.0}
    (column,) = rake_demographics([people], [countries], joint)
    told = dict(zip(column.groups, column.counts.tolist(), strict=True))
    parts = {country: told["female", "18-24", country] / total for country, total in countries.items()}
    assert parts["EG"] < parts["SE"] < parts["QA"]


def test_a_seed_of_some_countries_comes_nearer_to_the_truth_where_others_are_average():
    truth = planted(0.2)
    margins = [Margin((0,), truth.sum(axis=2)), Margin((1,), truth.sum(axis=1))]
    seed = truth.sum(axis=0)
    seed[:, 10:] = 0
    flat, average = (distance(truth, rake(margins, table).counts).mean() for table in (seed, completed(seed)))
    assert average < 0.95 * flat


@pytest.mark.parametrize("interactions", [30, 300, 3000])
def test_a_joint_of_few_interactions_leads_no_further_from_the_truth_than_independence(interactions):
    truth = planted(0.8)
    margins = [Margin((0,), truth.sum(axis=2)), Margin((1,), truth.sum(axis=1))]
    channel = truth.sum(axis=0)
    seed = np.random.default_rng(2).multinomial(interactions, (channel / channel.sum()).ravel()).reshape(14, 20)
    few, none = (distance(truth, rake(margins, table).counts).mean() for table in (completed(seed), np.ones((14, 20))))
    assert few < none


def test_demographics_without_a_seed_are_refused():
    with pytest.raises(RakingError, match="none of the groups"):
        rake_demographics([{("female", "18-24"): 1.0}], [{"QA": 1.0}], {})
