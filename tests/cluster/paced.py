"""A verb that takes as many tenths of a second as the seed says; from 1,000 on, it does the real work instead."""

import time

from personas.generation import run_generation
from sources.errors import DataError

REAL = 1000
REFUSES = 999


def run(generation) -> None:
    if generation.seed >= REAL:
        return run_generation(generation)
    if generation.seed == REFUSES:
        raise DataError("This data says no.")
    for step in range(generation.seed):
        generation.report("walking", step, generation.seed)
        time.sleep(0.1)
    return None
