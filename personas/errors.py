"""What the data may refuse."""

from sources.errors import DataError


class GenerationError(DataError):
    """The data or the wish cannot give personas; the text is for the user and says what to do."""


class TooManyPersonas(GenerationError):
    """More personas were asked for than the data can give; `most` is as many as it can."""

    def __init__(self, words: str, most: int) -> None:
        super().__init__(words)
        self.most = most
