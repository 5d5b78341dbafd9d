"""Processes beside this one, which end with it."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _begin(prepare: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word: its parent says it
    # A killed parent leaves the pool's pipes open at this end: without this it would be waited for for ever.
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    if prepare is not None:
        prepare(*given)


@contextmanager
def beside(
    count: int, prepare: Callable[..., None] | None = None, *given: Any
) -> Iterator[ProcessPoolExecutor | None]:
    """Hold fresh processes; they end with the context, or with this process, killed or not.

    Parameters
    ----------
    count
        How many; at most as many as there are processors. With one or none of them there is nothing to hold.
    prepare, given
        Called with these in each, first.
    """
    if count < 1 or (os.cpu_count() or 1) < 2:
        yield None
        return
    pool = ProcessPoolExecutor(
        min(count, os.cpu_count() or 1), get_context("spawn"), initializer=_begin, initargs=(prepare, given)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
