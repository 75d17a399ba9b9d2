"""A run carried out in this process, as the queue's child would."""

from sources.carrying import carry_out
from sources.runs import Run


def run(queued: Run) -> Run:
    """Claim the run, carry it out, and return it as it ended."""
    assert queued.claim()
    carry_out(queued)
    queued.refresh_from_db()
    return queued
