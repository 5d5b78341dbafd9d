"""Groups of columns or of rows with one set of names, told apart by the words above or beside them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from ..etl.kinds import read_applicant_type
from ..etl.words import IMG_TYPES
from ..tabular.cells import CellFault, key
from .body.labels import cohort_of, measure_of
from .page.columns import Column
from .page.headers import Phrase
from .page.tokens import chunks, tokens_of
from .page.vocabulary import PERCENT, VOCABULARY
from .page.words import Line, Word

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Choice:
    """Which of several groups is meant, in words of a person or of the page; empty where it is not said."""

    applicant_type: str = ""
    year: str = ""
    measure: str = ""

    def __str__(self) -> str:
        said = [(f"--{f.name.replace('_', '-')}", getattr(self, f.name)) for f in fields(self)]
        return " ".join(f"{option} {word}" for option, word in said if word)

    def of(self, names: Sequence[str]) -> bool:
        """Say whether names that stand above one another are the group that is meant."""
        whole = [*names, " ".join(names)]
        return all(
            not wanted
            or any(key(wanted) == key(name) or read(wanted) == (read(name) or name) for name in whole)
            for wanted, read in (
                (self.applicant_type, type_of), (self.year, _year), (self.measure, measure_of),
            )
        )  # fmt: skip


ANY = Choice()


def _year(text: str) -> str:
    found = YEAR.search(text)
    return found[0] if found else ""


def type_of(text: str) -> str:
    """Return the applicant type that words name, such as ``us-img``, or an empty text."""
    try:
        return read_applicant_type(YEAR.sub("", text).strip())
    except CellFault:
        return ""


def chosen(
    columns: Sequence[Column],
    cells: Iterable[Phrase],
    lines: Sequence[Line],
    label_end: float,
    choice: Choice,
) -> tuple[list[Column], tuple[str, ...]]:
    """Keep the names of one group of columns, where several have the same names.

    Parameters
    ----------
    columns
        Named, from left to right.
    cells
        The words right above them.
    lines
        The header and what stands right above it, from top to bottom.
    label_end
        Left of this x stand the rows' labels.
    choice

    Returns
    -------
    columns : list of Column
        Those of other groups without a name.
    groups : tuple of str
        What stands above each, where the choice does not leave just one.
    """
    blocks = _blocks(columns)
    if len(blocks) < 2:
        return list(columns), ()
    names = _above([_extent(block, cells) for block in blocks], lines, label_end)
    kept = [i for i, name in enumerate(names) if name and choice.of(name)] if str(choice) else []
    if len(kept) != 1:
        listed = [" ".join(name) for name in names]
        return list(columns), tuple(word or f"group {i}" for i, word in enumerate(listed, start=1))
    others = {
        column: replace(column, name=None, header=f"{' '.join(name)} {column.header}".strip())
        for i, (block, name) in enumerate(zip(blocks, names, strict=True))
        for column in block
        if i != kept[0]
    }
    return [others.get(column, column) for column in columns], ()


def _blocks(columns: Iterable[Column]) -> list[list[Column]]:
    """Columns in groups, a new one where a name comes again; one group where none does."""
    named = [column for column in columns if column.name not in (None, PERCENT)]
    same = [(column.name, column.cohort) for column in named]
    blocks: list[list[Column]] = [[]]
    seen: set[tuple[str | None, str]] = set()
    for column, name in zip(named, same, strict=True):
        if same.count(name) < 2 and not blocks[0]:
            continue
        if name in seen:
            blocks.append([])
            seen.clear()
        seen.add(name)
        blocks[-1].append(column)
    return blocks


def _extent(block: Sequence[Column], cells: Iterable[Phrase]) -> tuple[float, float]:
    """From where to where a group stands, its headers' words with it."""
    cells = list(cells)
    ends = [(column.x0, column.x1) for column in block]
    for column in block:
        over = [cell for cell in cells if cell.text == column.header]
        if over:
            near = min(over, key=lambda cell: abs(cell.x0 + cell.x1 - column.x0 - column.x1))
            ends.append((near.x0, near.x1))
    return min(x0 for x0, _ in ends), max(x1 for _, x1 in ends)


def _above(
    extents: Sequence[tuple[float, float]], lines: Sequence[Line], label_end: float
) -> list[tuple[str, ...]]:
    """What stands above each group, line by line: one text over each, or one over several alike."""
    count = len(extents)
    ends = [label_end, *(x1 for _, x1 in extents)]
    walls = [(end + x0) / 2 for end, (x0, _) in zip(ends, extents, strict=False)] + [float("inf")]
    found: list[list[str]] = [[] for _ in extents]
    for line in lines:
        parts = [
            (" ".join(token.text for token in part), (part[0].x0 + part[-1].x1) / 2)
            for part in chunks(tokens_of(line))
            if (part[0].x0 + part[-1].x1) / 2 > walls[0]
        ]
        several = len(parts) // count
        if several > 1 and len(parts) == several * count:  # a type over each cohort, 'U.S. IMGs Matched'
            told = [
                {_type_in(text) for text, _ in parts[i : i + several]} for i in range(0, len(parts), several)
            ]
            same = all(len(texts) == 1 and "" not in texts for texts in told)
            middles = [(i // several, middle) for i, (_, middle) in enumerate(parts)]
            if same and all(walls[i] < middle < walls[i + 1] for i, middle in middles):
                for names, texts in zip(found, told, strict=True):
                    names += texts
        if not parts or count % len(parts):
            continue
        each = count // len(parts)
        if all(walls[i * each] < middle < walls[(i + 1) * each] for i, (_, middle) in enumerate(parts)):
            for i in range(count):
                found[i].append(parts[i // each][0])
    if len({tuple(names) for names in found}) < count:
        return [()] * count
    return [tuple(names) for names in found]


def _type_in(text: str) -> str:
    """The words of a type of IMGs, alone or before a cohort; or empty."""
    words = text.split()
    heads = ((" ".join(words[:i]), " ".join(words[i:])) for i in range(len(words), 0, -1))
    return next(
        (head for head, rest in heads if type_of(head) in IMG_TYPES and (not rest or cohort_of(rest))), ""
    )


def years_below(line: Line) -> tuple[Word, ...]:
    """Return the years of a line of years, two or more, such as stands under 'Matched' and 'Not Matched'."""
    years = tuple(word for word in line.words if YEAR.fullmatch(word.text))
    heads = line.words[: len(line.words) - len(years)]
    plain = all(key(word.text) in VOCABULARY for word in heads)
    return years if len(years) > 1 and plain and line.words[len(heads) :] == years else ()


def only_years(
    columns: Sequence[Column], years: Sequence[Word], choice: Choice
) -> tuple[list[Column], list[Column], tuple[str, ...]]:
    """Part the columns by the years right above them: those meant, the others; the years where none is."""
    over = {
        column: min(years, key=lambda word: abs(word.x0 + word.x1 - column.x0 - column.x1)).text
        for column in columns
    }
    kept = [column for column in columns if over[column] == choice.year]
    others = [replace(column, name=None, header=year) for column, year in over.items() if column not in kept]
    return (kept, others, ()) if kept else (list(columns), [], tuple(dict.fromkeys(over.values())))
