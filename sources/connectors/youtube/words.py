"""YouTube's words for people in ours; a word that we do not know is told once, and nobody is guessed from it."""

from sources.connectors.vocabulary import vocabulary


class Words:
    """Reads ages, genders and countries, and keeps complaints about those that are new to us."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], str] = {}
        self.complaints: list[str] = []

    def value(self, dimension: str, word: str) -> str:
        """Return our spelling of YouTube's word for the dimension; "" where it says unknown or nobody knows it."""
        if (dimension, word) not in self.known:
            ours = vocabulary(dimension)
            code = ours.code(word)
            if code is None:
                name = dimension.replace("_", " ")
                self.complain(f"YouTube has a new {name}, {word[:40]!r}: its views count as unknown until we know it.")
            self.known[dimension, word] = ours.values[code or 0]
        return self.known[dimension, word]

    def person(self, age: str, gender: str) -> tuple[str, str] | None:
        """Return (gender, age group); None when one of the two is not known."""
        ours = self.value("gender", gender), self.value("age_group", age)
        return ours if all(ours) else None

    def complain(self, words: str) -> None:
        if words not in self.complaints:
            self.complaints.append(words)
