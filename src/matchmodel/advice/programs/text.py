"""A list of programs as text for a terminal of 80 columns."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from ...errors import clipped
from ...known import known
from ...model.notes import WARNINGS
from ...report.wording import WIDTH, dollars, percent, points, remarks, table, type_name, wrapped
from ..common import interviews_of, span
from ..limits import PROGRAMS_SHOWN
from ..notes import text
from .rates import Mark
from .result import Listed, Part, ProgramList

LEAST_SHOWN = 5  # of each of several specialties
DROPPED = 10
NAME = 40  # characters of a dropped program's name
_MARKS: tuple[Mark, ...] = ("safer", "target", "reach")
_AGAINST = {
    "can_work": "at random, of the {} that can work",
    "all": "at random, of all {} listed",
    "as_imgs_choose": "as IMGs choose, of all {} (predict)",
}


def _headline(result: ProgramList) -> Iterator[str]:
    n, chance = result.applications, known(result.chance)
    several = "program" if n == 1 else f"{n} programs"
    yield wrapped(
        f"{percent(chance.point)} chance of matching with the {several} listed below (80% range "
        f"{span(chance)})",
        "  ",
    )
    answer = result.answer
    if answer.p_given_interviews is not None:
        what = f"{interviews_of(answer.question.interviews)} in {answer.applicant.specialty}"
        yield wrapped(f"{percent(answer.p_given_interviews.point)} with the {what} that you hold", "  ")
    sent = sum(p.spent for p in result.parts)
    if sent:
        signals = "its signal" if sent == 1 else f"its {sent} signals"
        without = percent(known(result.without_signals).point)
        yield wrapped(
            f"At most: {signals} may do less than was found (see the notes); the best list without any "
            f"signal has {without}",
            "  ",
        )
    expected, some = known(result.expected), known(result.p_any_invitation)
    yield wrapped(
        f"{expected.point:.1f} invitations expected ({expected.low:.1f} to {expected.high:.1f}); "
        f"{percent(some.point)} chance of at least one ({span(some)})",
        "  ",
    )
    if result.fees_usd is not None:
        yield f"  {dollars(result.fees_usd)} in application fees, fixed fees apart"
    yield ""
    can = sum(p.can_work for p in result.parts if p.applications)
    rows = [
        (
            _AGAINST[one.against].format(one.programs),
            percent(one.chance.point),
            points(one.gain.point),
            f"{points(one.gain.low)} to {points(one.gain.high)}",
        )
        for one in result.instead
        if one.against != "can_work" or n < can
    ]
    yield from table(("The same numbers otherwise", "chance", "list adds", "80% range"), rows)


def _listing(part: Part, picks: Sequence[Listed], shown: int) -> Iterator[str]:
    head = ("", "program", "state", "chance", "80% range", "mark", "signal", "rate", "")
    rows = []
    for k, one in enumerate(picks[:shown], start=1):
        chance = (
            ("unknown", "")
            if one.chance is None
            else (
                percent(one.chance.point),
                f"{100 * one.chance.low:.1f} to {100 * one.chance.high:.1f}%",
            )
        )
        mark, signal, basis = one.mark or "", "yes" if one.signal else "", one.basis or ""
        rows.append(
            [str(k), one.program, one.state or "", *chance, mark, signal, basis, "?" if one.unknown else ""]
        )
    keep = [k for k in range(len(head)) if k < 2 or any(row[k] for row in rows)]
    width = {k: max(len(row[k]) for row in (head, *rows)) for k in keep}
    room = WIDTH - sum(2 + width[k] for k in keep if k != 1) - 2
    if 2 in keep and width[1] > room:  # a name matters more than its state
        keep.remove(2)
        room += 2 + width[2]
    for row in rows:
        row[1] = row[1] if len(row[1]) <= room else row[1][: room - 3] + "..."
    left = {keep.index(k) for k in (1, 2, 5, 6, 7, 8) if k in keep}
    yield from table([head[k] for k in keep], [[row[k] for k in keep] for row in rows], left=left)
    if len(picks) > shown:
        yield f"  ... and {len(picks) - shown} more: --all shows them, --out writes them to a file"


def _part(result: ProgramList, part: Part, shown: int | None, alone: bool) -> Iterator[str]:
    mine = [one for one in result.picks if one.specialty == part.specialty]
    marks = Counter(one.mark for one in mine if one.mark is not None)
    counted = [f"{marks[name]} {name}" for name in _MARKS]
    sent = f"; {part.spent} of {part.signals} signals" if part.signals else ""
    price = "" if part.fees_usd is None or alone else f", {dollars(part.fees_usd)}"
    detail = f" ({', '.join(counted)}{sent})" if part.has_chain else ""
    yield ""
    yield wrapped(f"{part.specialty}: {part.applications} of {part.can_work}{price}{detail}", "")
    if part.factor is not None:
        f = part.factor
        yield wrapped(
            f"Your profile multiplies invitations by {f.point:.2f} ({f.low:.2f} to {f.high:.2f}); a program "
            f"at random: "
            f"{percent(known(part.average_chance).point)}",
            "  ",
        )
    yield from _listing(part, mine, len(mine) if shown is None else shown)


def _unknown(picks: Sequence[Listed]) -> Iterator[str]:
    counts = Counter(text(note) for one in picks for note in one.unknown)
    if counts:
        asked = ", ".join(f"{what} ({n})" for what, n in counts.most_common())
        yield ""
        yield wrapped(
            f"? To be asked before you pay, since it is not known and may rule a program out: {asked}.", "  "
        )


def _dropped(result: ProgramList, everything: bool) -> Iterator[str]:
    if not result.dropped:
        return
    yield ""
    yield f"Dropped: {len(result.dropped)} that cannot work for you"
    shown = len(result.dropped) if everything else DROPPED
    for one in result.dropped[:shown]:
        yield wrapped(f"{clipped(one.program, NAME)}: {'; '.join(map(text, one.reasons))}", "  - ")
    if len(result.dropped) > shown:
        yield f"  ... and {len(result.dropped) - shown} more: --all shows them"


def lines(result: ProgramList, everything: bool = False, out: str | None = None) -> Iterator[str]:
    """Yield the lines that `matchmodel programs` prints.

    Parameters
    ----------
    result
    everything
        The whole list, and all that was dropped.
    out
        Where every program was written to.
    """
    a = result.answer.applicant
    yield wrapped(
        f"Programs for a {type_name(a.applicant_type)}, {a.cycle} Match (model {result.answer.model_name})",
        "",
    )
    total, can = sum(p.in_table for p in result.parts), sum(p.can_work for p in result.parts)
    counted = (
        f"{total} program{'' if total == 1 else 's'} of {' and '.join(p.specialty for p in result.parts)}"
    )
    yield wrapped(f"{os.path.basename(result.path)}: {counted}, {can} can work", "")
    yield ""
    if result.chance is not None:
        yield from _headline(result)
    elif not result.picks:
        yield "  No program of the table can work for this applicant."
    else:
        n = result.applications
        yield wrapped(
            f"The {n} with the highest rates in your table; no chance of matching can be given", "  "
        )
    used = [p for p in result.parts if p.applications]
    shown = None if everything else max(LEAST_SHOWN, PROGRAMS_SHOWN // max(1, len(used)))
    for part in used:
        yield from _part(result, part, shown, len(used) == 1)
    for part in result.parts:
        if not part.applications and part.can_work:
            yield ""
            none = f"{part.specialty}: none of its {part.can_work}; they would add less than what is listed"
            yield wrapped(none, "")
    yield from _unknown(result.picks)
    yield from _dropped(result, everything)
    if out is not None:
        yield ""
        yield wrapped(f"Every program of the table, with reasons: {out}", "")
    warned = [note for note in result.notes if note.code in WARNINGS]
    yield from remarks([text(n) for n in warned], [text(n) for n in result.notes if n not in warned])
