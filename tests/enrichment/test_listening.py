"""The sentiment and the quotes of a part of an audience, from stored readings."""

import numpy as np
import pytest

from enrichment.hiding import hide_quote
from enrichment.listening import Voices
from enrichment.models import CommentReading
from tests.builders import make_contents, make_organization
from tests.comments import make_comments, make_readings


@pytest.fixture
def contents(organization):
    return make_contents(organization, 8)


def voices(contents) -> Voices:
    ids = np.array([unit.pk for unit in contents])
    return Voices(ids, np.full(len(ids), 1 / len(ids)), {contents[0].source_id})


def liking(*places, of=8) -> np.ndarray:
    weights = np.full(of, 0.01)
    weights[list(places)] = 1.0
    return weights / weights.sum()


def texts(count: int) -> list[str]:
    """Sentences that share no word, so that none is about the same as another."""
    return [" ".join(f"{letter * 3}{place}{letter}" for letter in "abcdef") for place in range(count)]


def test_the_shares_follow_what_this_part_looks_at(contents):
    make_readings(make_comments(contents[:4], texts(60)), score=0.6)
    make_readings(make_comments(contents[4:], texts(60), first=60), score=-0.6)
    glad, cross = (voices(contents).sentiment(liking(*places)) for places in ((0, 1, 2, 3), (4, 5, 6, 7)))
    assert glad.shares.positive == pytest.approx(0.99, abs=0.01)
    assert cross.shares.negative == pytest.approx(0.99, abs=0.01)
    assert (glad.shares.scored, glad.shares.total, glad.audience.positive) == (120, 120, 0.5)


def test_the_coverage_counts_what_could_not_be_scored(contents):
    make_readings(make_comments(contents, texts(40)))
    make_readings(make_comments(contents, texts(25), first=40), score=None)
    found = voices(contents).sentiment(liking(0, 1, 2, 3, 4, 5, 6, 7))
    assert (found.shares.scored, found.shares.total) == (40, 65)


def test_under_thirty_scored_comments_it_says_how_many_there_are(contents):
    make_readings(make_comments(contents, texts(29)))
    make_readings(make_comments(contents, texts(5), first=29), score=None)
    assert voices(contents).sentiment(liking(0)) == ("Not enough comments: 29 of 34 can be scored, and it takes 30.")


def test_languages_with_enough_comments_are_told_apart(contents):
    make_readings(make_comments(contents, texts(40)), language="es", score=0.5)
    make_readings(make_comments(contents, texts(50), first=40), language="ar", score=-0.5)
    make_readings(make_comments(contents, texts(5), first=90), language="fr", score=-0.5)
    found = voices(contents).sentiment(liking(0, 1, 2, 3, 4, 5, 6, 7))
    assert [(code, shares.scored, shares.positive) for code, shares in found.languages] == [
        ("ar", 50, 0.0),
        ("es", 40, 1.0),
    ]


def test_comments_on_contents_outside_the_audience_do_not_count(contents):
    make_readings(make_comments(contents, texts(40)))
    inside = contents[2:]
    ids = np.array([unit.pk for unit in reversed(inside)])
    heard = Voices(ids, np.full(6, 1 / 6), {contents[0].source_id})
    assert heard.read == 30
    assert {key.content for key in heard.quotes(liking(0, of=6))} <= set(ids.tolist())


def test_another_organization_is_not_heard(contents):
    make_readings(make_comments(make_contents(make_organization("elsewhere"), 8), texts(40)))
    assert voices(contents).read == 0


def test_quotes_are_of_the_preferred_contents_one_of_each_at_most_five(contents):
    make_readings(make_comments(contents, texts(40)))
    found = voices(contents).quotes(liking(1, 2))
    assert len(found) == 5
    assert len({key.content for key in found}) == 5
    assert {key.content for key in found[:2]} == {contents[1].pk, contents[2].pk}


def test_what_has_a_reason_is_never_quoted(contents):
    comments = make_comments(contents, texts(16))
    make_readings(comments, reason="insult")
    CommentReading.objects.filter(comment=comments[3]).update(reason="")
    assert [key.comment for key in voices(contents).quotes(liking(0))] == [comments[3].pk]


def test_what_is_hidden_gives_way_to_the_next_best(contents, owner):
    make_readings(make_comments(contents[:1], texts(3)))
    first = voices(contents).quotes(liking(0))[0].comment
    hide_quote(comment=CommentReading.objects.get(pk=first).comment, by=owner)
    assert voices(contents).quotes(liking(0))[0].comment not in (first, None)


def test_a_content_is_heard_however_many_of_its_comments_are_hidden(contents, owner):
    comments = make_comments(contents[:1], texts(30))
    make_readings(comments)
    for comment in comments[2:]:
        hide_quote(comment=comment, by=owner)
    assert [key.comment for key in voices(contents).quotes(liking(0))] == [comments[1].pk]


def test_the_same_is_quoted_each_time(contents):
    make_readings(make_comments(contents, texts(64)))
    assert voices(contents).quotes(liking(1, 2)) == voices(contents).quotes(liking(1, 2))


def test_many_parts_cost_a_query_each_at_most(contents, django_assert_max_num_queries):
    make_readings(make_comments(contents, texts(64)))
    heard = voices(contents)
    heard.quotes(liking(1))
    with django_assert_max_num_queries(1):
        for place in range(8):
            heard.quotes(liking(place))
            heard.sentiment(liking(place))
