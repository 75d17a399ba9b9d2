"""What a comment gives away about people: e-mail, phone and card numbers, homes, other people's accounts."""

import re
from enum import StrEnum


class Private(StrEnum):
    """What a comment must not be quoted for."""

    EMAIL = "email"
    CARD = "card"
    PHONE = "phone"
    ADDRESS = "address"
    LINK = "link"
    HANDLE = "handle"


EMAIL = re.compile(
    r"[\w.+\-]+\s?(?:@|[(\[]\s?at\s?[)\]])\s?[\w\-]+(?:\.|\s?[(\[]?dot[)\]]?\s?)[a-z]{2,}"
    r"|\b[\w.\-]+ (?:at )?(?:gmail|hotmail|yahoo|outlook)\s?(?:\.|dot )\s?com\b|\b(?:gmail|hotmail)\.com\b",
    re.IGNORECASE,
)
LINK = re.compile(
    r"https?:|\bwww\.|\b[\w\-]+\.(?:com|net|org|info|biz|io|me|ly|be|xyz|link|site|online|shop|store|app|club|top|tv|ru|de|fr|es|br"
    r"|mx|in|co|uk|eg|sa|tr|id|ph|jp|it)(?:/|\b(?!\.?\w))",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\w.,])[+(]?\d(?:[\s().\-–/]{0,3}\d){6,}(?![\w%])")
NOT_A_PHONE = re.compile(
    r"\d{1,3}(?:[.\s]\d{3})+|(?:(?:1[0-9]|20)\d\d[\s\-–/]{0,3}){1,6}|\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}"
)
"""Thousands in groups, years in a row, dates."""
FEWEST_DIGITS, MOST_DIGITS = 7, 15
CARD_DIGITS = range(13, 20)
STREETS = "street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|court|close"
LETTERS = r"[\w .'\-]{2,30}?"
ADDRESSES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b\d{{1,5}}[a-z]?,? (?:[A-Z][\w'.]+ ){{1,3}}(?i:{STREETS})\b",
        rf"(?i)\b(?:calle|avenida|av|avda|carrera|cra|callej[oó]n|paseo) {LETTERS},?\s?(?:n[uú]mero|n[º°o.]*|#)?\s?\d+",
        r"(?i)\b\d{1,4},? ?(?:bis |ter )?(?:rue|avenue|boulevard|impasse|all[ée]e|chemin) (?:de|du|des|la|le)\b",
        r"(?i)\b\w{3,}(?:straße|strasse|str\.|gasse|allee) ?\d{1,4}\b",
        rf"(?i)\b(?:rua|travessa|alameda) {LETTERS},? ?(?:n[º°o.]*|número)? ?\d+",
        r"\b(?:[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Vv]icolo) [A-Z]\w+(?: [A-Z]\w+)?,? ?(?:n\.? ?)?\d+",
        r"(?i)\b\w+ (?:sokak|sok\.|sokağı|cadde|caddesi|cad\.|mahallesi|mah\.)[\s,]*(?:no)?[\s:.]*\d+",
        rf"(?i)\b(?:ул\.|улица|проспект|пр-т|переулок) ?{LETTERS},? ?(?:д\.|дом)? ?\d+",
        r"شارع .{2,30}?(?:رقم|عمارة|عماره|شقة|شقه|بناية|منزل) ?\d+",
        rf"(?i)\b(?:jalan|jl\.?|gang|gg\.?) {LETTERS},? ?(?:no\.?|nomor) ?\d+",
        r"(?:मकान नंबर|मकान न|गली नंबर|गली न|फ्लैट नंबर)[.\s]*\d+",
    )
)
HANDLE = re.compile(r"(?<!\w)@\w")
DIGIT = re.compile(r"\d")
MAY_BE_EMAIL = re.compile(r"@|[(\[] ?at|gmail|hotmail|yahoo|outlook", re.IGNORECASE)
LEADING_NAMES = re.compile(r"^(?:\s*@[\w.\-]+[\s:,]*)+|(?:\s+@[\w.\-]+)+\s*$")


def without_names(text: str) -> str:
    """Return a comment in one line, without the @names that it starts or ends with."""
    return " ".join(LEADING_NAMES.sub(" ", text).split()) if "@" in text else " ".join(text.split())


def find_private(text: str) -> Private | None:
    """Return the first private thing that a comment holds, if any; cards are told by their check digit (Luhn)."""
    if MAY_BE_EMAIL.search(text) and EMAIL.search(text):
        return Private.EMAIL
    if DIGIT.search(text):
        if found := _find_number(text):
            return found
        if any(pattern.search(text) for pattern in ADDRESSES):
            return Private.ADDRESS
    if ("." in text or ":" in text) and LINK.search(text):
        return Private.LINK
    return Private.HANDLE if HANDLE.search(text) else None


def _find_number(text: str) -> Private | None:
    for match in NUMBER.finditer(text):
        digits = [int(character) for character in match[0] if character.isdecimal()]
        if len(digits) in CARD_DIGITS and passes_luhn(digits):
            return Private.CARD
        if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and not NOT_A_PHONE.fullmatch(match[0].strip()):
            return Private.PHONE
    return None


def passes_luhn(digits: list[int]) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
