"""What an address asks for, read with care."""

LONGEST_KEY = 18  # digits; longer ones are no key of any database


def is_key(asked: str) -> bool:
    """Whether the words can be the key of a row, or a number of personas."""
    return asked.isdecimal() and len(asked) <= LONGEST_KEY
