"""The platforms' names of contents and comments, as long as our tables take them."""

import hashlib

LONGEST_ID = 200
DIGEST = 16  # hexadecimal digits
KEPT = LONGEST_ID - DIGEST - 1
LAST = "\U0010ffff"  # comes after every other character


def stored_id(external_id: str) -> str:
    """Return the id, or where it is too long to be stored its beginning and a digest of the whole."""
    if len(external_id) <= LONGEST_ID:
        return external_id
    return f"{external_id[:KEPT]}~{hashlib.sha256(external_id.encode()).hexdigest()[:DIGEST]}"


def bounds(first: str, behind: str | None) -> tuple[str, str | None]:
    """Return the bounds of stored ids for what lies from `first` on and before `behind`, in the order of code points.

    Ids that were shortened keep their order up to where they were cut; those that begin as a bound does so far may lie
    on either side of it, and are left out.
    """
    first = first[:KEPT] + LAST if len(first) > KEPT else first
    return first, behind and behind[:KEPT]
