"""This cycle or the next: chances now, chances after waiting a year, and of applying now and again.

Standard library only.
"""

from math import exp, log

from ..answer import passing_warning, seen_range
from ..applicant import SCORE_HIGH, USCE_LIMIT, yes_or_no
from ..applications import UNSURE, cost
from ..covariates import COVARIATES, USCE_CAP
from ..errors import RefusedInput
from ..fees import OTHER_SERVICES, fixed_fees
from ..odds import expit
from ..wording import ASSOCIATION, type_name
from .luck import exactly, together
from .practice import number, of_score
from .profile import Drawn, Figure
from .season import FEW, MORE, SOME, Drifted, Season, drift_after, logit
from .timing_answer import Both, Compared, Option, Timing

GAIN_HIGH, YEAR_MONTHS = 100.0, 12.0  # points; months of USCE that a year of waiting has room for
SURE = 0.9  # share of the draws from which an answer is called sure: the 80% range then holds no other
COARSE = 10  # points between the gains that are tried first
EQUAL = 1e-9  # of chances, rounding apart
TELL = 0.1  # share of the distribution outside the table's scores from which a warning is given


def compared(wait, other):
    """Return the `Compared` of two `Drawn`."""
    found = wait.minus(other)
    return Compared(found.point, found.low, found.high, sum(1.0 if d > 0 else 0.5 if d == 0 else 0.0 for d in found.draws) / len(found.draws))


def next_applicant(model, applicant, usce_gain=0.0):
    """Return an applicant a year on: one more year since graduation where known, and so many more months of USCE."""
    changes = {"cycle": applicant.cycle + 1}
    if applicant.yog is None and applicant.years_since_graduation is not None:
        changes["years_since_graduation"] = applicant.years_since_graduation + 1
    if usce_gain:
        if applicant.usce_months is None:
            raise RefusedInput("more USCE is asked for, but not how much there is; give --usce MONTHS too (0 where there is none)")
        changes["usce_months"] = min(applicant.usce_months + usce_gain, USCE_LIMIT)
    try:
        return model.cycle_of(applicant._replace(**changes))
    except RefusedInput as refused:
        raise RefusedInput(f"the cycle after {applicant.cycle} can't be answered: {refused}") from None


def after_failing(first, second):
    """Return P(match only in the second of two cycles), luck shared and independent, averaged over the scores.

    With G the person's gamma factor and f_1, f_2 as in `matchmodel.advice.luck`,

        P(match only in the second) = E_S E_G[ f_1(mean_1 G) (1 - f_2(mean_2 G)) ],

    whose ratio to that of independent luck, E_S[(1 - p_1) p_2], changes little with S and is taken from few scores.
    Without a chain luck is independent.
    """
    only = lambda score: (1.0 - first.chance_at(score)) * second.chance_at(score)
    independent = first.scores.average(only, MORE)
    if first.chain is None:
        return independent, independent
    shared = 0.0
    for score, weight in first.scores.nodes(FEW):
        states = [season.state_at(score) for season in (first, second)]
        shared += weight * together(first.alpha, [(exactly(s), season.applications * s.each) for s, season in zip(states, (first, second))]).each[1]
    return independent * shared / first.scores.average(only, FEW), independent


def either(first, second, point):
    """Return P(match in either) in every draw, from both chances there and how luck is shared at the point.

    The log of P(match in neither) lies between that of independent luck, ln f_1 + ln f_2, and that of one luck for both,
    min(ln f_1, ln f_2); its place between them is taken as at the point in every draw.

    Parameters
    ----------
    first, second : Drawn
    point : float
    """

    def ends(p, q):
        a, b = (log(max(1.0 - x, 1e-300)) for x in (p, q))
        return a + b, min(a, b)

    low, high = ends(first.point, second.point)
    place = 0.0 if high - low < 1e-12 else min(max((log(max(1.0 - point, 1e-300)) - low) / (high - low), 0.0), 1.0)
    return Drawn(point, [1.0 - exp(a + place * (b - a)) for a, b in (ends(p, q) for p, q in zip(first.draws, second.draws))])


def least_gains(season, scores, gain_sd, goals):
    """Return the least whole number of points after which a chance is above each goal, None where none up to the scale's end does it.

    Gains ten points apart first; between the last two by false position, never nearer than a point to an end.

    Parameters
    ----------
    season : Season
        The cycle in which the gained score is used.
    scores : Scores
        Before the gain.
    gain_sd : float
    goals : sequence of float
    """
    most, known = int(SCORE_HIGH - scores.mean), {}

    def at(gain):
        if gain not in known:
            known[gain] = scores.gained(gain, gain_sd).average(season.chance_at, SOME)
        return known[gain]

    return [_least(at, goal, most) for goal in goals]


def _least(at, goal, most):
    low = high = 0
    while at(high) <= goal + EQUAL:
        if high >= most:
            return None
        low, high = high, min(high + COARSE, most)
    while high - low > 1:
        guess = low + round((goal - at(low)) / (at(high) - at(low)) * (high - low))
        middle = min(max(guess, low + 1), high - 1)
        low, high = (low, middle) if at(middle) > goal + EQUAL else (middle, high)
    return high


def _made(season, chance, mark, fixed):
    a, scores = season.applicant, season.scores
    under = None if scores.taken or mark is None else scores.under(mark)
    passed = None if under is None else scores.above(season.chance_at, mark, chance.point)
    usd = cost(season.schedule, season.applications) if season.applications is not None else None
    ranked = Figure.of(season.ranked)
    return Option(
        a.cycle, a.years_since_graduation, a.usce_months, scores, ranked, None if season.chain is None else Figure.of(chance), under, passed,
        None if usd is None else usd + sum(each for _, each in fixed),
    )  # fmt: skip


def _asked(applicant, scores, gain, gain_sd, usce_gain, taken):
    """Return the checked scores, gain, its SD and the gain in USCE."""
    if scores is None:
        scores = of_score(applicant.step2_ck, yes_or_no(taken, "step2 taken") is not False)
    elif applicant.step2_ck is not None:
        raise RefusedInput("a Step 2 CK score and a distribution of it are both given; give --step2, or --practice, or --mean and --sd")
    gain = number(gain, "gain", 0, GAIN_HIGH, f"it is in points of Step 2 CK, between 0 and {GAIN_HIGH:.0f}")
    gain_sd = number(gain_sd, "SD of the gain", 0, GAIN_HIGH / 2, f"it is in points, between 0 and {GAIN_HIGH / 2:.0f}")
    usce_gain = number(usce_gain, "gain in USCE", 0, YEAR_MONTHS, f"it is in months, between 0 and {YEAR_MONTHS:.0f}: waiting is one year")
    if gain or gain_sd:
        if scores.mean is None:
            raise RefusedInput("a gain in score needs a score to start from; give --practice, or --mean and --sd")
        if scores.taken:
            raise RefusedInput(f"Step 2 CK is {scores.mean:g} and taken, and a passed exam can't be taken again, so there is no gain; where it is only expected, add --step2-taken no")
        if scores.mean + gain > SCORE_HIGH:
            raise RefusedInput(f"a gain of {gain:g} points from {scores.mean:g} is beyond the scale, which ends at {SCORE_HIGH}; give at most {SCORE_HIGH - scores.mean:g}")
    return scores, gain, gain_sd, usce_gain


def timing(model, applicant, scores=None, gain=0.0, usce_gain=0.0, gain_sd=0.0, taken=True):
    """Return what applying this cycle, waiting for the next, and applying in both come to.

    Chances are averaged over the distribution of Step 2 CK, E f(S) = sum_i w_i f(s_i) by Gauss-Hermite quadrature
    (Abramowitz and Stegun, 25.4.46), never taken at its mean. With an SD of 0 they are those of `Model.odds`.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        `applications` replaces the usual number, in both cycles.
    scores : matchmodel.advice.practice.Scores, optional
        What is known of Step 2 CK; the applicant's own score with an SD of 0 where absent.
    gain, gain_sd : float
        Points that a year more of study adds, and how unsure that is; only for an exam that is still to be taken.
    usce_gain : float
        Months of USCE more in the next cycle.
    taken : bool
        Whether the applicant's own score is of an exam that is passed.

    Returns
    -------
    Timing

    Raises
    ------
    RefusedInput
        For a gain without a score, after a passed exam, or past the scale's end; for a next cycle that can't be answered.
    NotInModel
        For applications to a specialty without a chain.
    """
    scores, gain, gain_sd, usce_gain = _asked(applicant, scores, gain, gain_sd, usce_gain, taken)
    bare = model.cycle_of(applicant._replace(step2_ck=None, applications=None, target=None))
    if applicant.applications is not None:
        model.chain_cell(bare.applicant_type, bare.specialty)  # refuses where there is none
    later, drifted = next_applicant(model, bare, usce_gain), Drifted(model, drift_after(model, bare))
    first = Season(model, bare, scores, applicant.applications)
    second = Season(drifted, later, scores, applicant.applications)
    waited = second if not (gain or gain_sd) else Season(drifted, later, scores.gained(gain, gain_sd), applicant.applications)
    now, again = first.chance, second.chance
    wait = again if waited is second else waited.chance

    repeat = ((model.content.get("advice") or {}).get("previous_attempts") or [None])[0]
    shared, independent = after_failing(first, second)
    any_ = either(now, again, now.point + shared)
    lowered = None
    if repeat is not None:
        lowered = now.point + scores.average(lambda s: (1.0 - first.chance_at(s)) * expit(logit(second.chance_at(s)) + repeat["log_odds"]), MORE)
        lowered = min(lowered, any_.point)  # where nearly everybody matches, shared luck can be the worse of the two

    marks = model.content["exam"]["passing_marks"]
    mark = marks[-1]["mark"] if marks else None
    fees = (model.content["chain"] or {}).get("fees") or {}
    fixed = fixed_fees(fees)
    option = _made(first, now, mark, fixed)
    waiting = _made(waited, wait, mark, fixed)
    usd = option.usd
    both = Both(
        any_.point, any_.low, any_.high, now.point + independent, lowered, Figure.of(again),
        None if usd is None else usd + waiting.usd, None if usd is None else usd + (1.0 - now.point) * waiting.usd,
    )  # fmt: skip
    possible = scores.mean is not None and not scores.taken
    goals = [scores.average(first.chance_at, SOME)]  # by the same rule as what is held against them
    goals.append(goals[0] + any_.point - now.point)
    tips = least_gains(waited, scores, gain_sd, goals) if possible else (None, None)
    answer = model.odds(bare._replace(step2_ck=scores.mean))
    made = Timing(
        model_name=model.name,
        applicant=bare._replace(step2_ck=applicant.step2_ck, applications=applicant.applications),
        table_year=answer.table_year,
        measure="p_ranked" if first.chain is None else "p_apply",
        applications=first.applications,
        usual=first.usual,
        listed=None if first.chain is None else first.chain.listed,
        mark=mark,
        gain=gain,
        gain_sd=gain_sd,
        usce_gain=usce_gain,
        now=option,
        wait=waiting,
        both=both,
        against_now=compared(wait, now),
        against_both=compared(wait, any_),
        gain_possible=possible,
        tip_now=tips[0],
        tip_both=tips[1],
        repeat=repeat,
        basis=_basis(model, first, gain or gain_sd),
        season=fees.get("season"),
        fixed=fixed,
        warnings=(),
        notes=(),
    )
    return made._replace(warnings=tuple(_warnings(made, first, answer, marks, applicant)), notes=tuple(_notes(model, made, first, answer)))


def _basis(model, season, gain):
    a, cell = season.applicant, model.cell(season.applicant.applicant_type, season.applicant.specialty)
    drift = model.type(a.applicant_type)["drift"]
    found = {"level": cell.content["level"]["basis"]}
    if season.scores.mean is not None:
        found.update({"Step 2 CK's slope": cell.content["beta"]["basis"], "your score": season.scores.basis})
    found.update({c.label: model.delta(name).basis for name, c in COVARIATES.items() if a.covariate(name) is not None and model.has_effect(a.applicant_type, name)})
    if gain:
        found["gain"] = "assumed"
    if season.chain is not None:
        found.update({"invitation rates": season.chain.content["mean_rate"]["basis"], "usual number of applications": season.chain.content["usual"]["basis"]})
    found["luck shared between cycles" if season.chain is not None else "independent luck"] = "assumed"
    if drift is not None:
        found["drift"] = drift["basis"]
    return found


def _warnings(made, season, answer, marks, applicant):
    scores = made.now.scores
    failing = "" if scores.mean is None or scores.taken else passing_warning(scores.mean, marks)
    yield from (text for text in answer.warnings if text != failing)
    if scores.sd:
        seen = seen_range(season.profile(scores.nodes(FEW)[0][0]).cell)
        outside = 0.0 if seen is None else scores.under(seen[0]) + 1.0 - scores.under(seen[1] + 1)
        if outside >= TELL and not answer.extrapolated:
            yield f"{100 * outside:.0f}% of the Step 2 CK distribution lies outside the {seen[0]:.0f} to {seen[1]:.0f} that the table of {answer.applicant.specialty} saw: extrapolated there"
    if made.listed is not None and applicant.applications is not None and applicant.applications > made.listed:
        yield f"{applicant.applications} applications, but the table lists {made.listed} programs of {answer.applicant.specialty}: answered for all {made.listed}"


def _notes(model, made, season, answer):
    a = made.applicant
    yield "Chances are averaged over the Step 2 CK distribution, not taken at its mean. Ranges and shares of draws are of the model's own uncertainty; which score is drawn is in the average, not in the range."
    if made.now.scores.basis == "evidence":
        yield f"Practice tests: {made.now.scores.source}, grade {made.now.scores.grade}. They are volunteers' own reports; a normal error that is the same at every score is assumed."
    if made.now.years_since_graduation is None:
        yield "Years since graduation are unknown, so the year that waiting adds is not in the comparison; give --yog."
    if made.usce_gain and made.now.usce_months + made.usce_gain > USCE_CAP:
        yield f"US clinical experience counts up to {USCE_CAP:.0f} months: what is beyond them adds nothing here."
    drift = model.drift_sd(a.applicant_type)
    if drift:
        yield f"The level of {made.wait.cycle} is that of {made.now.cycle} and one more year of drift (SD {drift:.2f} log odds, without trend; measured): it widens the range and moves no point."
    else:
        yield f"No series of rates says how the level moves from {made.now.cycle} to {made.wait.cycle}: the range of the comparison leaves that out."
    if made.measure == "p_ranked":
        yield f"No table describes applications to {a.specialty} for {type_name(a.applicant_type, True)}: chances are of those who rank a program, in each cycle, and luck is taken as independent."
    else:
        yield "Luck shared between cycles is assumed: what makes one person get more interviews than another with the same profile is taken as wholly the person's. Independent luck is the other end."
        usual = season.chain.content["usual"]
        if usual["basis"] == "assumed" or usual["se"] > UNSURE * usual["value"]:
            yield f"The usual number of applications ({made.usual}) is {'assumed: ' + usual['note'] if usual['basis'] == 'assumed' else 'unsure: few applicants stand behind it'}."
        if made.now.usd is None:
            service = OTHER_SERVICES.get(a.specialty)
            yield f"{a.specialty} takes applications through {service}, whose fees this model does not have: no dollars." if service else "This model has no fees table: no dollars."
        else:
            yield f"Fees are of the {made.season} season, in both cycles, for this specialty alone, with {sum(usd for _, usd in made.fixed):.0f} dollars that are paid once a season."
    if made.repeat is not None:
        yield f"People who applied before: {made.repeat['population']}, log odds {made.repeat['log_odds']:+.2f} (SE {made.repeat['se']:.2f}, grade {made.repeat['grade']}); {made.repeat['note']}."
    yield from answer.notes[1:-1]  # the first tells which chance is meant, the last is the association
    yield ASSOCIATION
