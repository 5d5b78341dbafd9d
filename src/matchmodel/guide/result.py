"""What comes of a claim: its verdict, in words and in figures."""

from dataclasses import dataclass
from math import isfinite

import pandas as pd

from ..errors import RefusedInput

SUPPORTED, CONTRADICTED, UNANSWERABLE = "supported", "contradicted", "not answerable with public data"
VERDICTS = (SUPPORTED, CONTRADICTED, UNANSWERABLE)
BASES = ("measured", "evidence", "assumed")
NO_BASIS = "none"


@dataclass(frozen=True)
class Verdict:
    """A claim held against the model and the tables.

    Attributes
    ----------
    claim_id, topic, claim : str
        As the claims table has them.
    specialties : tuple of str
        Those that the claim names.
    verdict : {'supported', 'contradicted', 'not answerable with public data'}
    why : str
        A sentence or two, with the computed figures.
    figures : dict of str to float
        What stands in `why`, unrounded.
    basis : str
        Of the figures: measured, evidence, assumed, joined by 'and'; 'none' where no figure is of Match or register.
    """

    claim_id: str
    topic: str
    specialties: tuple
    claim: str
    verdict: str
    why: str
    figures: dict
    basis: str

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise RefusedInput(f"{self.claim_id} has the verdict {self.verdict!r}; it is one of {', '.join(VERDICTS)}")
        if not self.why.strip():
            raise RefusedInput(f"{self.claim_id} has a verdict without a reason; say why in a sentence")
        if bad := [name for name, value in self.figures.items() if not isfinite(value)]:
            raise RefusedInput(f"{self.claim_id} has figures that are no numbers: {', '.join(bad)}; leave out what is unknown")
        words = self.basis.split(" and ")
        if self.basis != NO_BASIS and not (words and set(words) <= set(BASES)):
            raise RefusedInput(f"{self.claim_id} has the basis {self.basis!r}; it is {', '.join(BASES)}, joined by 'and', or {NO_BASIS}")
        if self.basis != NO_BASIS and not self.figures:
            raise RefusedInput(f"{self.claim_id} has the basis {self.basis!r} and no figures; without any it is {NO_BASIS}")

    @property
    def sentence(self):
        """The verdict and its reason, as Markdown."""
        return f"**{self.claim_id}: {self.verdict}.** {self.why}"


def claims_table(verdicts):
    """Return the verdicts as a table, one row a claim.

    Parameters
    ----------
    verdicts : iterable of Verdict

    Returns
    -------
    pandas.DataFrame
        Columns claim_id, topic, specialties, claim, verdict, why, basis.
    """
    columns = ["claim_id", "topic", "specialties", "claim", "verdict", "why", "basis"]
    return pd.DataFrame([{**{name: getattr(v, name) for name in columns}, "specialties": "; ".join(v.specialties)} for v in verdicts], columns=columns)


def figures_table(verdicts):
    """Return every figure of the verdicts, one row a figure: claim_id, figure, value."""
    return pd.DataFrame([(v.claim_id, name, value) for v in verdicts for name, value in v.figures.items()], columns=["claim_id", "figure", "value"])


def tally(verdicts):
    """Return how many claims have each verdict: verdict, claims (a count), which."""
    rows = [(word, [v.claim_id for v in verdicts if v.verdict == word]) for word in VERDICTS]
    return pd.DataFrame([(word, len(ids), ", ".join(ids)) for word, ids in rows], columns=["verdict", "claims", "which"])


def one(items, claim_id):
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


def told(verdicts, *claim_ids):
    """Return the verdicts on some claims as Markdown, a paragraph each.

    Raises
    ------
    RefusedInput
        For a claim that was not held.
    """
    return "\n\n".join(one(verdicts, name).sentence for name in claim_ids)
