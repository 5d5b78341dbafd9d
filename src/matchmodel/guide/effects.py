"""Rules for claims about years since graduation and failed exams: effects from the evidence register."""

from ..covariates import COVARIATES
from .ask import FAILS, HOLDS, KIND, UNSETTLED, Part, factor, listed, open_end, parts_text, ranged_figures, side, verdict_of
from .result import CONTRADICTED, SUPPORTED, UNANSWERABLE

SUBSTANTIAL = 0.80  # odds down by a fifth: four or five points of a chance near one half
STRONG_SCORE = 260
FLAT = 0.10  # log odds per ten points under which no whole number of points makes up for anything
EVEN = 1.0  # a factor of 1 on the odds
CENTRE = 240  # where failures are weighed; the factor is the same at every score


def behind(question, name):
    """Return (rows, persons): how many estimates are behind an effect, and of how many persons each, as text."""
    rows = question.model.content["covariates"][name]["rows"]
    persons = question.tidy.table("effects").set_index("id")["n"].reindex([row["id"] for row in rows]).dropna()
    return len(rows), f" of {listed(f'{n:,.0f}' for n in persons)} persons" if len(persons) == len(rows) else ""


def no_effect(question, name):
    """Return the `Verdict` of a claim about a covariate that the model has no effect for, None where it has one."""
    if question.model.has_effect(KIND, name):
        return None
    return question.unanswerable(f"The model has no effect of {COVARIATES[name].label}; it would take outcomes by it, or an estimate in the evidence register.")


def graduation_year(question):
    """Judge 'programs prefer graduates within A to B years'.

    The answerable half: odds fall with years since graduation. Compared are twice B years with A years;
    supported when the factor on the odds has its whole 80% range under 1, contradicted when over 1.
    A limit at A or B cannot be seen, since the curve is smooth by assumption, and neither can how many
    programs set one.
    """
    if lacking := no_effect(question, "years_since_graduation"):
        return lacking
    recent, limit = question.numbers
    late, s = 2 * limit, question.largest
    count, persons = behind(question, "years_since_graduation")
    found = question.contrast(question.who(s, years_since_graduation=late), question.who(s, years_since_graduation=recent))
    word = {"below": SUPPORTED, "above": CONTRADICTED, "across": UNANSWERABLE}[side(found, EVEN)]
    why = (
        f"The odds at {late:g} years over those at {recent:g} are {factor(found)}, from {count} estimates{persons} and a smooth curve that is assumed"
        + ("; the range holds no effect, so it stays open. " if word == UNANSWERABLE else ". ")
        + f"A limit at {recent:g} to {limit:g} years, and how many programs set one, is in no table and not answerable."
    )
    return question.verdict(word, why, ranged_figures(f"odds at {late:g} years over {recent:g}", found), "evidence and assumed")


def worth_of_failure(question):
    """Judge 'a failed Step 1 needs A to B points more'.

    The answerable half: how many points weigh as much as the failure. In a specialty it holds when someone
    who failed has lower odds with A points more than someone who did not (whole 80% range under 1) and higher
    ones with B points more; it fails when A points are already more than enough, or B are not enough. Asked are
    specialties with a slope of their own of at least 0.1 a ten points: elsewhere no score makes up for anything.
    Programs' minimums are in no table.
    """
    if lacking := no_effect(question, "step1_failed"):
        return lacking
    few, many = question.numbers
    parts, figures, weight = [], {}, question.model.delta("step1_failed").value
    for s in question.sloped:
        beta = question.model.cell(KIND, s).beta
        if beta < FLAT:
            continue
        clean = question.who(s, CENTRE, step1_failed=False)
        ends = {points: question.contrast(question.who(s, CENTRE + points, step1_failed=True), clean) for points in (few, many)}
        sides = tuple(side(found, EVEN) for found in ends.values())
        state = HOLDS if sides == ("below", "above") else FAILS if sides[0] == "above" or sides[1] == "below" else UNSETTLED
        parts.append(Part(s, state, " and ".join(f"{factor(found)} with {points:g} points more" for points, found in ends.items())))
        figures |= {f"{s}, points that weigh as much as the failure": -10 * weight / beta}
        for points, found in ends.items():
            figures |= ranged_figures(f"{s}, odds failed with {points:g} points more", found)
    if not parts:
        return question.unanswerable("No specialty has a slope of its own that is not flat, so no points weigh as much as a failure; it would take scores of both cohorts.")
    shown = next((part for part in parts if part.name == question.largest), parts[0])
    held = {f"specialties in which it {state}": sum(p.state == state for p in parts) for state in (HOLDS, FAILS)}
    why = (
        f"In {shown.name} a Step 1 failure weighs as much as {figures[f'{shown.name}, points that weigh as much as the failure']:.0f} points; "
        f"the odds against someone who never failed are {shown.text}. "
        f"Of {len(parts)} specialties it holds in {held['specialties in which it holds']} and fails in {held['specialties in which it fails']}{open_end(parts)}. "
        "Programs' minimums are in no table, so that part is not answerable."
    )
    return question.verdict(verdict_of(parts), why, figures | {"specialties asked": len(parts)} | held, "measured and evidence")


def failure_in_specialty(question):
    """Judge 'in these specialties a Step 1 failure substantially reduces chances even with a strong score'.

    Answerable only where an estimate behind the effect describes more than half of the named specialties
    (its population names them): the model gives all specialties one factor, which says nothing of these. Then supported
    when the factor at 260 has its whole 80% range at most 0.8 (a fifth lower odds), contradicted when over it.
    """
    if lacking := no_effect(question, "step1_failed"):
        return lacking
    rows = question.tidy.table("effects").set_index("id")
    used = [row["id"] for row in question.model.content["covariates"]["step1_failed"]["rows"]]
    texts = " | ".join(str(rows.loc[i, "population"]).casefold() for i in used if i in rows.index)
    described = [s for s in question.named.known if s.partition(" (")[0].casefold() in texts]
    found = question.contrast(*(question.who(question.largest, STRONG_SCORE, step1_failed=failed) for failed in (True, False)))
    figures = ranged_figures(f"odds at {STRONG_SCORE} after a Step 1 failure", found)
    if len(described) < question.named.most:
        lent = f"; the one factor that the model lends to all specialties is {factor(found)}, and says nothing of these"
        return question.unanswerable(
            f"The populations of the {len(used)} estimates behind the effect name {len(described)} of these {question.named.count} specialties{lent}. "
            "It would take outcomes by Step 1 failure in them.",
            figures, "evidence",
        )
    word = {"below": SUPPORTED, "above": CONTRADICTED, "across": UNANSWERABLE}[side(found, SUBSTANTIAL)]
    why = f"At {STRONG_SCORE} a Step 1 failure goes with {factor(found)} on the odds, from estimates that describe {listed(described)}"
    return question.verdict(word, why + (f"; the range holds x{SUBSTANTIAL:.2f}, so it stays open." if word == UNANSWERABLE else "."), figures, "evidence")


def first_attempts(question):
    """Judge 'directors prefer first-time passes on every Step'.

    The answerable half: failures go with lower odds at the same score. Each of Step 1 and Step 2 CK holds
    with its whole 80% range under 1, and fails with it over 1; most of the two means both.
    Directors' reasons, and Step 3, are in no table.
    """
    parts, figures = [], {}
    for name in ("step1_failed", "step2_failed"):
        if question.model.has_effect(KIND, name):
            who = [question.who(question.largest, CENTRE, **{name: failed}) for failed in (True, False)]
            found, label = question.contrast(*who), COVARIATES[name].label.removesuffix(" ever failed")
            parts.append(Part(label, {"below": HOLDS, "above": FAILS, "across": UNSETTLED}[side(found, EVEN)], factor(found)))
            figures |= ranged_figures(f"{label}, odds after a failure", found)
    if not parts:
        return no_effect(question, "step1_failed")
    why = (
        f"That the odds are lower after a failure, at the same score: {parts_text(parts)}. "
        "Directors' reasons and Step 3 are in no table, so that part is not answerable."
    )
    return question.verdict(verdict_of(parts), why, figures, "evidence")
