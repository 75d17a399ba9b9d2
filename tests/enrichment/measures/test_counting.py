"""Counting by content and language first gives what looking at each comment gives."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.measures.counting import CommentCounts
from enrichment.measures.sentiment import LEAST
from enrichment.measures.tallying import spread_weights, tally

COMMENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 2), st.one_of(st.just(math.nan), st.floats(-1, 1))), max_size=150
)
WEIGHTS = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1)), min_size=5, max_size=5)


def counted(comments) -> CommentCounts:
    cells: dict[tuple[int, int], list[float]] = {}
    for content, language, score in comments:
        cells.setdefault((content, language), []).append(score)
    scores = [np.array(values) for values in cells.values()]
    contents, languages = (np.array([key[side] for key in cells], dtype=np.int64) for side in (0, 1))
    counts = [[int((s > LEAST).sum()), int((s < -LEAST).sum()), int(np.isfinite(s).sum()), len(s)] for s in scores]
    columns = np.array(counts, dtype=np.int64).reshape(-1, 4).T
    return CommentCounts(contents, languages, *columns, np.array([np.nansum(s) for s in scores], dtype=float))


@given(COMMENTS, WEIGHTS)
def test_the_tally_is_that_of_every_single_comment(comments, weights):
    contents = np.array([content for content, _, _ in comments], dtype=np.int64)
    scores = np.array([score for *_, score in comments], dtype=float)
    expected = tally(scores, spread_weights(contents, np.array(weights)))
    found = counted(comments).tally(np.array(weights))
    assert astuple(found) == pytest.approx(astuple(expected), nan_ok=True, abs=1e-9, rel=1e-6)


@given(COMMENTS, WEIGHTS)
def test_the_languages_add_up_to_all(comments, weights):
    counts = counted(comments)
    whole, parts = counts.tally(np.array(weights)), counts.by_language(np.array(weights))
    assert sum(part.scored for part in parts) == whole.scored
    assert sum(part.total for part in parts) == whole.total


def test_each_language_has_its_own_shares():
    comments = [(0, 0, 0.5)] * 40 + [(0, 1, -0.5)] * 35 + [(1, 1, math.nan)] * 5
    english, arabic = counted(comments).by_language(np.array([0.7, 0.3]))
    assert (english.positive, english.negative) == (1.0, 0.0)
    assert (arabic.positive, arabic.negative, arabic.told) == (0.0, 1.0, "from 35 of 40 comments")


def test_without_comments_nothing_is_scored():
    counts = counted([])
    assert counts.tally(np.ones(3)).scored == 0
    assert counts.by_language(np.ones(3)) == []
