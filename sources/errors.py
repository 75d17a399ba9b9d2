"""What the data or the person handed in cannot be worked with; the words are for that person. Ours to mend are all others."""


class DataError(Exception):
    """The data said no: says what, where, and what to do."""
