"""Topics from titles for the contents of sources that give neither categories nor tags."""

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from enrichment.measures.title_topics import title_topics
from enrichment.measures.words import load_language_words
from sources.frames import StoredContent, read_texts

WORDS = Path(__file__).resolve().parent / "data" / "language_words.csv"


def titled(ids: Sequence[int], contents: Sequence[StoredContent], known: Collection[str] = ()) -> dict[int, str]:
    """Return by place the label that titles and descriptions give a content, blank where they give none.

    Only contents of sources with titles and without any category or tag have a place here. Labels that are `known` of
    an earlier time are kept where a topic is still about the same.
    """
    labelled = {content.source for content in contents if content.category.strip() or content.tags}
    speaking = {content.source for content in contents if content.title} - labelled  # the others need not be read
    places = [place for place, content in enumerate(contents) if content.source in speaking]
    if not places:
        return {}
    texts = read_texts([ids[place] for place in places])
    titles, descriptions = zip(*(texts.get(ids[place], ("", "")) for place in places), strict=True)
    found = title_topics(titles, descriptions, left_out=_small_words(), known=sorted(known))
    return dict(zip(places, found.of_contents, strict=True))


@cache
def _small_words() -> frozenset[str]:
    """The words by which languages are known: they say nothing of what a text is about."""
    return frozenset(load_language_words(WORDS))
