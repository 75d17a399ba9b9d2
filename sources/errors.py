"""What the data, or the person who handed it in, got wrong; the words are for that person. Our faults are other classes."""


class DataError(Exception):
    """The data said no: says what, where, and what to do."""
