"""Work on all cores: results in order, so that sums are the same however the work was shared out."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
S = TypeVar("S")


def mapped(function: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
    """Results of the function in the order of the items, from as many threads as there are cores.

    The function has to release the interpreter's lock for this to pay: numpy and scipy do.
    """
    waiting = list(items)
    if len(waiting) < 2:
        yield from map(function, waiting)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(function, waiting)


def quiet_linear_algebra() -> AbstractContextManager[object]:
    """Linear algebra in one thread: threads of threads disturb each other, and their sums depend on the machine."""
    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits
