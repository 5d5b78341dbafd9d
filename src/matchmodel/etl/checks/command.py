"""`matchmodel check`: everything that `etl` would refuse, and a summary, without writing."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ...errors import RefusedInput, SourceProblems, clipped
from ...progress import Soon
from ...report.blocks import Block, Code, Grid, Items, Page, Section, Text
from ...report.terminal import terminal
from ...report.wording import counted
from ..kinds import KINDS, NumberKind
from ..pipeline import gather, validate
from ..problems import Problem
from ..readers.rows import Record
from ..sources import Source, TableSpec
from .previous_year import Comparison, against_earlier


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
    odd
        What is possible and odd, of those sources.
    said
        File, and what was left out of it.
    """

    sources: tuple[Source, ...]
    summaries: tuple[Summary, ...]
    comparisons: tuple[Comparison, ...]
    elsewhere: int
    odd: tuple[Problem, ...]
    said: tuple[tuple[str, str], ...]


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
    odd = tuple(problem for problem in gathered.odd if source in (None, problem.file.partition("/")[0]))
    return Checked(
        sources,
        summaries,
        tuple(against_earlier(gathered, source)),
        len(gathered.problems),
        odd,
        gathered.said,
    )


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


def page(checked: Checked) -> Page:
    """Return the page that the command prints."""
    sections = []
    for source in checked.sources:
        consent = "consent asked for" if source.consent else "open"
        blocks: list[Block] = [_tables(each for each in checked.summaries if each.source_id == source.id)]
        for comparison in checked.comparisons:
            if comparison.source_id == source.id:
                blocks += _compared(comparison)
        blocks += _odd(source, [each for each in checked.odd if each.file.partition("/")[0] == source.id])
        said = [
            f"{file.partition('/')[2]}: {line}"
            for file, line in checked.said
            if file.startswith(f"{source.id}/")
        ]
        blocks += [Items(tuple(said))] if said else []
        title = f"{source.id}: {source.year}, {source.role}, grade {source.grade}, {consent}"
        sections.append(Section(title, tuple(blocks)))
    rows = sum(summary.rows for summary in checked.summaries)
    sources, files = counted(len(checked.sources), "source"), counted(len(checked.summaries), "file")
    last = [Text(f"{sources}, {files}, {counted(rows, 'row')}: no problems found; nothing was written")]
    if checked.odd:
        last.append(Text(f"{counted(len(checked.odd), 'odd figure')} to look up; see above"))
    if checked.elsewhere:
        other = (
            f"other sources have {counted(checked.elsewhere, 'problem')}, and etl would refuse them: "
            "matchmodel check without --source names them"
        )
        last.append(Text(other))
    return Page("The raw tables, checked", (*sections, Section("", tuple(last))))


def _tables(summaries: Iterable[Summary]) -> Grid:
    """Return a row per table of a source."""
    rows = tuple(
        (clipped(s.file), s.layout, f"{s.rows:,}", str(s.specialties or ""), f"{s.suppressed:,}")
        for s in summaries
    )
    return Grid(("file", "", "rows", "specialties", "suppressed"), rows, frozenset({0, 1}))


def _odd(source: Source, odd: Sequence[Problem]) -> Iterator[Block]:
    """What is odd in a source, and whether somebody has signed for it."""
    if not odd:
        return
    count = counted(len(odd), "odd figure")
    yield Text(f"{count}. Look {'it' if len(odd) == 1 else 'them'} up in the report again:")
    yield Items(tuple(str(problem).partition("/")[2] for problem in odd))
    if source.looked_over:
        yield Text(f"Signed for: looked_over = {source.looked_over}")
    else:
        yield Text(
            ("Where they are right, write ", Code('looked_over = "initials, date"'),
             " into source.toml. etl refuses the source until then.")
        )  # fmt: skip


def _compared(comparison: Comparison) -> Iterator[Block]:
    years = f"{comparison.year} compared with {comparison.before_year} ({comparison.before_source})"
    parts = []
    if comparison.common or comparison.came or comparison.went:
        parts.append(f"{counted(len(comparison.common), 'specialty', 'specialties')} in both")
    parts += [f"came: {', '.join(comparison.came)}"] if comparison.came else []
    parts += [f"went: {', '.join(comparison.went)}"] if comparison.went else []
    if comparison.compared:
        figures = counted(comparison.compared, "figure")
        past = (
            f"{len(comparison.moves)} past it (by chance alone up to 1 in 5), for a second look: "
            "transcription errors live there"
        )
        outside = past if comparison.moves else "none past it"
        parts.append(f"{figures} compared with the 80% range of {comparison.spread}: {outside}")
    yield Text(f"{comparison.label}, {years}")
    if parts:
        yield Items(tuple(parts))
    if comparison.moves:
        header = ("", str(comparison.before_year), str(comparison.year), "80% range")
        yield Grid(header, tuple((move.what, move.before, move.now, move.range) for move in comparison.moves))


def run_check(raw: str | Path, source: str | None = None) -> None:
    """Check and print; parameters as of `check`."""
    print("\n".join(terminal(page(check(raw, source)))))
