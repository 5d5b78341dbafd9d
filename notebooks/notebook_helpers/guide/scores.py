"""Rules for claims about a Step 2 CK score: a score that is needed, and a score to aim at."""

from statsmodels.stats.proportion import proportion_confint

from matchmodel.etl import Tidy
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.tables.logistic import DEFAULT_TAIL
from matchmodel.model.engine import Range
from notebook_helpers.guide.ask import (
    FAILS,
    HOLDS,
    KIND,
    UNSETTLED,
    Case,
    Part,
    parts_text,
    percent,
    ranged_figures,
    side,
    verdict_of,
)  # fmt: skip
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE, Verdict
from notebook_helpers.words import join

DISPENSABLE = 0.10  # a score that more than one in ten of those who matched did without is not needed
OUTSIDE = 0.20  # of the 80% range


def wilson(count: float, n: float) -> Range:
    """Return a share with its 80% interval (Wilson, J Am Stat Assoc 22:209, 1927)."""
    low, high = proportion_confint(count, n, alpha=OUTSIDE, method="wilson")
    return Range(count / n, float(low), float(high))


def matched_up_to(tidy: Tidy, specialty: str, score: float) -> tuple[float, float] | None:
    """Return how many matched and the share at or below a score, None where their scores are suppressed.

    The share is read off the cohort as rebuilt from its printed quartiles, or off its bins.
    """
    tables = measured_cells(tidy, "step2_ck").get((KIND, specialty))
    cohorts = {} if not tables else tables[0].cohorts(DEFAULT_TAIL)
    if "matched" not in cohorts:
        return None
    values, weights = cohorts["matched"]
    bins = tables[0].bins
    matched = bins.matched.sum() if bins is not None else tables[0].matched.n
    return float(matched), float(weights[values <= score].sum() / weights.sum())


def needed_score(case: Case) -> Verdict:
    """Judge 'an IMG needs a score above X'.

    Needed means that next to nobody who matched did without: of those who matched with a printed score,
    pooled over the named specialties, the share at or below X has its whole 80% range (Wilson) under one in
    ten: supported; over it: contradicted. Not answerable where the scores of those who matched are printed
    for no more than half of the specialties: a few would speak for others. The model's chance by score cannot
    stand in, since its slope is borrowed exactly where scores are suppressed.
    """
    (score,) = case.numbers
    found = {s: matched_up_to(case.tidy, s, score) for s in case.named.known}
    printed = {s: v for s, v in found.items() if v is not None}
    matched = sum(n for n, _ in printed.values())
    figures = {
        "specialties with printed scores of those who matched": len(printed),
        "specialties named": case.named.count,
        **{f"{s}, matched applicants with a score": n for s, (n, _) in printed.items()},
        **{f"{s}, share of matched at or below {score:g}": share for s, (_, share) in printed.items()},
    }  # fmt: skip
    each = join(
        f"{s}: {n:.0f}, about {percent(share)} of them at {score:g} or below"
        for s, (n, share) in printed.items()
    )
    if len(printed) < case.named.most:
        why = (
            f"The scores of the non-US IMGs who matched are printed for {len(printed)} of the "
            f"{case.named.count} specialties"
            + (f" ({each})" if printed else "")
            + " and suppressed or absent for the others; it would take their quartiles."
        )
        return case.unanswerable(why, figures, "measured")
    share = wilson(sum(n * v for n, v in printed.values()), matched)
    figures |= ranged_figures(f"share of matched at or below {score:g}", share)
    word = {"above": CONTRADICTED, "below": SUPPORTED, "across": UNANSWERABLE}[side(share, DISPENSABLE)]
    ending = "; the range holds one in ten, so it stays open." if word == UNANSWERABLE else "."
    why = (
        f"Of the {matched:.0f} who matched with a printed score, {percent(share.point)} "
        f"({percent(share.low)} to {percent(share.high)}) had {score:g} or less ({each}){ending}"
    )
    return case.verdict(word, why, figures, "measured")


def score_to_aim_at(case: Case) -> Verdict:
    """Judge 'aim at LOW to HIGH'.

    Taken as: that is where an applicant becomes as likely to match as the specialty's average. So in a
    specialty it holds when the odds at LOW, over those of the average, are under 1 and the odds at HIGH are
    over 1, each with its whole 80% range; it fails when those at LOW are already over 1 (the advice asks too
    much) or those at HIGH still under 1 (too little). That score lies near the mean of those who ranked the
    specialty, so the rule asks whether the target is a usual score there. Only specialties with a slope of
    their own are asked, and they must be more than half of those named.
    """
    low, high = case.numbers
    if len(case.sloped) < case.named.most:
        return case.unanswerable(
            f"Only {len(case.sloped)} of the {case.named.count} specialties have a slope from scores of "
            "their own; it would take printed scores of both cohorts.",
            {"specialties with a slope of their own": len(case.sloped)}, "measured",
        )  # fmt: skip
    parts: list[Part] = []
    figures: dict[str, float] = {}
    for s in case.sloped:
        at_low, at_high = (case.contrast(case.who(s, score), case.who(s)) for score in (low, high))
        sides = side(at_low, 1.0), side(at_high, 1.0)
        fails = sides[0] == "above" or sides[1] == "below"
        state = HOLDS if sides == ("below", "above") else FAILS if fails else UNSETTLED
        parts.append(Part(s, state, f"x{at_low.point:.2f} at {low:g}, x{at_high.point:.2f} at {high:g}"))
        for score, odds in ((low, at_low), (high, at_high)):
            figures |= ranged_figures(f"{s}, odds at {score:g} over the average", odds)
    why = (
        "If you rank at least one program, the odds over the specialty's average should pass 1 between "
        f"{low:g} and {high:g}: {parts_text(parts)}."
    )
    return case.verdict(verdict_of(parts), why, figures, "measured")
