"""Numbers and names in sentences for people."""

from collections.abc import Iterable, Mapping, Sequence

NAMED = 5  # of those that a sentence is about


def counted(number: float, noun: str) -> str:
    """Return a whole number with its noun: 1 page, 2,000 pages."""
    return f"{number:,.0f} {noun}" if round(number) == 1 else f"{number:,.0f} {noun}s"


def listed(names: Iterable[str], number: float = 0) -> str:
    """Return the first few names, and how many more there are of them, or of the `number` that there are in all."""
    every = list(names)
    more = max(round(number), len(every)) - len(every[:NAMED])
    return ", ".join(every[:NAMED]) + (f" and {more:,} more" if more else "")


class Complaint(str):
    """A sentence that counts, and knows what it is made of, so that those of several shards can be made one.

    {video} in the words stands for the number that goes by "video", and its noun; {names} for the first few names and
    how many more there are, by the first of the numbers.
    """

    words: str
    numbers: dict[str, float]
    names: tuple[str, ...]

    def __new__(cls, words: str, numbers: Mapping[str, float], names: Sequence[str] = ()) -> "Complaint":
        text = words
        for noun, number in numbers.items():
            text = text.replace(f"{{{noun}}}", counted(number, noun))
        made = super().__new__(cls, text.replace("{names}", listed(names, next(iter(numbers.values())))))
        made.words, made.numbers, made.names = words, dict(numbers), tuple(names[:NAMED])
        return made

    @classmethod
    def about(cls, words: str, noun: str, names: Iterable[str]) -> "Complaint":
        """Complain of these things, which are counted by their names."""
        every = list(names)
        return cls(words, {noun: len(every)}, every)
