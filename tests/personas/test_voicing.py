"""Sentiment and quotes of personas, from stored comments to pages, programs and the next generation."""

import pytest

from enrichment.hiding import hide_quote
from enrichment.models import CommentReading
from personas.comparing import sections
from personas.exporting import as_data
from personas.generation import new_generation
from personas.models import Generation, Persona
from personas.voicing import voice_of
from sources.carrying import carry_out
from sources.models import Comment
from tests.api_calls import program
from tests.builders import make_contents, make_groups, make_interactions
from tests.comments import make_comments

MOODS = ("wonderful", "terrible")
WORDS = (
    *("river", "garden", "winter", "summer", "bridge", "school", "market"),
    *("teacher", "doctor", "village", "morning", "evening", "kitchen", "window"),
)
MORE = (
    *("letter", "number", "question", "picture", "station", "language", "minister"),
    *("hospital", "library", "holiday", "weather", "history", "island"),
)


@pytest.fixture
def organization(organization):
    contents = make_contents(organization, 25)
    make_interactions(contents, make_groups())
    make_comments(contents, (sentence(place) for place in range(200)))
    return organization


def sentence(place: int) -> str:
    """One of 200 sentences in other words each, a quarter of them blame."""
    own = f"the {WORDS[place % 14]} and the {MORE[place // 14 % 13]}"
    return f"It was {MOODS[place % 4 == 0]} to see {own} of {place}"


def generate(organization, **wish) -> Generation:
    generation = new_generation(organization=organization, sizes=(5,), **wish)
    carry_out(generation)
    assert generation.state == Generation.State.DONE
    return generation


def personas(generation) -> list[Persona]:
    return list(Persona.objects.filter(persona_set__generation=generation).with_profile().order_by("position"))


def quoted(generation) -> dict[int, list[int]]:
    return {one.identity_id: [quote["comment"] for quote in one.quotes] for one in personas(generation)}


def test_a_generation_reads_the_comments_and_gives_sentiment_and_quotes(organization):
    for persona in personas(generate(organization)):
        voice = voice_of(persona)
        assert 0.5 < voice.feelings.moods[0].share < 1
        assert sum(mood.share for mood in voice.feelings.moods) == pytest.approx(1)
        assert 100 < voice.feelings.scored == voice.feelings.total <= 200  # what a persona never sees says nothing
        assert (len(voice.quotes), voice.hidden) == (5, 0)
        assert not {"Sentiment", "Quotes"} & {one["attribute"] for one in persona.unavailable}


def test_the_stage_of_the_comments_is_told(organization):
    assert "comments" in [stage["stage"] for stage in generate(organization).stages]


def test_quotes_come_from_what_a_persona_looks_at_more_than_others(organization):
    for persona in personas(generate(organization)):
        lifts = {content["id"]: content["lift"] for content in persona.contents}
        assert all(lifts[quote["content"]] > 1 for quote in persona.quotes)


def test_the_same_data_gives_the_same_quotes_a_month_later(organization):
    first = quoted(generate(organization))
    assert quoted(generate(organization)) == first


def test_a_hidden_quote_leaves_every_persona_at_once_and_stays_away(organization, owner):
    first = generate(organization)
    persona = personas(first)[0]
    bad = persona.quotes[0]["comment"]
    hide_quote(comment=Comment.objects.get(pk=bad), by=owner)
    assert bad not in {quote.comment for one in personas(first) for quote in voice_of(one).quotes}
    for _ in range(2):
        later = generate(organization)
        assert bad not in {key for keys in quoted(later).values() for key in keys}
        assert len(quoted(later)[persona.identity_id]) == 5


def test_few_comments_are_not_enough_and_the_profile_says_so(organization):
    keep = Comment.objects.order_by("pk").values_list("pk", flat=True)[:20]
    Comment.objects.exclude(pk__in=list(keep)).delete()
    (persona, *_) = personas(generate(organization))
    told = {one["attribute"]: one["why"] for one in persona.unavailable}
    assert told["Sentiment"] == "Not enough comments: 20 of 20 can be scored, and it takes 30."
    assert persona.sentiment is None
    assert persona.quotes


def test_comments_that_may_not_be_quoted_give_none(organization):
    Comment.objects.update(text="ok")
    (persona, *_) = personas(generate(organization))
    told = {one["attribute"]: one["why"] for one in persona.unavailable}
    assert "may be quoted" in told["Quotes"]


def test_without_comments_the_source_is_named_as_the_lack(organization):
    Comment.objects.all().delete()
    (persona, *_) = personas(generate(organization))
    told = {one["attribute"]: one["why"] for one in persona.unavailable}
    assert "no source" in told["Sentiment"]
    assert "no source" in told["Quotes"]


def test_only_what_is_new_is_read_by_the_next_generation(organization):
    generate(organization)
    CommentReading.objects.update(language="xx")
    generate(organization)
    assert set(CommentReading.objects.values_list("language", flat=True)) == {"xx"}


def test_the_data_for_programs_holds_sentiment_and_quotes(organization):
    generation = generate(organization)
    told = as_data(generation)["sets"][0]["personas"][0]
    assert told["sentiment"]["total"] > 150
    assert set(told["quotes"][0]) == {"text", "language", "content", "title", "source", "published_at"}
    assert len(told["quotes"]) == 5


def test_the_api_tells_what_the_page_shows(organization, owner):
    persona = personas(generate(organization))[0]
    hide_quote(comment=Comment.objects.get(pk=persona.quotes[0]["comment"]), by=owner)
    told = program(organization, "read").get(f"/api/v1/personas/{persona.pk}/").json()
    assert told["sentiment"]["audience"]["total"] == 200
    assert [quote["text"] for quote in told["quotes"]] == [quote.text for quote in voice_of(persona).quotes]
    assert len(told["quotes"]) == 4


def test_sentiment_stands_side_by_side_with_the_whole_audience(organization):
    generation = generate(organization)
    chosen = personas(generation)[:2]
    chosen[1].sentiment = None
    section = next(one for one in sections(chosen, generation.audience) if one.title == "Sentiment of the comments")
    assert [row.label for row in section.rows] == ["Positive", "Neutral", "Negative"]
    assert section.rows[0].cells[1] is None
    assert section.rows[0].against.share == chosen[0].sentiment["audience"]["positive"]
