"""From the lines of a table's body to rows that each have their specialty.

Its name may be wrapped, printed once for several rows, or stand as a title above them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ...etl.readers.bins import parse_bin
from ..page.tokens import Token, is_bin
from . import labels

UNNAMED, UNKNOWN, DROPPED, TORN, JOINED, ALONE = 8.0, 6.0, 3.0, 7.0, 0.2, 1.5
Known = Callable[[str], str | None]
MOST = 4  # lines of one name on either side of its figures


@dataclass
class Item:
    """A line of the body.

    Attributes
    ----------
    page
        Where it stands.
    text
        Its part of a specialty's name.
    row
        Whether it has figures, a cohort or a bin; otherwise it is words alone.
    cohort, bin
        What else its label says.
    cells
        Column's number to what stands in it.
    gap
        Distance to the item before, in letters' sizes; large over a page break.
    ruled
        Whether a horizontal rule parts them.
    look
        Font and size, rounded.
    x0
        Where it begins.
    name
        The specialty, once known.
    """

    page: int
    text: str
    row: bool
    cohort: str = ""
    bin: str = ""
    cells: dict[int, list[Token]] = field(default_factory=dict)
    gap: float = 99.0
    ruled: bool = False
    look: tuple[str | int, ...] = ()
    x0: float = 0.0
    name: str = ""


def name_rows(
    items: Sequence[Item], blank_rows: bool, known: Known = labels.specialty_of
) -> tuple[list[Item], list[Item], list[Item]]:
    """Give each row its specialty.

    Parameters
    ----------
    items
        In the order of the report.
    blank_rows
        Whether words alone may be a row whose cells are all blank.
    known
        Whether a text is a name.

    Returns
    -------
    rows : list of Item
        With names.
    dropped : list of Item
        Words alone that belong to no row.
    made : list of Item
        Rows that were words alone.
    """
    each = _Naming(items, [[i] for i, item in enumerate(items) if item.row], blank_rows, known)
    shared = _Naming(items, _groups(items, known), False, known)
    best = each if each.cost <= shared.cost + 1e-9 else shared
    return best.apply()


def _groups(items: Sequence[Item], known: Known) -> list[list[int]]:
    """Rows that share a specialty: until a cohort or a bin comes again, or another specialty is named."""
    groups: list[list[int]] = []
    seen: set[tuple[str, str]] = set()
    names: set[str] = set()
    pending: set[str] = set()
    last: float | None = None
    levels = [level for item in items if item.row and (level := _level(item)) is not None]
    rising = sum(b > a for a, b in pairwise(levels)) >= sum(b < a for a, b in pairwise(levels))
    for i, item in enumerate(items):
        name = known(item.text) if item.text else None
        named = {name} if name else set()
        if not item.row:
            pending |= named
            continue
        mark, told, level = (item.cohort, item.bin), named | pending, _level(item)
        anew = last is not None and level is not None and level != last and (level < last) == rising
        if not groups or mark in seen or anew or (told and names and not told & names):
            groups.append([])
            seen, names = set(), set()
        groups[-1].append(i)
        seen.add(mark)
        names |= told
        pending, last = set(), level if level is not None else last
    return groups


def _level(item: Item) -> float | None:
    """Where a row's bin begins; None where it has none or is unknown."""
    if not item.bin or not is_bin(item.bin):
        return None
    bin_ = parse_bin(item.bin)
    return None if bin_.label == "unknown" else -1 if bin_.low is None else bin_.low


class _Naming:
    """The cheapest way to give lines of words to units of rows.

    Dynamic programming over the gaps between units.
    """

    def __init__(self, items: Sequence[Item], units: list[list[int]], blank_rows: bool, known: Known) -> None:
        self.items, self.units, self.blank_rows, self.known = items, units, blank_rows, known
        ends = [-1, *(unit[-1] for unit in units)]
        starts = [*(unit[0] for unit in units), len(items)]
        self.gaps = [list(range(end + 1, start)) for end, start in zip(ends, starts, strict=True)]
        self._names: dict[tuple[int, int, int], tuple[str, float]] = {}
        self.cost, self.choice = self._solve()

    def _options(self, g: int) -> Iterator[tuple[int, int]]:
        count, last = len(self.gaps[g]), len(self.units)
        for up in range(0 if g == 0 else min(MOST, count), -1, -1):
            for down in range(0, (0 if g == last else min(MOST, count - up)) + 1):
                yield up, down

    def _name(self, u: int, down: int, up: int) -> tuple[str, float]:
        if (u, down, up) not in self._names:
            unit, before, after = self.units[u], self.gaps[u], self.gaps[u + 1]
            inside = [self.items[i].text for i in range(unit[0], unit[-1] + 1)]
            pieces = (
                [self.items[i].text for i in before[len(before) - down :]]
                + inside
                + [self.items[i].text for i in after[:up]]
            )
            self._names[u, down, up] = _one_name([piece for piece in pieces if piece], self.known)
        return self._names[u, down, up]

    def _joins(self, g: int, up: int, down: int) -> float:
        """What it costs to take lines of a gap to the unit above and to the unit below."""
        gap = self.gaps[g]
        below = self.items[gap[-1]].text if down else ""
        if down == 1 and len(self.units[g]) > 1 and self.known(below):
            return JOINED + sum(
                JOINED + _apart(self.items[i]) for i in gap[:up]
            )  # a title over its rows, however far or ruled
        cost = sum(JOINED + _apart(self.items[i]) for i in gap[:up])
        cost += sum(
            JOINED + _apart(self.items[i])
            for i in [*gap[len(gap) - down + 1 :], *([gap[-1] + 1] if down else [])]
        )
        return cost

    def _middle(self, g: int, up: int, down: int) -> tuple[float, list[tuple[list[int], str]]]:
        """What the lines between cost, and which of them are rows of their own."""
        middle = self.gaps[g][up : len(self.gaps[g]) - down]
        cost, i = 0.0, 0
        made: list[tuple[list[int], str]] = []
        while i < len(middle):
            for j in range(min(len(middle), i + 3), i, -1):
                name = labels.join_names([self.items[k].text for k in middle[i:j]])
                if self.blank_rows and self.known(name):
                    cost, made, i = cost + ALONE, [*made, (middle[i:j], labels.plain_name(name))], j
                    break
            else:
                cost += TORN if self._torn(middle[i]) else DROPPED
                i += 1
        return cost, made

    def _torn(self, i: int) -> bool:
        """Whether words look like part of a neighbour's name: as near as its next line, in its letters."""
        item, after = self.items[i], self.items[i + 1] if i + 1 < len(self.items) else None
        before = self.items[i - 1] if i else None
        above = (
            before is not None
            and item.gap < 1.45
            and not item.ruled
            and before.look == item.look
            and abs(before.x0 - item.x0) < 12
        )
        below = (
            after is not None
            and after.gap < 1.45
            and not after.ruled
            and after.look == item.look
            and abs(after.x0 - item.x0) < 12
        )
        return above or below

    def _solve(self) -> tuple[float, list[tuple[int, int]]]:
        count = len(self.units)
        states = {
            down: (self._joins(0, 0, down) + self._middle(0, 0, down)[0], [(0, down)])
            for _, down in self._options(0)
        }
        for u in range(count):
            after: dict[int, tuple[float, list[tuple[int, int]]]] = {}
            for down, (cost, path) in states.items():
                for up, next_down in self._options(u + 1):
                    total = (
                        cost
                        + self._name(u, down, up)[1]
                        + self._joins(u + 1, up, next_down)
                        + self._middle(u + 1, up, next_down)[0]
                    )
                    if next_down not in after or total < after[next_down][0] - 1e-9:
                        after[next_down] = (total, [*path, (up, next_down)])
            states = after
        return min(states.values(), key=lambda state: state[0])

    def apply(self) -> tuple[list[Item], list[Item], list[Item]]:
        """Write the names into the rows."""
        made: list[int] = []
        used: set[int] = set()
        for u, unit in enumerate(self.units):
            down, up = self.choice[u][1], self.choice[u + 1][0]
            name = labels.plain_name(self._name(u, down, up)[0])
            for i in unit:
                self.items[i].name = name
            used |= {
                *self.gaps[u][len(self.gaps[u]) - down :],
                *range(unit[0], unit[-1] + 1),
                *self.gaps[u + 1][:up],
            }
        for g, (up, down) in enumerate(self.choice):
            for lines, name in self._middle(g, up, down)[1]:
                self.items[lines[0]].name = name
                made.append(lines[0])
                used |= {*lines}
        rows = [item for i, item in enumerate(self.items) if item.row or i in made]
        return (
            rows,
            [item for i, item in enumerate(self.items) if i not in used],
            [self.items[i] for i in made],
        )


def _apart(item: Item) -> float:
    """How unlikely it is that a line goes on from the one before it."""
    return min(2 * UNKNOWN, (UNKNOWN if item.ruled else 0.0) + 1.5 * max(0.0, item.gap - 1.6))


def _one_name(pieces: list[str], known: Known) -> tuple[str, float]:
    """The name that pieces make, and what it costs to believe it."""
    if not pieces:
        return "", UNNAMED
    whole = labels.join_names(pieces)
    each = [known(piece) for piece in pieces]
    if known(whole):
        doubled = len(pieces) > 1 and all(each) and not _linked(pieces)
        if not doubled and any(_two(pieces, i, known) for i in range(1, len(pieces))):
            return whole, UNKNOWN
        return (pieces[0], 0.0) if doubled and len(set(each)) == 1 else (whole, 2.0 if doubled else 0.0)
    if all(each) and len(set(each)) == 1:
        return pieces[0], 0.0
    half = len(pieces) // 2
    plain = [labels.plain_name(piece) for piece in pieces]
    if len(pieces) % 2 == 0 and plain[:half] == plain[half:] and known(labels.join_names(pieces[:half])):
        return labels.join_names(pieces[:half]), 0.0  # a wrapped name printed beside both cohorts
    return whole, UNKNOWN


def _two(pieces: list[str], i: int, known: Known) -> bool:
    """Whether pieces are two specialties, one under the other, that together happen to name a third."""
    first, second = labels.join_names(pieces[:i]), labels.join_names(pieces[i:])
    return not _linked([first, second]) and bool(known(first) and known(second))


def _linked(pieces: list[str]) -> bool:
    """Whether each piece but the last ends, or the next begins, as one that goes on: 'Internal Medicine/'."""
    return all(
        a.endswith(("/", "-", "&", "and", "(")) or b.startswith(("/", "-", "&", "and", "("))
        for a, b in pairwise(pieces)
    )
