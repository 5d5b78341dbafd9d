"""Rules for claims about low scores and the number of applications."""

from matchmodel.applicant import Applicant
from matchmodel.model.answer import Required
from matchmodel.model.engine import Range
from matchmodel.question import Question
from notebook_helpers.guide.ask import (
    FAILS,
    HOLDS,
    KIND,
    UNSETTLED,
    Case,
    Part,
    chance,
    parts_text,
    percent,
    ranged_figures,
    side,
    verdict_of,
)  # fmt: skip
from notebook_helpers.guide.result import Verdict
from notebook_helpers.needed import chain_of, needed

POSSIBLE = 0.10  # a chance of one in ten if you apply: under it a plan fails nine times of ten
LOW_SCORE = 225  # the middle of the 220 to 230 that the guide calls low
FULL_USCE = 12  # months; the most that the measured effect counts
BASIS = "measured and evidence"
NO_CHAIN = (
    "The model cannot say what applications bring in most of the specialties; it would take a table of "
    "invitation rates by program."
)


def usual_applications(case: Case, specialty: str) -> int:
    """Return the usual number of applications of a specialty, as an answer takes it."""
    return round(chain_of(case.model, KIND, specialty).usual.value)


def chance_if_applies(case: Case, applicant: Applicant, applications: int) -> Range:
    """Return the chance of matching with so many applications, in a specialty that has a chain."""
    answer = case.model.odds(applicant, Question(applications=applications))
    return needed(answer.p_apply, f"chance by applications in {applicant.specialty}")


def low_score_possible(case: Case) -> Verdict:
    """Judge 'LOW to HIGH is still possible with no failures and much clinical experience'.

    Asked at the middle of the two, with no failure, twelve months of US clinical experience and the
    specialty's usual number of applications. Possible means a chance of one in ten if you apply: a specialty
    holds with its whole range over it, fails with its whole range under it. Letters are in no table.
    """
    low, high = case.numbers
    score = (low + high) / 2
    if len(case.chained) < case.named.most:
        return case.unanswerable(NO_CHAIN)
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in case.chained:
        usual = usual_applications(case, s)
        applicant = case.who(s, score, step1_failed=False, step2_failed=False, usce_months=FULL_USCE)
        p_apply = chance_if_applies(case, applicant, usual)
        state = {"above": HOLDS, "below": FAILS, "across": UNSETTLED}[side(p_apply, POSSIBLE)]
        parts.append(Part(s, state, f"{chance(p_apply)} with {usual} applications"))
        figures |= ranged_figures(f"{s}, chance at {score:g} if you apply", p_apply) | {
            f"{s}, usual applications": usual
        }
    why = (
        f"At {score:g} with no failure and {FULL_USCE} months of USCE, a chance over {percent(POSSIBLE)} if "
        f"you apply: {parts_text(parts)}. Letters are in no table, so they are not answerable."
    )
    return case.verdict(verdict_of(parts), why, figures, BASIS)


def _broad(required: Required, usual: int) -> tuple[str, str]:
    """Return the state of 'it takes more than the usual number', and the number in words."""
    number = f"{required.applications} applications" if required.reachable else "not every program is enough"
    low, high = required.low, required.high
    if low is None:
        return HOLDS, number
    state = HOLDS if low > usual else FAILS if high is not None and high <= usual else UNSETTLED
    return state, f"{number}, {low} to {'no bound' if high is None else high},"


def broad_list(case: Case) -> Verdict:
    """Judge the end of 'strong programs look for A, community ones for B to C, D to E needs a broad list'.

    Broad means more than the specialty's usual number: taken are the applications that the middle of D and E
    needs for the chance that A has with the usual number. With their whole 80% range over the usual number it
    holds, with the whole range at or under it it fails. What programs look for is in no table for the
    specialty.
    """
    strong, *_, low, high = case.numbers
    score = (low + high) / 2
    if len(case.chained) < case.named.most:
        return case.unanswerable(NO_CHAIN)
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in case.chained:
        usual = usual_applications(case, s)
        target = chance_if_applies(case, case.who(s, strong), usual).point
        answer = case.model.odds(case.who(s, score), Question(target=target))
        required = needed(answer.required_applications, f"number of applications in {s}")
        state, number = _broad(required, usual)
        parts.append(
            Part(s, state, f"{number} for the {percent(target)} that {strong:g} has with the usual {usual}")
        )
        figures |= {
            f"{s}, usual applications": usual,
            f"{s}, chance at {strong:g} with the usual number": target,
        }
        for end, value in (("", required.applications), (", low", required.low), (", high", required.high)):
            if value is not None:
                figures[f"{s}, applications{end} needed at {score:g}"] = float(value)
    why = (
        f"That {score:g} takes more than the usual number of applications: {parts_text(parts)}. Which scores "
        "strong or community programs look for is in no table, so that part is not answerable."
    )
    return case.verdict(verdict_of(parts), why, figures, BASIS)


def only_with_many(case: Case) -> Verdict:
    """Judge 'those with low scores match only by applying to N or more programs'.

    Asked at 225 with one application fewer than N, nothing else known. Only means that the chance is then
    under one in ten: a specialty holds with its whole range under it, fails with its whole range over it.
    """
    (many,) = case.numbers
    fewer = int(many) - 1
    if len(case.chained) < case.named.most:
        return case.unanswerable(NO_CHAIN)
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in case.chained:
        p_apply = chance_if_applies(case, case.who(s, LOW_SCORE), fewer)
        state = {"above": FAILS, "below": HOLDS, "across": UNSETTLED}[side(p_apply, POSSIBLE)]
        parts.append(Part(s, state, chance(p_apply)))
        figures |= ranged_figures(f"{s}, chance at {LOW_SCORE} with {fewer} applications", p_apply)
    why = (
        f"'Only' asks for a chance under {percent(POSSIBLE)} at {LOW_SCORE} with {fewer} applications: "
        f"{parts_text(parts)}."
    )
    return case.verdict(verdict_of(parts), why, figures, BASIS)
