"""Rules for claims that the tables have nothing on: each looks for the table that it would take."""

import re

from scipy.stats import norm

from ..covariates import COVARIATES
from .ask import KIND, factor, listed, percent, ranged_figures
from .result import NO_BASIS

STRICT = "p10"  # the score under which a tenth of a program's invited lie
SCORES = (240, 250)  # ten points in the middle of the scale


def mentions(tidy, pattern):
    """Return the names of the tidy tables whose columns or texts match a pattern, sorted; sources and notes are not read."""
    found = []
    for name, rows in sorted(tidy.tables.items()):
        texts = [*rows.columns]
        for column in rows.select_dtypes(exclude="number").columns.difference(["source", "source_id", "note", "page"]):
            texts += rows[column].dropna().unique().tolist()
        if any(re.search(pattern, str(text), re.IGNORECASE) for text in texts):
            found.append(name)
    return found


def absent(question, pattern, what, wanted, rest="", figures=(), basis=NO_BASIS):
    """Return that a claim cannot be answered, and whether a table now speaks of what it is about.

    Parameters
    ----------
    question : Question
    pattern : str
        Regular expression that a table on the matter would match.
    what, wanted, rest : str
        What no table has, the table that it would take, and what is known beside it.
    figures, basis
        Of `rest`.
    """
    if found := mentions(question.tidy, pattern):
        why = f"Now {listed(found)} speaks of it, and no rule reads that yet; this claim's rule must be written anew."
    else:
        why = f"None of the {len(question.tidy.tables)} tables has {what}; it would take {wanted}."
    figures = {"tables searched": len(question.tidy.tables), **dict(figures)}
    return question.unanswerable(f"{why} {rest}".strip(), figures, basis)


def timing(question):
    """Say why 'a higher score later beats a lower one sooner' cannot be answered: no table has dates.

    Beside it: what ten points go with, and how often someone so far under a target on a practice test reaches it,
    P(Z > (short + bias)/SD) for normal errors of the published size, without learning in between.
    """
    near, far = question.numbers
    s = question.largest
    found = question.contrast(*(question.who(s, score) for score in reversed(SCORES)))
    figures = ranged_figures(f"{s}, odds at {SCORES[1]} over {SCORES[0]}", found)
    rest = f"Going from {SCORES[0]} to {SCORES[1]} goes with {factor(found)} on the odds in {s}"
    tests = question.tidy.table("practice_tests").dropna(subset=["bias_points", "residual_sd_points"])
    if len(tests):
        test = tests.loc[tests["residual_sd_points"].idxmin()]
        reach = [float(norm.sf((short + test["bias_points"]) / test["residual_sd_points"])) for short in (near, far)]
        figures |= {f"{test['test']}, reaches the target from {short:g} below": p for short, p in zip((near, far), reach, strict=True)}
        text = f"someone {near:g} points under the target on {test['test']} reaches it {percent(reach[0])} of the time, {far:g} under {percent(reach[1])}"
        rest = f"{rest}; {text}"
    return absent(
        question, r"\bdate\b|\bsubmitted\b|\bscore[ _-]release", "dates of scores or applications, so what waiting costs is unknown",
        "outcomes by when an application was complete", f"{rest}.", figures, "measured and evidence",
    )


def patterns(question):
    """Say why 'programs come in three patterns' cannot be answered: no table has programs' rules on scores and failures together.

    Beside it: how far programs' strictness is spread where invited applicants' scores are known by program.
    """
    (cutoff,) = question.numbers
    rows = question.tidy.table("invited_step2")
    rows = rows[(rows["applicant_type"] == KIND) & (rows["statistic"] == STRICT)].sort_values("quantile")
    figures, known = {}, []
    for specialty, found in rows.groupby("specialty"):
        at = found.set_index("quantile")["step2_ck"]
        if {0.1, 0.9} <= set(at.index):
            programs = float(found["programs"].iloc[0])
            known.append(
                f"in {specialty} ({programs:.0f} programs) the score under which a tenth of the invited lie goes from {at[0.1]:.0f} (a tenth of programs are lower) "
                f"to {at[0.9]:.0f} (a tenth are higher)"
            )
            figures |= {f"{specialty}, programs": programs, f"{specialty}, lenient program": at[0.1], f"{specialty}, strict program": at[0.9]}
    rest = ""
    if known:
        known = f"{listed(known)}, beside the claim's {cutoff:g}"
        rest = f"Known is that {known}: programs do differ, but a spread in {len(figures) // 3} of {question.named.count} specialties is no pattern."
    return absent(
        question, r"\bcutoffs?\b|\bminimum score\b|\bfailures? (?:allowed|accepted)\b|\bcommunity\b",
        "programs' rules on scores and on failures side by side, or which are community programs", "a survey of programs' rules", rest, figures, "measured",
    )


def regions(question):
    """Say why claims about regions cannot be answered: no table has a region or a state."""
    return absent(
        question, r"\bmidwest|\bsouth\b|\bnortheast|\bregions?\b|\bstate\b", "a region, a state or community-heavy areas", "outcomes or invitations by region",
    )


def step_three(question):
    """Say why claims about Step 3 cannot be answered: it is in no table. Beside it: what a visa need goes with."""
    figures, rest = {}, ""
    if question.model.has_effect(KIND, "visa_needed"):
        found = question.contrast(*(question.who(question.largest, visa_needed=needed) for needed in (True, False)))
        figures |= ranged_figures("odds with a visa needed", found)
        rest = f"The need that it is said to help with, {COVARIATES['visa_needed'].label}, goes with {factor(found)} on the odds."
    return absent(question, r"step[ _-]*3|step three", "a word on Step 3", "outcomes by Step 3", rest, figures, "evidence")
