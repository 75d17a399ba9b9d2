"""What can go wrong with a generation in words that its owner can act on."""


class GenerationError(Exception):
    """The data does not allow this generation: the text is for the user and says what to do."""
