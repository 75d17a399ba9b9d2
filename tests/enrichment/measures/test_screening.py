import pytest

from enrichment.measures.screening import TOLD, Reason, Seen, load_screen
from tests.enrichment.measures.labelled import DATA, accuracy, readings, rows

LABELLED = "quotes_labelled.csv"


@pytest.fixture(scope="module")
def screen():
    return load_screen(DATA)


def reason(screen, text, language="en"):
    return screen.reasons([text], [language])[0]


def expected():
    return [Reason(row["reason"]) if row["reason"] else None for row in rows(LABELLED)]


def test_no_labelled_comment_that_must_not_be_quoted_passes():
    passed = [
        row["text"]
        for row, wanted, found in zip(rows(LABELLED), expected(), readings(LABELLED).reasons, strict=True)
        if wanted and not found
    ]
    assert passed == []


def test_nearly_every_labelled_comment_that_may_be_quoted_passes():
    pairs = zip(expected(), readings(LABELLED).reasons, strict=True)
    assert accuracy([found is None for wanted, found in pairs if wanted is None]) >= 0.95


def test_nearly_every_rejection_has_the_labelled_reason():
    pairs = zip(expected(), readings(LABELLED).reasons, strict=True)
    assert accuracy([found is wanted for wanted, found in pairs if wanted]) >= 0.95


def test_every_reason_has_words():
    assert set(TOLD) == set(Reason)
    assert Reason.PHONE.told == "it holds a phone number"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gay rights are human rights, simple as that", "en"),
        ("my grandmother is from Scunthorpe and she sussed it at once", "en"),
        ("Muslims are not terrorists, please stop saying that", "en"),
        ("black people in my town opened this library", "en"),
        ("my favourite book is Moby Dick by far", "en"),
        ("the homo sapiens part was so well explained", "en"),
        ("quiero conocer ese lugar con mi familia", "es"),
        ("los moros y cristianos de Alcoy son una fiesta preciosa", "es"),
        ("o tapete vermelho ficou lindo na cerimônia", "pt"),
        ("umarım herkes izler, hayırlı olsun arkadaşlar", "tr"),
        ("programa katıldığım gün çok güzeldi gerçekten", "tr"),
        ("नीचे दिए गए लिंक में पूरी जानकारी है दोस्तों", "hi"),
        ("Der Abschnitt über dicke Bücher war wirklich spannend", "de"),
        ("كسر اللاعب الرقم القياسي في هذه المباراة", "ar"),
        ("هذه السنة كانت صعبة على كل الناس", "ar"),
        ("le train était en retard mais le film était bien", "fr"),
    ],
)
def test_harmless_words_that_look_like_blocked_ones_pass(screen, text, language):
    assert reason(screen, text, language) is None


@pytest.mark.parametrize(
    "text",
    [
        "what a load of sh1t this turned out to be",
        "what a f u c k i n g mess they made of it",
        "what a f*cking mess they made of it",
        "what a fuuuuck up they made of it",
        "what a FUCKING mess they made of it",
    ],
)
def test_curses_are_found_in_disguise(screen, text):
    assert reason(screen, text) is Reason.PROFANITY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("all those muslims are terrorists I tell you", "en"),
        ("los inmigrantes son una plaga para todos", "es"),
        ("اللاجئين حثالة ويجب طردهم من هنا", "ar"),
        ("die Flüchtlinge sind Ungeziefer und sonst nichts", "de"),
    ],
)
def test_a_group_next_to_a_word_that_attacks_it_is_an_attack(screen, text, language):
    assert reason(screen, text, language) is Reason.IDENTITY_ATTACK


def test_the_worst_reason_is_given(screen):
    assert reason(screen, "kill yourself you stupid fucking idiot") is Reason.THREAT


def test_private_things_come_before_words(screen):
    assert reason(screen, "call this fucking idiot on +1 202 555 0143") is Reason.PHONE


@pytest.mark.parametrize("language", ["unknown", "pl", "ar-Latn"])
def test_what_cannot_be_checked_is_not_quoted(screen, language):
    assert reason(screen, "naprawdę bardzo ciekawy materiał o historii", language) is Reason.UNCHECKED


def test_a_topic_of_fraud_alone_is_no_fraud(screen):
    assert reason(screen, "bitcoin uses more power than my whole country") is None
    assert reason(screen, "my broker doubled my bitcoin, guaranteed profit") is Reason.SCAM


def test_near_duplicates_are_found_over_batches_that_share_a_memory(screen):
    seen = Seen()
    text = "my grandfather remembered every single street in this old film"
    assert screen.reasons([text], ["en"], seen) == [None]
    assert screen.reasons([text.upper().capitalize() + "!!", text + " today"], ["en", "en"], seen) == [
        Reason.DUPLICATE,
        Reason.DUPLICATE,
    ]
    assert screen.reasons([text], ["en"]) == [None]


def test_the_memory_of_comments_stays_flat():
    seen = Seen(most=3)
    texts = [[f"word{number}{place}" for place in range(6)] for number in range(9)]
    assert all(seen.is_new(text) for text in texts)
    assert seen.is_new(texts[0])
    assert not seen.is_new(texts[8])
    assert len(seen._queue) == 3


def test_a_rejected_comment_does_not_make_a_later_one_a_duplicate(screen):
    seen = Seen()
    texts = ["the old harbour looked just like this fuck", "the old harbour looked just like this"]
    assert screen.reasons(texts, ["en", "en"], seen) == [Reason.PROFANITY, None]


def test_each_text_needs_a_language(screen):
    with pytest.raises(ValueError, match="1 texts but 2 languages"):
        screen.reasons(["a"], ["en", "en"])
