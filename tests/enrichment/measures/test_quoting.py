import random

from enrichment.measures.quoting import Candidate, choose_quotes

TEXTS = [
    "My grandfather worked in that harbour all his life and never complained once.",
    "The second half changed everything, suddenly both sides wanted to win.",
    "I showed this to my pupils and they asked questions for an hour.",
    "Nobody explains inflation like she does, even my mother understood it.",
    "The music in the last minutes gave me goosebumps, where can I find it?",
    "Our village has had no water since spring, thank you for coming here.",
    "Too many numbers on the screen, I had to stop three times.",
]


def candidates(**changes):
    """One comment on each of seven contents, of equal weight and likes, with the changes of `field=[...]`."""
    return [
        Candidate(
            comment=number,
            content=changes.get("content", range(100, 107))[number],
            text=changes.get("text", TEXTS)[number],
            language="en",
            weight=changes.get("weight", [1.0] * 7)[number],
            likes=changes.get("likes", [0] * 7)[number],
            score=changes.get("score", [0.5] * 7)[number],
        )
        for number in range(7)
    ]


def chosen(items, **options):
    return [quote.comment for quote in choose_quotes(items, **options)]


def test_at_most_five_are_chosen():
    assert len(chosen(candidates())) == 5


def test_the_persona_weight_of_the_content_and_the_likes_decide_the_order():
    assert chosen(candidates(weight=[1, 5, 2, 1, 1, 1, 1]))[:2] == [1, 2]
    assert chosen(candidates(likes=[0, 0, 900, 30, 0, 0, 0]))[:2] == [2, 3]


def test_one_content_gives_one_quote():
    items = candidates(content=[1, 1, 1, 2, 2, 3, 3], likes=[1, 9, 1, 1, 9, 1, 9])
    assert sorted(chosen(items)) == [1, 4, 6]


def test_a_hidden_comment_is_never_chosen_again():
    first = chosen(candidates(), most=2)
    assert set(first).isdisjoint(chosen(candidates(), hidden=first))


def test_nearly_the_same_comment_is_chosen_once():
    texts = [TEXTS[0], TEXTS[0].upper(), TEXTS[0] + " Really!", *TEXTS[3:]]
    assert len({0, 1, 2} & set(chosen(candidates(text=texts)))) == 1


def test_a_different_sentiment_is_preferred_to_more_of_the_same():
    scores = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5]
    weights = [1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.0]
    assert 6 in chosen(candidates(score=scores, weight=weights), most=2)


def test_a_statement_is_preferred_to_a_question():
    texts = [*TEXTS[:6], "How many people lived in that harbour before the war began?"]
    assert chosen(candidates(text=texts, weight=[1, 1, 1, 1, 1, 1, 1.2]))[0] != 6


def test_contents_that_the_persona_does_not_watch_give_no_quote():
    assert chosen(candidates(weight=[0] * 7)) == []


def test_the_order_of_the_candidates_makes_no_difference():
    items = candidates(likes=[3, 3, 3, 3, 5, 5, 5])
    shuffled = random.Random(1).sample(items, len(items))
    assert choose_quotes(items) == choose_quotes(shuffled)


def test_a_quote_has_ids_and_text_and_no_names_of_accounts():
    item = Candidate("c1", "v1", "@editor  thank you,\nthis was overdue @friend", "en", 1.0, 7)
    (quote,) = choose_quotes([item])
    assert (quote.comment, quote.content, quote.text, quote.likes) == ("c1", "v1", "thank you, this was overdue", 7)


def test_without_candidates_there_are_no_quotes():
    assert choose_quotes([]) == ()


def test_what_was_quoted_before_is_quoted_again_unless_others_are_worth_twice_as_much():
    weights = [1.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    assert 0 not in chosen(candidates(weight=weights))
    assert 0 in chosen(candidates(weight=weights), before={0})
    assert 0 not in chosen(candidates(weight=[0.5, *weights[1:]]), before={0})
