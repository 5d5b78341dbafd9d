"""`matchmodel what-if`: the command, and its answer as text for a person.

Standard library only.
"""

from ..asking import add_applicant, add_output, applicant_of, put
from ..wording import dollars, percent, points, remarks, type_name, wrapped
from .levers import what_if

NAME = 21  # characters of a lever's name in the tables; a longer one goes on in the next line


def arguments(parser):
    """Add the options of `matchmodel what-if`."""
    add_applicant(parser)
    parser.add_argument("--step2-taken", metavar="yes|no", help="whether Step 2 CK has been taken; no makes --step2 an expected score, whose gains are then levers (default: taken where --step2 is given)")
    add_output(parser)


def run(args):
    """Answer `matchmodel what-if`."""
    from ..applicant import yes_or_no
    from ..model import load_model

    put(what_if(load_model(args.model), applicant_of(args), yes_or_no(args.step2_taken, "--step2-taken")), lines, args.json)


def with_range(figure, text, bare=None):
    """Return a figure and its range as text, '+4.9 (+3.9 to +5.8)'; an end that has no number is 'open'."""
    bare = text if bare is None else bare
    if figure.low is None and figure.high is None:
        return f"{text(figure.point)} (open)"
    return f"{text(figure.point)} ({'open' if figure.low is None else bare(figure.low)} to {'open' if figure.high is None else bare(figure.high)})"


def signed(count):
    """Return a change of a count: '+12', '-1,040', '0'."""
    return f"{count:+,.0f}" if count else "0"


def signed_dollars(usd):
    """Return a change in dollars: '+$300', '-$1,140', '$0'."""
    return "+" * (usd > 0) + dollars(usd)


def _rows(head, rows):
    """Lines of a table whose first column wraps at `NAME` and whose others stand to the left."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(1, len(head))]
    for row in (head, *rows):
        first, *more = [line.strip() for line in _broken(row[0])]
        yield (f"  {first:<{NAME}}  " + "  ".join(f"{cell:<{w}}" for cell, w in zip(row[1:], widths))).rstrip()
        for line in more:
            yield f"    {line}"


def _broken(name):
    made = [""]
    for word in name.split():
        if made[-1] and len(made[-1]) + 1 + len(word) > NAME:
            made.append("")
        made[-1] = f"{made[-1]} {word}".strip()
    return made


def _same(lever):
    return lever.kind in ("more_applications", "friendliest")


def _chances(result):
    chained = result.before.chance is not None
    head = ("lever", *(("from the application on",) if chained else ()), "given a ranked program")
    rows = []
    for lever in result.levers:
        row = (lever.name, *((with_range(lever.chance, points),) if chained else ()), "same" if _same(lever) else with_range(lever.ranked, points))
        rows.append(row)
    yield from _rows(head, rows)


def _needed(result, lever):
    n = lever.after.needed.applications
    if lever.kind == "more_applications":
        return "same" if n is not None else "out of reach", "" if lever.cost_usd is None else f"these cost {dollars(lever.cost_usd)}"
    reach = result.reach(lever)
    if reach == "both":
        return f"{n}, " + with_range(lever.needed, signed), "" if lever.usd is None else with_range(lever.usd, signed_dollars, signed)
    after = lever.after.needed
    return {"now": (f"{n} ({after.low} {'or more' if after.high is None else f'to {after.high}'})", "now within reach"), "lost": ("now out of reach", ""), "neither": ("out of reach", "")}[reach]


def _said(figure):
    return f"80% range {percent(figure.low)} to {percent(figure.high)}"


def _span(needed):
    return f"{needed.low} to {'no upper bound' if needed.high is None else needed.high}"


def _stands(result):
    before, needed = result.before, result.before.needed
    if before.chance is not None:
        number = f"with {before.applications} applications" + ("" if result.given else " (the usual number)")
        yield wrapped(f"{percent(before.chance.point)} chance of matching {number}, counted from the application on ({_said(before.chance)})", "  ")
    yield wrapped(f"{percent(before.ranked.point)} {'chance of matching, ' if before.chance is None else ''}given at least one ranked program ({_said(before.ranked)})", "  ")
    if needed is None:
        return
    if needed.applications is None:
        yield wrapped(f"{100 * needed.target:g}% is out of reach: every program listed gives {percent(needed.best)}", "  ")
    else:
        yield wrapped(f"{100 * needed.target:g}% takes {needed.applications} applications at random ({_span(needed)})" + (f", {dollars(before.usd)}" if before.usd is not None else ""), "  ")


def _basis(lever):
    named = [("odds", lever.basis["ranked"]), ("applications", lever.basis["applications"])]
    return ", ".join(f"{what} {basis}" for what, basis in named if basis is not None)


def lines(result):
    """Yield the lines that `matchmodel what-if` prints.

    Parameters
    ----------
    result : WhatIf
    """
    a = result.answer.applicant
    yield wrapped(f"{a.specialty}, {type_name(a.applicant_type)}, {a.cycle} Match (model {result.answer.model_name})", "")
    yield ""
    yield from _stands(result)
    if result.levers:
        yield ""
        yield "What would move it, best first: change in points (80% range)"
        yield from _chances(result)
        some = [lever for lever in result.levers if result.reach(lever)]
        if some:
            yield ""
            yield f"Applications then needed for {100 * result.target:g}%, the change (80% range), and in fees"
            yield from _rows(("lever", "applications", "dollars" if any(lever.usd is not None or lever.cost_usd is not None for lever in some) else ""), [(lever.name, *_needed(result, lever)) for lever in some])
            if any(None in lever.needed[1:] for lever in some if lever.needed is not None):
                yield wrapped("open: in more than a tenth of the draws the target is out of reach on a side", "  ")
        yield ""
        yield "What each lever is, and its basis"
        for lever in result.levers:
            yield wrapped(f"{lever.name}: {'; '.join(lever.notes)} [{_basis(lever)}]", "  - ")
        yield wrapped("measured: a Match table; evidence: the register of other studies; assumed: nobody measured it", "    ")
    yield ""
    yield "Not scored"
    grouped = {}
    for what, why in result.unscored:
        grouped.setdefault(why, []).append(what)
    for why, whats in grouped.items():
        yield wrapped(f"{', '.join(whats)}: {why}", "  - ")
    yield from remarks(result.warnings, result.notes)
