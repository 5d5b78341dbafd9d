"""Specialties side by side as text for a terminal of 80 columns."""

from collections.abc import Iterator, Sequence

from ...known import known
from ...model.engine import Range
from ...model.notes import WARNINGS
from ...report.wording import dollars, percent, remarks, table, type_name, wrapped
from ...specialty import short_name
from ..common import interviews_of
from ..notes import text
from .result import Row, SideBySide

NAME = 24  # characters that a specialty's name may take in the tables
SORTED = {
    "apply": "the chance if you apply",
    "ranked": "the chance if you rank one",
    "applications": "the applications required",
    "name": "name",
}
FEW_NOTES = (
    "takes_part",
    "preferred_only",
    "not_to_be_added",
    "association",
)  # shown unless details are asked for
ORDERED = {
    "choose": "programs as IMGs choose them",
    "random": "programs at random (a bound)",
    "friendliest": "the friendliest first (a bound)",
}


def _span(found: Range | None) -> str:
    return "" if found is None else f"{percent(found.low)[:-1]} to {percent(found.high)[:-1]}"


def _percent(found: Range | None) -> str:
    return "" if found is None else percent(found.point)


def _name(row: Row) -> str:
    marks = ("?" if row.answer.trust.kind == "grey" else "") + ("*" if row.answer.extrapolated else "")
    return short_name(row.specialty, NAME) + marks


def _chances(side: SideBySide, rows: Sequence[Row]) -> Iterator[str]:
    held = side.interviews
    head = ["specialty", "apply", "80% range", "ranked", "80% range"] + ([] if held is None else ["held"])
    cells = []
    for row in rows:
        a = row.answer
        found = [_name(row), _percent(a.p_apply), _span(a.p_apply), _percent(a.p_ranked), _span(a.p_ranked)]
        cells.append(found + ([] if held is None else [_percent(a.p_given_interviews)]))
    yield from table(head, cells, indent="")
    number = "each specialty's usual number of programs"
    if side.applications is not None:
        number = f"{side.applications} programs (all that are listed where those are fewer)"
    yield wrapped(
        f"apply: chance of matching if you apply to {number}. ranked: if you rank at least one program.", "  "
    )
    if held is not None:
        yield wrapped(f"held: with {interviews_of(held)} in that specialty.", "  ")
    if any(row.answer.trust.kind == "grey" for row in rows):
        yield "  ?: unsure."
    if any(row.answer.extrapolated for row in rows):
        yield wrapped("*: the score lies outside what the table of that specialty saw: extrapolated.", "  ")


def _takes(side: SideBySide, rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        places = "" if row.positions is None else f"{row.positions:,}"
        answer, one = row.answer, known(row.required(side.order))
        usual = "" if answer.usual is None else f"{answer.usual.value:.0f}"
        if one.applications is None:
            best = known(answer.chances_by_applications)[-1].chance
            yield _name(row), usual, "never", f"all {answer.listed}: {percent(best.point)}", "", places
        else:
            reach = "or more" if one.high is None else f"to {one.high}"
            yield (
                _name(row),
                usual,
                str(one.applications),
                f"{one.low} {reach}",
                dollars(one.fees_usd),
                places,
            )


def _requirements(side: SideBySide, rows: Sequence[Row]) -> Iterator[str]:
    yield f"Applications for a {100 * side.target:g}% chance, {ORDERED[side.order]}"
    yield ""
    takes = list(_takes(side, rows))
    yield from table(("specialty", "usual", "needed", "80% range", "fees", "positions"), takes, indent="")
    if any(cells[2] == "never" for cells in takes):
        yield wrapped("never: every program listed gives less; that chance stands beside it.", "  ")
    if side.positions_year is not None:
        yield wrapped(f"positions: offered in the {side.positions_year} Match, to all applicants.", "  ")


def _doubts(rows: Sequence[Row], title: str, details: bool) -> Iterator[str]:
    rows = sorted(rows, key=lambda row: row.specialty)
    if rows and not details:
        yield wrapped(f"{title}: {', '.join(row.specialty for row in rows)}.", "")
    elif rows:
        yield f"{title}:"
        for row in rows:
            yield wrapped(
                f"{row.specialty}: {' '.join(text(reason) for reason in row.answer.trust.reasons)}", "  - "
            )


def lines(side: SideBySide, details: bool = False) -> Iterator[str]:
    """Yield the lines that `matchmodel specialties` prints.

    Parameters
    ----------
    side
    details
        Whether the reasons of doubts and all notes are added; else the warnings and the most important notes.
    """
    a = side.rows[0].answer.applicant
    rows = [row for row in side.rows if not row.answer.withheld]
    yield wrapped(
        f"{len(side.rows)} specialties, {type_name(a.applicant_type)}, {a.cycle} Match "
        f"(model {side.rows[0].answer.model_name}), sorted by {SORTED[side.sort]}",
        "",
    )
    yield ""
    if rows:
        yield from _chances(side, rows)
        yield ""
    chained = [row for row in rows if row.required(side.order) is not None]
    if chained:
        yield from _requirements(side, chained)
        yield ""
    yield from _doubts([row for row in rows if row.answer.trust.kind == "grey"], "Unsure (?)", details)
    withheld = [row for row in side.rows if row.answer.withheld]
    yield from _doubts(withheld, "No number, since the figures are too few or too unsure", details)
    warned = [note for note in side.notes if note.code in WARNINGS]
    others = [note for note in side.notes if note not in warned and (details or note.code in FEW_NOTES)]
    yield from remarks([text(n) for n in warned], [text(n) for n in others])
    if not details:
        yield ""
        yield "--details says why some are unsure, and adds all notes."
