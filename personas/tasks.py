"""What the queue calls for the personas by the clock."""

from django_q.models import Schedule

from sources.children import do_aside

QUEUE = "personas.faces.queue_monthly"
ASK_MONTHLY = "personas.tasks.ask_monthly"


def ask_monthly() -> None:
    """Ask for the estimates that are wanted every month: finding the groups reads all interactions."""
    do_aside(QUEUE)


def keep_schedule() -> None:
    """Have the queue look every day whether estimates are due; may be called at any time."""
    wish = {"func": ASK_MONTHLY, "schedule_type": Schedule.DAILY, "repeats": -1}
    Schedule.objects.update_or_create(name="ask for monthly estimates", defaults=wish)
