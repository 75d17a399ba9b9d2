"""Work on all cores: results in order, so that sums are the same however the work was shared out."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
S = TypeVar("S")


class Workers:
    """As many threads as there are cores, for as long as the context lasts; none where one item is all there is.

    What they run has to release the interpreter's lock for this to pay: numpy and scipy do.
    """

    def __init__(self, items: int) -> None:
        self._pool = ThreadPoolExecutor(os.cpu_count()) if items > 1 else None

    def map(self, function: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
        """Results of the function in the order of the items."""
        return self._pool.map(function, items) if self._pool else map(function, items)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def quiet_linear_algebra() -> AbstractContextManager[object]:
    """Linear algebra in one thread: threads of threads disturb each other, and their sums depend on the machine."""
    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits
