"""Where an answer's range comes from."""

from statistics import fmean

from ..odds import terms

WHOLE = "everything"


def widths(model, applicant):
    """Split the variance of an answer's log odds by where it comes from.

    With the log odds a sum of parts, share_j = Cov(part_j, sum)/Var(sum); the shares sum to 1 though
    the parts are not independent (the effects share the exchange rate and their common
    size). A part that offsets others has a share below zero.

    Parameters
    ----------
    model : Model
    applicant : Applicant

    Returns
    -------
    dict of str to float
        'everything': width of the 80% range in points of probability. Then the share of each
        part: the level with the Step 2 CK slope, each covariate known, the drift to the cycle.
    """
    filled = model.cycle_of(applicant)
    cell = model.cell(filled.applicant_type, filled.specialty)
    whole = terms(model, cell, filled, filled.cycle)
    still = terms(model, cell, filled, cell.year)
    score = still.shifts.get("step2_ck", (0.0, [0.0] * len(still.draws_base)))[1]
    parts = {"level and Step 2 CK slope": [a + b for a, b in zip(still.draws_base, score)]}
    parts.update({name: draws for name, (_, draws) in still.shifts.items() if name != "step2_ck"})
    parts["drift to the cycle"] = [a - b for a, b in zip(whole.draws_base, still.draws_base)]
    total = whole.log_odds_draws
    centre = fmean(total)
    off = [value - centre for value in total]
    variance = sum(o * o for o in off)
    answer = model.odds(filled)
    shares = {name: sum(o * v for o, v in zip(off, draws)) / variance for name, draws in parts.items()}
    return {WHOLE: 100 * (answer.p_ranked_high - answer.p_ranked_low), **shares}
