"""Specialties side by side as a page of blocks."""

from collections.abc import Iterator, Sequence

from ...known import known
from ...model.engine import Range
from ...model.notes import WARNINGS
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import counted, dollars, percent, type_name
from ...specialty import short_name
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


def _chances(side: SideBySide, rows: Sequence[Row]) -> Iterator[Block]:
    held = side.interviews
    head = ["specialty", "apply", "80% range", "ranked", "80% range"] + ([] if held is None else ["held"])
    cells = []
    for row in rows:
        a = row.answer
        found = [_name(row), _percent(a.p_apply), _span(a.p_apply), _percent(a.p_ranked), _span(a.p_ranked)]
        cells.append(found + ([] if held is None else [_percent(a.p_given_interviews)]))
    yield Grid(tuple(head), tuple(map(tuple, cells)))
    number = "each specialty's usual number of programs"
    if side.applications is not None:
        number = f"{side.applications} programs (all that are listed where those are fewer)"
    yield Text(
        f"apply: chance of matching if you apply to {number}. ranked: if you rank at least one program."
    )
    if held is not None:
        yield Text(f"held: with {counted(held, 'interview')} in that specialty.")
    if any(row.answer.trust.kind == "grey" for row in rows):
        yield Text("?: unsure.")
    if any(row.answer.extrapolated for row in rows):
        yield Text("*: the score lies outside what the table of that specialty saw: extrapolated.")


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


def _requirements(side: SideBySide, rows: Sequence[Row]) -> Iterator[Block]:
    takes = list(_takes(side, rows))
    yield Grid(("specialty", "usual", "needed", "80% range", "fees", "positions"), tuple(takes))
    if any(cells[2] == "never" for cells in takes):
        yield Text("never: every program listed gives less; that chance stands beside it.")
    if side.positions_year is not None:
        yield Text(f"positions: offered in the {side.positions_year} Match, to all applicants.")


def _doubts(rows: Sequence[Row], title: str, details: bool) -> Iterator[Section]:
    rows = sorted(rows, key=lambda row: row.specialty)
    if rows and not details:
        yield Section("", (Text(f"{title}: {', '.join(row.specialty for row in rows)}."),))
    elif rows:
        reasons = (" ".join(text(reason) for reason in row.answer.trust.reasons) for row in rows)
        items = (f"{row.specialty}: {reason}" for row, reason in zip(rows, reasons, strict=True))
        yield Section(f"{title}:", (Items(tuple(items)),))


def page(side: SideBySide, details: bool = False) -> Page:
    """Return the page that `matchmodel specialties` prints.

    Parameters
    ----------
    side
    details
        Whether the reasons of doubts and all notes are added; else the warnings and the most important notes.
    """
    a = side.rows[0].answer.applicant
    rows = [row for row in side.rows if not row.answer.withheld]
    title = (
        f"{len(side.rows)} specialties, {type_name(a.applicant_type)}, {a.cycle} Match "
        f"(model {side.rows[0].answer.model_name}), sorted by {SORTED[side.sort]}"
    )
    sections = [Section("", tuple(_chances(side, rows)))] if rows else []
    chained = [row for row in rows if row.required(side.order) is not None]
    if chained:
        heading = f"Applications for a {100 * side.target:g}% chance, {ORDERED[side.order]}"
        sections.append(Section(heading, tuple(_requirements(side, chained))))
    sections += _doubts([row for row in rows if row.answer.trust.kind == "grey"], "Unsure (?)", details)
    withheld = [row for row in side.rows if row.answer.withheld]
    sections += _doubts(withheld, "No number, since the figures are too few or too unsure", details)
    told = [note for note in side.notes if details or note.code in WARNINGS or note.code in FEW_NOTES]
    sections.append(Section("Notes", (Items(tuple(map(text, told))),)))
    if not details:
        sections.append(Section("", (Text("--details says why some are unsure, and adds all notes."),)))
    return Page(title, tuple(sections))
