"""The words left of the figures, cell by cell: each cell's words on the row that it stands beside.

Rules and shading part the cells; where there are none, lines farther apart than those of a cell. What then is
no name, cohort or measure, or does not go evenly with the rows, stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ..page.words import Line, Sheet, Word
from .candidates import read_line
from .labels import NOT_MATCHED, cohort_of, join_names, measure_of, plain_name, specialty_of

Piece = tuple[int, tuple[Word, ...]]  # words of one line
LOOSE = 0.07  # lines of two cells stand this much farther apart than those of one, in letters' sizes


def in_rows(sheet: Sheet, lines: Sequence[Line], rows: Sequence[int], inner: float) -> list[Line]:
    """Put each label's words together on the row that it belongs to, the first of several that share it.

    Parameters
    ----------
    sheet
    lines
        Of a table's body, from top to bottom.
    rows
        Which of them have figures.
    inner
        Where the figures begin.

    Returns
    -------
    list of Line
    """
    words = [list(line.words) for line in lines]
    at = {row: median(_y(word) for word in lines[row].words if word.x0 >= inner) for row in rows}
    for column in label_columns(lines, inner):
        x = (min(w[0].x0 for _, w in column) + max(w[-1].x1 for _, w in column)) / 2
        walls = sorted({round(y) for y, x0, x1 in sheet.levels if x0 <= x <= x1})
        for pieces, beside in _bands(lines, column, at, walls):
            cells = _cells(pieces, len(beside))
            if not cells or not _even(lines, cells, beside, at):
                continue
            each = len(beside) // len(cells)
            for k, cell in enumerate(cells):
                home, text, old = beside[k * each], text_of(cell), [word for _, part in cell for word in part]
                if len(cell) == 1 and cell[0][0] == home and not any(ch.isdigit() for ch in text):
                    continue
                for i, part in cell:
                    words[i] = [word for word in words[i] if word not in part]
                ends = min(word.x0 for word in old), max(word.x1 for word in old)
                words[home].append(
                    replace(old[0], text=text, x0=ends[0], x1=ends[1], bottom=lines[home].bottom)
                )
    return [
        replace(line, words=tuple(sorted(some, key=lambda word: word.x0)))
        for line, some in zip(lines, words, strict=True)
        if some
    ]


def text_of(cell: Sequence[Piece]) -> str:
    return join_names([" ".join(word.text for word in part) for _, part in cell])


def _known(text: str) -> bool:
    return bool(specialty_of(plain_name(text)) or cohort_of(text) or measure_of(text))


def label_columns(lines: Sequence[Line], inner: float) -> list[list[Piece]]:
    """The columns of labels, parted by what no line's words touch."""
    left = [tuple(word for word in line.words if word.x1 <= inner) for line in lines]
    ends: list[tuple[float, float]] = []
    for word in sorted((word for part in left for word in part), key=lambda word: word.x0):
        if ends and word.x0 - ends[-1][1] < 1.6 * word.space:
            ends[-1] = (ends[-1][0], max(ends[-1][1], word.x1))
        else:
            ends.append((word.x0, word.x1))
    return [
        [(i, part) for i, some in enumerate(left) if (part := tuple(w for w in some if x0 <= w.x0 <= x1))]
        for x0, x1 in ends
    ]


def _y(word: Word) -> float:
    """Where a word stood before its line was put together with another."""
    return word.top + word.size


def _bands(
    lines: Sequence[Line], column: Sequence[Piece], at: Mapping[int, float], walls: Sequence[float]
) -> list[tuple[list[Piece], list[int]]]:
    """Pieces of a column and rows between the same two rules."""

    def band(y: float, i: int) -> int:
        return sum(wall < y - 0.5 * lines[i].size for wall in walls)

    row_of = {row: band(y, row) for row, y in at.items()}
    return [
        (
            [piece for piece in column if band(_y(piece[1][0]), piece[0]) == k],
            [row for row in row_of if row_of[row] == k],
        )
        for k in sorted({*row_of.values()})
    ]


def _cells(pieces: Sequence[Piece], rows: int) -> list[list[Piece]]:
    """The cells that pieces between two rules make, all understood and even with the rows; or none."""
    if not pieces:
        return []
    whole = [list(pieces)]
    if rows == 1 or _known(text_of(whole[0])):
        return whole if _known(text_of(whole[0])) else []
    if len(pieces) < 2:
        return []
    gaps = [_y(b[1][0]) - _y(a[1][0]) for a, b in pairwise(pieces)]
    size = pieces[0][1][0].size
    reach = min(min(gaps), 1.4 * size) + LOOSE * size
    cells = [[pieces[0]]]
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        if gap <= reach:
            cells[-1].append(piece)
        else:
            cells.append([piece])
    for made in (cells, [[piece] for piece in pieces]):
        if rows % len(made) == 0 and all(_known(text_of(cell)) for cell in made):
            return made
    return []


def _even(
    lines: Sequence[Line], cells: Sequence[Sequence[Piece]], rows: Sequence[int], at: Mapping[int, float]
) -> bool:
    """Whether each cell stands beside its rows and reaches no other's, all cells in the same way."""
    each = len(rows) // len(cells)
    units = [rows[i : i + each] for i in range(0, len(rows), each)]
    ends = [-1e9, *(at[row] for row in rows), 1e9]
    spans = [(_y(cell[0][1][0]), _y(cell[-1][1][0])) for cell in cells]
    beside = [(at[unit[0]], at[unit[-1]]) for unit in units]
    marks = [
        [(label.cohort, label.bin) for row in unit if (label := read_line(lines[row]).label)]
        for unit in units
    ]
    if any(len(set(some)) < len(some) for some in marks if each > 1):
        return False
    if each > 1 and len(units) > 1 and marks[0][0][0] == NOT_MATCHED:
        return False  # the page may begin amid a name's rows
    offs = [
        [a - top for (a, _), (top, _) in zip(spans, beside, strict=True)],
        [a + b - top - low for (a, b), (top, low) in zip(spans, beside, strict=True)],
        [b - low for (_, b), (_, low) in zip(spans, beside, strict=True)],
    ]
    near = min(max(off) - min(off) for off in offs) < 0.6 * lines[rows[0]].size
    return near and all(
        ends[k * each] < span[1] + 0.1 and span[0] - 0.1 < ends[(k + 1) * each + 1]
        for k, span in enumerate(spans)
    )
