"""The parts of a table on one page: a header, the rows below it, and where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ..groups import ANY, Choice, chosen, only_years, years_below
from ..page import columns as col
from ..page import headers
from ..page.columns import Column
from ..page.regions import is_of, like_row, over_chart, zones_of
from ..page.tokens import BIN, NUMBER, Token, chunks, tokens_of
from ..page.vocabulary import BIN_PREFIX, PERCENT
from ..page.words import Line, Sheet
from .candidates import Reading, read_line
from .items import Stray, items_of
from .join_wrapped import level, unwrap
from .label_cells import in_rows
from .labels import cohort_in, plain_name, specialty_of
from .layout_of import alone, fits
from .measures import cohort_columns, of_measure, of_measures, over_figures
from .one_cell import apart
from .rows import Item

AWAY = 4.0  # row to row in usual distances


@dataclass(frozen=True)
class Segment:
    """What stands of a table on one page, or in one half of it.

    Attributes
    ----------
    page
    columns
    items
        Its body, line by line.
    title, number
        The line above it, and the number of the table where it gives one.
    heading
        The specialty that stands over the block, or empty.
    cohort
        The cohort that header or title names for all of it, or empty.
    first, last
        Whether it is the first and the last on its page.
    headed
        Whether it has a header; otherwise it goes on from the page before.
    left
        Where its labels begin.
    beside
        Whether it is the right half of the one before.
    stray
        Page, label and text of figures that stand in no column.
    looks
        The words of its header and where they begin.
    groups
        What stands above groups of columns with one set of names, where none of them was chosen.
    picked
        Whether one of several was chosen.
    """

    page: int
    columns: tuple[Column, ...]
    items: tuple[Item, ...]
    title: str = ""
    number: str = ""
    heading: str = ""
    cohort: str = ""
    first: bool = False
    last: bool = False
    headed: bool = True
    left: float = 0.0
    beside: bool = False
    stray: tuple[Stray, ...] = ()
    looks: tuple[tuple[str, int], ...] = ()
    groups: tuple[str, ...] = ()
    picked: bool = False

    @property
    def shape(self) -> tuple[tuple[str | None, str], ...]:
        """The names of its columns, by which the parts of one table are known."""
        return tuple(
            (column.name, column.cohort) for column in self.columns if column.name not in (None, PERCENT)
        )


def segments_of(
    sheet: Sheet, layout: str, before: Segment | None = None, choice: Choice = ANY
) -> list[Segment]:
    """Find the parts of tables on a page.

    Parameters
    ----------
    sheet
    layout
    before
        The last of the page before, which may go on here without a header.
    choice
        Which group of columns is meant, where several have the same names.

    Returns
    -------
    list of Segment
        From top to bottom.
    """
    lines = list(sheet.lines)
    lines = unwrap(level(apart(lines) if layout == "quartiles" else lines))
    zones = over_figures(lines, zones_of(lines))
    found: list[Segment] = []
    top = _body(lines[: zones[0][0] if zones else len(lines)])
    if before is not None and before.last:
        found += _going_on(sheet, top, before)
    missed: list[Stray] = []
    for k, (start, end) in enumerate(zones):
        stop = zones[k + 1][0] if k + 1 < len(zones) else len(lines)
        body = _body(lines[end + 1 : stop])
        under = _headed(sheet, layout, choice, lines, start, end, body, found[-1] if found else before)
        rest = lines[end + 1 + (len(body) if under else 0) : stop]
        if under or is_of(lines[start : end + 1], layout):
            missed += [(sheet.page, "", line.text) for line in rest if like_row(read_line(line), layout)]
        found += under
        if found and missed:
            found[-1], missed = replace(found[-1], stray=(*found[-1].stray, *missed)), []
    for i, segment in enumerate(found):
        found[i] = replace(segment, first=i == 0, last=i == len(found) - 1)
    return found


def _body(lines: Sequence[Line]) -> list[Line]:
    """The lines that can belong to the table: up to a footnote, another title or a long way without a row."""
    rows = [line.bottom for line in lines if read_line(line).is_row]
    pitch = median([b - a for a, b in pairwise(rows)] or [2 * line.size for line in lines[:1]] or [0])
    kept: list[Line] = []
    begun = False
    for line in lines:
        reading = read_line(line)
        if begun and (reading.is_note or (reading.title and not reading.is_row)):
            break
        if begun and reading.is_sentence:
            continue
        if (
            begun
            and line.bottom - kept[-1].bottom > AWAY * max(pitch, line.size)
            and not (reading.is_row and reading.known)
        ):
            break
        begun = begun or reading.is_row
        kept.append(line)
    return kept


def _forming(readings: Sequence[Reading]) -> list[Reading]:
    """The rows whose figures make the columns: understood ones, and those named on the lines round them."""
    sure = [r for r in readings if r.is_row and (r.known or (not r.text and len(r.figures) >= 2))]
    left, size = min((r.line.x0 for r in sure), default=0), median(r.line.size for r in sure) if sure else 0
    sure += [
        r
        for r in readings
        if r not in sure
        and r.is_row
        and not r.odd
        and len(r.figures) >= 2
        and abs(r.line.x0 - left) < 0.5 * size
        and abs(r.line.size - size) < 0.3
    ]
    return sure if any(r.numbers for r in sure) else [r for r in readings if r.is_row and len(r.figures) >= 2]


def _read(sheet: Sheet, body: Sequence[Line]) -> tuple[list[Reading], list[Reading]]:
    """The body's lines with each label on its row, and those rows whose figures make the columns."""
    readings = [read_line(line) for line in body]
    forming = _forming(readings)
    if forming:
        inner = min(r.figures[0].x0 for r in forming if r.figures)
        rows = [i for i, r in enumerate(readings) if any(word.x0 >= inner for word in r.line.words)]
        readings = [read_line(line) for line in in_rows(sheet, body, rows, inner)]
        forming = _forming(readings)
    return readings, forming


def _headed(
    sheet: Sheet,
    layout: str,
    choice: Choice,
    lines: Sequence[Line],
    start: int,
    end: int,
    body: Sequence[Line],
    before: Segment | None = None,
) -> list[Segment]:
    """The segment under one header; two where the page is set in two halves with a header each.

    Under the very header of the part before, its columns stand too: a page
    may show too few rows to tell them.
    """
    zone = lines[start : end + 1]
    cut = _cut(zone, body, layout)
    if cut is not None:
        halves = []
        for left, right in ((0.0, cut), (cut, float("inf"))):
            parts = [
                part
                for part in (
                    line.between(left, right) for line in [*lines[max(0, start - 1) : start], *zone, *body]
                )
                if part
            ]
            over = sum(line.bottom < zone[0].bottom - 0.01 for line in parts)
            deep = sum(line.bottom <= zone[-1].bottom + 0.01 for line in parts)
            halves += _headed(sheet, layout, choice, parts, over, deep - 1, parts[deep:])
        return [replace(half, beside=i > 0) for i, half in enumerate(halves)]
    years = years_below(body[0]) if body else ()
    readings, forming = _read(sheet, body[bool(years) :])
    if not forming:
        return []
    size = median(r.line.size for r in forming)
    words = [word for r in forming for word in r.line.words]
    walls = col.walls_of(sheet, forming[0].line.bottom - size, forming[-1].line.bottom, words)
    figures: list[Sequence[Token]] = [r.figures for r in forming]
    looks = tuple((phrase.text, round(phrase.x0)) for part in headers.stack(zone, layout) for phrase in part)
    if before is not None and before.looks == looks:
        figures.append(
            [
                Token(NUMBER, "0%" if c.name == PERCENT else "0", c.x0, c.x1, size)
                for c in before.columns
                if c.x1 > c.x0
            ]
        )
    columns = col.intervals(figures, walls)
    columns = [replace(c, name=PERCENT) if col.all_shares(c, figures) else c for c in columns]
    groups: tuple[str, ...] = ()
    others: list[Column] = []
    picked = False
    if years:
        columns, others, groups = only_years(columns, years, choice)
    cells, spans = headers.stack(zone, layout, columns)
    bins_down = layout == "bins" and not any(
        (cell.name or "").startswith(BIN_PREFIX) for cell in [*cells, *spans]
    )
    label_end = max((r.text[-1].x1 for r in forming if r.text), default=forming[0].line.x0)
    named, cohort = col.name_columns(columns, zone, layout, size, label_end, walls, bins_down)
    if not groups:
        near = [line for line in lines[max(0, start - 2) : end + 1] if not read_line(line).title]
        laid = named
        named, groups = chosen(laid, cells, near, label_end, choice)
        picked = bool(others) or named != laid
        named = sorted([*named, *others], key=lambda column: column.x0)
    items, stray = items_of(sheet, readings, named, size)
    above = [
        line
        for line in lines[max(0, start - 3) : start]
        if zone[0].bottom - line.bottom < 8 * max(size, line.size)
    ]
    measures = layout == "quartiles" and of_measures(zone, items)
    if measures:
        named = cohort_columns(named, [*cells, *spans], zone)
        near_words = " ".join(line.text for line in [*above, *zone])
        items, named, groups, picked = of_measure(items, named, near_words, choice)
    if not (
        fits(named, layout) or (measures and (groups or "median" in {c.name for c in named if c.cohort}))
    ):
        return []
    if not alone(zone, layout, columns, figures, items) or not any(item.row for item in items):
        return []
    titles = [line for line in above if read_line(line).title] or above[-1:]
    title = titles[-1].text if titles else ""
    titled = above if measures else above[-1:]
    heading = next((plain_name(r.text) for r in titled if specialty_of(r.text) not in (None, "All")), "")
    if not heading and not any(item.text for item in items):
        heading = over_chart(lines[:start])
    left = min(r.line.x0 for r in forming)
    number = read_line(titles[-1]).title if titles else ""
    return [
        Segment(
            sheet.page,
            tuple(named),
            tuple(items),
            title,
            number,
            heading,
            cohort or cohort_in(title),
            left=left,
            stray=tuple(stray),
            looks=looks,
            groups=groups,
            picked=picked,
        )
    ]


def _cut(zone: Sequence[Line], body: Sequence[Line], layout: str) -> float | None:
    """Where the page falls into two halves: the first words of the header come again further right."""
    read = [r for r in map(read_line, body) if r.is_row or r.odd]
    halves = 2 * sum(bool(r.odd) or sum(token.kind == BIN for token in r.figures) > 1 for r in read) > len(
        read
    )
    for line in reversed(zone):
        parts = headers.phrases(line, layout)
        if line.x0 > min(other.x0 for other in zone) + line.size:
            continue  # 'Specialty' that ends 'to Preferred Specialty'
        if not parts or parts[0].name not in ((None, "specialty", "bin") if halves else ("specialty", "bin")):
            continue
        again = next((part for part in parts[1:] if part.text.casefold() == parts[0].text.casefold()), None)
        if again is None:
            continue
        rows = [
            read_line(r).line.words
            for r in body
            if sum(token.value for token in read_line(r).figures) + len(read_line(r).odd) >= 2
        ]
        spans = sorted([(word.x0, word.x1) for row in rows for word in row] + [(again.x0, again.x1)])
        edge = again.x0
        for x0, x1 in reversed(spans):  # leftwards, as long as the label's words leave no column's gap
            if x1 >= edge - 0.45 * line.size and x0 < edge and x0 > parts[0].x1:
                edge = x0
        return edge - 0.1
    return None


def _going_on(sheet: Sheet, body: Sequence[Line], before: Segment) -> list[Segment]:
    """The rows at the top of a page that go on without a header."""
    readings, forming = _read(sheet, body)
    rows = [
        i
        for i, r in enumerate(readings)
        if r.is_row and r.figures and (r.known or 5 * len(r.figures) >= 3 * len(before.columns))
    ]
    if not rows or any(r.title and r.title != before.number for r in readings[: rows[0]]):
        return []
    size = median(r.line.size for r in forming)
    figures = [r.figures for r in forming]
    new = col.intervals(figures)
    if any(
        _heads_others(r, new, size) and readings[rows[0]].line.bottom - r.line.bottom < 3.5 * size
        for r in readings[: rows[0]]
    ):
        return []
    moved = _moved(new, before, min(readings[i].line.x0 for i in rows), any(readings[i].known for i in rows))
    if moved is None:
        return []
    items, stray = items_of(sheet, readings, moved, size)
    if not any(item.row for item in items):
        return []
    return [
        Segment(
            sheet.page,
            tuple(moved),
            tuple(items),
            cohort=before.cohort,
            headed=False,
            left=readings[rows[0]].line.x0,
            stray=tuple(stray),
        )
    ]


def _heads_others(reading: Reading, columns: Sequence[Column], size: float) -> bool:
    """Whether a line has words over several columns: another table's header, of unknown words."""
    parts = [(part[0].x0, part[-1].x1) for part in chunks(tokens_of(reading.line))]
    over = {
        k
        for k, column in enumerate(columns)
        for x0, x1 in parts
        if min(x1, column.x1) - max(x0, column.x0) > -3 * size and x0 > columns[0].x0 - 6 * size
    }
    return not reading.is_row and len(parts) > 1 and len(over) > 1


def _moved(new: Sequence[Column], before: Segment, left: float, sure: bool) -> list[Column] | None:
    """The columns of the page before, where they stand on this page; None where they do not fit."""
    old = list(before.columns)
    if sure and len(new) == len(old):
        return [replace(o, x0=n.x0, x1=n.x1) for o, n in zip(old, new, strict=True)]
    for shift in (0.0, left - before.left):
        shifted = [replace(o, x0=o.x0 + shift, x1=o.x1 + shift) for o in old]
        under = [[i for i, o in enumerate(shifted) if min(o.x1, n.x1) - max(o.x0, n.x0) > 0] for n in new]
        if all(len(hit) == 1 for hit in under) and len({hit[0] for hit in under}) == len(new):
            for n, (i,) in zip(new, under, strict=True):
                shifted[i] = replace(shifted[i], x0=min(n.x0, shifted[i].x0), x1=max(n.x1, shifted[i].x1))
            return shifted
    return None
