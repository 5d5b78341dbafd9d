"""A bound on what reading a PDF takes: a page may unpack, or draw itself, without end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from ..errors import RefusedInput

try:
    import resource
except ImportError:  # where the system sets no limits
    resource = None  # type: ignore[assignment]

MOST_MEMORY = 2_000_000_000  # bytes, beyond what the program has
SECONDS = 10, 10  # in any case, and for each page


def _at_hand() -> int:
    """Bytes of address space that the program has, 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


@contextmanager
def bounded(what: str, pages: int) -> Iterator[None]:
    """Refuse what takes more memory or time than so many pages can; bounds hold in the main thread alone.

    Raises
    ------
    RefusedInput
        Which names `what`.
    """

    seconds = SECONDS[0] + SECONDS[1] * pages
    late = f"it takes more than {seconds} seconds; name fewer pages, if it is sound"

    def ring(*_: object) -> NoReturn:
        raise TimeoutError(late)

    main = resource is not None and threading.current_thread() is threading.main_thread()
    if not main:
        yield
        return
    before, handler = resource.getrlimit(resource.RLIMIT_AS), signal.signal(signal.SIGALRM, ring)
    most = _at_hand() + MOST_MEMORY
    if before[0] == resource.RLIM_INFINITY or before[0] > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second, since a parser may pass over it
    try:
        yield
    except MemoryError:
        raise RefusedInput(f"{what} cannot be read: it takes more memory than a report's pages can") from None
    except TimeoutError:
        raise RefusedInput(f"{what} cannot be read: {late}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        resource.setrlimit(resource.RLIMIT_AS, before)
