"""Rules for claims that the tables have nothing on: each looks for the table that it would take."""

import re

import numpy as np
from scipy.stats import norm

from matchmodel.covariates import COVARIATES
from matchmodel.etl import Tidy
from matchmodel.fit.evidence.effects import widened
from matchmodel.model.engine import Z_RANGE, Range
from notebook_helpers.guide.ask import KIND, Case, factor, percent, ranged_figures
from notebook_helpers.guide.result import NO_BASIS, Verdict
from notebook_helpers.words import join

STRICT = "p10"  # the score under which a tenth of a program's invited lie
SCORES = (240, 250)  # ten points in the middle of the scale
STEP3 = "step3_passed"


def mentions(tidy: Tidy, pattern: str) -> list[str]:
    """Return the tables whose columns or texts match a pattern, sorted; sources and notes are not read."""
    places = []
    for name, rows in sorted(tidy.tables.items()):
        texts = [*rows.columns]
        columns = rows.select_dtypes(exclude="number").columns
        for column in columns.difference(["source", "source_id", "note", "page"]):
            texts += rows[column].dropna().unique().tolist()
        if any(re.search(pattern, str(text), re.IGNORECASE) for text in texts):
            places.append(name)
    return places


def absent(
    case: Case, pattern: str, what: str, wanted: str, rest: str = "", figures: dict[str, float] | None = None,
    basis: str = NO_BASIS,
) -> Verdict:  # fmt: skip
    """Return that a claim cannot be answered, and whether a table now speaks of what it is about.

    Parameters
    ----------
    case
    pattern
        Regular expression that a table on the matter would match.
    what, wanted, rest
        What no table has, the table that it would take, and what is known beside it.
    figures, basis
        Of `rest`.
    """
    if places := mentions(case.tidy, pattern):
        why = f"Now {join(places)} speaks of it, and no rule reads that yet; this rule must be written anew."
    else:
        why = f"None of the {len(case.tidy.tables)} tables has {what}; it would take {wanted}."
    known = {"tables searched": float(len(case.tidy.tables)), **(figures or {})}
    return case.unanswerable(f"{why} {rest}".strip(), known, basis)


def timing(case: Case) -> Verdict:
    """Say why 'a higher score later beats a lower one sooner' cannot be answered: no table has dates.

    Beside it: what ten points go with, and how often someone so far under a target on a practice test reaches
    it, P(Z > (short + bias)/SD) for normal errors of the published size, without learning in between.
    """
    near, far = case.numbers
    s = case.largest
    odds = case.contrast(*(case.who(s, score) for score in reversed(SCORES)))
    figures = ranged_figures(f"{s}, odds at {SCORES[1]} over {SCORES[0]}", odds)
    beside = f"Going from {SCORES[0]} to {SCORES[1]} goes with {factor(odds)} on the odds in {s}"
    tests = case.tidy.table("practice_tests").dropna(subset=["bias_points", "residual_sd_points"])
    if len(tests):
        test = tests.loc[tests["residual_sd_points"].idxmin()]
        name, bias, sd = test["test"], test["bias_points"], test["residual_sd_points"]
        reach = {short: float(norm.sf((short + bias) / sd)) for short in (near, far)}
        figures |= {f"{name}, reaches the target from {short:g} below": p for short, p in reach.items()}
        beside += (
            f"; someone {near:g} points under the target on {name} reaches it {percent(reach[near])} of the "
            f"time, {far:g} under {percent(reach[far])}"
        )
    pattern = r"\bdate\b|\bsubmitted\b|\bscore[ _-]release"
    what = "dates of scores or applications, so what waiting costs is unknown"
    wanted = "outcomes by when an application was complete"
    return absent(case, pattern, what, wanted, f"{beside}.", figures, "measured and evidence")


def patterns(case: Case) -> Verdict:
    """Say why 'programs come in three patterns' cannot be answered: no table has programs' rules.

    Beside it: how far programs' strictness is spread where invited applicants' scores are known by program,
    and what directors answered.
    """
    (cutoff,) = case.numbers
    rows = case.tidy.table("invited_step2")
    rows = rows[(rows["applicant_type"] == KIND) & (rows["statistic"] == STRICT)].sort_values("quantile")
    figures: dict[str, float] = {}
    known = []
    for specialty, of_specialty in rows.groupby("specialty"):
        at = of_specialty.set_index("quantile")["step2_ck"]
        if {0.1, 0.9} <= set(at.index):
            programs = float(of_specialty["programs"].iloc[0])
            known.append(
                f"in {specialty} ({programs:.0f} programs) the score under which a tenth of the invited lie "
                f"goes from {at[0.1]:.0f} (a tenth of programs are lower) to {at[0.9]:.0f} (a tenth are "
                "higher)"
            )
            figures |= {
                f"{specialty}, programs": programs, f"{specialty}, lenient program": float(at[0.1]),
                f"{specialty}, strict program": float(at[0.9]),
            }  # fmt: skip
    beside = ""
    if known:
        beside = (
            f"Known is that {join(known)}, beside the claim's {cutoff:g}: programs do differ, but a spread "
            f"in {len(known)} of {case.named.count} specialties is no pattern."
        )
    said, answers = case.survey("first-attempt Step 1 failure|(?:community|university) programs")
    pattern = r"\bcutoffs?\b|\bminimum score\b|\bfailures? (?:allowed|accepted)\b"
    what = "programs' rules on scores and on failures side by side"
    wanted = "a survey of programs' rules"
    return absent(case, pattern, what, wanted, f"{beside} {said}".strip(), figures | answers, "measured")


def regions(case: Case) -> Verdict:
    """Say why claims about regions cannot be answered: no table has a region or a state.

    Beside it: what directors answered on community and university programs.
    """
    said, answers = case.survey("(?:community|university) programs")
    pattern = r"\bmidwest|\bsouth\b|\bnortheast|\bregions?\b|\bstate\b"
    what, wanted = "a region or a state", "outcomes or invitations by region"
    return absent(case, pattern, what, wanted, said, answers, "measured")


def step_three(case: Case) -> Verdict:
    """Say why claims about Step 3 for applicants with red flags cannot be answered.

    The register may have an estimate of Step 3 on invitations over all applicants, which is shown. It is not
    used by the model, and is not about those with red flags or a visa need. Beside it: what a visa need goes
    with.
    """
    figures: dict[str, float] = {}
    said = []
    register = case.tidy.table("effects")
    for _, row in register[register["covariate"] == STEP3].dropna(subset=["estimate", "se"]).iterrows():
        half = Z_RANGE * widened(row)
        ends = Range(
            *(float(np.exp(v)) for v in (row["estimate"], row["estimate"] - half, row["estimate"] + half))
        )
        crossed = (
            "a range that holds no effect" if ends.low <= 1 <= ends.high else "a range clear of no effect"
        )
        said.append(
            f"among {row['n']:.0f} volunteers in {row['specialty']} those who had passed it got "
            f"{factor(ends)}, as many invitations as the others, {crossed}"
        )
        figures |= ranged_figures(f"{row['id']}, invitations", ends)
    beside = f"On Step 3 itself: {join(said)}." if said else "No table has a word on Step 3."
    if case.model.has_effect(KIND, "visa_needed"):
        odds = case.contrast(*(case.who(case.largest, visa_needed=needed) for needed in (True, False)))
        figures |= ranged_figures("odds with a visa needed", odds)
        label = COVARIATES["visa_needed"].label
        beside += f" The need that it is said to help with, {label}, goes with {factor(odds)} on the odds"
        beside += f" in {case.largest}."
    why = (
        f"None of the {len(case.tidy.tables)} tables has outcomes by Step 3 of applicants with red flags or "
        "a visa need; it would take those."
    )
    figures = {"tables searched": float(len(case.tidy.tables)), **figures}
    return case.unanswerable(f"{why} {beside}", figures, "evidence")
