"""What comes of a claim: its verdict, in words and in figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol, TypeVar

import pandas as pd

from matchmodel.errors import RefusedInput

SUPPORTED, CONTRADICTED, UNANSWERABLE = "supported", "contradicted", "not answerable with public data"
VERDICTS = (SUPPORTED, CONTRADICTED, UNANSWERABLE)
BASES = ("measured", "evidence", "assumed")
NO_BASIS = "none"


@dataclass(frozen=True)
class Verdict:
    """A claim compared with the model and the tables.

    Attributes
    ----------
    claim_id, topic, specialties, claim
        As the claims table has them.
    verdict
        One of `VERDICTS`.
    why
        A sentence or two, with the computed figures.
    figures
        What stands in `why`, unrounded.
    basis
        Of the figures: measured, evidence, assumed, joined by 'and'; 'none' where no figure is of Match or
        register.
    """

    claim_id: str
    topic: str
    specialties: tuple[str, ...]
    claim: str
    verdict: str
    why: str
    figures: dict[str, float]
    basis: str

    def __post_init__(self) -> None:
        claim = self.claim_id
        if self.verdict not in VERDICTS:
            raise RefusedInput(
                f"{claim} has the verdict {self.verdict!r}; it is one of {', '.join(VERDICTS)}"
            )
        if not self.why.strip():
            raise RefusedInput(f"{claim} has a verdict without a reason; say why in a sentence")
        if bad := [name for name, value in self.figures.items() if not isfinite(value)]:
            raise RefusedInput(
                f"{claim} has figures that are no numbers: {', '.join(bad)}; leave out what is unknown"
            )
        if self.basis != NO_BASIS and not set(self.basis.split(" and ")) <= set(BASES):
            known = ", ".join(BASES)
            raise RefusedInput(
                f"{claim} has the basis {self.basis!r}; it is {known}, joined by 'and', or {NO_BASIS}"
            )
        if self.basis != NO_BASIS and not self.figures:
            raise RefusedInput(
                f"{claim} has the basis {self.basis!r} and no figures; without any it is {NO_BASIS}"
            )

    @property
    def sentence(self) -> str:
        """The verdict and its reason, as Markdown."""
        return f"**{self.claim_id}: {self.verdict}.** {self.why}"


class _WithId(Protocol):
    @property
    def claim_id(self) -> str: ...


T = TypeVar("T", bound=_WithId)


def claims_table(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return the verdicts as a table: claim_id, topic, specialties, claim, verdict, why, basis."""
    columns = ["claim_id", "topic", "specialties", "claim", "verdict", "why", "basis"]
    rows = [[getattr(v, name) for name in columns] for v in verdicts]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(specialties=frame["specialties"].map("; ".join))


def figures_table(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return every figure of the verdicts, one row per figure: claim_id, figure, value."""
    rows = [(v.claim_id, name, value) for v in verdicts for name, value in v.figures.items()]
    return pd.DataFrame(rows, columns=["claim_id", "figure", "value"])


def tally(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return how many claims have each verdict: verdict, claims (a count), which."""
    judged = tuple(verdicts)
    rows = [(word, [v.claim_id for v in judged if v.verdict == word]) for word in VERDICTS]
    columns = ["verdict", "claims", "which"]
    return pd.DataFrame([(word, len(ids), ", ".join(ids)) for word, ids in rows], columns=columns)


def one(items: Sequence[T], claim_id: str) -> T:
    """Return the claim, or the verdict, of an id.

    Raises
    ------
    RefusedInput
        Where there is none.
    """
    by_id = {item.claim_id: item for item in items}
    if claim_id not in by_id:
        raise RefusedInput(f"there is no {claim_id!r}; there are {', '.join(by_id) or 'none'}")
    return by_id[claim_id]


def told(verdicts: Sequence[Verdict], *claim_ids: str) -> str:
    """Return the verdicts on some claims as Markdown, a paragraph each.

    Raises
    ------
    RefusedInput
        For a claim that was not judged.
    """
    return "\n\n".join(one(verdicts, name).sentence for name in claim_ids)
