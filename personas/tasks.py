"""What the queue calls for the personas by the clock."""

from django_q.models import Schedule

from sources.children import do_aside
from sources.queueing import call_by_clock

QUEUE = "personas.faces.queue_monthly"
ASK_MONTHLY = "personas.tasks.ask_monthly"


def ask_monthly() -> None:
    """Ask for the estimates that are wanted every month: finding the groups reads all interactions."""
    do_aside(QUEUE)


def keep_schedule() -> None:
    """Have the queue look every day whether estimates are due; may be called at any time."""
    call_by_clock("ask for monthly estimates", ASK_MONTHLY, schedule_type=Schedule.DAILY)
