"""Bins as printed: ``<= 180``, ``181–190``, ``> 260``, ``16 or More``, ``5``, ``Unknown``."""

import re
from collections.abc import Callable
from typing import NamedTuple

from ...tabular.cells import CellFault, key, without_marks

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:<=|≤|=<)(\d+)|(\d+)(?:orless|orfewer|orlower|andbelow|orbelow)"), "at_most"),
    (re.compile(r"(?:<|under|below|lessthan|fewerthan)(\d+)"), "under"),
    (
        re.compile(r"(?:>=|≥|=>)(\d+)|(\d+)(?:\+|ormore|orhigher|orabove|andabove|andover|orgreater)"),
        "at_least",
    ),
    (re.compile(r"(?:>|over|above|morethan|greaterthan)(\d+)"), "over"),
    (re.compile(r"(\d+)(?:-|to)(\d+)"), "between"),
    (re.compile(r"(\d+)"), "exactly"),
)
EXPECTED = "a bin such as '<= 180', '181-190', '> 260', '16 or More', '5' or 'Unknown'"


class Bin(NamedTuple):
    """A bin's label in one spelling, with its bounds; None where it is open or unknown."""

    label: str
    low: int | None
    high: int | None


_MAKE: dict[str, Callable[[int], Bin]] = {
    "at_most": lambda n: Bin(f"<={n}", None, n),
    "under": lambda n: Bin(f"<{n}", None, n - 1),
    "at_least": lambda n: Bin(f"{n}+", n, None),
    "over": lambda n: Bin(f">{n}", n + 1, None),
    "exactly": lambda n: Bin(f"{n}", n, n),
}


def parse_bin(text: str) -> Bin:
    """Read a printed bin of whole numbers.

    Parameters
    ----------
    text
        The label as printed.

    Returns
    -------
    Bin
        The label in one spelling (``<=180``, ``181-190``, ``>260``, ``16+``, ``5``, ``unknown``), low and
        high.

    Raises
    ------
    CellFault
        Where it is no bin, or one that ends before it begins.
    """
    if key(text) in ("unknown", "missing", "notreported", "noscore"):
        return Bin("unknown", None, None)
    bare = re.sub(r"\s+", "", without_marks(text)).casefold()
    bare = re.sub(r"[‐‑‒–—−]", "-", bare)
    for form, name in _FORMS:
        match = form.fullmatch(bare)
        if not match:
            continue
        numbers = [int(group) for group in match.groups() if group is not None]
        if name != "between":
            return _MAKE[name](numbers[0])
        low, high = numbers
        if low > high:
            raise CellFault("is a bin that ends before it begins", EXPECTED)
        return Bin(f"{low}-{high}", low, high)
    raise CellFault("is not a bin", EXPECTED)


def overlaps(first: Bin, second: Bin) -> bool:
    """Say whether two bins claim the same values, `first` being the lower one.

    Parameters
    ----------
    first, second
        Two bins with bounds, in the order of their values.

    Returns
    -------
    bool
        True where they share a value. ``1-5`` beside ``5 or More`` is let pass: the 2007
        report prints it so, and its counts add up.
    """
    if first.high is None:
        return True
    if second.low is None:
        return True
    if second.high is None and first.low is not None and first.low < first.high == second.low:
        return False
    return second.low <= first.high
