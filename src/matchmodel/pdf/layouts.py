"""From a table of a PDF to the rows of a raw layout, and what a person should look at first."""

import re
from collections.abc import Iterable
from itertools import pairwise

from ..etl.layouts import LAYOUTS
from .body import labels
from .body.parts import Segment
from .body.rows import Item
from .page.tokens import clean
from .page.vocabulary import BIN_PREFIX, COUNTS, STATISTICS
from .tables import Doubt, Table, is_wide

Record = tuple[Item, dict[str, str]]  # a row of the table, and the cells of the raw table by name
_NOT = re.compile(r"\b(?:did|not|non-|un-)$|^not\b", re.IGNORECASE)
_ORDER = ("min", "q1", "median", "q3", "max")


def printed(layout: str, name: str) -> str:
    """Return a column's header as a raw table writes it: ``Q1``, ``Not Matched``."""
    return LAYOUTS[layout].column(name).printed


def raw_rows(table: Table, layout: str) -> tuple[list[str], list[list[str]], list[Doubt]]:
    """Lay a table out as a raw table.

    Parameters
    ----------
    table
    layout
        ``quartiles``, ``counts`` or ``bins``.

    Returns
    -------
    header : list of str
    rows : list of list of str
    doubts : list of Doubt
        With those of the table.
    """
    doubts = list(table.doubts)
    names, records = {"quartiles": _quartiles, "counts": _counts, "bins": _bins}[layout](table, doubts)
    header = [printed(layout, name) for name in names]
    _check(records, layout, doubts)
    _check_names(table, doubts)
    return header, [[record.get(name, "") for name in names] for _, record in records], doubts


def row_word(item: Item, *more: str) -> str:
    """Return the words by which doubts name a row."""
    return " ".join(part for part in (item.name or item.text or "a row without a name", *more) if part)


def _cell(segment: Segment, item: Item, index: int, layout: str, doubts: list[Doubt]) -> str:
    """The text of one cell, with a doubt where there is one."""
    column = segment.columns[index]
    tokens = item.cells.get(index, [])
    shares = [token for token in tokens if token.share]
    if len(tokens) > 1 and len(tokens) - len(shares) == 1:  # '542 (68.5%)'
        tokens = [token for token in tokens if not token.share]
    if not tokens:
        return ""
    place = (item.page, row_word(item, item.cohort or column.cohort, item.bin), column.header)
    if len(tokens) > 1:
        doubts.append(
            Doubt(*place, f"'{' '.join(token.text for token in tokens)}' is more than one figure: left blank")
        )
        return ""
    text, why = clean(tokens[0])
    if why:
        doubts.append(Doubt(*place, f"'{tokens[0].text}' {why}"))
    return text


def _cells(
    segment: Segment, item: Item, layout: str, doubts: list[Doubt], cohort: str | None = None
) -> dict[str, str]:
    """Name to text of a row's cells, those of one cohort where it is given."""
    return {
        column.name: _cell(segment, item, i, layout, doubts)
        for i, column in enumerate(segment.columns)
        if column.name
        and column.name not in ("bin", "percent")
        and (cohort is None or column.cohort == cohort)
    }


def _quartiles(table: Table, doubts: list[Doubt]) -> tuple[list[str], list[Record]]:
    wanted = {"n", "q1", "median", "q3"}
    records: list[Record] = []
    for segment, item in table.rows:
        cohorts = sorted({column.cohort for column in segment.columns if column.cohort})
        for cohort in cohorts or [""]:
            cells = _cells(segment, item, "quartiles", doubts, cohort or None)
            shared = _cells(segment, item, "quartiles", doubts, "") if cohort else {}
            said = cohort or item.cohort or segment.cohort
            wanted |= set(cells) & set(STATISTICS)
            if not said:
                doubts.append(
                    Doubt(
                        item.page,
                        row_word(item),
                        "Cohort",
                        "is said nowhere: fill in Matched or Not Matched",
                    )
                )
            shared = {name: text for name, text in shared.items() if name not in cells and name in STATISTICS}
            records.append((item, {"specialty": item.name, "cohort": said, **shared, **cells}))
    order = [column.name for column in LAYOUTS["quartiles"].columns if column.name in wanted]
    return ["specialty", "cohort", *order], records


def _counts(table: Table, doubts: list[Doubt]) -> tuple[list[str], list[Record]]:
    records = [
        (item, {"specialty": item.name, **_cells(segment, item, "counts", doubts)})
        for segment, item in table.rows
    ]
    there = {column.name for segment in table.segments for column in segment.columns}
    return ["specialty", *(name for name in COUNTS if name in there)], records


def _bins(table: Table, doubts: list[Doubt]) -> tuple[list[str], list[Record]]:
    names = ["specialty", "bin", "matched", "not_matched"]
    if not is_wide(table):
        return names, [
            (
                item,
                {
                    "specialty": item.name or _in_title(segment, item, doubts),
                    "bin": item.bin,
                    **_cells(segment, item, "bins", doubts),
                },
            )
            for segment, item in table.rows
        ]
    found: dict[tuple[str, str], Record] = {}
    for segment in table.segments:
        bins = [i for i, column in enumerate(segment.columns) if (column.name or "").startswith(BIN_PREFIX)]
        for column in segment.columns[bins[0] : bins[-1]] if bins else ():
            if column.name is None and column.header.casefold() not in ("total", "all", "n"):
                doubts.append(
                    Doubt(
                        segment.page,
                        "",
                        column.header,
                        "stands among the bins and is none that was understood: left out",
                    )
                )
    for segment, item in table.rows:
        for cohort in sorted(
            {column.cohort for column in segment.columns if (column.name or "").startswith(BIN_PREFIX)}
        ):
            said = cohort or item.cohort or segment.cohort
            if not said:
                doubts.append(
                    Doubt(
                        item.page,
                        row_word(item),
                        "Cohort",
                        "is said nowhere: its figures were taken for those who matched",
                    )
                )
            for name, text in _cells(segment, item, "bins", doubts, cohort).items():
                if name.startswith(BIN_PREFIX):
                    _, record = found.setdefault(
                        (item.name, name), (item, {"specialty": item.name, "bin": name[len(BIN_PREFIX) :]})
                    )
                    side = "not_matched" if said == labels.NOT_MATCHED else "matched"
                    if side in record:
                        doubts.append(
                            Doubt(
                                item.page,
                                row_word(item, said, name[len(BIN_PREFIX) :]),
                                "",
                                f"'{text}' is there twice: the first, '{record[side]}', was kept",
                            )
                        )
                    record.setdefault(side, text)
    return names, list(found.values())


def _in_title(segment: Segment, item: Item, doubts: list[Doubt]) -> str:
    """The specialty that the title of a block of bins names, where neither rows nor a heading do."""
    words = segment.title.replace(":", " ").replace(",", " ").split()
    spans = (
        (i, j)
        for length in range(min(8, len(words)), 0, -1)
        for i in range(len(words) - length + 1)
        for j in (i + length,)
    )
    for i, j in spans:
        name = " ".join(words[i:j])
        if labels.specialty_of(name) not in (None, "All"):
            doubt = Doubt(item.page, "", "Specialty", f"'{name}' was taken from the title '{segment.title}'")
            doubts += [doubt] if doubt not in doubts else []
            return name
    return ""


def _check(records: Iterable[Record], layout: str, doubts: list[Doubt]) -> None:
    """Doubts that the figures themselves raise."""
    seen: dict[tuple[str | None, ...], int] = {}
    for item, record in records:
        place = (item.page, row_word(item, record.get("cohort", ""), record.get("bin", "")))
        name = labels.specialty_of(record["specialty"])
        if not record["specialty"]:
            doubts.append(Doubt(*place, "Specialty", "is blank: no name stands beside or above it"))
        elif name is None:
            doubts.append(Doubt(*place, "Specialty", "is in no list of specialties"))
        identity = (name or record["specialty"], record.get("cohort"), record.get("bin"))
        if identity in seen:
            doubts.append(Doubt(*place, "", f"is there twice, first on page {seen[identity]}"))
        seen.setdefault(identity, item.page)
        if layout == "quartiles":
            given = [
                (printed(layout, key), float(record[key]))
                for key in _ORDER
                if _is_number(record.get(key, ""))
            ]
            for (low, a), (high, b) in pairwise(given):
                if a > b:
                    doubts.append(Doubt(*place, low, f"{a:g} is above the {high}, {b:g}"))
        for key in ("n",) if layout == "quartiles" else COUNTS:
            if _is_number(record.get(key, "")) and float(record[key]) != int(float(record[key])):
                doubts.append(Doubt(*place, printed(layout, key), f"'{record[key]}' is no whole number"))


def _check_names(table: Table, doubts: list[Doubt]) -> None:
    """Doubt each row whose name or cohort may be its neighbour's.

    Where names stand once for several rows and do not go evenly, one too many or too few may have moved all
    that follow. A name that is not understood may hold words of the rows round it, and a 'Not' that belongs
    to no row may turn any cohort round.
    """
    rows = [item for _, item in table.rows]
    marks = [item.cohort or item.bin for item in rows]
    known = [bool(labels.specialty_of(item.name)) for item in rows]
    loose = next(filter(_NOT.search, table.dropped), "")
    uneven = [not _evenly(table)] * len(rows)
    near = [
        wrapped and not all(known[max(0, i - 2) : i + 3])
        for wrapped in [any(not item.row for segment in table.segments for item in segment.items)]
        for i in range(len(rows))
    ]
    for item, mark, moved in zip(rows, marks, map(any, zip(uneven, near, strict=True)), strict=True):
        place = item.page, row_word(item, mark)
        if moved:
            doubts.append(Doubt(*place, "Specialty", "may be its neighbour's: names and rows are uneven"))
        if loose:
            doubts.append(Doubt(*place, "Cohort", f"may be the other: '{loose}' stands beside no row"))


def _evenly(table: Table) -> bool:
    """Whether names that stand once for several rows go evenly with them; true where they do not."""
    rows = [item for _, item in table.rows]
    marks = [item.cohort or item.bin for item in rows]
    if not any(marks) or all(item.text for item in rows) or not any(item.name for item in rows):
        return True
    if not all(marks):
        return False
    groups: list[tuple[str, list[str]]] = []
    for item, mark in zip(rows, marks, strict=True):
        if not groups or groups[-1][0] != item.name:
            groups.append((item.name, []))
        groups[-1][1].append(mark)
    left = any(labels.specialty_of(text) for text in table.dropped)
    even = all(set(marks) == set(groups[0][1]) for _, marks in groups)
    return even and not left and all(labels.specialty_of(name) for name, _ in groups)


def _is_number(text: str) -> bool:
    try:
        float(text)
        return True
    except ValueError:
        return False
