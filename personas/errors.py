"""What the data may refuse."""

from sources.errors import DataError


class GenerationError(DataError):
    """The data or the wish cannot give personas; the text is for the user and says what to do."""
