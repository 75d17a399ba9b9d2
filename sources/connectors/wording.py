"""Numbers in sentences for people."""


def counted(number: float, noun: str) -> str:
    """Return a whole number with its noun: 1 page, 2,000 pages."""
    return f"{number:,.0f} {noun}" if round(number) == 1 else f"{number:,.0f} {noun}s"
