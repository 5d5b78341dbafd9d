"""`matchmodel timing`: the command, and its answer as text for a person.

Standard library only.
"""

from ..asking import add_applicant, add_output, applicant_of, put
from ..errors import RefusedInput
from ..wording import dollars, percent, points, remarks, table, type_name, wrapped
from .cycles import GAIN_HIGH, SURE, YEAR_MONTHS, timing
from .practice import of_mean, of_practice
from .timing_answer import SAME

TELL = 5e-4  # share under the passing mark from which the row with fails is shown


def arguments(parser):
    """Add the options of `matchmodel timing`."""
    add_applicant(parser)
    parser.add_argument("--step2-taken", metavar="yes|no", help="whether the score of --step2 is of an exam that is passed (default: yes); 'no' takes it as expected for sure")
    parser.add_argument("--practice", metavar="TEST", help="a practice test instead of --step2: NBME, UWSA2, 'Free 120', or another")
    parser.add_argument("--practice-score", metavar="N", help="the Step 2 CK that it predicts, three digits")
    parser.add_argument("--mean", metavar="M", help="or the Step 2 CK that you expect,")
    parser.add_argument("--sd", metavar="S", help="and how unsure that is, a standard deviation in points (0 for sure)")
    parser.add_argument("--gain", metavar="POINTS", default="0", help=f"points of Step 2 CK that a year more of study adds, 0 to {GAIN_HIGH:.0f} (default: %(default)s)")
    parser.add_argument("--gain-sd", metavar="S", default="0", help="how unsure the gain is, a standard deviation in points (default: %(default)s)")
    parser.add_argument("--usce-gain", metavar="MONTHS", default="0", help=f"months of US clinical experience more by the next cycle, 0 to {YEAR_MONTHS:.0f} (default: %(default)s)")
    add_output(parser)


def _scores(args, model):
    """Return what is known of Step 2 CK, None for the applicant's own score."""
    practice = args.practice is not None or args.practice_score is not None
    own = args.mean is not None or args.sd is not None
    if practice + own + (args.step2 is not None) > 1:
        raise RefusedInput("Step 2 CK is told in several ways; give one of --step2, --practice with --practice-score, and --mean with --sd")
    if practice:
        if args.practice is None or args.practice_score is None:
            raise RefusedInput("a practice test takes its name and its score: --practice NBME --practice-score 245")
        return of_practice(model, args.practice, args.practice_score)
    if own:
        if args.mean is None or args.sd is None:
            raise RefusedInput("a distribution takes both its ends: --mean 245 --sd 8 (--sd 0 where the score is sure)")
        return of_mean(args.mean, args.sd)
    return None


def run(args):
    """Answer `matchmodel timing`."""
    from ..model import load_model

    if args.step2_taken is not None and args.step2 is None:
        raise RefusedInput("--step2-taken is about the score of --step2, which is not given")
    if args.target is not None:
        raise RefusedInput("timing has no target; matchmodel target tells the score that a chance takes, matchmodel predict the applications")
    model, applicant = load_model(args.model), applicant_of(args)
    taken = True if args.step2_taken is None else args.step2_taken
    put(timing(model, applicant, _scores(args, model), args.gain, args.usce_gain, args.gain_sd, taken), lines, args.json)


def span(one):
    """Return a range of probabilities as text: '46.4 to 55.1%'."""
    return f"{percent(one.low)[:-1]} to {percent(one.high)}"


def _score(scores):
    if scores.mean is None:
        return "unknown"
    return f"{round(scores.mean, 1):g}" + (f", SD {scores.sd:.1f}" if scores.sd else "")


def _number(value, unit=""):
    return "unknown" if value is None else f"{round(value, 1):g}{unit}"


def _fails(t):
    return t.now.under_mark is not None and max(t.now.under_mark, t.wait.under_mark) >= TELL


def _rows(t):
    options = t.now, t.wait
    yield "Step 2 CK", *(_score(o.scores) for o in options)
    yield "years since graduation", *(_number(o.years_since_graduation) for o in options)
    yield "USCE", *(_number(o.usce_months, " months") for o in options)
    if t.measure == "p_apply":
        yield "chance of matching, applying", *(percent(o.apply.point) for o in options)
        yield "  80% range", *(span(o.apply) for o in options)
    if _fails(t):
        yield f"  scores under the passing mark, {t.mark}", *(percent(o.under_mark) for o in options)
        yield "  chance, a fail being no match", *(percent(o.passed) for o in options)
    yield "chance given at least one rank", *(percent(o.ranked.point) for o in options)
    yield "  80% range", *(span(o.ranked) for o in options)
    if t.now.usd is not None:
        yield "fees", *(dollars(o.usd) for o in options)


def _draws(sure):
    return "more than 99%" if sure > 0.99 else f"{100 * sure:.0f}%"


def verdict(one, other):
    """Say which is better, by how much, and how sure that is."""
    if abs(one.difference) < SAME:
        return f"Waiting alone and {other} come to the same, within 0.1 points (80% range {points(one.low)} to {points(one.high)})."
    better = f"Waiting alone is better than {other}" if one.waiting_is_better else f"{other[0].upper()}{other[1:]} is better than waiting alone"
    ends = (one.low, one.high) if one.waiting_is_better else (-one.high, -one.low)
    said = f"{better}, by {abs(100 * one.difference):.1f} points (80% range {points(ends[0])} to {points(ends[1])}); {_draws(one.sure)} of the model's draws agree"
    return said + ("." if one.sure >= SURE else ": not sure.")


def _tip(t):
    """Say what gain in points would make waiting the better."""
    if not t.gain_possible:
        return "No gain can tip it: a passed exam can't be taken again." if t.now.scores.taken and t.now.scores.mean is not None else "Without a score there is no gain to look for: give --practice, or --mean and --sd."
    if t.tip_now == 0:
        first = "At the point, waiting is better than applying now alone even with no gain in Step 2 CK" + (", for the USCE that it adds" if t.usce_gain else "")
    elif t.tip_now is None:
        first = "No gain in Step 2 CK, up to the end of the scale, makes waiting better than applying now alone"
    else:
        first = f"Waiting is better than applying now alone from a gain of {t.tip_now} point{'s' * (t.tip_now > 1)} of Step 2 CK"
    if t.tip_both == t.tip_now:
        return first + ", and so it is against applying in both cycles."
    return first + ("; no gain makes it better than applying in both cycles." if t.tip_both is None else f"; better than applying in both cycles, from {t.tip_both}.")


def _both(t):
    b = t.both
    title = f"Applying in {t.now.cycle}, and again in {t.wait.cycle} if that fails"
    yield title
    luck = "luck shared between the cycles (assumed)" if t.measure == "p_apply" else "luck independent between the cycles (assumed)"
    fails = "; scores under the passing mark count as passed here" if _fails(t) else ""
    yield wrapped(f"{percent(b.point)} chance over both cycles (80% range {percent(b.low)} to {percent(b.high)}), {luck}{fails}", "  ")
    if t.measure == "p_apply":
        yield wrapped(f"{percent(b.independent)} were luck independent; the second try on its own: {percent(b.second.point)}", "  ")
    if b.repeat is not None:
        yield wrapped(
            f"{percent(b.repeat)} were the odds of the second try as much lower as the register has them for people who apply again: "
            f"a pessimistic bound, from one specialty, selection mixed in (waiting alone: {percent(t.wait.chance.point)})", "  ")  # fmt: skip
    if b.usd_most is not None:
        yield wrapped(f"{dollars(b.usd_most)} in fees for both cycles, {dollars(b.usd_expected)} on average, as the second is paid only if the first fails; waiting alone {dollars(t.wait.usd)}", "  ")


def _second_try(t):
    if t.gain or t.gain_sd:
        return "Who applies now has sat the exam now: the second try is with that score, and a gain goes to those who wait."
    return "The second try is here as good as waiting is, so that can't be worse; it can where a second try is worth less than a first (below)."


def _failing(t):
    """Say what a fail counted as no match changes."""
    if not _fails(t):
        return ""
    gap = t.wait.passed - t.now.passed
    if points(gap) == points(t.against_now.difference):
        return ""
    return f" With a fail counted as no match, {'waiting' if gap > 0 else 'applying now'} is better by {abs(100 * gap):.1f} points."


def lines(t):
    """Yield the lines that `matchmodel timing` prints.

    Parameters
    ----------
    t : Timing
    """
    a, scores = t.applicant, t.now.scores
    yield wrapped(f"{a.specialty}, {type_name(a.applicant_type)}: the {t.now.cycle} Match or the next (model {t.model_name})", "")
    yield ""
    grade = "" if scores.grade is None else f", grade {scores.grade}: volunteers' own reports"
    basis = "" if scores.basis in ("known", "unknown") else f" ({scores.basis}{grade})"
    yield wrapped(f"Step 2 CK: {scores.told}{basis}", "  ")
    if t.gain or t.gain_sd:
        yield wrapped(f"Gain by waiting: {t.gain:g} points{f', SD {t.gain_sd:g}' if t.gain_sd else ''}, as you say (assumed)", "  ")
    if t.applications is not None:
        which = ", the usual number here" if t.applications == t.usual else ""
        yield f"  {t.applications} applications in each cycle{which}, programs at random"
    yield ""
    yield from table(("", f"now, {t.now.cycle}", f"waiting, {t.wait.cycle}"), list(_rows(t)))
    yield ""
    yield "Which is better"
    yield wrapped(verdict(t.against_now, "applying now alone") + _failing(t), "  - ")
    yield wrapped(f"{verdict(t.against_both, 'applying now and again')} {_second_try(t)}", "  - ")
    yield wrapped(_tip(t), "  - ")
    yield ""
    yield from _both(t)
    yield ""
    yield wrapped(_basis(t), "  ")
    yield from remarks(t.warnings, t.notes)


def _basis(t):
    found = {}
    for what, basis in t.basis.items():
        if what != "your score":  # told above
            found.setdefault(basis, []).append(what)
    return "Basis: " + "; ".join(f"{basis}: {', '.join(found[basis])}" for basis in ("measured", "evidence", "assumed") if basis in found) + "."
