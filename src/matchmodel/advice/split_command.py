"""`matchmodel portfolio`: the command, and its answer as text for a person.

Standard library only.
"""

from ..asking import add_applicant, add_output, applicant_of, put
from ..errors import RefusedInput
from ..specialties import short_name
from ..wording import dollars, percent, points, remarks, table, type_name, wrapped
from .profile import ORDERS, RANDOM
from .split import portfolio

SURE = 0.9  # share of the draws from which the split is called the better one; as in timing
NAME = 24  # characters of a specialty in the tables


def arguments(parser):
    """Add the options of `matchmodel portfolio`."""
    add_applicant(parser)
    parser.add_argument("--backup", metavar="S", action="append", required=True, help="a second specialty, in order of preference; a third with another --backup")
    parser.add_argument("--budget", metavar="USD", help="dollars of application fees, instead of --applications (default: the first specialty's usual number of applications)")
    parser.add_argument("--wish", metavar="W,W", help="what a match to each is worth, between 0 and 1, such as 1,0.7 (default: 1 each, the chance of matching at all)")
    parser.add_argument("--order", choices=ORDERS, default=RANDOM, help="in which programs are applied to; friendliest is an optimistic bound (default: %(default)s)")
    add_output(parser)


def run(args):
    """Answer `matchmodel portfolio`."""
    from ..model import load_model

    if args.target is not None:
        raise RefusedInput("--target has no meaning here; give --applications or --budget")
    first = applicant_of(args)
    people = [first, *(applicant_of(args, name) for name in args.backup)]
    wishes = None if args.wish is None else args.wish.split(",")
    put(portfolio(load_model(args.model), people, first.applications, args.budget, wishes, args.order), lines, args.json)


def _range(figure):
    return f"{percent(figure.low)} to {percent(figure.high)}"


def _split(split):
    return " + ".join(str(n) for n in split)


def _headline(result):
    budget = f"{result.applications} applications" if result.budget is None else f"{dollars(result.budget)} of application fees"
    yield wrapped(f"{len(result.parts)} specialties, {type_name(result.applicant.applicant_type)}, {result.applicant.cycle} Match (model {result.model_name})", "")
    yield f"Budget: {budget}, programs {'at random' if result.order == RANDOM else 'friendliest first'}"
    yield ""
    if result.corner:
        yield wrapped(f"All {sum(result.split)} to {result.corner}: a backup does not help under this budget" + (" and these wishes" if result.weighted else ""), "  ")
    else:
        yield wrapped(", ".join(f"{p.applications} to {p.specialty}" for p in result.parts if p.applications), "  ")
    yield wrapped(f"{percent(result.chance.point)} chance of matching at all, counted from the application on (80% range {_range(result.chance)})", "  ")
    if doubt := unsure(result):
        yield wrapped(doubt, "  ")
    if not result.corner:
        yield wrapped(f"{percent(result.independent)} were luck independent between specialties; that it is shared is assumed", "  ")
    elif result.corner != result.parts[0].specialty and not result.weighted:
        yield wrapped(f"Where a match to {result.parts[0].specialty} is worth more to you, say how much: --wish {','.join(['1', '0.6', '0.5'][: len(result.parts)])}", "  ")
    if result.weighted:
        yield wrapped(f"{result.value:.3f} of the wish ({', '.join(f'{p.specialty} {p.wish:g}' for p in result.parts)}), which is what the split maximises", "  ")
    if result.fees_usd is not None:
        yield f"  {dollars(result.fees_usd)} in application fees, fixed fees apart"


def unsure(result):
    """Return a sentence on the way to spend the budget that is as good as the best by too many of the draws, '' where there is none."""
    nearest = min(result.others, key=lambda other: other.sure, default=None)
    if result.weighted or nearest is None or nearest.sure >= SURE:
        return ""
    return f"Not sure: against {nearest.name} it is {abs(100 * nearest.gain.point):.1f} points, and {100 * nearest.sure:.0f}% of the model's draws agree."


def _parts(result):
    yield "In the order of preference"
    rows = []
    for p in result.parts:
        more = "" if p.next_gain is None else points(p.next_gain) + ("" if p.next_usd is None else f" for {dollars(p.next_usd)}")
        rows.append((short_name(p.specialty, NAME), str(p.applications), percent(p.chance.point) if p.applications else "", percent(p.matched_here) if p.applications else "", more))
    yield from table(("specialty", "programs", "on its own", "matched here", "next ten add"), rows)
    yield wrapped("matched here: matched to it and to none before it. next ten: what ten more there would add in points" + (" of the wish." if result.weighted else "."), "  ")


def _others(result):
    yield "The same budget otherwise"
    rows = []
    for other in result.others:
        agree = f"{100 * other.sure:.0f}%" if other.sure < 0.995 else ">99%"
        name = other.name if other.specialty is None else f"all in {short_name(other.specialty, NAME)}"
        rows.append((name, percent(other.chance.point), points(-other.gain.point), f"{points(-other.gain.high)} to {points(-other.gain.low)}", agree))
    yield from table(("", "chance", "points", "80% range", "draws"), rows)
    yield wrapped(
        "points: against the split above. draws: share of the model's joint draws in which the split above has the higher chance of matching at all"
        + ("; with wishes, another can have the higher chance." if result.weighted else "."), "  ",
    )  # fmt: skip


def lines(result):
    """Yield the lines that `matchmodel portfolio` prints.

    Parameters
    ----------
    result : Portfolio
    """
    yield from _headline(result)
    yield ""
    yield from _parts(result)
    if result.others:
        yield ""
        yield from _others(result)
    yield ""
    bases = ", ".join(sorted({f"levels {p.level_basis}" for p in result.parts} | {f"slopes {p.slope_basis}" for p in result.parts} | {f"usual numbers {p.usual_basis}" for p in result.parts}))
    yield wrapped(f"Basis: {bases}; invitation rates and what else is known of you evidence; shared luck assumed.", "  ")
    yield from remarks(result.warnings, result.notes)
