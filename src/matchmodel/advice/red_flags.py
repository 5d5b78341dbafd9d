"""Red flags of an applicant, and what the evidence says of each.

Which values are flagged is a choice, stated with each flag. What a flag does to the odds is the model's likelihood ratio, not a guess.
Standard library only.
"""

from collections import namedtuple

from ..answer import passing_warning
from ..covariates import COVARIATES
from .side_by_side import published_of

LATE = 0.9  # quantile of the reference population's years since graduation over which the years are flagged


class Flag(namedtuple("Flag", "covariate what why ratio low high basis source grades note")):
    """One red flag.

    Attributes
    ----------
    covariate : str
    what, why : str
        The applicant's value in words, and why it is flagged.
    ratio, low, high : float or None
        The likelihood ratio, against the specialty's average, with its 80% range; None where the model has none.
    basis, source : str or None
    grades : tuple of str
        Of the evidence, each row of the register with its grade.
    note : str
    """

    __slots__ = ()


def late_years(model, applicant_type):
    """Return the years since graduation that nine in ten of the reference population do not pass, None without one."""
    reference = model.type(applicant_type)["reference"].get("years_since_graduation")
    if reference is None:
        return None
    total, ordered = 0.0, sorted(zip((float(v) for v in reference["values"]), reference["shares"]))
    for years, share in ordered:
        total += share
        if total >= LATE - 1e-9:
            return years
    return ordered[-1][0]


def _grades(model, name):
    return tuple(f"{row['id']} (grade {row['grade']})" for row in model.content["covariates"].get(name, {}).get("rows", ()))


def _values(model, a):
    """Yield (covariate, what, why) of the values that are flagged."""
    for name, step in (("step1_failed", "Step 1"), ("step2_failed", "Step 2 CK")):
        if a.covariate(name):
            yield name, f"{step} failed at least once", "a failed attempt stays on the transcript"
    years, late = a.years_since_graduation, late_years(model, a.applicant_type)
    if years is not None and late is not None and years > late:
        yield "years_since_graduation", f"{round(years, 2):g} years since graduation", f"more than {late:g}, which nine in ten of the reference population do not pass"
    if a.usce_months == 0:
        yield "usce_months", "no US clinical experience", "0 months"
    if a.visa_needed:
        yield "visa_needed", "a visa is needed", "not every program sponsors one"
    yield from _score(model, a)


def _score(model, a):
    score = a.step2_ck
    if score is None:
        return
    warned = passing_warning(score, model.content["exam"]["passing_marks"])
    matched = published_of(model, a.applicant_type)[0].get(a.specialty, {}).get("step2_ck", {}).get("matched", {})
    q1 = matched.get("q1")
    if warned:
        yield "step2_ck", f"Step 2 CK {score:g}", warned.split(": ")[0]
    elif q1 is not None and score < q1:
        borrowed = "" if a.applicant_type in ((model.content.get("advice") or {}).get("published") or {}) else " of the non-US table"
        yield "step2_ck", f"Step 2 CK {score:g}", f"under {q1:.0f}, the lower quartile of those who matched{borrowed}"


def red_flags(model, answer):
    """Return the `Flag`s of an answer's applicant.

    Flagged: a failed attempt; more years since graduation than the 90% quantile of the reference population; no US clinical
    experience; a visa; a score under today's passing mark, or under the lower quartile of those who matched.

    Parameters
    ----------
    model : Model
    answer : matchmodel.answer.Answer

    Returns
    -------
    tuple of Flag
    """
    ratios = {ratio.covariate: ratio for ratio in answer.likelihood_ratios}
    found = []
    for name, what, why in _values(model, answer.applicant):
        ratio = ratios.get(name)
        if ratio is None:
            found.append(Flag(name, what, why, None, None, None, None, None, (), "the model has no figure for it: left out of the odds"))
        else:
            found.append(Flag(name, what, why, ratio.ratio, ratio.low, ratio.high, ratio.basis, ratio.source, _grades(model, name), ratio.note))
    return tuple(found)


def gaps(model, applicant):
    """Return what is not known of an applicant, in words; each drops out of the odds.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        With years since graduation filled in.
    """
    found = ["Step 2 CK"] if applicant.step2_ck is None else []
    for name, covariate in COVARIATES.items():
        if applicant.covariate(name) is None and model.has_effect(applicant.applicant_type, name):
            found.append(covariate.label)
    return tuple(found)
