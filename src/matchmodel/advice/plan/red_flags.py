"""Red flags of an applicant, and what the evidence says of each.

Which values are flagged is a choice, stated with each flag. What a flag does to the odds is the model's
likelihood ratio.
"""

from collections.abc import Iterator
from typing import Any

from ...applicant import Applicant
from ...covariates import COVARIATES
from ...frozen import frozen
from ...model import Model
from ...model.answer import Answer, LikelihoodRatio
from ...model.notes import passing_note
from ...model.records import Note
from ..specialties.compute import published_of

LATE = 0.9  # quantile of the reference population's years since graduation over which the years are flagged


@frozen
class Flag:
    """One red flag.

    Attributes
    ----------
    covariate
    why
        The value and why it is flagged, as a code and its fields.
    ratio
        The likelihood ratio, against the specialty's average; None where the model has no figure.
    grades
        Of the evidence, each row of it with its grade.
    """

    covariate: str
    why: Note
    ratio: LikelihoodRatio | None
    grades: tuple[str, ...] = ()


def late_years(model: Model, applicant_type: str) -> float | None:
    """Return the years since graduation that nine in ten of the reference population do not pass, None
    without one.
    """
    reference = model.kind(applicant_type).reference.get("years_since_graduation")
    if reference is None:
        return None
    total, ordered = 0.0, sorted(zip(map(float, reference.values), reference.shares, strict=True))
    for years, share in ordered:
        total += share
        if total >= LATE - 1e-9:
            return years
    return ordered[-1][0]


def _values(model: Model, a: Applicant) -> Iterator[tuple[str, Note]]:
    """Yield (covariate, why) of the values that are flagged."""
    for name, step in (("step1_failed", "Step 1"), ("step2_failed", "Step 2 CK")):
        if getattr(a, name):
            yield name, Note("flag_failed", {"step": step})
    years, late = a.years_since_graduation, late_years(model, a.applicant_type)
    if years is not None and late is not None and years > late:
        yield "years_since_graduation", Note("flag_years", {"years": round(years, 2), "late": late})
    if a.usce_months == 0:
        yield "usce_months", Note("flag_no_usce")
    if a.visa_needed:
        yield "visa_needed", Note("flag_visa")
    if a.step2_ck is not None:
        yield from _score(model, a, a.step2_ck)


def _score(model: Model, a: Applicant, score: float) -> Iterator[tuple[str, Note]]:
    marks = model.record.passing_marks
    printed, whose = published_of(model, a.applicant_type)
    q1 = printed.get(a.specialty, {}).get("step2_ck", {}).get("matched", {}).get("q1")
    if passing_note(score, marks) is not None:
        yield "step2_ck", Note("flag_score_failed", {"score": score, "mark": marks[-1].mark})
    elif q1 is not None and score < q1:
        borrowed = None if whose == a.applicant_type else whose
        yield "step2_ck", Note("flag_score_low", {"score": score, "q1": q1, "whose": borrowed})


def red_flags(model: Model, answer: Answer) -> tuple[Flag, ...]:
    """Return the flags of an answer's applicant.

    Flagged: a failed attempt; more years since graduation than the 90% quantile of the reference population;
    no US clinical experience; a visa; a score under today's passing mark, or under the lower quartile of
    those who matched.
    """
    ratios = {ratio.covariate: ratio for ratio in answer.likelihood_ratios}
    found = []
    for name, why in _values(model, answer.applicant):
        effect = model.record.effects.get(name)
        rows = effect.rows if name in ratios and effect is not None else ()
        grades = tuple(f"{row.id} (grade {row.grade})" for row in rows)
        found.append(Flag(name, why, ratios.get(name), grades))
    return tuple(found)


def gaps(model: Model, applicant: Applicant) -> tuple[str, ...]:
    """Return the covariates that are not known of a resolved applicant; each drops out of the odds."""
    found = [] if applicant.step2_ck is not None else ["step2_ck"]
    kind = applicant.applicant_type
    found += [
        name for name in COVARIATES if getattr(applicant, name) is None and model.has_effect(kind, name)
    ]
    return tuple(found)


def plain(flag: Flag) -> dict[str, Any]:
    """Return a flag as `--json` prints it, but for its sentence."""
    ratio = flag.ratio
    return {
        "covariate": flag.covariate,
        "code": flag.why.code,
        "ratio": None if ratio is None else ratio.ratio,
        "ratio_low": None if ratio is None else ratio.low,
        "ratio_high": None if ratio is None else ratio.high,
        "basis": None if ratio is None else ratio.basis,
        "source": None if ratio is None else ratio.source,
        "grades": list(flag.grades),
    }
