"""Rules for claims about low scores and the number of applications."""

from matchmodel.model.answer import Required
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
    return round(case.model.cell(KIND, specialty).chain.usual.value)


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
        who = case.who(s, score, step1_failed=False, step2_failed=False, usce_months=FULL_USCE)
        found = case.model.odds(who, Question(applications=usual)).p_apply
        state = {"above": HOLDS, "below": FAILS, "across": UNSETTLED}[side(found, POSSIBLE)]
        parts.append(Part(s, state, f"{chance(found)} with {usual} applications"))
        figures |= ranged_figures(f"{s}, chance at {score:g} if you apply", found) | {
            f"{s}, usual applications": usual
        }
    why = (
        f"At {score:g} with no failure and {FULL_USCE} months of USCE, a chance over {percent(POSSIBLE)} if "
        f"you apply: {parts_text(parts)}. Letters are in no table, so they are not answerable."
    )
    return case.verdict(verdict_of(parts), why, figures, BASIS)


def _broad(needed: Required, usual: int) -> tuple[str, str]:
    """Return the state of 'it takes more than the usual number', and the number in words."""
    number = f"{needed.applications} applications" if needed.reachable else "not every program is enough"
    if needed.low is None:
        return HOLDS, number
    state = (
        HOLDS
        if needed.low > usual
        else FAILS
        if needed.high is not None and needed.high <= usual
        else UNSETTLED
    )
    high = "no bound" if needed.high is None else f"{needed.high}"
    return state, f"{number}, {needed.low} to {high},"


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
        target = case.model.odds(case.who(s, strong), Question(applications=usual)).p_apply.point
        needed = case.model.odds(case.who(s, score), Question(target=target)).required_applications
        state, number = _broad(needed, usual)
        parts.append(
            Part(s, state, f"{number} for the {percent(target)} that {strong:g} has with the usual {usual}")
        )
        figures |= {
            f"{s}, usual applications": usual,
            f"{s}, chance at {strong:g} with the usual number": target,
        }
        for end, value in (("", needed.applications), (", low", needed.low), (", high", needed.high)):
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
        found = case.model.odds(case.who(s, LOW_SCORE), Question(applications=fewer)).p_apply
        state = {"above": FAILS, "below": HOLDS, "across": UNSETTLED}[side(found, POSSIBLE)]
        parts.append(Part(s, state, chance(found)))
        figures |= ranged_figures(f"{s}, chance at {LOW_SCORE} with {fewer} applications", found)
    why = (
        f"'Only' asks for a chance under {percent(POSSIBLE)} at {LOW_SCORE} with {fewer} applications: "
        f"{parts_text(parts)}."
    )
    return case.verdict(verdict_of(parts), why, figures, BASIS)
