"""What the data, or whoever handed it in, got wrong, in words for that person. Our own faults are other classes."""


class DataError(Exception):
    """The data said no: says what, where, and what to do."""
