"""A description of a persona in two to four sentences that say nothing but the facts given."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from enrichment.measures.chance import number
from enrichment.measures.countries import with_article
from enrichment.measures.percentages import percent
from enrichment.measures.remarking import Contrast, estimated, set_apart
from enrichment.measures.topics import Topic

TITLE_LENGTH = 70
TOPICS_NAMED = 3
NOTABLE_LIFT = 1.2
"""A topic or content is said to be liked more than by others from this lift on."""


@dataclass(frozen=True)
class Facts:
    """What is known of a persona; a blank, None or empty fact is left out of the description.

    name: full name. gender: female, male, user_specified or blank. age: years. age_group: such as 25-34 or 65+, used
    without an age. country: English name of a country or region. share: part of the whole audience, 0 to 1.
    topics: best first. title, title_lift: the heaviest content and its lift over the whole audience.
    groups: number of demographic groups behind the persona. group_share: part of the persona that its own group is,
    0 to 1. apart: what differs from the rest of the audience, largest first. likely: attributes, each with its
    estimated value. key: decides the form of the sentences. place: place of the persona in its set; when given, it
    decides the form, so that any sixteen neighbours differ.
    """

    name: str
    gender: str = ""
    age: int | None = None
    age_group: str = ""
    country: str = ""
    share: float | None = None
    topics: tuple[Topic, ...] = ()
    title: str = ""
    title_lift: float | None = None
    groups: int | None = None
    group_share: float | None = None
    apart: tuple[Contrast, ...] = ()
    likely: tuple[tuple[str, str], ...] = ()
    key: str = ""
    place: int | None = None


@dataclass(frozen=True)
class Voice:
    """The words by which a persona is called in the second sentence."""

    subject: str
    possessive: str
    plural: bool

    def verb(self, singular: str, plural: str) -> str:
        """Return the form of the verb that agrees with the subject."""
        return plural if self.plural else singular


SHE = Voice("she", "her", plural=False)
HE = Voice("he", "his", plural=False)
THEY = Voice("they", "their", plural=True)


def describe(facts: Facts) -> str:
    """Return two to four sentences made of the facts alone; raises ValueError without a name.

    The third is there when something sets the persona apart that the first two do not say, the fourth when there are
    estimates of job, education or relationship.
    """
    if not facts.name.strip():
        raise ValueError("A description needs the persona's name.")
    facts = replace(facts, topics=named_first(facts.topics))
    turn = number("description", facts.key) if facts.place is None else facts.place
    said = {topic.label.casefold() for topic in facts.topics[:TOPICS_NAMED]}
    further = (set_apart(facts.apart, said, turn // 2 % 4), estimated(facts.likely, turn % 3))
    return " ".join((_two_sentences(facts, turn), *filter(None, further)))


def named_first(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """Return the topics that are categories or tags; those found in texts only where there are no others."""
    return tuple(topic for topic in topics if topic.coverage is None) or topics


def _two_sentences(facts: Facts, turn: int) -> str:
    voice = {"female": SHE, "male": HE}.get(facts.gender, THEY)
    who, reach, interests = _who(facts), _reach(facts), _interests(facts, voice, (turn + turn // 4) % 4)
    if interests:
        return f"{_introduction(facts.name, who, reach, turn % 4)} {_capital(interests)}."
    first = f"{facts.name} is {who}." if who else f"{facts.name} stands for a part of the audience."
    if reach:
        return f"{first} {_capital(voice.subject)} {voice.verb('stands', 'stand')} for {reach}."
    return f"{first} Nothing more is known about this part of the audience."


def shorten(title: str, length: int = TITLE_LENGTH) -> str:
    """Shorten a title at a word to at most that many characters, with an ellipsis."""
    text = " ".join(title.split())
    if len(text) <= length:
        return text
    head = text[:length]
    cut = head.rsplit(" ", 1)[0] if " " in head else head[: length - 1]
    return cut.rstrip(" ,;:.-–—|") + "…"


def _introduction(name: str, who: str, reach: str, form: int) -> str:
    if not who and not reach:
        return f"{name} stands for a part of the audience."
    if not who:
        return f"{name} stands for {reach}."
    if not reach:
        return f"{name} is {who}." if form % 2 else f"Meet {name}, {who}."
    return (
        f"{name} is {who} who stands for {reach}.",
        f"Standing for {reach}, {name} is {who}.",
        f"{name}, {who}, stands for {reach}.",
        f"{_capital(who)}, {name} stands for {reach}.",
    )[form]


def _who(facts: Facts) -> str:
    place = f" in {with_article(facts.country)}" if facts.country.strip() else ""
    person = _person(facts)
    return f"{person}{place}" if person else (f"a person{place}" if place else "")


def _person(facts: Facts) -> str:
    """Return the age and gender with an article: an 18-year-old woman, a man aged 65 or over, a 40-year-old."""
    young = facts.age < 18 if facts.age is not None else facts.age_group == "13-17"
    noun = {"female": "girl" if young else "woman", "male": "boy" if young else "man"}.get(facts.gender, "")
    if facts.age is not None:
        article = "an" if facts.age in (8, 11, 18) or 80 <= facts.age <= 89 else "a"
        return f"{article} {facts.age}-year-old {noun}".rstrip()
    if facts.age_group:
        return f"a {noun or 'person'} {_aged(facts.age_group)}"
    return f"a {noun}" if noun else ""


def _aged(age_group: str) -> str:
    if age_group.endswith("+"):
        return f"aged {age_group[:-1]} or over"
    return f"aged {age_group.replace('-', ' to ')}"


def _reach(facts: Facts) -> str:
    if facts.share is None:
        return ""
    reach = f"{percent(facts.share)} of the audience"
    if facts.groups is None or facts.groups < 2:
        return reach
    if facts.group_share is None:
        return f"{reach} across {facts.groups} demographic groups"
    others = "another" if facts.groups == 2 else f"{facts.groups - 1} others"
    return f"{reach}, a part made up of this group ({percent(facts.group_share)}) and {others}"


def _interests(facts: Facts, voice: Voice, form: int) -> str:
    labels = [topic.label for topic in facts.topics[:TOPICS_NAMED]]
    title = f"“{shorten(facts.title)}”" if facts.title.strip() else ""
    if not labels:
        return _title_alone(title, facts.title_lift, voice, form) if title else ""
    first = facts.topics[0]
    lift = f"{first.lift:.1f} times" if first.lift >= NOTABLE_LIFT else ""
    return FORMS[form](labels, lift, title, voice)


def _title_alone(title: str, lift: float | None, voice: Voice, form: int) -> str:
    more = f", at {lift:.1f} times its share in the whole audience" if lift is not None and lift >= NOTABLE_LIFT else ""
    if form % 2:
        return f"{title} is {voice.possessive} top content{more}"
    return f"the content {voice.subject} {voice.verb('turns', 'turn')} to most is {title}{more}"


def _form_interested(labels: list[str], lift: str, title: str, voice: Voice) -> str:
    text = f"{voice.subject} {voice.verb('is', 'are')} most interested in {_series(labels)}"
    if lift:
        text += f", with {lift} the audience's usual share" + (f" for {labels[0]}" if labels[1:] else "")
    return (
        f"{text}, and the content {voice.subject} {voice.verb('turns', 'turn')} to most is {title}" if title else text
    )


def _form_main_topics(labels: list[str], lift: str, title: str, voice: Voice) -> str:
    if len(labels) == 1:
        text = f"{voice.possessive} main topic is {labels[0]}" + (f", at {lift} its usual share" if lift else "")
    else:
        text = f"{voice.possessive} main topics are {_series(labels)}"
        text += f"; {labels[0]} takes {lift} the share it has in the whole audience" if lift else ""
    return f"{text}, and {title} is {voice.possessive} top content" if title else text


def _form_first_topic(labels: list[str], lift: str, title: str, voice: Voice) -> str:
    text = f"{labels[0]} comes first among {voice.possessive} topics"
    if lift:
        text += f" at {lift} its share in the whole audience"
    if labels[1:]:
        text += f", before {_series(labels[1:])}"
    return f"{text}, while {title} is what {voice.subject} {voice.verb('turns', 'turn')} to most" if title else text


def _form_compared(labels: list[str], lift: str, title: str, voice: Voice) -> str:
    if not lift:
        text = f"{_series(labels)} {'are' if len(labels) > 1 else 'is'} what {voice.subject} "
        text += f"{voice.verb('follows', 'follow')} most"
        return f"{text}, and {title} is {voice.possessive} top content" if title else text
    text = f"compared with the whole audience, {voice.subject} {voice.verb('gives', 'give')} {lift} the share to "
    text += labels[0]
    parts = [f"also {voice.verb('follows', 'follow')} {_series(labels[1:])}"] if labels[1:] else []
    if title:
        parts.append(f"{voice.verb('turns', 'turn')} to {title} most")
    if len(parts) == 2:
        return f"{text}, {parts[0]}, and {parts[1]}"
    return f"{text} and {parts[0]}" if parts else text


FORMS: tuple[Callable[[list[str], str, str, Voice], str], ...] = (
    _form_interested,
    _form_main_topics,
    _form_first_topic,
    _form_compared,
)


def _series(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
