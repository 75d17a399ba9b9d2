"""Topics that stay from month to month as long as the taste does, in worlds whose tastes are known."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from enrichment.measures.topic_ranking import chance, scores, steady_order
from enrichment.measures.topic_rules import TopicRules
from enrichment.measures.topics import TopicIndex
from tests.enrichment.measures import tastes

TOP = 3


def labels(month, before=None):
    index = TopicIndex(month.categories, month.tags)
    known = before or [()] * len(month.seen)
    return [
        tuple(topic.label for topic in index.topics(seen, month.usual, told))
        for seen, told in zip(month.seen, known, strict=True)
    ]


def kept(before, now, top=None):
    """The part of the labels that a later month keeps, in the mean over viewers."""
    return np.mean([len(set(a[:top]) & set(b[:top])) / len(a[:top]) for a, b in zip(before, now, strict=True)])


def true_part(month_of_all, told):
    """The part of the told top topics that are those of endless contents, where nothing is by chance."""
    index = TopicIndex(month_of_all.categories, month_of_all.tags)
    found = []
    for seen, labels_told in zip(month_of_all.seen, told, strict=True):
        share, usual = index.incidence.T @ seen, index.incidence.T @ month_of_all.usual
        best = {index.labels[place] for place in np.argsort(-scores(share, usual))[:TOP]}
        found.append(len(best & set(labels_told[:TOP])) / TOP)
    return np.mean(found)


def months_of(seed, count=6):
    rng = np.random.default_rng(seed)
    liked = tastes.draw_tastes(rng)
    return liked, [tastes.draw_month(liked, rng) for _ in range(count)]


def told_in_turn(months):
    told = [labels(months[0])]
    for month in months[1:]:
        told.append(labels(month, told[-1]))
    return told


@pytest.fixture(scope="module")
def worlds():
    return [months_of(seed) for seed in range(4)]


def test_of_the_same_taste_a_later_month_keeps_most_topics_though_all_its_contents_are_new(worlds):
    steps = [pair for _, months in worlds for told in [told_in_turn(months)] for pair in pairwise(told)]
    assert np.mean([kept(*step, top=TOP) for step in steps]) > 0.75
    assert np.mean([kept(*step) for step in steps]) > 0.8


def test_what_is_kept_is_nearer_to_the_true_taste_than_what_one_month_says(worlds):
    kept_part, fresh_part = [], []
    for liked, months in worlds:
        endless = tastes.draw_month(liked, np.random.default_rng(99), contents=5_000, chance=0.0)
        kept_part.append(true_part(endless, told_in_turn(months)[-1]))
        fresh_part.append(true_part(endless, labels(months[-1])))
    assert np.mean(kept_part) >= np.mean(fresh_part)


def test_a_real_change_of_taste_comes_through_in_the_month_it_happens():
    for seed in range(4):
        rng = np.random.default_rng(seed)
        liked = tastes.draw_tastes(rng)
        other = tastes.Tastes(liked.kinds[::-1], liked.tags[::-1])
        before = labels(tastes.draw_month(liked, rng))
        changed = tastes.draw_month(other, rng)
        told = labels(changed, before)
        assert kept(before, told, top=TOP) < 0.35
        assert kept(labels(changed), told, top=TOP) > 0.7


def test_who_stops_liking_something_is_not_told_to_like_it_still():
    categories = ["Sport", "Chess", "News"] * 20
    usual = np.ones(60) / 60
    indifferent = np.where(np.arange(60) % 3 == 0, 0.2, 1.0)
    told = TopicIndex(categories, [[]] * 60).topics(indifferent, usual, ["Sport"])
    assert {topic.label for topic in told} == {"Chess", "News"}


def test_labels_of_before_are_found_as_the_rules_write_them_now():
    index = TopicIndex(["Sport", "Chess"] * 4, [[]] * 8, TopicRules({"sport": "Games", "chess": ""}))
    assert [topic.label for topic in index.topics(np.ones(8), np.ones(8), ["Sport", "Chess", "gone"])] == ["Games"]


def test_the_covariance_agrees_with_leaving_out_one_content_after_the_other():
    rng = np.random.default_rng(0)
    has = (rng.random((400, 4)) < 0.3).astype(float)
    mine, usual = rng.gamma(2, size=400), rng.gamma(2, size=400)

    def score(left):
        w, u = mine[left], usual[left]
        return scores(has[left].T @ w / w.sum(), has[left].T @ u / u.sum())

    every = np.arange(400)
    without = np.array([score(every != one) for one in every])
    jackknife = (without - without.mean(axis=0)).T @ (without - without.mean(axis=0))
    found = chance(sparse.csr_array(has), mine / mine.sum(), usual / usual.sum())
    assert found == pytest.approx(jackknife, rel=0.1, abs=np.abs(jackknife).max() * 0.02)


def test_within_chance_the_order_is_that_of_before_and_beyond_it_the_new_one():
    score = np.array([0.30, 0.28, 0.90])
    assert steady_order(score, np.eye(3) * 0.01, before=[1, 0]) == [2, 1, 0]
    assert steady_order(score, np.eye(3) * 1e-6, before=[1, 0]) == [2, 0, 1]


def test_without_a_time_before_the_surer_one_of_two_equals_comes_first():
    assert steady_order(np.array([0.3, 0.3]), np.diag([0.04, 0.0001])) == [1, 0]
