"""What the rules share: a question put to the model, contrasts of two applicants, and how parts make a verdict."""

from collections import namedtuple
from dataclasses import dataclass
from functools import cached_property
from math import exp

from ..applicant import Applicant
from ..odds import range80, terms
from .claims import named
from .result import CONTRADICTED, NO_BASIS, SUPPORTED, UNANSWERABLE, Verdict

KIND = "non-us-img"  # the only IMGs whose scores and outcomes are published together
HOLDS, FAILS, UNSETTLED = "holds", "fails", "unsettled"
OPEN = "; so whether it holds in most of them stays open"

Ranged = namedtuple("Ranged", "value low high")
Part = namedtuple("Part", "name state text")


def side(found, threshold):
    """Return where an 80% range lies: 'above' or 'below' a threshold when all of it does, else 'across'."""
    if found.low > threshold:
        return "above"
    return "below" if found.high < threshold else "across"


def verdict_of(parts):
    """Return the verdict of a claim about several specialties (or exams) at once.

    The claim is taken to say 'in most of them'. Supported when it holds in more than half of the
    parts; contradicted when it fails in at least half, so that it cannot hold in most; otherwise
    the ranges leave it open, and it is not answerable. A part holds or fails only with its whole 80% range.
    """
    holds, fails = (sum(part.state == state for part in parts) for state in (HOLDS, FAILS))
    if parts and 2 * holds > len(parts):
        return SUPPORTED
    return CONTRADICTED if parts and 2 * fails >= len(parts) else UNANSWERABLE


def contrast(model, first, second):
    """Return the odds of one applicant over those of another in the same cell, with the 80% range of the joint draws.

    Parameters
    ----------
    model : Model
    first, second : Applicant
        Of one specialty, type and cycle.

    Returns
    -------
    Ranged
        exp(log odds of the first - log odds of the second), draw by draw.
    """
    both = []
    for applicant in (first, second):
        filled = model.cycle_of(applicant)
        both.append(terms(model, model.cell(filled.applicant_type, filled.specialty), filled, filled.cycle))
    point = exp(both[0].log_odds - both[1].log_odds)
    return Ranged(point, *range80([exp(a - b) for a, b in zip(both[0].log_odds_draws, both[1].log_odds_draws, strict=True)], point))


def listed(names):
    """Return names as a sentence has them: 'A', 'A and B', 'A, B and C'."""
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def open_end(parts):
    """Return what is added to parts that settle nothing; '' where they settle it."""
    return OPEN if verdict_of(parts) == UNANSWERABLE else ""


def parts_text(parts):
    """Return the parts as a sentence has them: those that hold, those that fail, those that are open."""
    words = {HOLDS: "it holds in", FAILS: "it fails in", UNSETTLED: "it stays open in"}
    groups = [(words[state], [f"{p.name} ({p.text})" for p in parts if p.state == state]) for state in words]
    return "; ".join(f"{word} {listed(names)}" for word, names in groups if names) + open_end(parts)


def percent(value):
    """Return a chance as text."""
    return f"{value:.0%}"


def chance(found):
    """Return a chance and its range as text."""
    return f"{found.value:.0%}, {found.low:.0%} to {found.high:.0%}"


def factor(found):
    """Return a factor on the odds and its range as text."""
    return f"x{found.value:.2f}, {found.low:.2f} to {found.high:.2f}"


@dataclass(frozen=True)
class Question:
    """A claim with what it is held against.

    Attributes
    ----------
    claim : Claim
    model : Model
    tidy : matchmodel.etl.Tidy
    """

    claim: object
    model: object
    tidy: object

    @cached_property
    def named(self):
        """The claim's specialties as the model has them."""
        return named(self.claim, self.model, KIND)

    @property
    def numbers(self):
        """The claim's own numbers: the thresholds that a rule takes."""
        return self.claim.numbers

    def who(self, specialty, score=None, **known):
        """Return a non-US IMG of whom only this is known."""
        return Applicant(specialty, KIND, step2_ck=score, **known)

    def contrast(self, first, second):
        """Return `contrast` of two applicants."""
        return contrast(self.model, first, second)

    @cached_property
    def sloped(self):
        """The claim's specialties whose slope comes from their own table."""
        return tuple(s for s in self.named.known if self.model.cell(KIND, s).content["own_slope"])

    @cached_property
    def chained(self):
        """The claim's specialties whose applications can be asked about."""
        return tuple(s for s in self.named.known if self.model.has_chain(KIND, s))

    @cached_property
    def largest(self):
        """The claim's specialty with the most applicants."""

        def persons(specialty):
            counts = self.model.cell(KIND, specialty).published
            return 0 if counts is None else counts["matched"] + counts["not_matched"]

        return max(self.named.known, key=persons)

    @property
    def limits(self):
        """What of the claim no table can speak to, as sentences; '' where there is nothing."""
        said = []
        if self.named.missing:
            said.append(f"The model has no {listed(self.named.missing)}.")
        if self.named.kinds:
            said.append(f"Whether a program is {' or '.join(self.named.kinds)} is in no table, so that part is not answerable.")
        return " ".join(said)

    def verdict(self, word, why, figures=(), basis=NO_BASIS):
        """Return the claim's `Verdict`, with what cannot be answered added to the reason."""
        c, figures = self.claim, dict(figures)
        return Verdict(c.claim_id, c.topic, c.specialties, c.claim, word, " ".join(t for t in (why, self.limits) if t), figures, basis if figures else NO_BASIS)

    def unanswerable(self, why, figures=(), basis=NO_BASIS):
        """Return the `Verdict` that the claim cannot be answered."""
        return self.verdict(UNANSWERABLE, why, figures, basis)


def ranged_figures(name, found):
    """Return a figure and its range as entries of `Verdict.figures`."""
    return {name: found.value, f"{name}, low": found.low, f"{name}, high": found.high}
