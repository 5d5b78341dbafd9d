"""Rules for claims about a Step 2 CK score: a score that is needed, and a score to aim at."""

from statsmodels.stats.proportion import proportion_confint

from ..fit.cells import measured_cells
from ..fit.logistic import DEFAULT_TAIL
from .ask import FAILS, HOLDS, KIND, UNSETTLED, Part, Ranged, listed, parts_text, percent, ranged_figures, side, verdict_of
from .result import CONTRADICTED, SUPPORTED, UNANSWERABLE

DISPENSABLE = 0.10  # a score that more than one in ten of those who matched did without is not needed
OUTSIDE = 0.20  # of the 80% range


def wilson(count, n):
    """Return a share with its 80% interval (Wilson, Journal of the American Statistical Association 22:209, 1927)."""
    low, high = proportion_confint(count, n, alpha=OUTSIDE, method="wilson")
    return Ranged(count / n, float(low), float(high))


def matched_up_to(tidy, specialty, score):
    """Return (persons, share of them at or below a score) of those who matched, None where their scores are suppressed.

    The share is read off the cohort as rebuilt from its printed quartiles, or off its bins.
    """
    measured = measured_cells(tidy, "step2_ck").get((KIND, specialty))
    cohorts = {} if not measured else measured[0].cohorts(DEFAULT_TAIL)
    if "matched" not in cohorts:
        return None
    values, weights = cohorts["matched"]
    persons = measured[0].bins.matched.sum() if measured[0].bins is not None else measured[0].matched.n
    return float(persons), float(weights[values <= score].sum() / weights.sum())


def needed_score(question):
    """Judge 'an IMG needs a score above X'.

    Needed means that next to nobody who matched did without: of those who matched with a printed
    score, pooled over the named specialties, the share at or below X has its whole 80% range
    (Wilson) under one in ten: supported; over it: contradicted. Not answerable where the scores of
    those who matched are printed for no more than half of the specialties: a few would speak for others.
    The model's chance by score cannot stand in, since its slope is borrowed exactly where scores are suppressed.
    """
    (score,) = question.numbers
    found = {s: matched_up_to(question.tidy, s, score) for s in question.named.known}
    printed = {s: v for s, v in found.items() if v is not None}
    persons = sum(n for n, _ in printed.values())
    figures = {"specialties with printed scores of those who matched": len(printed), "specialties named": question.named.count}
    figures |= {f"{s}, matched persons with a score": n for s, (n, _) in printed.items()}
    figures |= {f"{s}, share of matched at or below {score:g}": share for s, (_, share) in printed.items()}
    told = listed(f"{s}: {n:.0f} persons, about {percent(share)} of them at {score:g} or below" for s, (n, share) in printed.items())
    if len(printed) < question.named.most:
        why = f"The scores of the non-US IMGs who matched are printed for {len(printed)} of the {question.named.count} specialties"
        why += f" ({told})" if printed else ""
        return question.unanswerable(f"{why} and suppressed or absent for the others; it would take their quartiles.", figures, "measured")
    share = wilson(sum(n * v for n, v in printed.values()), persons)
    figures |= ranged_figures(f"share of matched at or below {score:g}", share)
    word = {"above": CONTRADICTED, "below": SUPPORTED, "across": UNANSWERABLE}[side(share, DISPENSABLE)]
    ending = "; the range holds one in ten, so it stays open." if word == UNANSWERABLE else "."
    span = f"{percent(share.low)} to {percent(share.high)}"
    why = f"Of the {persons:.0f} who matched with a printed score, {percent(share.value)} ({span}) had {score:g} or less ({told}){ending}"
    return question.verdict(word, why, figures, "measured")


def score_to_aim_at(question):
    """Judge 'aim at LOW to HIGH'.

    Taken as: that is where an applicant becomes as likely to match as the specialty's average. So in a
    specialty it holds when the odds at LOW, over those of the average, are under 1 and the odds at HIGH
    are over 1, each with its whole 80% range; it fails when those at LOW are already over 1 (the
    advice asks too much) or those at HIGH still under 1 (too little). That score lies near the mean of those
    who ranked the specialty, so the rule asks whether the target is a usual score there. Only specialties with a slope of
    their own are asked, and they must be more than half of those named.
    """
    low, high = question.numbers
    if len(question.sloped) < question.named.most:
        return question.unanswerable(
            f"Only {len(question.sloped)} of the {question.named.count} specialties have a slope from scores of their own; it would take printed scores of both cohorts.",
            {"specialties with a slope of their own": len(question.sloped)}, "measured",
        )
    parts, figures = [], {}
    for s in question.sloped:
        at_low, at_high = (question.contrast(question.who(s, score), question.who(s)) for score in (low, high))
        sides = side(at_low, 1.0), side(at_high, 1.0)
        state = HOLDS if sides == ("below", "above") else FAILS if sides[0] == "above" or sides[1] == "below" else UNSETTLED
        parts.append(Part(s, state, f"x{at_low.value:.2f} at {low:g}, x{at_high.value:.2f} at {high:g}"))
        figures |= ranged_figures(f"{s}, odds at {low:g} over the average", at_low) | ranged_figures(f"{s}, odds at {high:g} over the average", at_high)
    why = f"Given a ranked program, the odds over the specialty's average should pass 1 between {low:g} and {high:g}: {parts_text(parts)}."
    return question.verdict(verdict_of(parts), why, figures, "measured")
