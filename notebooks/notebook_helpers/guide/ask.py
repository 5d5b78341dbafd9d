"""What the rules share: a claim with its model, contrasts of applicants, and how parts make a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matchmodel.applicant import Applicant
from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.model.engine import Range, one_range
from notebook_helpers.guide.claims import Claim, Named, named
from notebook_helpers.guide.result import CONTRADICTED, NO_BASIS, SUPPORTED, UNANSWERABLE, Verdict
from notebook_helpers.words import join

KIND = "non-us-img"  # the only IMGs whose scores and outcomes are published together
HOLDS, FAILS, UNSETTLED = "holds", "fails", "unsettled"
OPEN = "; so whether it holds in most of them stays open"
WORDS = {HOLDS: "it holds in", FAILS: "it fails in", UNSETTLED: "it stays open in"}


@dataclass(frozen=True)
class Part:
    """What a claim comes to in one specialty, or for one exam.

    Attributes
    ----------
    name
    state
        `HOLDS`, `FAILS` or `UNSETTLED`.
    text
        The figures.
    """

    name: str
    state: str
    text: str


def side(found: Range, threshold: float) -> str:
    """Return where an 80% range lies: 'above' or 'below' a threshold when all of it does, else 'across'."""
    if found.low > threshold:
        return "above"
    return "below" if found.high < threshold else "across"


def verdict_of(parts: Sequence[Part]) -> str:
    """Return the verdict of a claim about several specialties (or exams) at once.

    The claim is taken to say 'in most of them'. Supported when it holds in more than half of the parts;
    contradicted when it fails in at least half, so that it cannot hold in most; otherwise the ranges leave it
    open, and it is not answerable. A part holds or fails only with its whole 80% range.
    """
    holds, fails = (sum(part.state == state for part in parts) for state in (HOLDS, FAILS))
    if parts and 2 * holds > len(parts):
        return SUPPORTED
    return CONTRADICTED if parts and 2 * fails >= len(parts) else UNANSWERABLE


def contrast(model: Model, first: Applicant, second: Applicant) -> Range:
    """Return the odds of one applicant over those of another of the same specialty, type and cycle.

    exp of the difference of their log odds: e to its mean over the draws, and its 80% range, as the factors
    of an answer.
    """
    log_odds = model.people([model.resolve(first), model.resolve(second)]).log_odds
    return Range(*(float(np.exp(v)) for v in one_range(log_odds[0] - log_odds[1])))


def open_end(parts: Sequence[Part]) -> str:
    """Return what is added to parts that settle nothing; '' where they settle it."""
    return OPEN if verdict_of(parts) == UNANSWERABLE else ""


def parts_text(parts: Sequence[Part]) -> str:
    """Return the parts as a sentence has them: those that hold, those that fail, those that are open."""
    groups = [(w, [f"{p.name} ({p.text})" for p in parts if p.state == state]) for state, w in WORDS.items()]
    return "; ".join(f"{word} {join(names)}" for word, names in groups if names) + open_end(parts)


def percent(value: float) -> str:
    """Return a chance as text."""
    return f"{value:.0%}"


def chance(found: Range) -> str:
    """Return a chance and its range as text."""
    return f"{found.point:.0%}, {found.low:.0%} to {found.high:.0%}"


def factor(found: Range) -> str:
    """Return a factor on the odds and its range as text."""
    return f"x{found.point:.2f}, {found.low:.2f} to {found.high:.2f}"


def ranged_figures(name: str, found: Range) -> dict[str, float]:
    """Return a figure and its range as entries of `Verdict.figures`."""
    return {name: found.point, f"{name}, low": found.low, f"{name}, high": found.high}


@dataclass(frozen=True)
class Case:
    """A claim with what it is compared with.

    Attributes
    ----------
    claim, model
    tidy
        All tables.
    """

    claim: Claim
    model: Model
    tidy: Tidy

    @cached_property
    def named(self) -> Named:
        """The claim's specialties as the model has them."""
        return named(self.claim, self.model, KIND)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The claim's own numbers: the thresholds that a rule takes."""
        return self.claim.numbers

    def who(self, specialty: str, score: float | None = None, **known: Any) -> Applicant:
        """Return a non-US IMG of whom only this is known."""
        return Applicant(specialty, KIND, step2_ck=score, **known)

    def contrast(self, first: Applicant, second: Applicant) -> Range:
        """Return `contrast` of two applicants."""
        return contrast(self.model, first, second)

    @cached_property
    def sloped(self) -> tuple[str, ...]:
        """The claim's specialties whose slope comes from their own table."""
        return tuple(s for s in self.named.known if self.model.cell(KIND, s).own_slope)

    @cached_property
    def chained(self) -> tuple[str, ...]:
        """The claim's specialties whose applications can be asked about."""
        return tuple(s for s in self.named.known if self.model.has_chain(KIND, s))

    @cached_property
    def largest(self) -> str:
        """The claim's specialty with the most applicants."""

        def applicants(specialty: str) -> float:
            published = self.model.cell(KIND, specialty).published
            return 0.0 if published is None else published.matched + published.not_matched

        return max(self.named.known, key=applicants)

    def survey(self, pattern: str) -> tuple[str, dict[str, float]]:
        """Return what program directors answered: a sentence ('' where nothing fits), and the figures."""
        rows = self.tidy.table("facts").dropna(subset=["value"])
        rows = rows[rows["fact"].str.contains(pattern, regex=True)]
        where = {"All": "all specialties"}
        said = [
            f"{r.fact} {r.value:.0%} ({where.get(r.specialty, r.specialty)}, {r.year})"
            for r in rows.itertuples()
        ]
        figures = {f"{r.specialty}, {r.fact}": float(r.value) for r in rows.itertuples()}
        return (f"Surveys of directors: {join(said)}." if said else ""), figures

    @property
    def limits(self) -> str:
        """What of the claim no table can speak to, as sentences; '' where there is nothing."""
        said = []
        if self.named.missing:
            said.append(f"The model has no {join(self.named.missing)}.")
        if self.named.kinds:
            kinds = " or ".join(self.named.kinds)
            said.append(
                f"Whether a program is {kinds} is in no table of outcomes, so that part is not answerable."
            )
        return " ".join(said)

    def verdict(
        self, word: str, why: str, figures: dict[str, float] | None = None, basis: str = NO_BASIS
    ) -> Verdict:
        """Return the claim's `Verdict`, with what cannot be answered added to the reason."""
        c, known = self.claim, figures or {}
        text = " ".join(t for t in (why, self.limits) if t)
        return Verdict(
            c.claim_id, c.topic, c.specialties, c.claim, word, text, known, basis if known else NO_BASIS
        )

    def unanswerable(
        self, why: str, figures: dict[str, float] | None = None, basis: str = NO_BASIS
    ) -> Verdict:
        """Return the `Verdict` that the claim cannot be answered."""
        return self.verdict(UNANSWERABLE, why, figures, basis)
