"""Months in words."""

from datetime import date


def period_words(period: str) -> str:
    """2026-10 -> October 2026"""
    return f"{date.fromisoformat(f'{period}-01'):%B %Y}" if period else "All periods"


def month_words(period: str) -> str:
    """2026-10 -> Oct 2026"""
    return f"{date.fromisoformat(f'{period}-01'):%b %Y}"
