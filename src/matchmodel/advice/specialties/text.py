"""Specialties side by side as a page of blocks."""

from collections.abc import Iterator, Sequence

from ...known import known
from ...model.engine import Range
from ...model.notes import WARNINGS
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, dollars, percent, type_name
from ...specialty import short_name
from ..notes import text
from .result import Row, SideBySide

NAME = 24  # characters that a specialty's name may take in the tables
SORTED = {
    "apply": "the chance if you apply",
    "ranked": "the chance if you rank one",
    "applications": "the applications needed",
    "name": "name",
}
ORDERED = {
    "choose": "programs as IMGs choose them",
    "random": "programs at random, a bound",
    "friendliest": "the friendliest first, a bound",
}
WITHHELD = (  # the first reason that holds -> what is said of all that have it, and the figure of each
    ("few_applicants", "too few applicants", "{applicants:.0f}"),
    ("few_of_either", "too few who matched or did not", "{matched:.0f} and {not_matched:.0f}"),
    ("level_unsure", "too unsure an average", "SE {sd:.2f}"),
)
APART = "These are chances of those who prefer the specialty; do not add them up."
NEXT = "--details: ranges of all, positions, why some are unsure, all notes."


def _span(found: Range | None) -> str:
    return "" if found is None else f"{percent(found.low)[:-1]} to {percent(found.high)[:-1]}"


def _percent(found: Range | None) -> str:
    return "" if found is None else percent(found.point)


def _name(row: Row) -> str:
    marks = ("?" if row.answer.trust.kind == "grey" else "") + ("*" if row.answer.extrapolated else "")
    return short_name(row.specialty, NAME) + marks


def _needed(row: Row, side: SideBySide) -> tuple[str, str]:
    """Return the applications that the target takes, and their fees."""
    one = row.required(side.order)
    if one is None:
        return "", ""
    return ("never", "") if one.applications is None else (str(one.applications), dollars(one.fees_usd))


def _table(side: SideBySide, rows: Sequence[Row]) -> Grid:
    """Everything that is compared: a row per specialty."""
    held = side.interviews
    cells = []
    for row in rows:
        a = row.answer
        needed, fees = _needed(row, side)
        last = fees if held is None else _percent(a.p_given_interviews)
        programs = "" if a.applications is None else str(a.applications)
        cells.append(
            (_name(row), programs, _percent(a.p_apply), _span(a.p_apply), _percent(a.p_ranked), needed, last)
        )
    last = "fees" if held is None else "held"
    needs = f"for {100 * side.target:g}%"
    number = "usual" if side.applications is None else "sent"
    return Grid(("specialty", number, "apply", "80% range", "rank", needs, last), tuple(cells))


def _legend(side: SideBySide, rows: Sequence[Row]) -> str:
    """Say what the columns and marks are."""
    number = "the usual number of programs"
    if side.applications is not None:
        number = f"{side.applications} programs or all that are listed"
    last = (
        "fees: of those"
        if side.interviews is None
        else f"held: with {counted(side.interviews, 'interview')} there"
    )
    parts = [
        f"Sorted by {SORTED[side.sort]}. apply: chance of matching if you apply to {number}",
        "rank: if you rank at least one",
        f"for {100 * side.target:g}%: applications needed, {ORDERED[side.order]}",
        last,
    ]
    needed = [_needed(row, side)[0] for row in rows]
    if "never" in needed:
        parts.append("never: not with all programs listed")
    if "" in needed:
        parts.append("blank: no figures on applications")
    if any(row.answer.trust.kind == "grey" for row in rows):
        parts.append("?: unsure")
    if any(row.answer.extrapolated for row in rows):
        parts.append("*: no such score in its table")
    return "; ".join(parts) + "."


def _without(rows: Sequence[Row]) -> Iterator[str]:
    """Yield those without a number by the first reason that holds, an item for each."""
    left = sorted(rows, key=lambda row: row.specialty)
    for code, why, figure in WITHHELD:
        named = []
        for row in left:
            note = next((note for note in row.answer.trust.reasons if note.code == code), None)
            if note is not None:
                named.append((row, f" ({figure.format(**note.fields)})"))
        left = [row for row in left if all(row is not one for one, _ in named)]
        if named:
            yield f"No number, {why}: {', '.join(row.specialty + many for row, many in named)}."
    if left:
        yield f"No number: {', '.join(row.specialty for row in left)}."


def _takes(side: SideBySide, rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        a, one = row.answer, row.required(side.order)
        places = "" if row.positions is None else f"{row.positions:,}"
        needed = ""
        if one is not None and one.applications is None:
            best = known(a.chances_by_applications)[-1].chance
            needed = f"all {a.listed}: {percent(best.point)}"
        elif one is not None:
            needed = f"{one.low} {'or more' if one.high is None else f'to {one.high}'}"
        yield _name(row), _span(a.p_ranked), needed, _span(a.p_given_interviews), places


def _details(side: SideBySide, rows: Sequence[Row]) -> Iterator[Section]:
    blocks: list[Block] = []
    if rows:
        head = ("specialty", "rank", f"for {100 * side.target:g}%", "held", "positions")
        drop = 3 if side.interviews is None else None
        cells = [head, *_takes(side, rows)]
        first, *others = (tuple(c for k, c in enumerate(row) if k != drop) for row in cells)
        blocks.append(Grid(first, tuple(others)))
    if side.positions_year is not None:
        blocks.append(Text(f"positions: offered in the {side.positions_year} Match, to all applicants."))
    if blocks:
        yield Section("80% ranges, and positions", tuple(blocks))
    doubted = sorted((row for row in side.rows if row.answer.trust.reasons), key=lambda row: row.specialty)
    if doubted:
        reasons = (" ".join(map(text, row.answer.trust.reasons)) for row in doubted)
        items = (f"{row.specialty}: {why}" for row, why in zip(doubted, reasons, strict=True))
        yield Section("Why some are unsure or have no number", (Items(tuple(items)),))
    notes = (text(note) for note in side.notes if note.code not in WARNINGS and note.code != "association")
    yield Section("Notes", (Items(tuple(notes)),))


def page(side: SideBySide, details: bool = False) -> Page:
    """Return the page that `matchmodel specialties` prints.

    Parameters
    ----------
    side
    details
        Whether ranges of everything, positions, the reasons of doubts and all notes are added.
    """
    a = side.rows[0].answer.applicant
    rows = [row for row in side.rows if not row.answer.withheld]
    title = f"{len(side.rows)} specialties, {type_name(a.applicant_type)}, {a.cycle} Match"
    first: list[Block] = [_table(side, rows)] if rows else []
    last: list[Block] = [Text(_legend(side, rows))] if rows else []
    told = [text(note) for note in side.notes if note.code in WARNINGS]
    told += _without([row for row in side.rows if row.answer.withheld])
    if told:
        last.append(Items(tuple(told)))
    last += [Text(APART), Text(ASSOCIATION)] + ([] if details else [Text(NEXT)])
    sections = (Section("", tuple(first)), Section("", tuple(last)))
    title += f" (model {side.rows[0].answer.model_name})"
    return Page(title, (*(s for s in sections if s.blocks), *(_details(side, rows) if details else ())))
