"""Rules for claims about years since graduation and failed exams: effects from the evidence register."""

from matchmodel.covariates import COVARIATES
from notebook_helpers.guide.ask import (
    FAILS,
    HOLDS,
    KIND,
    UNSETTLED,
    Case,
    Part,
    factor,
    open_end,
    parts_text,
    ranged_figures,
    side,
    verdict_of,
)  # fmt: skip
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE, Verdict
from notebook_helpers.words import join

SUBSTANTIAL = 0.80  # odds down by a fifth: four or five points of a chance near one half
STRONG_SCORE = 260
FLAT = 0.10  # log odds per ten points under which no whole number of points makes up for anything
EVEN = 1.0  # a factor of 1 on the odds
CENTRE = 240  # where failures are weighed; the factor is the same at every score


def behind(case: Case, name: str) -> tuple[int, str]:
    """Return how many estimates are behind an effect, and of how many applicants each, as text."""
    rows = case.model.record.effects[name].rows
    n = case.tidy.table("effects").set_index("id")["n"].reindex([row.id for row in rows]).dropna()
    return len(rows), f" of {join(f'{v:,.0f}' for v in n)} applicants" if len(n) == len(rows) else ""


def no_effect(case: Case, name: str) -> Verdict:
    """Return the `Verdict` of a claim about a covariate that the model has no effect of."""
    label = COVARIATES[name].label
    return case.unanswerable(
        f"The model has no effect of {label}; it would take outcomes by it, or an estimate in the evidence "
        "register."
    )


def graduation_year(case: Case) -> Verdict:
    """Judge 'programs prefer graduates within A to B years'.

    The answerable half: odds fall with years since graduation. Compared are twice B years with A years, in
    the largest specialty (the others' effects differ from it by little); supported when the factor on the
    odds has its whole 80% range under 1, contradicted when over 1. The model holds the sign beforehand, so
    the rule cannot contradict it as shipped. A limit at A or B cannot be seen, since the curve is smooth by
    assumption, and neither can how many programs set one.
    """
    if not case.model.has_effect(KIND, "years_since_graduation"):
        return no_effect(case, "years_since_graduation")
    recent, limit = case.numbers
    late, s = 2 * limit, case.largest
    count, of = behind(case, "years_since_graduation")
    odds = case.contrast(case.who(s, years_since_graduation=late), case.who(s, years_since_graduation=recent))
    word = {"below": SUPPORTED, "above": CONTRADICTED, "across": UNANSWERABLE}[side(odds, EVEN)]
    why = (
        f"In {s} the odds at {late:g} years over those at {recent:g} are {factor(odds)}, from {count} "
        f"estimates{of}, what directors report, and a smooth curve that is assumed"
        + ("; the range holds no effect, so it stays open. " if word == UNANSWERABLE else ". ")
        + "That more years do not raise the odds is assumed too. "
        + f"A limit at {recent:g} to {limit:g} years, and how many programs set one, is in no table and not "
        "answerable."
    )
    figures = ranged_figures(f"odds at {late:g} years over {recent:g}", odds)
    return case.verdict(word, why, figures, "evidence and assumed")


def worth_of_failure(case: Case) -> Verdict:
    """Judge 'a failed Step 1 needs A to B points more'.

    The answerable half: how many points weigh as much as the failure. In a specialty it holds when someone
    who failed has lower odds with A points more than someone who did not (whole 80% range under 1) and higher
    ones with B points more; it fails when A points are already more than enough, or B are not enough. Asked
    are specialties with a slope of their own of at least 0.1 per ten points: elsewhere no score makes up for
    anything. Programs' minimums are in no table.
    """
    if not case.model.has_effect(KIND, "step1_failed"):
        return no_effect(case, "step1_failed")
    few, many = case.numbers
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in case.sloped:
        beta = case.model.cell(KIND, s).beta.value
        if beta < FLAT:
            continue
        clean = case.who(s, CENTRE, step1_failed=False)
        ends = {p: case.contrast(case.who(s, CENTRE + p, step1_failed=True), clean) for p in (few, many)}
        sides = tuple(side(odds, EVEN) for odds in ends.values())
        fails = sides[0] == "above" or sides[1] == "below"
        state = HOLDS if sides == ("below", "above") else FAILS if fails else UNSETTLED
        text = " and ".join(f"{factor(odds)} with {points:g} points more" for points, odds in ends.items())
        parts.append(Part(s, state, text))
        weight = case.model.record.effects["step1_failed"].specialties[s].value
        figures |= {f"{s}, points that weigh as much as the failure": -10 * weight / beta}
        for points, odds in ends.items():
            figures |= ranged_figures(f"{s}, odds failed with {points:g} points more", odds)
    if not parts:
        return case.unanswerable(
            "No specialty has a slope of its own that is not flat, so no points weigh as much as a failure; "
            "it would take scores of both cohorts."
        )
    shown = next((part for part in parts if part.name == case.largest), parts[0])
    counts = {state: sum(p.state == state for p in parts) for state in (HOLDS, FAILS)}
    points = figures[f"{shown.name}, points that weigh as much as the failure"]
    why = (
        f"In {shown.name} a Step 1 failure weighs as much as {points:.0f} points; the odds against someone "
        f"who never failed are {shown.text}. Of {len(parts)} specialties it holds in {counts[HOLDS]} and "
        f"fails in {counts[FAILS]}{open_end(parts)}. Programs' minimums are in no table, so that part is not "
        "answerable."
    )
    figures |= {"specialties asked": len(parts)}
    figures |= {f"specialties in which it {state}": count for state, count in counts.items()}
    return case.verdict(verdict_of(parts), why, figures, "measured and evidence")


def failure_in_specialty(case: Case) -> Verdict:
    """Judge 'in these specialties a Step 1 failure substantially reduces chances even with a strong score'.

    Answerable only where estimates behind the effect are of more than half of the named specialties:
    elsewhere a specialty's effect is that of the others with a wider range, which says nothing of these. Then
    it holds in a specialty when the factor at 260 has its whole 80% range at most 0.8 (a fifth lower odds),
    and fails when over it.
    """
    if not case.model.has_effect(KIND, "step1_failed"):
        return no_effect(case, "step1_failed")
    rows = case.tidy.table("effects").set_index("id")["specialty"]
    used = [row.id for row in case.model.record.effects["step1_failed"].rows]
    known = set(rows.reindex(used).dropna()) - {""}
    described = [s for s in case.named.known if s in known]
    if len(described) < case.named.most:
        s = case.named.known[0]
        odds = case.contrast(*(case.who(s, STRONG_SCORE, step1_failed=failed) for failed in (True, False)))
        return case.unanswerable(
            f"Of the {case.named.count} specialties {len(described)} have an estimate of their own among "
            f"the {len(used)} behind the effect. What the model lends to {s} from other specialties is "
            f"{factor(odds)} on the odds. It would take outcomes by Step 1 failure in them.",
            ranged_figures(f"odds at {STRONG_SCORE} after a Step 1 failure", odds), "evidence",
        )  # fmt: skip
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in described:
        odds = case.contrast(*(case.who(s, STRONG_SCORE, step1_failed=failed) for failed in (True, False)))
        state = {"below": HOLDS, "above": FAILS, "across": UNSETTLED}[side(odds, SUBSTANTIAL)]
        parts.append(Part(s, state, factor(odds)))
        figures |= ranged_figures(f"{s}, odds at {STRONG_SCORE} after a Step 1 failure", odds)
    why = f"That the odds at {STRONG_SCORE} fall by a fifth after a Step 1 failure: {parts_text(parts)}."
    return case.verdict(verdict_of(parts), why, figures, "evidence")


def first_attempts(case: Case) -> Verdict:
    """Judge 'directors prefer first-time passes on every Step'.

    The answerable half: failures go with lower odds at the same score, in the largest specialty. Each of Step
    1 and Step 2 CK holds with its whole 80% range under 1, and fails with it over 1; most of the two means
    both. The model holds the signs beforehand, so the rule cannot contradict it as shipped. Step 3 is in no
    table of outcomes.
    """
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for name in ("step1_failed", "step2_failed"):
        if case.model.has_effect(KIND, name):
            applicants = [case.who(case.largest, CENTRE, **{name: failed}) for failed in (True, False)]
            odds, label = case.contrast(*applicants), COVARIATES[name].label.removesuffix(" ever failed")
            state = {"below": HOLDS, "above": FAILS, "across": UNSETTLED}[side(odds, EVEN)]
            parts.append(Part(label, state, factor(odds)))
            figures |= ranged_figures(f"{label}, odds after a failure", odds)
    if not parts:
        return no_effect(case, "step1_failed")
    said, answers = case.survey("first-attempt Step 1 failure")
    why = (
        f"That the odds in {case.largest} are lower after a failure, at the same score: {parts_text(parts)}. "
        f"{said} Step 3 is in no table of outcomes, so that part is not answerable."
    ).replace("  ", " ")
    return case.verdict(verdict_of(parts), why, figures | answers, "evidence and assumed")
