"""`matchmodel target`: the command, and its answer as text for a person.

Standard library only.
"""

from ..applicant import SCORE_HIGH
from ..asking import add_applicant, add_output, applicant_of, put
from ..wording import percent, remarks, table, type_name, wrapped
from .score_needed import target

COHORTS = (("matched", "matched"), ("not_matched", "not matched"))
QUARTILES = ("min", "q1", "median", "q3", "max")


def arguments(parser):
    """Add the options of `matchmodel target`."""
    add_applicant(parser)
    add_output(parser)
    for action in parser._actions:  # said anew, since here they mean something else
        if action.dest == "applications":
            action.help = "count the chance from the application on, with so many programs (default: given at least one ranked program)"
        elif action.dest == "target":
            action.help = "the chance of matching whose Step 2 CK is asked for, such as 0.6 (default: 0.5)"
        elif action.dest == "step2":
            action.help = "a Step 2 CK score of one's own, to set beside the answer"


def run(args):
    """Answer `matchmodel target`."""
    from ..model import load_model

    put(target(load_model(args.model), applicant_of(args)), lines, args.json)


def span(result):
    """Return the 80% range of the score as text."""
    if result.low is None:
        return "80% range: more than nine draws in ten never reach it"
    if result.high is None:
        return f"80% range {result.low} to no upper bound: more than a tenth of the draws never reach it"
    if result.high == result.lowest:
        return f"80% range: any passing score ({result.lowest} today)"
    low = f"any passing score ({result.lowest})" if result.low == result.lowest else result.low
    return f"80% range {low} to {result.high}"


def _chance(figure):
    return f"{percent(figure.point)} (80% range {percent(figure.low)} to {percent(figure.high)})"


def _answer(result):
    counted = "given at least one ranked program" if result.applications is None else f"counted from the application on, with {result.applications} applications, programs at random"
    wanted = f"for a {100 * result.target:g}% chance of matching, {counted}"
    if not result.reachable:
        yield wrapped(f"No score does it {wanted}", "  ")
        why = " (the slope of Step 2 CK here is not positive)" if result.slope_negative else ""
        yield wrapped(f"The highest score there is, {SCORE_HIGH}, gives {_chance(result.top)}{why}", "  ")
        yield wrapped(f"Score, {span(result)}", "  ")
    elif result.any_passing:
        yield wrapped(f"Any passing score does it ({result.lowest} is the lowest today) {wanted}", "  ")
        yield wrapped(f"{span(result)}; {result.score} gives {_chance(result.chance)}", "  ")
    else:
        yield wrapped(f"Step 2 CK of {result.score} {wanted}", "  ")
        yield wrapped(f"{span(result)}", "  ")
        yield wrapped(f"{result.score} gives {_chance(result.chance)}; one point less, {percent(result.below)}", "  ")
    if result.own is not None:
        gap = "" if result.gap is None else f": {result.gap:g} point{'' if result.gap == 1 else 's'} short" if result.gap > 0 else ": enough"
        yield wrapped(f"Your {result.own_score:g} gives {_chance(result.own[1])}{gap}", "  ")


def place(score, row):
    """Return where a score stands among a cohort's quartiles, in words."""
    if score < row["q1"]:
        return "under its lower quartile"
    if score < row["median"]:
        return "between its lower quartile and its median"
    if score <= row["q3"]:
        return "between its median and its upper quartile"
    return "above its upper quartile"


def _published(result):
    a = result.answer.applicant
    if not result.published:
        yield wrapped(f"No table in this model prints Step 2 CK quartiles of {type_name(a.applicant_type, True)} in {a.specialty}.", "")
        return
    yield f"Step 2 CK as published ({type_name(a.applicant_type, True)}, {result.answer.table_year})"
    rows = []
    for key, name in COHORTS:
        row = result.published.get(key)
        if row is not None:
            rows.append((name, *("" if row[k] is None else f"{row[k]:,.0f}" for k in ("n", *QUARTILES))))
    yield from table(("cohort", "n", "lowest", "Q1", "median", "Q3", "highest"), rows)
    matched = result.published.get("matched")
    if result.reachable and matched is not None and None not in (matched["q1"], matched["q3"]):
        yield wrapped(f"{result.score} stands {place(result.score, matched)} of those who matched", "  ")


def lines(result):
    """Yield the lines that `matchmodel target` prints.

    Parameters
    ----------
    result : ScoreNeeded
    """
    a = result.answer.applicant
    yield wrapped(f"{a.specialty}, {type_name(a.applicant_type)}, {a.cycle} Match (model {result.answer.model_name})", "")
    yield ""
    yield from _answer(result)
    yield ""
    yield from _published(result)
    yield ""
    known = [ratio.label + ": " + ("yes" if ratio.value is True else "no" if ratio.value is False else f"{round(ratio.value, 2):g}") for ratio in result.answer.likelihood_ratios if ratio.covariate != "step2_ck"]
    yield wrapped("Taken into account: " + ("; ".join(known) if known else "specialty and type alone; whatever else is left out counts as unknown"), "")
    yield wrapped("Basis: " + ", ".join(f"{what} {basis}" for what, basis in result.basis.items() if basis is not None) + (", the rest evidence" if known else ""), "")
    yield from remarks(result.warnings, result.notes)
