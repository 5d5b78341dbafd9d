"""What may be told of counts, so that no group of fewer than five applicants can be worked out."""

from collections.abc import Mapping

from . import FEWEST


def small(n: int) -> bool:
    """Whether a count is of somebody, but of fewer than five."""
    return 0 < n < FEWEST


def counts_told(n: int, matched: int) -> tuple[int | None, int | None]:
    """Return (n, matched), or (None, None) where fewer than five matched or did not."""
    return (None, None) if min(matched, n - matched) < FEWEST else (n, matched)


def parts_told(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the parts of a whole, None where one is of fewer than five.

    The whole may be told only where no part is None: see `whole_told`.
    """
    return {name: None if small(n) else n for name, n in parts.items()}


def whole_told(parts: Mapping[str, int]) -> int | None:
    """Return the sum of the parts; None where a hidden part would follow from it."""
    return None if any(small(n) for n in parts.values()) else sum(parts.values())
