"""Topics of interest: categories and tags of the contents, by share of the persona and lift over the audience."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from enrichment.measures.labels import normalise, plural_of, tidy
from enrichment.measures.topic_ranking import chance, lower_bounds, scores, steady_order
from enrichment.measures.topic_rules import TopicRules

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MAX_TOPICS = 8
MIN_TOPICS = 3
"""So many topics are given when the persona likes nothing for sure more than others do."""
MIN_SHARE = 0.02
MIN_CONTENTS = 2
SAME_CONTENTS = 0.8
"""Two labels that share this part of their contents (Jaccard) are one topic."""
CANDIDATES = 40


@dataclass(frozen=True)
class Topic:
    """A label, its share of the persona's interactions (0 to 1) and its lift over the whole audience (1 is equal).

    A topic that was found in titles has a `coverage`: the part of the persona's interactions with contents of which
    titles gave a topic. None for categories and tags.
    """

    label: str
    share: float
    lift: float
    coverage: float | None = None


class _Labels:
    """All labels of c contents, each distinct one looked at once however many contents it stands on.

    `spellings` counts how every key is written, `of_categories` tells how the last category of a key is.
    """

    def __init__(self, categories: Sequence[str], tags: Sequence[Iterable[str]]) -> None:
        codes: dict[str, int] = {}
        self._contents = len(categories)
        category_codes = [codes.setdefault(category, len(codes)) for category in categories]
        own = [[codes.setdefault(tag, len(codes)) for tag in content_tags] for content_tags in tags]
        self._row = np.repeat(np.arange(2 * len(own)) % max(len(own), 1), [*[1] * len(own), *map(len, own)])
        self._code = np.fromiter(chain(category_codes, chain.from_iterable(own)), np.int64, len(self._row))
        self._keys = [normalise(label) for label in codes]
        written = [tidy(label) for label in codes]
        self.spellings: dict[str, Counter[str]] = {}
        for key, label, times in zip(self._keys, written, np.bincount(self._code).tolist(), strict=True):
            if key:
                self.spellings.setdefault(key, Counter())[label] += times
        last = {code: place for place, code in enumerate(category_codes)}
        ordered = sorted(last, key=last.__getitem__)
        self.of_categories = {self._keys[code]: written[code] for code in ordered if self._keys[code]}

    def incidence(self, merged: dict[str, str], keys: list[str]) -> sparse.csr_array:
        """Return which content has which key of `keys` (c, keys), after `merged` has made one of several."""
        place = {key: number for number, key in enumerate(keys)}
        of_code = np.array([place.get(merged.get(key, ""), -1) for key in self._keys], dtype=np.int64)
        column = of_code[self._code]
        row, column = self._row[column >= 0], column[column >= 0]
        matrix = sparse.coo_array((np.ones(len(row)), (row, column)), shape=(self._contents, len(keys))).tocsr()
        matrix.sum_duplicates()
        matrix.data[:] = 1.0
        return matrix


class TopicIndex:
    """The labels of every content, merged without case, as a sparse matrix of shape (contents, labels)."""

    def __init__(
        self, categories: Sequence[str], tags: Sequence[Iterable[str]], rules: TopicRules | None = None
    ) -> None:
        """Index one category and any tags for each content, each label as the rules would have it.

        Raises ValueError when the lengths differ.
        """
        if len(categories) != len(tags):
            raise ValueError(f"{len(categories)} categories but {len(tags)} lists of tags: one of each a content.")
        found = _Labels(categories, tags)
        merged = _merge_plurals(found.spellings)
        # A category is written as its taxonomy writes it, however often a tag of the same word is written otherwise.
        written = {
            key: found.of_categories.get(key) or _best_spelling(key, found.spellings) for key in set(merged.values())
        }
        self._rules = rules or TopicRules()
        merged, written = _ruled(merged, written, self._rules)
        keys = sorted(written)
        places = {key: place for place, key in enumerate(keys)}
        self._places = {key: places[one] for key, one in merged.items() if one in places} | places
        self.labels = tuple(written[key] for key in keys)
        categories_kept = {merged[key] for key in found.of_categories}
        self._is_category = np.array([key in categories_kept for key in keys], dtype=bool)
        self._matrix = found.incidence(merged, keys)
        self._by_label = self._matrix.tocsc()

    @property
    def incidence(self) -> sparse.csr_array:
        """Which content has which label, shape (contents, labels): 1 where it has."""
        return self._matrix

    @property
    def is_category(self) -> list[bool]:
        """For each label whether it is a category of some content; the others are tags."""
        return list(self._is_category.tolist())

    def topics(
        self, persona_weights: Floats, audience_weights: Floats, before: Sequence[str] = ()
    ) -> tuple[Topic, ...]:
        """Rank the labels of the contents that one persona prefers.

        Weights are interactions (any scale, not negative), one for each content of the index; ValueError when they
        are not as many. Score: share x log(lift), less what chance may have added to it. Labels on too few contents or
        under MIN_SHARE are dropped, and those whose score may be above 0 by chance alone unless there are no others;
        a label with nearly the same contents as a better one is merged with it. The topics that the persona had
        `before`, the foremost first, keep their places while it likes them more than others do, as long as no other
        topic is ahead by more than chance.
        """
        matrix = self._matrix
        if len(persona_weights) != matrix.shape[0] or len(audience_weights) != matrix.shape[0]:
            raise ValueError(f"{matrix.shape[0]} contents need as many weights of the persona and of the audience.")
        mine, all_of_it = _shares_of_contents(persona_weights), _shares_of_contents(audience_weights)
        share, usual = (np.asarray(matrix.T @ weights).ravel() for weights in (mine, all_of_it))
        contents = np.asarray(matrix.T @ (mine > 0).astype(float)).ravel()
        lift = np.divide(share, usual, out=np.zeros_like(share), where=usual > 0)
        score = scores(share, usual)
        kept = np.flatnonzero((share >= MIN_SHARE) & (contents >= MIN_CONTENTS) & (lift > 0))
        liked = kept[np.argsort(-score[kept], kind="stable")][: int((score[kept] > 0).sum())]
        known = [place for place in self._known(before) if place in set(liked.tolist())]
        candidates = np.union1d(liked[:CANDIDATES], np.array(known, dtype=np.int64))
        sure, unsure = self._ordered(candidates, known, score, mine, all_of_it)
        chosen = self._merge_same(sure, MAX_TOPICS)
        if not chosen:
            others = kept[np.argsort(-share[kept], kind="stable")]
            rest = [*unsure, *others[~np.isin(others, candidates)]]
            chosen = self._merge_same(np.array(rest[:CANDIDATES], dtype=np.int64), MIN_TOPICS)
        return tuple(Topic(self.labels[i], float(share[i]), float(lift[i])) for i in chosen)

    def _known(self, labels: Iterable[str]) -> list[int]:
        """Return the places of the labels that the index has, as the rules would have them, each once."""
        keys = (normalise(self._rules.label(label)) for label in labels)
        return list(dict.fromkeys(self._places[key] for key in keys if key in self._places))

    def _ordered(
        self, candidates: Integers, known: list[int], score: Floats, persona: Floats, audience: Floats
    ) -> tuple[Integers, Integers]:
        """Return the candidates that the persona surely likes or was told to like, and the others, both in order."""
        if not len(candidates):
            return candidates, candidates
        covariance = chance(self._by_label[:, candidates], persona, audience)
        score = score[candidates]
        before = np.searchsorted(candidates, known).tolist()
        order = np.array(steady_order(score, covariance, before))
        sure = lower_bounds(score, covariance) > 0
        sure[before] = True
        return candidates[order[sure[order]]], candidates[order[~sure[order]]]

    def _merge_same(self, candidates: Integers, limit: int) -> list[int]:
        """Keep the first of any labels that stand on nearly the same contents, and prefer the category among them."""
        if not len(candidates):
            return []
        part = self._by_label[:, candidates]
        both = (part.T @ part).toarray()
        sizes = both.diagonal()
        overlap = both / np.maximum(sizes[:, None] + sizes[None, :] - both, 1.0)
        chosen: list[int] = []
        for place in range(len(candidates)):
            same = next((n for n, other in enumerate(chosen) if overlap[place, other] >= SAME_CONTENTS), None)
            if same is None and len(chosen) < limit:
                chosen.append(place)
            elif same is not None and self._is_better_category(candidates, place, chosen[same]):
                chosen[same] = place
        return [int(candidates[place]) for place in chosen]

    def _is_better_category(self, candidates: Integers, place: int, other: int) -> bool:
        return bool(self._is_category[candidates[place]] and not self._is_category[candidates[other]])


def _shares_of_contents(weights: Floats) -> Floats:
    weights = np.asarray(weights, dtype=np.float64)
    total = float(weights.sum())
    return weights / total if total > 0 else np.zeros_like(weights)


def _merge_plurals(spellings: dict[str, Counter[str]]) -> dict[str, str]:
    """Map each key to the more frequent of itself and its plural or singular in -s."""
    merged = {key: key for key in spellings}
    for key in spellings:
        plural = plural_of(key)
        if plural in spellings:
            often = spellings[key].total() >= spellings[plural].total()
            merged[key] = merged[plural] = key if often else plural
    return merged


def _ruled(merged: dict[str, str], written: dict[str, str], rules: TopicRules) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each key is merged into, and how each of these is written, by the rules; blank: hidden."""
    shown = {key: rules.label(label) for key, label in written.items()}
    after: dict[str, str] = {}
    for key in sorted(shown, key=lambda key: (normalise(shown[key]) != key, key)):  # what keeps its key names it
        after.setdefault(normalise(shown[key]), shown[key])
    after.pop("", None)
    return {key: normalise(shown[one]) for key, one in merged.items()}, after


def _best_spelling(key: str, spellings: dict[str, Counter[str]]) -> str:
    """Return the most frequent spelling of a label; of equally frequent ones, the one with capitals."""
    return min(spellings[key].items(), key=lambda item: (-item[1], item[0]))[0]
