"""A text that is not to be seen."""


class Secret(str):
    """A text that does not show itself in logs and error pages; str(secret) is the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)" if self else "Secret()"
