import numpy as np
import pytest

from personas.pipeline.identity import Trace, match, similarities
from personas.pipeline.matrix import Group


def trace(rng, country="QA", groups=range(40), contents=range(100)):
    group_shares, content_shares = rng.dirichlet(np.full(40, 0.3)), rng.dirichlet(np.full(100, 0.3))
    return Trace(
        np.array(groups),
        group_shares[: len(groups)],
        np.array(contents),
        content_shares,
        Group("male", "25-34", country),
    )


def blurred(old, rng, much=0.1, **changes):
    groups = old.group_shares * rng.gamma(1 / much, much, len(old.group_shares))
    contents = old.content_shares * rng.gamma(1 / much, much, len(old.content_shares))
    values = {"group_shares": groups / groups.sum(), "content_shares": contents / contents.sum()} | changes
    return Trace(**(vars(old) | values))


def known_again(previous, current, **rules):
    return match(similarities(previous, current), **rules)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def previous(rng):
    return [trace(rng) for _ in range(6)]


def test_personas_are_known_again_in_any_order(previous, rng):
    order = [3, 0, 5, 1, 4, 2]
    assert known_again(previous, [blurred(previous[i], rng) for i in order]) == order


def test_a_stranger_is_new(previous, rng):
    current = [blurred(previous[0], rng), trace(rng), *[blurred(p, rng) for p in previous[1:]]]
    assert known_again(previous, current) == [0, None, 1, 2, 3, 4, 5]


def test_a_persona_that_is_gone_is_matched_by_nobody(previous, rng):
    assert known_again(previous, [blurred(p, rng) for p in previous[1:]]) == [1, 2, 3, 4, 5]


def test_new_contents_alone_do_not_hide_a_persona(previous, rng):
    fresh = np.arange(1000, 1100)
    assert known_again(previous, [blurred(p, rng, content_ids=fresh) for p in previous]) == [0, 1, 2, 3, 4, 5]


def test_two_that_are_alike_go_to_different_personas(previous, rng):
    twins = [blurred(previous[0], rng, 0.01), blurred(previous[0], rng, 0.01), *[blurred(p, rng) for p in previous[1:]]]
    found = known_again(previous, twins)
    assert sorted(i for i in found if i is not None) == [0, 1, 2, 3, 4, 5]


def test_nothing_before_means_that_all_are_new(previous):
    assert known_again([], previous) == [None] * 6


def test_the_same_set_is_fully_alike(previous):
    assert np.diag(similarities(previous, previous)) == pytest.approx(np.ones(6))


def test_nothing_reaches_a_floor_above_one(previous):
    assert known_again(previous, previous, floor=1.01) == [None] * 6


def test_pairs_that_may_not_be_make_room_for_those_that_may():
    near = np.array([[0.9, 0.8], [0.7, 0.1]])
    assert match(near) == [1, 0]
    assert match(near, allowed=np.array([[True, True], [False, True]])) == [0, None]


def test_those_to_be_kept_go_before_nearer_ones():
    near = np.array([[0.95], [0.6]])
    assert match(near) == [0]
    assert match(near, kept=np.array([False, True])) == [1]


def test_those_to_be_kept_push_nobody_aside_without_need():
    near = np.array([[0.95, 0.1], [0.7, 0.6]])
    assert match(near, kept=np.array([False, True])) == [0, 1]


def test_those_to_be_kept_are_not_matched_below_the_floor():
    assert match(np.array([[0.4]]), kept=np.array([True])) == [None]
