import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.measures.tallying import NOT_ENOUGH, spread_weights, tally


def test_shares_are_weighted():
    found = tally(np.array([0.5, -0.5, 0.0, 0.0]), np.array([3.0, 1.0, 2.0, 2.0]))
    assert (found.positive, found.negative, found.neutral) == (0.375, 0.125, 0.5)
    assert found.mean == pytest.approx(0.125)


def test_what_is_not_scored_counts_for_the_coverage_only():
    scores = np.array([0.5] * 1204 + [math.nan] * 746)
    found = tally(scores, np.ones(1950))
    assert found.positive == pytest.approx(1)
    assert found.told == "from 1,204 of 1,950 comments"


@pytest.mark.parametrize(("scored", "told"), [(29, NOT_ENOUGH), (30, "from 30 of 30 comments"), (0, NOT_ENOUGH)])
def test_under_thirty_scored_comments_there_are_not_enough(scored, told):
    found = tally(np.full(scored, 0.4), np.ones(scored))
    assert (found.told, found.enough) == (told, scored >= 30)


def test_one_heavy_comment_does_not_speak_for_all():
    found = tally(np.full(100, 0.4), np.array([1000.0] + [0.001] * 99))
    assert not found.enough
    assert found.effective == pytest.approx(1.0, abs=0.01)


def test_comments_of_contents_that_the_persona_does_not_watch_are_not_counted():
    found = tally(np.full(50, 0.4), np.array([1.0] * 40 + [0.0] * 10))
    assert (found.scored, found.total) == (40, 40)


def test_without_any_scored_comment_nothing_is_claimed():
    found = tally(np.full(40, math.nan), np.ones(40))
    assert math.isnan(found.positive)
    assert (found.scored, found.total, found.enough) == (0, 40, False)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 100)), min_size=1, max_size=60))
def test_shares_add_up_and_do_not_depend_on_the_scale_of_the_weights(pairs):
    scores, weights = np.array(pairs).T
    found, scaled = tally(scores, weights), tally(scores, 7 * weights)
    assert found.positive + found.neutral + found.negative == pytest.approx(1)
    assert scaled.positive == pytest.approx(found.positive)
    assert 1 - 1e-9 < found.effective < len(pairs) + 1e-6


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, math.nan], [[1.0], [1.0]]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        tally(np.array([0.1, 0.2]), np.array(weights))


def test_a_content_counts_as_it_weighs_however_many_comments_it_drew():
    contents = np.array([0] * 1000 + [1] * 200)
    weights = spread_weights(contents, np.array([1.0, 1.0]))
    assert weights[:1000].sum() == pytest.approx(weights[1000:].sum())


def test_a_content_with_few_comments_counts_less():
    weights = spread_weights(np.array([0] * 100 + [1]), np.array([1.0, 1.0]))
    assert weights[-1] == pytest.approx(0.01)
