"""Stored comments are read once, again when something changed, and from where it stopped."""

import pytest
from django.core.management import CommandError, call_command

from enrichment import reading_comments
from enrichment.models import CommentReading, ListedWord
from enrichment.reading_comments import read_comments
from sources.models import Comment
from tests.builders import make_contents, make_organization
from tests.comments import BLAME, PRAISE, make_comments

TEXTS = [
    PRAISE.format(1),
    BLAME.format(2),
    "Call me at +1 212 555 0143 for the rest of it",
    "ok",
    PRAISE.format(1) + "!",
    "Esta explicación del río fue maravillosa, aprendí muchísimo con ella",
    "The teacher of my daughter showed this to the whole class yesterday",
    BLAME.format(2) + "?",
]


@pytest.fixture
def contents(organization):
    return make_contents(organization, 3)


@pytest.fixture
def comments(contents):
    return make_comments(contents, TEXTS)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(reading_comments, "BATCH", 3)


def table() -> list[tuple]:
    return list(CommentReading.objects.order_by("comment").values_list())


def readings() -> dict[str, CommentReading]:
    return {reading.comment.text: reading for reading in CommentReading.objects.select_related("comment")}


def test_language_sentiment_and_fitness_are_stored(organization, comments):
    read_comments(organization=organization)
    found = readings()
    assert found[TEXTS[0]].score > 0.12
    assert found[TEXTS[1]].score < -0.12
    assert (found[TEXTS[0]].reason, found[TEXTS[2]].reason, found[TEXTS[4]].reason) == ("", "phone", "duplicate")
    assert (found[TEXTS[5]].language, found[TEXTS[6]].score) == ("es", None)


def test_what_is_current_is_not_read_again(organization, comments):
    assert read_comments(organization=organization).read == len(TEXTS)
    before = table()
    assert read_comments(organization=organization).read == 0
    assert table() == before


def test_only_what_is_new_is_read(organization, contents, comments, small_batches):
    read_comments(organization=organization)
    make_comments(contents, ["A fine film about my old town"], first=50)
    assert read_comments(organization=organization).read == 1


def test_a_changed_text_is_read_again(organization, comments):
    read_comments(organization=organization)
    Comment.objects.filter(pk=comments[0].pk).update(text="Write to me at somebody@example.org about the river")
    assert read_comments(organization=organization).read == 1
    assert CommentReading.objects.get(pk=comments[0].pk).reason == "email"


def test_other_lists_read_everything_again(organization, comments):
    read_comments(organization=organization)
    ListedWord.objects.create(list="blocked", language="en", word="camera", value="insult")
    assert read_comments(organization=organization).read == len(TEXTS)
    assert CommentReading.objects.get(pk=comments[1].pk).reason == "insult"


def test_a_repetition_that_comes_later_is_found(organization, contents, comments):
    read_comments(organization=organization)
    make_comments(contents, [PRAISE.format(1) + "!!"], first=50)
    read_comments(organization=organization)
    assert CommentReading.objects.get(comment__external_id="c50").reason == "duplicate"


@pytest.mark.parametrize("stop", [3, 6])
def test_stopped_in_the_middle_it_goes_on_and_gives_the_same_table(organization, comments, small_batches, stop):
    read_comments(organization=organization)
    whole = table()
    CommentReading.objects.all().delete()

    def report(stage, done, total):
        if done == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_comments(organization=organization, report=report)
    assert CommentReading.objects.count() == stop
    assert read_comments(organization=organization).read == len(TEXTS) - stop
    assert table() == whole


def test_rows_read_by_other_lists_before_a_stop_are_read_once_more(organization, comments, small_batches):
    read_comments(organization=organization)
    whole = table()
    CommentReading.objects.filter(pk__gte=comments[4].pk).update(version="old", reason="spam")
    assert read_comments(organization=organization).read == 4
    assert table() == whole


def test_the_comments_of_others_are_left_alone(organization, comments):
    other = make_organization("elsewhere")
    make_comments(make_contents(other, 1), TEXTS[:1])
    assert read_comments(organization=organization).comments == len(TEXTS)
    assert not CommentReading.objects.of(other).exists()


def test_an_organization_without_comments_reads_nothing(organization):
    assert read_comments(organization=organization) == reading_comments.Told(0, 0)


def test_progress_is_told_by_batches(organization, comments, small_batches):
    told = []
    read_comments(organization=organization, report=lambda *words: told.append(words))
    assert told == [("comments", done, 8) for done in (0, 3, 6, 8)]


@pytest.mark.django_db(transaction=True)
def test_a_comment_that_is_deleted_meanwhile_has_no_reading(monkeypatch):
    organization = make_organization("acme")
    kept, gone = make_comments(make_contents(organization, 1), TEXTS[:2])
    current_reader = reading_comments.current_reader()

    class Deleting:
        version = current_reader.version

        def read(self, texts, seen):
            gone.delete()
            return current_reader.read(texts, seen)

    monkeypatch.setattr(reading_comments, "current_reader", Deleting)
    read_comments(organization=organization)
    assert [reading.comment_id for reading in CommentReading.objects.all()] == [kept.pk]


def test_the_command_tells_what_it_read(organization, comments, capsys):
    call_command("read_comments", organization="acme")
    assert capsys.readouterr().out.startswith("8 comments, 8 of them read now, in ")


def test_the_command_knows_no_organization_of_that_name(db):
    with pytest.raises(CommandError, match="no organization nowhere"):
        call_command("read_comments", organization="nowhere")
