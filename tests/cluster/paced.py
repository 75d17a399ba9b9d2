"""A verb that takes as many tenths of a second as the seed says; from 1,000 on, it does the real work instead.

Cancelled, it leaves its last words a while later: the name of its organization.
"""

import time

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from sources.errors import DataError
from sources.models import Organization
from sources.runs import RunCancelled

REAL = 1000
REFUSES = 999
LOCKS = 998
LAST_WORDS = "cancelled"


def run(generation) -> None:
    if generation.seed >= REAL:
        # Imported only when it is called for: the numeric packages take two seconds of every child's life.
        return import_string("personas.generation.run_generation")(generation)
    if generation.seed == REFUSES:
        raise DataError("This data says no.")
    if generation.seed == LOCKS:
        return lock()
    try:
        for step in range(generation.seed):
            generation.report("walking", step, generation.seed)
            time.sleep(0.1)
    except RunCancelled:
        time.sleep(1)
        Organization.objects.filter(pk=generation.organization_id).update(name=LAST_WORDS)
        raise
    return None


def lock() -> None:
    """Keep a write transaction open for longer than the lease and than the silence that a queue is allowed."""
    with transaction.atomic():
        Organization.objects.update(name=F("name"))
        time.sleep(7)
