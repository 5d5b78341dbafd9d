"""Columns by the gaps that all rows leave free, and the header laid over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...tabular.cells import key
from ..body.labels import cohort_of
from . import headers
from .headers import Phrase
from .tokens import BIN, BLANK, Token
from .vocabulary import COUNTED, PERCENT
from .words import Line, Sheet, Word

FAR = 6.0  # a header further than this from its column, in letters' sizes, is not over it
MATCHED = ("Matched", "Not Matched")
_TIDY = {"Matched": "matched", "Not Matched": "not_matched"}


@dataclass(frozen=True)
class Column:
    """A column of figures.

    Attributes
    ----------
    x0, x1
        Where its figures stand; where there are none, where its header stands.
    name
        ``n``, ``q1``, ``matched`` and so on; a bin as ``=`` and its text; ``bin`` for the column of bins;
        None where the layout has no such column.
    cohort
        ``Matched``, ``Not Matched`` or empty.
    header
        As printed.
    """

    x0: float
    x1: float
    name: str | None = None
    cohort: str = ""
    header: str = ""

    def distance(self, token: Token) -> float:
        """How far a token is from the column, 0 where they overlap."""
        return max(0.0, token.x0 - self.x1, self.x0 - token.x1)


def intervals(rows: Iterable[Sequence[Token]], walls: Sequence[float] = ()) -> list[Column]:
    """Find the columns: x that figures take up in any row, parted by what no row touches.

    Parameters
    ----------
    rows
        The figures of each row.
    walls
        x of vertical rules, which no column crosses.

    Returns
    -------
    list of Column
        From left to right, without names.
    """
    spans = sorted(
        (token.x0, token.x1)
        for row in rows
        for token in row
        if token.kind != BLANK or any(ch.isdigit() for ch in token.text)
    )
    found: list[tuple[float, float]] = []
    for x0, x1 in spans:
        cut = found and any(
            found[-1][0] < wall < x1 and wall <= (x0 + x1) / 2 and wall >= sum(found[-1]) / 2
            for wall in walls
        )
        if found and x0 < found[-1][1] - 0.2 and not cut:
            found[-1] = (found[-1][0], max(x1, found[-1][1]))
        else:
            found.append((x0, x1))
    return [Column(x0, x1) for x0, x1 in found]


def walls_of(sheet: Sheet, top: float, bottom: float, words: Sequence[Word]) -> list[float]:
    """Return the x of vertical rules that part columns: along half of the rows or more, across no word."""
    reach: dict[float, list[tuple[float, float]]] = {}
    for x, y0, y1 in sheet.uprights:
        near = next((known for known in reach if abs(known - x) < 1.5), x)
        reach.setdefault(near, []).append((max(y0, top), min(y1, bottom)))
    found = []
    for x, parts in reach.items():
        long = sum(max(0.0, y1 - y0) for y0, y1 in set(parts)) >= 0.5 * (bottom - top)
        if long and not any(word.x0 + 0.5 < x < word.x1 - 0.5 for word in words):
            found.append(x)
    return sorted(found)


def lay_over(
    columns: Sequence[Column], cells: Sequence[Phrase], size: float, walls: Sequence[float] = ()
) -> list[Column]:
    """Say which header stands over which column.

    Parameters
    ----------
    columns
        By gaps.
    cells
        Of the columns of figures.
    size
        Of the letters.
    walls
        x of vertical rules.

    Returns
    -------
    list of Column
        With header and name; a header without figures below makes a column of its own.
    """
    if len(columns) == len(cells):
        return [
            replace(column, name=cell.name, header=cell.text)
            for column, cell in zip(columns, cells, strict=True)
        ]

    def room(thing: Column | Phrase) -> int:
        return sum(wall < (thing.x0 + thing.x1) / 2 for wall in walls)

    def cost(column: Column, cell: Phrase) -> float:
        apart = max(0.0, cell.x0 - column.x1, column.x0 - cell.x1) / size
        off = abs(cell.x0 + cell.x1 - column.x0 - column.x1) / 2 / size
        return (
            apart + 0.05 * min(off, 20) + (8 if room(column) != room(cell) else 0) if apart <= FAR else 99.0
        )

    alone = [4.0 if cell.name else 0.5 for cell in cells]
    best = {(0, 0): (0.0, (0, 0))}  # the cost of each pair of counts, and the pair before it
    for i in range(len(columns) + 1):
        for j in range(len(cells) + 1):
            ways = []
            if i:
                ways.append((best[i - 1, j][0] + 4.0, (i - 1, j)))
            if j:
                ways.append((best[i, j - 1][0] + alone[j - 1], (i, j - 1)))
            if i and j:
                ways.append((best[i - 1, j - 1][0] + cost(columns[i - 1], cells[j - 1]), (i - 1, j - 1)))
            if ways:
                best[i, j] = min(ways)
    placed, at = [], (len(columns), len(cells))
    while at != (0, 0):
        before = best[at][1]
        if before == (at[0] - 1, at[1] - 1):
            cell = cells[before[1]]
            placed.append(replace(columns[before[0]], name=cell.name, header=cell.text))
        elif before == (at[0] - 1, at[1]):
            placed.append(columns[before[0]])
        elif cells[before[1]].name:
            cell = cells[before[1]]
            placed.append(Column(cell.x0, cell.x1, cell.name, header=cell.text))
        at = before
    return sorted(placed, key=lambda column: column.x0)


def name_columns(
    columns: list[Column],
    lines: Sequence[Line],
    layout: str,
    size: float,
    label_end: float,
    walls: Sequence[float] = (),
    bins_down: bool = False,
) -> tuple[list[Column], str]:
    """Name the columns from the header's lines.

    Parameters
    ----------
    columns
        By gaps.
    lines
        The header.
    layout
    size
        Of the letters.
    label_end
        Left of this x stand the rows' labels.
    walls
    bins_down
        Whether the leftmost column holds the bins.

    Returns
    -------
    columns : list of Column
        With names and, where cohorts stand side by side, cohorts.
    cohort : str
        The cohort of the whole table, where the header names just one.
    """
    cells, spans = headers.stack(lines, layout, columns)
    first = None
    if bins_down and columns:
        cells = sorted(
            [
                *cells,
                *(s for s in spans if cohort_of(s.text) and not any(s.overlaps(cell) for cell in cells)),
            ],
            key=lambda cell: cell.x0,
        )
        begin = min((cell.x0 for cell in cells if cell.name in MATCHED), default=0.0)
        words = [
            cell
            for cell in cells
            if cell.name not in (None, "specialty", "bin") or (cell.name is None and cell.x0 > begin)
        ]
        if sum(column.name != PERCENT for column in columns) > sum(cell.name != PERCENT for cell in words):
            first, columns = replace(columns[0], name="bin", header="Bin"), columns[1:]
        else:  # bins in words alone: 'Unknown'
            first = Column(label_end, label_end, "bin", header="Bin")
        label_end = max(label_end, first.x1)
    cells = [cell for cell in cells if cell.name not in ("specialty", "cohort", "bin")]
    inner = columns[0].x0 if columns else label_end
    cells = [cell for cell in cells if cell.name or cell.x1 > max(label_end, inner - 6 * size)]
    own = [column for column in columns if column.name != PERCENT]
    aside = []
    if len(own) == len(cells):  # shares in brackets beside a figure stand under the figure's header
        columns, aside = (
            own,
            [replace(column, name=None, header="%") for column in columns if column not in own],
        )
    elif len(columns) != len(cells):
        cells = [cell for cell in cells if cell.name or (cell.x0 + cell.x1) / 2 > inner]
    placed = lay_over([replace(column, name=None) for column in columns], cells, size, walls)
    placed, cohort = _with_cohorts(placed, spans, layout, bins_down)
    return sorted([*([first] if first else []), *placed, *aside], key=lambda column: column.x0), cohort


def _with_cohorts(
    columns: list[Column], spans: Sequence[Phrase], layout: str, bins_down: bool
) -> tuple[list[Column], str]:
    """Bring in what stands over several columns: cohorts over statistics or bins, or the other way round."""
    if layout == "counts" or bins_down:
        columns = _counted(columns, spans)
        return [replace(column, name=_TIDY.get(column.name or "", column.name)) for column in columns], ""
    over = [span for span in spans if cohort_of(span.text)]
    turned = [column for column in columns if column.name in MATCHED]
    if turned:
        return _interleaved(columns, turned, spans), ""
    if not over:
        return columns, ""
    blocks: list[list[Column]] = [[]]
    seen: set[str | None] = set()
    for column in columns:
        if column.name in seen and column.name not in (None, PERCENT):
            blocks.append([])
            seen.clear()
        seen.add(column.name)
        blocks[-1].append(column)
    cohorts = [cohort_of(span.text) for span in over]
    if len(blocks) == 1:
        return columns, cohorts[0] if len(set(cohorts)) == 1 else ""
    if len(over) > len(blocks):  # a title that speaks of both stands above the two
        cohorts = cohorts[-len(blocks) :]
    again = len(set(cohorts)) == 2 and cohorts[2:] == cohorts[:-2]  # both again under each measure
    if len(cohorts) != len(blocks) or (len(set(cohorts)) != len(cohorts) and not again):
        return columns, ""
    return [
        replace(column, cohort=cohort)
        for block, cohort in zip(blocks, cohorts, strict=True)
        for column in block
    ], ""


def _interleaved(columns: list[Column], turned: Sequence[Column], spans: Sequence[Phrase]) -> list[Column]:
    """Statistics or bins above, Matched and Not Matched below each."""
    names = [
        span
        for span in spans
        if span.name not in (None, "specialty", "cohort", "bin") and not cohort_of(span.text)
    ]
    pairs = [turned[i : i + 2] for i in range(0, len(turned), 2)]
    if len(names) != len(pairs) or any({column.name for column in pair} != set(MATCHED) for pair in pairs):
        return columns
    meant = {
        column: replace(column, name=span.name, cohort=column.name or "")
        for pair, span in zip(pairs, names, strict=True)
        for column in pair
    }
    return [meant.get(column, column) for column in columns]


def _counted(columns: list[Column], spans: Sequence[Phrase]) -> list[Column]:
    """Matched and Not Matched over 'n' and '%' each: the n is the count."""
    over = [span for span in spans if cohort_of(span.text)]
    plain = [column for column in columns if column.name is None and key(column.header) in COUNTED]
    if not over or len(over) != len(plain):
        return columns
    meant = {
        column: replace(column, name="not_matched" if cohort_of(span.text) == "Not Matched" else "matched")
        for column, span in zip(plain, over, strict=True)
    }
    return [meant.get(column, column) for column in columns]


def holds_bins(column: Column, rows: Iterable[Sequence[Token]]) -> bool:
    """Say whether some of a column's cells are bins that no figure could be: '181-190', '16 or More'."""
    return any(token.kind == BIN for row in rows for token in row if column.distance(token) == 0)


def all_shares(column: Column, rows: Iterable[Sequence[Token]]) -> bool:
    """Say whether a column holds nothing but percentages and figures in brackets."""
    inside = [token for row in rows for token in row if column.distance(token) == 0]
    return bool(inside) and all(token.share for token in inside)
