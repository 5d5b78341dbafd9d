"""`matchmodel specialties`: the command, and its answer as text for a person.

Standard library only.
"""

from ..asking import add_output, add_person, applicant_of, put
from ..specialties import short_name
from ..wording import dollars, percent, remarks, table, type_name, wrapped
from .side_by_side import SMALL, SORTS, specialties

NAME = 24  # characters that a specialty's name may take in the tables
ORDER_NAMES = {"random": "programs at random", "friendliest": "friendliest first"}
SORT_NAMES = {"ranked": "the chance if ranked", "apply": "the chance of applying", "applications": "the applications needed", "name": "name"}


def arguments(parser):
    """Add the options of `matchmodel specialties`."""
    add_person(parser)
    parser.add_argument("--sort", metavar="BY", choices=SORTS, default="ranked", help="ranked, apply, applications or name (default: %(default)s)")
    parser.add_argument("--order", metavar="O", choices=tuple(ORDER_NAMES), default="random", help="in which programs are applied to: random or friendliest (default: %(default)s)")
    add_output(parser)


def run(args):
    """Answer `matchmodel specialties`."""
    from ..applicant import applicant_type_name
    from ..model import load_model

    model = load_model(args.model)
    first = model.specialties(applicant_type_name(args.applicant_type))[0]
    put(specialties(model, applicant_of(args, first), args.order, args.sort), lines, args.json)


def span(low, high):
    """Return a range of probabilities as text: '46.4 to 55.1'."""
    return f"{percent(low)[:-1]} to {percent(high)[:-1]}"


def counts(row):
    """Return the range of the required applications as text."""
    if row.needed is None:
        return f"all {row.listed}: {percent(row.best)}"
    return f"{row.needed_low} to {row.needed_high}" if row.needed_high is not None else f"{row.needed_low} or more"


def _name(row):
    return short_name(row.specialty, NAME) + ("*" if row.extrapolated else "")


def _chances(side):
    head = ("specialty", "ranked", "80% range", "applying", "80% range", "known")
    for row in side.rows:
        apply = ("", "") if row.p_apply is None else (percent(row.p_apply), span(row.p_apply_low, row.p_apply_high))
        yield _name(row), percent(row.p_ranked), span(row.p_ranked_low, row.p_ranked_high), *apply, row.known
    yield head


def _takes(side):
    for row in side.rows:
        places = "" if row.positions is None else f"{row.positions:,}"
        if row.usual is None:
            yield _name(row), "", "", "", "", places
        else:
            yield _name(row), str(row.usual), "never" if row.needed is None else str(row.needed), counts(row), dollars(row.usd), places


def lines(side):
    """Yield the lines that `matchmodel specialties` prints.

    Parameters
    ----------
    side : SideBySide
    """
    a = side.applicant
    yield wrapped(f"{len(side.rows)} specialties, {type_name(a.applicant_type)}, {a.cycle} Match (model {side.model_name}), sorted by {SORT_NAMES[side.sort]}", "")
    yield ""
    *rows, head = _chances(side)
    yield from table(head, rows, left={0, 5}, indent="")
    number = "each specialty's usual number of applications" if side.asked is None else f"{side.asked} applications (all programs where there are fewer)"
    above = "" if side.asked is None and side.order == "random" else " 'ranked' is the tables' own, at the usual number of programs at random, so applying can lie above it."
    yield wrapped(f"ranked: chance of matching, given at least one ranked program. applying: counted from the application on, with {number}, {ORDER_NAMES[side.order]}.{above}", "  ")
    yield wrapped(
        f"known: a step down from 'well' for fewer than {SMALL} applicants in the table, one for no slope on Step 2 CK of its own, one where the type is derived from another; "
        "two for suppressed counts.", "  ")  # fmt: skip
    if any(row.extrapolated for row in side.rows):
        yield wrapped("*: the score lies outside what the table of that specialty saw: extrapolated.", "  ")
    yield ""
    takes = list(_takes(side))
    yield f"Applications for a {100 * side.target:g}% chance, {ORDER_NAMES[side.order]}"
    yield ""
    yield from table(("specialty", "usual", "needed", "80% range", "fees", "positions"), takes, indent="")
    if any(row.usual is not None and row.needed is None for row in side.rows):
        yield wrapped("never: every program that the table lists gives less; that chance stands beside it.", "  ")
    if side.positions_year is not None:
        yield wrapped(f"positions: offered in the {side.positions_year} Match, to all applicants.", "  ")
    yield wrapped(f"Basis: {_basis(side)}", "  ")
    yield from remarks(side.warnings, side.notes)


def _basis(side):
    named = (("levels", "level_basis"), ("slopes on Step 2 CK", "slope_basis"), ("invitation rates", "rates_basis"), ("usual numbers", "usual_basis"))
    found = [(what, sorted({getattr(row, name) for row in side.rows} - {None})) for what, name in named]
    return ", ".join(f"{what} {' or '.join(bases)}" for what, bases in found if bases) + "; the factors of whatever else is known of you: evidence."
