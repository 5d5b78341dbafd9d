"""What may be told of counts, so that no group of fewer than five applicants can be worked out.

One rule for calibrate, update and evaluate, so that their outputs cannot be put together either: a table's
rows fall into parts, each is told of where it is nobody or at least five, and a sum only where all its parts
are. So no part of one to four is in any figure, and none follows by subtraction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from . import FEWEST

SOME = "some"  # in place of a count that is not told
WHY_SOME = (
    f"'{SOME}' stands where a count is not told: fewer than {FEWEST} applicants could be worked out from it"
)
UNKNOWN_OUTCOME, NO_INTERVIEWS, WITHHELD = "unknown outcome", "no interviews", "withheld"


def small(n: int) -> bool:
    """Whether a count is of somebody, but of fewer than five."""
    return 0 < n < FEWEST


def counts_told(n: int, matched: int) -> tuple[int | None, int | None]:
    """Return (n, matched), or (None, None) where fewer than five matched or did not."""
    return (None, None) if min(matched, n - matched) < FEWEST else (n, matched)


def share_told(n: int, of: int | None) -> int | None:
    """Return how many of a group have something; None where fewer than five have it or lack it.

    Parameters
    ----------
    n
    of
        The group, None where it is not told itself.
    """
    return None if of is None or small(n) or small(of - n) else n


def shown(n: int | None) -> str:
    """Return a count as text."""
    return SOME if n is None else f"{n:,}"


@dataclass(frozen=True)
class Tally:
    """Into which parts a table's rows fall.

    Attributes
    ----------
    parts
        {part: (matched, others)}: rows of unknown outcome; those without an interview; those that ranked in
        specialties without a number; the rest by applicant type.
    """

    parts: Mapping[str, tuple[int, int]]

    def told(self, *names: str) -> int | None:
        """Return how many rows some parts have, all where none is named; None where that is not told."""
        pairs = [self.parts.get(name, (0, 0)) for name in names or self.parts]
        return None if any(map(small, sum(pairs, ()))) else sum(map(sum, pairs))

    def used(self) -> tuple[int | None, int | None]:
        """Return (rows, matched) of all who ranked and whose outcome is known; (None, None) if not told."""
        names = [name for name in self.parts if name not in (UNKNOWN_OUTCOME, NO_INTERVIEWS)]
        n = self.told(*names) if names else 0
        return (None, None) if n is None else (n, sum(self.parts[name][0] for name in names))
