import pytest

from enrichment.measures.privacy import Private, find_private, passes_luhn, without_names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to anna.k+tv@example.co.uk please", Private.EMAIL),
        ("anna (at) example dot com", Private.EMAIL),
        ("annak gmail.com", Private.EMAIL),
        ("+1 (202) 555-0143", Private.PHONE),
        ("call 202.555.0143 now", Private.PHONE),
        ("واتساب ٠١٠٠١٢٣٤٥٦٧", Private.PHONE),
        ("my card is 4111-1111-1111-1111", Private.CARD),
        ("he lives at 221 Baker Street", Private.ADDRESS),
        ("vive en la calle Cervantes número 14", Private.ADDRESS),
        ("12 rue de la République", Private.ADDRESS),
        ("Hauptstraße 12 in Berlin", Private.ADDRESS),
        ("Rua das Flores, 123", Private.ADDRESS),
        ("улица Ленина, дом 5", Private.ADDRESS),
        ("شارع التحرير عمارة 5", Private.ADDRESS),
        ("see http://example.com", Private.LINK),
        ("go to example.shop/offer", Private.LINK),
        ("I agree with @someone here", Private.HANDLE),
    ],
)
def test_private_things_are_found(text, found):
    assert find_private(text) is found


@pytest.mark.parametrize(
    "text",
    [
        "1939 - 1945 was worse, 2023 2024 too",
        "10 000 000 views and 1.234.567 likes",
        "on 12.05.2024 at 21:30",
        "the score was 3-2, 5-4 on penalties",
        "at 4:32 and 12:10 she explains 50% of it",
        "I live on this street since 1990",
        "5 minutes from the court house",
        "this is great.Really great...and true",
        "e.g. the U.S. and the U.K.",
        "I meet him @ noon",
    ],
)
def test_years_dates_scores_and_big_numbers_are_not_private(text):
    assert find_private(text) is None


def test_cards_are_told_by_their_check_digit():
    assert passes_luhn([int(digit) for digit in "4111111111111111"])
    assert not passes_luhn([int(digit) for digit in "4111111111111112"])


def test_names_of_accounts_are_taken_from_the_ends_and_lines_joined():
    assert without_names("@first @second: so  true\nreally @third") == "so true really"


def test_an_e_mail_at_the_end_is_not_taken_for_the_name_of_an_account():
    assert without_names("write to anna@example.com") == "write to anna@example.com"
