"""Tables put together from their parts: over page breaks, side by side, block under block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .body import labels
from .body.parts import Segment
from .body.rows import Item, name_rows
from .page.vocabulary import BIN_PREFIX, PERCENT


@dataclass(frozen=True)
class Doubt:
    """A place that a person should look at first.

    Attributes
    ----------
    page
        Of the PDF.
    row, column
        Where on the page; empty where the whole row or table is meant.
    why
        What was seen and what was made of it.
    """

    page: int
    row: str
    column: str
    why: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"page {self.page}", self.row, self.column) if part)
        return f"{place}: {self.why}"


@dataclass(frozen=True)
class Table:
    """A table over all its pages.

    Attributes
    ----------
    segments
    rows
        Named rows with the segment whose columns they stand in.
    doubts
    dropped
        Words that were taken for no row.
    """

    segments: tuple[Segment, ...]
    rows: tuple[tuple[Segment, Item], ...]
    doubts: tuple[Doubt, ...]
    dropped: tuple[str, ...] = ()

    @property
    def pages(self) -> list[int]:
        """Its pages, in order."""
        return sorted({segment.page for segment in self.segments})

    @property
    def title(self) -> str:
        """The line above it, cut to a length that a message bears."""
        title = next(
            (
                segment.heading or segment.title
                for segment in self.segments
                if segment.heading or segment.title
            ),
            "",
        )
        return title if len(title) <= 70 else title[:69] + "…"


def join(segments: Iterable[Segment], layout: str) -> list[Table]:
    """Put segments together to tables.

    Parameters
    ----------
    segments
        In the order of the pages.
    layout

    Returns
    -------
    list of Table
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        if groups and _goes_on(groups[-1], segment, layout):
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return [table for table in (_table(group, layout) for group in groups) if _sound(table, layout)]


def _goes_on(group: Sequence[Segment], segment: Segment, layout: str) -> bool:
    """Whether a segment is more of the table that the group is."""
    last = group[-1]
    if not segment.headed:
        return True
    if segment.shape != last.shape:
        return False
    numbers = {part.number for part in group if part.number} | ({segment.number} if segment.number else set())
    over_pages = segment.page != last.page and segment.first and last.last and len(numbers) < 2
    blocks = bool(segment.heading and last.heading)
    cohorts = bool(segment.cohort and segment.cohort not in {part.cohort for part in group})
    if not (over_pages or blocks or cohorts or segment.beside):
        return False
    return _repeats(_table([*group, segment], layout)) <= _repeats(_table(group, layout))


def _repeats(table: Table) -> int:
    """How many rows a table has twice, as far as they are named."""
    names = [
        (labels.specialty_of(item.name), item.cohort or segment.cohort, item.bin)
        for segment, item in table.rows
    ]
    names = [name for name in names if name[0] not in (None, "All")]
    return len(names) - len(set(names))


def _sound(table: Table, layout: str) -> bool:
    """Whether the rows are the layout's: a third of known specialties, of bins several to a specialty."""
    if any(segment.groups for segment in table.segments):
        return True  # to be refused with the groups named
    names = [labels.specialty_of(item.name) for _, item in table.rows]
    if layout == "bins" and not is_wide(table):
        binned = sum(bool(item.bin) for _, item in table.rows)
        return 5 * binned >= 4 * len(names) and (2 * len(set(names)) <= len(names) or len(names) == 1)
    return 3 * sum(name is not None for name in names) >= len(names)


def _table(segments: Sequence[Segment], layout: str) -> Table:
    items: list[Item] = []
    home: dict[int, Segment] = {}
    for segment in segments:
        if segment.heading:
            items.append(Item(segment.page, segment.heading, False, look=("heading",)))
        for item in segment.items:
            item = replace(item, name="")
            items.append(item)
            home[id(item)] = segment
    in_rows = any(item.cohort and item.cells for item in items)
    doubts: list[Doubt] = []
    if not in_rows:
        items = _sections(items)
    plain = not in_rows and not any(item.bin for item in items)
    rows, dropped, made = name_rows(items, blank_rows=plain)
    for segment in segments:
        doubts += [
            Doubt(
                page,
                label,
                "",
                f"'{text}' {'stands under no header' if label else 'was taken for no row'} and was left out",
            )
            for page, label, text in segment.stray
        ]
    doubts += [
        Doubt(item.page, "", "", f"'{item.text}' was taken for no row and left out")
        for item in dropped
        if item.text and item.look != ("heading",)
    ]
    doubts += [
        Doubt(item.page, item.name, "", "has no figures: taken for a row whose cells are all blank")
        for item in made
    ]
    for item in rows:
        home.setdefault(id(item), next((s for s in segments if s.page == item.page), segments[0]))
    return Table(
        tuple(segments),
        tuple((home[id(item)], item) for item in rows),
        tuple(doubts),
        tuple(item.text for item in dropped if item.look != ("heading",)),
    )


def _sections(items: Iterable[Item]) -> list[Item]:
    """A cohort that stands alone above its rows is theirs, down to the next one."""
    kept, cohort = [], ""
    for item in items:
        if item.cohort and not item.cells and not item.text:
            cohort = item.cohort
            continue
        item.cohort = item.cohort or cohort
        kept.append(item)
    return kept


def found_headers(table: Table) -> tuple[list[str], list[str]]:
    """Return a table's printed headers: those that the layout has, and those that it has not."""
    columns = table.segments[0].columns
    used = [column.header for column in columns if column.name not in (None, PERCENT)]
    unused = [
        column.header or "a column without a header" for column in columns if column.name in (None, PERCENT)
    ]
    return used, unused


def is_wide(table: Table) -> bool:
    """Whether the columns are bins."""
    return any((column.name or "").startswith(BIN_PREFIX) for column in table.segments[0].columns)
