"""Topics from titles for the contents of sources that give neither categories nor tags."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from enrichment.measures.title_topics import title_topics
from enrichment.measures.topics import TopicIndex
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


def tags_with(contents: Sequence[StoredContent], found: Mapping[int, str]) -> list[list[str]]:
    """Return the tags of each content (c,); a label found in titles, by place, stands as the tag of its content."""
    return [[found[place]] if found.get(place) else content.tags for place, content in enumerate(contents)]


def found_in_titles(topics: TopicIndex, found: Mapping[int, str]) -> frozenset[str]:
    """Return the labels of topics that stand on contents of which titles were read alone: nobody gave them."""
    given = np.ones(topics.incidence.shape[0])
    given[list(found)] = 0.0
    times_given = topics.incidence.T @ given
    return frozenset(label for label, times in zip(topics.labels, times_given, strict=True) if not times)


@cache
def _small_words() -> frozenset[str]:
    """The words by which languages are known: they say nothing of what a text is about."""
    return frozenset(load_language_words(WORDS))
