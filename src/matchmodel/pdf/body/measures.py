"""Pages of one specialty whose rows are measures: which rows are meant, and what their header says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...tabular.cells import key
from ..groups import Choice
from ..page.columns import Column
from ..page.headers import Phrase
from ..page.tokens import NUMBER, Token, chunks, tokens_of
from ..page.words import Line
from . import labels
from .candidates import read_line
from .rows import Item, name_rows

_STATISTICS = {"mean": "mean", "average": "mean", "median": "median"}
_STATISTIC = re.compile(rf"\b(?:{'|'.join(_STATISTICS)})\b", re.IGNORECASE)
_COHORTS = (labels.MATCHED, labels.NOT_MATCHED)


def over_figures(lines: Sequence[Line], zones: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Headers that reach over figures, without the lines at their end that do not: a row's wrapped label."""
    rows = [
        (i, r.figures[0].x0) for i, r in enumerate(map(read_line, lines)) if len(r.figures) > 1 and not r.odd
    ]
    kept = []
    for start, end in zones:
        near = [x0 for i, x0 in rows if i > end][:3] or [x0 for i, x0 in rows if i < start][-3:]
        inner = min(near, default=0.0)
        while end > start and _measures(lines[start:end]) and lines[end].words[-1].x1 < inner:
            end -= 1
        if any(word.x1 > inner for line in lines[start : end + 1] for word in line.words):
            kept.append((start, end))
    return kept


def _measures(zone: Sequence[Line]) -> bool:
    """Whether a header says that the rows are measures."""
    return any(key(word.text) in ("measure", "measures") for line in zone for word in line.words)


def of_measures(zone: Sequence[Line], items: Sequence[Item]) -> bool:
    """Whether the rows are measures: the header says so, or they are and none is a specialty."""
    texts = [item.text for item in items if item.text]
    return bool(items) and (
        _measures(zone)
        or (any(map(labels.measure_of, texts)) and not any(labels.specialty_of(text) for text in texts))
    )


def cohort_columns(
    columns: Sequence[Column], phrases: Iterable[Phrase], zone: Sequence[Line]
) -> list[Column]:
    """Columns that are cohorts alone, named by what stands above them, with the n that their header says."""
    over = sorted((p for p in phrases if labels.cohort_of(p.text)), key=lambda phrase: phrase.x0)
    if len(over) == len(columns) and not any(column.name for column in columns):
        columns = [
            replace(column, name=labels.cohort_of(phrase.text), header=phrase.text)
            for column, phrase in zip(columns, over, strict=True)
        ]
    return [_with_count(column, zone) for column in columns]


def _with_count(column: Column, zone: Sequence[Line]) -> Column:
    """A column whose header says its n, be it on a line of its own: '(n=11)'."""
    told = [
        " ".join(token.text for token in part)
        for line in zone
        for part in chunks(tokens_of(line))
        if part[0].x0 < column.x1 and part[-1].x1 > column.x0
    ]
    count = next((text for text in told if re.fullmatch(r"\(n ?= ?[\d,]+\)", text, re.I)), "")
    return replace(column, header=f"{column.header} {count}".strip()) if column.name else column


def of_measure(
    items: Sequence[Item], columns: Sequence[Column], title: str, choice: Choice
) -> tuple[list[Item], list[Column], tuple[str, ...], bool]:
    """Keep the rows of one measure, where rows are named by measures and a title names the specialty.

    Returns
    -------
    items : list of Item
        Without the measure's name; as they were where none was chosen.
    columns : list of Column
        Where they are cohorts alone, a statistic of each, which the row's name or the title says.
    groups : tuple of str
        The measures, where the choice does not leave just one or their rows are uneven.
    picked : bool
    """
    rows, dropped, _ = name_rows([replace(item) for item in items], False, labels.measure_of)
    units: list[tuple[str, list[Item]]] = []
    for row in rows:
        if not units or row.name != units[-1][0]:
            units.append((row.name or "a measure without a name", []))
        units[-1][1].append(row)
    listed = tuple(name for name, _ in units)
    kept = [unit for unit in units if choice.of([unit[0]])] if str(choice) else units
    if dropped or len({labels.measure_of(name) or name for name, _ in kept}) != 1:
        return list(items), list(columns), listed, False
    if all(column.name in _COHORTS for column in columns if column.name):
        told = [(_STATISTIC.search(name) or _STATISTIC.search(title), rows) for name, rows in kept]
        return _turned(
            [(found, rows[0]) for found, rows in told if found and len(rows) == 1], columns, listed
        )
    cohorts = {tuple(row.cohort for row in rows) for _, rows in units}
    sided = any(column.cohort for column in columns)
    if len(kept) != 1 or len(cohorts) != 1 or not (sided or all(next(iter(cohorts)))):
        return list(items), list(columns), listed, False
    plain = [replace(row, text="", name="") for row in kept[0][1]]
    return [replace(plain[0], gap=1.0, ruled=False), *plain[1:]], list(columns), (), True


def _turned(
    told: Sequence[tuple[re.Match[str], Item]], columns: Sequence[Column], listed: tuple[str, ...]
) -> tuple[list[Item], list[Column], tuple[str, ...], bool]:
    """One row of a specialty from rows that are statistics, under columns that are cohorts."""
    names = [_STATISTICS[found[0].casefold()] for found, _ in told]
    sides = [column.name for column in columns if column.name]
    if not told or len(set(names)) < len(names) or sorted(sides) != sorted(_COHORTS) or len(columns) > 2:
        return [row for _, row in told], list(columns), listed, False
    made: list[Column] = []
    cells: dict[int, list[Token]] = {}
    for i, column in enumerate(columns):
        if not column.name:
            continue
        count = re.search(r"\bn\s*=\s*([\d,]+)", column.header, re.IGNORECASE)
        if count:
            cells[len(made)] = [Token(NUMBER, count[1].strip(","), column.x0, column.x1, 0)]
            made.append(replace(column, name="n", cohort=column.name))
        for name, (_, row) in zip(names, told, strict=True):
            cells[len(made)] = row.cells.get(i, [])
            made.append(replace(column, name=name, cohort=column.name))
    return [replace(told[0][1], text="", name="", gap=1.0, ruled=False, cells=cells)], made, (), True
