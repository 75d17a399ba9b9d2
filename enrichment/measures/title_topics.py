"""Topics where contents have no category and no tags: found in their titles and descriptions."""

import warnings
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer

from enrichment.measures.terms import UNSPACED, characters, terms

Floats = npt.NDArray[np.float64]

FEWEST_CONTENTS = 20
FEWEST_WITH_TERM = 3
MOST_WITH_TERM = 0.3
MOST_TERMS = 5_000
MOST_TOPICS = 24
CONTENTS_A_TOPIC = 12
CLEARLY = 0.5
"""A content has a topic when so much of what the model finds in it is of that topic."""
FITTED = 20_000
TITLE_COUNTS = 2
LABEL_TERMS = 2
LABEL_WORDS = 3
FOREMOST = 12
HEAVY = 0.4
"""A term is foremost in a topic when it weighs so much of what the heaviest weighs."""
TOGETHER = 0.6
"""A run of characters grows by the one that stands beside it in so many of its places."""
LONGEST_RUN = 8


@dataclass(frozen=True)
class TitleTopics:
    """The label of each content (c,), blank where the model finds no clear topic, and all labels."""

    of_contents: tuple[str, ...]
    labels: tuple[str, ...]


NOTHING = TitleTopics((), ())


def title_topics(
    titles: Sequence[str],
    descriptions: Sequence[str],
    *,
    left_out: Collection[str] = (),
    known: Sequence[str] = (),
) -> TitleTopics:
    """Find topics by a factorisation (NMF) of TF-IDF over the terms of titles, which count twice, and descriptions.

    left_out are normalised words that are no topic. A topic about which one of the `known` labels, those of an earlier
    time, is also, keeps that label. With under 20 contents, or no term in common, there are no topics. The same texts
    give the same topics. Raises ValueError when titles and descriptions are not as many.
    """
    if len(titles) != len(descriptions):
        raise ValueError(f"{len(titles)} titles but {len(descriptions)} descriptions: one of each a content.")
    if len(titles) < FEWEST_CONTENTS:
        return TitleTopics(("",) * len(titles), ())
    table, names = _weigh(titles, descriptions, left_out)
    if not names:
        return TitleTopics(("",) * len(titles), ())
    found, patterns = _factorise(table)
    labels = _labels(patterns, names, titles, known)
    total = found.sum(axis=1)
    best = found.argmax(axis=1)
    clear = found.max(axis=1) >= CLEARLY * np.maximum(total, 1e-12)
    of_contents = tuple(
        labels[topic] if is_clear and some > 0 else ""
        for topic, is_clear, some in zip(best.tolist(), clear.tolist(), total.tolist(), strict=True)
    )
    return TitleTopics(of_contents, tuple(dict.fromkeys(label for label in labels if label)))


def _weigh(
    titles: Sequence[str], descriptions: Sequence[str], left_out: Collection[str]
) -> tuple[sparse.csr_array, list[str]]:
    def of_content(pair: tuple[str, str]) -> list[str]:
        title, description = pair
        return terms(title, left_out) * TITLE_COUNTS + terms(description, left_out)

    # Two in a hundred contents may be few: a term of fewer than three contents says nothing of a kind of content.
    weigher = TfidfVectorizer(
        analyzer=of_content,
        min_df=FEWEST_WITH_TERM,
        max_df=max(MOST_WITH_TERM, FEWEST_WITH_TERM / len(titles)),
        max_features=MOST_TERMS,
        sublinear_tf=True,
    )
    try:
        table = weigher.fit_transform(zip(titles, descriptions, strict=True))
    except ValueError:  # no term is left
        return sparse.csr_array((len(titles), 0)), []
    return sparse.csr_array(table), weigher.get_feature_names_out().tolist()


def _factorise(table: sparse.csr_array) -> tuple[Floats, Floats]:
    """Return what every content (c, k) has of every topic, and the terms (k, t) of these."""
    size = min(MOST_TOPICS, max(2, table.shape[0] // CONTENTS_A_TOPIC), *table.shape)
    model = NMF(n_components=size, init="nndsvda", random_state=0, max_iter=300)
    fitted = table[np.unique(np.linspace(0, table.shape[0] - 1, min(table.shape[0], FITTED)).astype(int))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(fitted)
        return np.asarray(model.transform(table)), np.asarray(model.components_)


def _labels(patterns: Floats, names: Sequence[str], titles: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return a label for each topic (k,); one that has none of its own is blank."""
    # What other topics have too says little of this one.
    own = (patterns / np.maximum(patterns.sum(axis=0), 1e-12)) ** 2 * patterns
    foremost = [
        [names[t] for t in np.argsort(-row, kind="stable")[:FOREMOST] if row[t] > HEAVY * row.max()] for row in own
    ]
    spelled = _spellings(titles)
    labels = ["" for _ in foremost]
    free = list(dict.fromkeys(known))
    for topic, words in enumerate(foremost):
        about = next((label for label in free if _is_about(label, words)), "")
        if about:
            labels[topic] = about
            free.remove(about)
    for topic, words in enumerate(foremost):
        labels[topic] = labels[topic] or _label(words, titles, spelled, set(labels))
    return labels


def _is_about(label: str, words: Sequence[str]) -> bool:
    """Whether every term of a label is among the foremost ones of a topic."""
    mine = set(terms(label.replace(" · ", ". ")))
    return bool(mine) and mine <= set(words)


def _label(words: Sequence[str], titles: Sequence[str], spelled: dict[str, str], taken: Collection[str]) -> str:
    """Return the two foremost terms that share no word, in all at most three words, as titles write them."""
    grown = [_grown(word, titles) if UNSPACED.fullmatch(word) else word for word in words]
    chosen: list[str] = []
    for one in grown:
        length = sum(len(other.split()) for other in [*chosen, one])
        if length > LABEL_WORDS or any(_share_a_word(one, other) for other in chosen):
            continue
        longer = next((pair for pair in grown if f" {one} " in f" {pair} " and " " in pair), one)
        fits = sum(len(other.split()) for other in [*chosen, longer]) <= LABEL_WORDS
        chosen.append(longer if fits else one)
        if len(chosen) == LABEL_TERMS:
            break
    label = " · ".join(" ".join(spelled.get(word, word) for word in one.split()) for one in chosen)
    return label if label not in taken else ""


def _share_a_word(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split())) or one in other or other in one


def _grown(run: str, titles: Sequence[str]) -> str:
    """Return a run of characters, made longer as long as most of its places go on alike."""
    stretches = [characters(part) for title in titles for part in UNSPACED.findall(title.casefold())]
    letters = characters(run)
    while len(letters) < LONGEST_RUN:
        beside: Counter[str] = Counter()
        places = 0
        for stretch in stretches:
            for at in _places(letters, stretch):
                places += 1
                beside.update("".join(more) for more in _wider(stretch, at, len(letters)))
        longer, often = min(beside.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if not often or often < TOGETHER * places:
            break
        letters = characters(longer)
    return "".join(letters)


def _places(letters: list[str], stretch: list[str]) -> list[int]:
    return [at for at in range(len(stretch) - len(letters) + 1) if stretch[at : at + len(letters)] == letters]


def _wider(stretch: list[str], at: int, length: int) -> list[list[str]]:
    """Return the run of that length with the character before it, and with the one after it."""
    before = [stretch[at - 1 : at + length]] if at else []
    after = [stretch[at : at + length + 1]] if at + length < len(stretch) else []
    return before + after


def _spellings(titles: Sequence[str]) -> dict[str, str]:
    """Return for each word without case how titles write it most."""
    found: dict[str, Counter[str]] = {}
    for title in titles:
        for word in title.split():
            plain = word.strip(".,;:!?…()\"'“”„«»[]")
            found.setdefault(plain.casefold(), Counter())[plain] += 1
    return {word: min(often.items(), key=lambda item: (-item[1], item[0]))[0] for word, often in found.items()}
