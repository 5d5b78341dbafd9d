"""`matchmodel programs`: the best list out of a table of programs.

Standard library only.
"""

import csv
import io
import os

from ..asking import add_applicant, add_output, applicant_of, put, replace_text
from ..errors import RefusedInput, clipped
from ..model import load_model
from ..wording import WIDTH, dollars, percent, points, remarks, table, type_name, wrapped
from .program_list import programs
from .program_table import read_programs, write_template

SHOWN = 25  # programs of the list, without --all
LEAST_SHOWN = 5  # of each of several specialties
_OUT = "status order program id specialty state setting row chance chance_low chance_high signal chance_without_signal chance_with_signal mark rate rate_from basis unknown reasons".split()


def arguments(parser):
    """Add the options."""
    parser.add_argument("--table", metavar="PROGRAMS.csv", help="your table of programs; --template writes an empty one")
    parser.add_argument("--template", metavar="FILE.csv", help="write an empty table with each column explained, and stop; never over a file that is there")
    parser.add_argument("--budget", metavar="DOLLARS", help="application fees that the list may cost, instead of --applications")
    parser.add_argument("--visa-type", metavar="j1|h1b|either", default="either", help="which visa would do, where one is needed (default: %(default)s)")
    parser.add_argument("--signals", metavar="N", help="program signals to spend in each specialty (default: what the published table gives it)")
    parser.add_argument("--all", action="store_true", help=f"show the whole list and all that was dropped, not the first {SHOWN}")
    parser.add_argument("--out", metavar="FILE.csv", help="write every program of the table: on the list, not on it, or dropped and why")
    add_applicant(parser, several=True)
    add_output(parser)


def run(args):
    """Answer, or write the template."""
    if args.template is not None:
        if args.table is not None:
            raise RefusedInput("--template writes an empty table and --table reads yours; give one of them")
        write_template(args.template)
        print(f"An empty table with its columns explained: {args.template}")
        return
    if args.table is None:
        raise RefusedInput("give --table with your programs as CSV; --template FILE.csv writes an empty one to fill in")
    if args.applicant_type is None:
        raise RefusedInput("say who: --applicant-type non-us-img or us-img")
    if args.target is not None:
        raise RefusedInput("--target is for predict; here give --applications or --budget")
    if args.out is not None and os.path.exists(args.out) and os.path.exists(args.table) and os.path.samefile(args.out, args.table):
        raise RefusedInput("--out is your own table; name another file")
    read = read_programs(args.table)
    specialties = args.specialty or read.specialties
    model, applicant = load_model(args.model), applicant_of(args, specialties[0])
    result = programs(model, applicant, read, applicant.applications, args.budget, specialties, args.signals, args.visa_type)
    if args.out is not None:
        write_out(result, args.out)
    put(result, lambda made: lines(made, args.all, args.out), args.json)


def _cells(status, order, one):
    number = lambda value: "" if value is None else f"{value:.4f}"  # noqa: E731
    start = [status, order, one.program, one.id, one.specialty, one.state, one.setting, one.row]
    if status == "dropped":
        return [*start, *[""] * 10, "", "; ".join(one.reasons)]
    signal = "yes" if one.signal else "no"
    return [*start, *map(number, (one.chance, one.low, one.high)), signal, number(one.plain), number(one.signalled), one.mark, number(one.rate), one.kind, one.basis, "; ".join(one.unknown), ""]


def write_out(result, path):
    """Write every program of the specialties as CSV: the list first, then what is not on it, then what was dropped and why."""
    try:
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\n")
        writer.writerow(_OUT)
        for status, rows in (("listed", result.picks), ("not listed", result.others), ("dropped", result.dropped)):
            writer.writerows(_cells(status, k if status == "listed" else "", one) for k, one in enumerate(rows, start=1))
        replace_text(path, made.getvalue())
    except OSError as error:
        raise RefusedInput(f"{path} cannot be written: {error.strerror}") from None


def _headline(result):
    n = result.applications
    yield f"  {percent(result.chance.point)} chance of matching with the {'program' if n == 1 else f'{n} programs'} listed below"
    yield f"  80% range {percent(result.chance.low)} to {percent(result.chance.high)}, counted from the application on"
    sent = sum(p.spent for p in result.parts)
    if sent:
        several = "its signal" if sent == 1 else f"its {sent} signals"
        yield wrapped(f"At most: {several} may do less than was found (see the notes); the best list without any signal has {percent(result.without_signals)}", "  ")
    yield wrapped(
        f"{result.expected.point:.1f} invitations expected ({result.expected.low:.1f} to {result.expected.high:.1f}); {percent(result.p_any_invitation.point)} chance of at least one "
        f"({percent(result.p_any_invitation.low)} to {percent(result.p_any_invitation.high)})", "  ",
    )  # fmt: skip
    if result.fees_usd is not None:
        yield f"  {dollars(result.fees_usd)} in application fees, fixed fees apart"
    yield ""
    can, several = sum(p.eligible for p in result.parts if p.applications), len([p for p in result.parts if p.applications]) > 1
    several = "specialties" if several else "specialty"
    listed = sum(p.listed for p in result.parts if p.applications)
    span = lambda gain: f"{points(gain.low)} to {points(gain.high)}"  # noqa: E731
    rows = []
    if n < can:
        rows.append([f"as many of the {can} that can work", percent(result.random_in_table.point), points(result.gain_in_table.point), span(result.gain_in_table)])
    rows.append([f"as many of all {listed} of the {several}", percent(result.random_everywhere.point), points(result.gain_everywhere.point), span(result.gain_everywhere)])
    yield from table(["What this list adds to, at random", "chance", "points", "80% range"], rows)


def _factor(part):
    if part.factor is None:
        return
    yield wrapped(
        f"Your profile multiplies every rate by {part.factor.point:.2f} ({part.factor.low:.2f} to {part.factor.high:.2f}, evidence); a program at random: {percent(part.mean_chance)}", "  ",
    )  # fmt: skip


def _rows(picks, start):
    for k, one in enumerate(picks, start=start):
        span = "" if one.chance is None else f"{100 * one.low:.1f} to {100 * one.high:.1f}%"
        chance = "unknown" if one.chance is None else percent(one.chance)
        yield [str(k), one.program, one.state or "", chance, span, one.mark or "", "yes" if one.signal else "", one.basis or "", "?" if one.unknown else ""]


def _listing(part, picks, shown):
    head = ["", "program", "state", "chance", "80% range", "mark", "signal", "rate", ""]
    rows = list(_rows(picks[:shown], 1))
    keep = [k for k in range(len(head)) if k < 2 or any(row[k] for row in rows)]
    width = {k: max(len(row[k]) for row in (head, *rows)) for k in keep}
    room = WIDTH - sum(2 + width[k] for k in keep if k != 1) - 2
    if 2 in keep and width[1] > room:  # a name matters more than its state
        keep.remove(2)
        room += 2 + width[2]
    for row in rows:
        row[1] = row[1] if len(row[1]) <= room else row[1][: room - 3] + "..."
    yield from table([head[k] for k in keep], [[row[k] for k in keep] for row in rows], left={keep.index(k) for k in (1, 2, 5, 6, 7, 8) if k in keep})
    if len(picks) > shown:
        yield f"  ... and {len(picks) - shown} more: --all shows them, --out writes them to a file"


def _dropped(result, everything):
    yield f"Dropped: {len(result.dropped)} that cannot work for you"
    shown = len(result.dropped) if everything else 10
    for one in result.dropped[:shown]:
        yield wrapped(f"{clipped(one.program, 40)}: {'; '.join(one.reasons)}", "  - ")
    if len(result.dropped) > shown:
        yield f"  ... and {len(result.dropped) - shown} more: --all shows them"


def _unknown(picks):
    counts = {}
    for one in picks:
        for what in one.unknown:
            counts[what] = counts.get(what, 0) + 1
    if counts:
        yield ""
        yield wrapped("? To be asked before you pay, since it is not known and may rule a program out: " + ", ".join(f"{what} ({n})" for what, n in sorted(counts.items(), key=lambda c: -c[1])) + ".", "  ")


def lines(result, everything=False, out=None):
    """Yield the lines for a person.

    Parameters
    ----------
    result : ProgramList
    everything : bool
        The whole list, and all that was dropped.
    out : str, optional
        Where the whole was written.
    """
    a = result.applicant
    yield wrapped(f"Programs for a {type_name(a.applicant_type)}, {a.cycle} Match (model {result.model_name})", "")
    total, can = sum(p.in_table for p in result.parts), sum(p.eligible for p in result.parts)
    yield wrapped(f"{os.path.basename(result.path)}: {total} program{'' if total == 1 else 's'} of {' and '.join(p.specialty for p in result.parts)}, {can} can work", "")
    yield ""
    if result.chance is not None:
        yield from _headline(result)
    elif not result.picks:
        yield "  No program of the table can work for this applicant."
    else:
        yield wrapped(f"The {result.applications} with the highest rates in your table; no chance of matching can be told", "  ")
    used = [p for p in result.parts if p.applications]
    shown = max(LEAST_SHOWN, SHOWN // max(1, len(used)))
    for part in used:
        mine = [one for one in result.picks if one.specialty == part.specialty]
        marks = [f"{sum(one.mark == name for one in mine)} {name}" for name in ("safer", "target", "reach")]
        sent = f"; {part.spent} of {part.signals} signals" if part.signals else ""
        price = "" if part.fees_usd is None or len(used) == 1 else f", {dollars(part.fees_usd)}"
        yield ""
        yield wrapped(f"{part.specialty}: {part.applications} of {part.eligible}{price}" + (f" ({', '.join(marks)}{sent})" if part.has_chain else ""), "")
        yield from _factor(part)
        yield from _listing(part, mine, len(mine) if everything else shown)
    for part in result.parts:
        if not part.applications and part.eligible:
            yield ""
            yield wrapped(f"{part.specialty}: none of its {part.eligible}; they would add less than what is listed", "")
    yield from _unknown(result.picks)
    if result.dropped:
        yield ""
        yield from _dropped(result, everything)
    if out is not None:
        yield ""
        yield wrapped(f"Every program of the table, with reasons: {out}", "")
    yield from remarks(result.warnings, result.notes)
