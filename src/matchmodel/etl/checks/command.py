"""`matchmodel check`: everything that `etl` would refuse, and a summary, without writing."""

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ...errors import RefusedInput, SourceProblems
from ...progress import Soon
from ..kinds import KINDS, NumberKind
from ..pipeline import gather, validate
from ..problems import Problem
from ..readers.rows import Record
from ..sources import Source, TableSpec
from .previous_year import Comparison, against_earlier

_WIDTH = 98  # columns of a terminal


class Summary(NamedTuple):
    """A table in a line."""

    source_id: str
    file: str
    layout: str
    rows: int
    specialties: int
    suppressed: int


class Checked(NamedTuple):
    """A sound raw folder, or a sound source of one.

    Attributes
    ----------
    sources
        Those asked for.
    summaries
        One line per table.
    comparisons
        With earlier years.
    elsewhere
        Problems of other sources than the one asked for.
    """

    sources: tuple[Source, ...]
    summaries: tuple[Summary, ...]
    comparisons: tuple[Comparison, ...]
    elsewhere: int


def check(raw: str | Path, source: str | None = None) -> Checked:
    """Validate the raw sources as `run_etl` does, and write nothing.

    Parameters
    ----------
    raw
        Folder of sources.
    source
        Refuse for problems of this source alone; others are counted.

    Returns
    -------
    Checked
        Summaries and comparisons.

    Raises
    ------
    SourceProblems
        With all problems at once.
    RefusedInput
        For a source that is not there.
    """
    gathered = gather(raw, Soon())
    problems = list(gathered.problems)
    if source is not None:
        seen = {*gathered.sources, *(problem.file.partition("/")[0] for problem in problems)}
        if source not in seen:
            raise RefusedInput(f"no source '{source}' in {raw}; the sources are {', '.join(sorted(seen))}")
        problems = [problem for problem in problems if _concerns(problem, source)]
    if problems:
        raise SourceProblems(problems)
    if not gathered.problems:
        validate(raw, gathered)
    sources = tuple(each for name, each in gathered.sources.items() if source in (None, name))
    summaries = tuple(
        _summary(name, spec, rows) for name, spec, rows in gathered.tables if source in (None, name)
    )
    return Checked(sources, summaries, tuple(against_earlier(gathered, source)), len(gathered.problems))


def _concerns(problem: Problem, source: str) -> bool:
    """Say whether a problem is of a source, or of another that says it contradicts this one."""
    return (
        problem.file.partition("/")[0] == source
        or f" {source}/" in problem.fault
        or f" {source}/" in problem.expected
    )


def _summary(source_id: str, spec: TableSpec, records: Sequence[Record]) -> Summary:
    layout, file = spec.layout.name.replace("_", "-"), spec.name.partition("/")[2]
    measures = _named(records, "measure")
    if len(measures) == 1:
        layout += f" of {next(iter(measures))}"
    elif measures:
        layout += f" of {len(measures)} measures"
    figures = [
        column.name
        for column in spec.layout.columns
        if column.blank and isinstance(KINDS[column.kind], NumberKind)
    ]
    suppressed = sum(
        record.values[name] is None for record in records for name in figures if name in record.headers
    )
    specialties = _named(records, "specialty") - {"All"}
    return Summary(source_id, file, layout, len(records), len(specialties), suppressed)


def _named(records: Iterable[Record], column: str) -> set[str]:
    """The texts of a column, blanks and absent columns apart."""
    texts = (record.text(column) for record in records if column in record.values)
    return {text for text in texts if text}


def lines(checked: Checked) -> list[str]:
    """Return the lines that the command prints, within 100 columns."""
    text: list[str] = []
    for source in checked.sources:
        consent = "consent asked for" if source.consent else "open"
        text.append(f"{source.id}: {source.year}, {source.role}, grade {source.grade}, {consent}")
        text += _tables([summary for summary in checked.summaries if summary.source_id == source.id])
        for comparison in checked.comparisons:
            if comparison.source_id == source.id:
                text += _compared(comparison)
        text.append("")
    rows = sum(summary.rows for summary in checked.summaries)
    sources, files = _many(len(checked.sources), "source"), _many(len(checked.summaries), "file")
    text.append(f"{sources}, {files}, {_many(rows, 'row')}: no problems found; nothing was written")
    if checked.elsewhere:
        text.append(
            f"other sources have {_many(checked.elsewhere, 'problem')}, and etl would refuse them: "
            "matchmodel check without --source names them"
        )
    return text


def _tables(summaries: Sequence[Summary]) -> list[str]:
    """One line per table of a source."""
    longest = max([6, *(len(each.layout) for each in summaries)])
    room = max(_WIDTH - 35 - longest, 20)  # the columns of numbers and the gaps take 35
    cells = [
        (
            _clipped(each.file, room),
            each.layout,
            f"{each.rows:,}",
            str(each.specialties or ""),
            f"{each.suppressed:,}",
        )
        for each in summaries
    ]
    return _columns(("file", "layout", "rows", "specialties", "suppressed"), cells, "  ", numbers=3)


def _many(count: int, word: str, plural: str | None = None) -> str:
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def _compared(comparison: Comparison) -> list[str]:
    years = f"{comparison.year} compared with {comparison.before_year} ({comparison.before_source})"
    text = ["", *_wrapped(f"{comparison.label}, {years}", "  ", "    ")]
    if comparison.common or comparison.came or comparison.went:
        parts = [f"{_many(len(comparison.common), 'specialty', 'specialties')} in both"]
        parts += [f"came: {', '.join(comparison.came)}"] if comparison.came else []
        parts += [f"went: {', '.join(comparison.went)}"] if comparison.went else []
        text += _wrapped("; ".join(parts), "    ", "      ")
    if not comparison.compared:
        return text
    figures = f"{_many(comparison.compared, 'figure')} compared with the 80% range of {comparison.spread}: "
    if not comparison.moves:
        return text + _wrapped(f"{figures}none past it", "    ", "      ")
    past = (
        f"{len(comparison.moves)} past it (by chance alone up to 1 in 5), for a second look: "
        "transcription errors live there"
    )
    text += _wrapped(figures + past, "    ", "      ")
    cells = [(_clipped(move.what, 56), move.before, move.now, move.range) for move in comparison.moves]
    header = ("", str(comparison.before_year), str(comparison.year), "80% range")
    return text + _columns(header, cells, "      ", numbers=3)


def _columns(header: Sequence[str], rows: Iterable[Sequence[str]], indent: str, numbers: int) -> list[str]:
    """Lines of a table, its last `numbers` columns to the right."""
    table = [header, *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(header))]
    sides = ["<"] * (len(header) - numbers) + [">"] * numbers
    text = []
    for row in table:
        cells = zip(row, sides, widths, strict=True)
        text.append((indent + "  ".join(f"{cell:{side}{width}}" for cell, side, width in cells)).rstrip())
    return text


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def run_check(raw: str | Path, source: str | None = None) -> None:
    """Check and print; parameters as of `check`."""
    print("\n".join(lines(check(raw, source))))
