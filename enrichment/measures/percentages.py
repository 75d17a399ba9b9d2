"""Shares as words for a sentence."""


def percent(share: float) -> str:
    """Return a share between 0 and 1 as words for a sentence: 12%, 3.5%, less than 0.1%."""
    value = share * 100
    if 99.5 <= value < 100:
        return "over 99%"
    if value < 0.1:
        return "less than 0.1%"
    if value >= 9.95:
        return f"{value:.0f}%"
    return f"{value:.1f}".removesuffix(".0") + "%"
