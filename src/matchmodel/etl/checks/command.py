"""`matchmodel check`: everything that `etl` would refuse, and a summary, without writing."""

import textwrap
from typing import NamedTuple

from ...errors import RefusedInput, SourceProblems
from ...progress import Soon
from ..kinds import KINDS
from ..pipeline import gather, validate
from .previous_year import against_earlier

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
    sources : tuple of Source
        Those asked for.
    summaries : tuple of Summary
        A line a table.
    comparisons : tuple of Comparison
        Against earlier years.
    elsewhere : int
        Problems of other sources than the one asked for.
    """

    sources: tuple
    summaries: tuple
    comparisons: tuple
    elsewhere: int


def check(raw, source=None):
    """Validate the raw sources as `run_etl` does, and write nothing.

    Parameters
    ----------
    raw : str or Path
        Folder of sources.
    source : str, optional
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


def _concerns(problem, source):
    """Say whether a problem is of a source, or of another that says it contradicts this one."""
    return (
        problem.file.partition("/")[0] == source
        or f" {source}/" in problem.fault
        or f" {source}/" in problem.expected
    )


def _summary(source_id, spec, records):
    measures = {record.values["measure"] for record in records if record.values.get("measure")}
    of = (
        f" of {next(iter(measures))}"
        if len(measures) == 1
        else f" of {len(measures)} measures"
        if measures
        else ""
    )
    specialties = {
        record.values["specialty"]
        for record in records
        if record.values.get("specialty") not in (None, "", "All")
    }
    figures = [column.name for column in spec.layout.columns if KINDS[column.kind].number and column.blank]
    suppressed = sum(
        record.values[name] is None for record in records for name in figures if name in record.headers
    )
    file = spec.name.partition("/")[2]
    return Summary(
        source_id, file, spec.layout.name.replace("_", "-") + of, len(records), len(specialties), suppressed
    )


def lines(checked):
    """Return the lines that the command prints, within 100 columns."""
    made = []
    for source in checked.sources:
        consent = "consent asked for" if source.consent else "open"
        made += [f"{source.id}: {source.year}, {source.role}, grade {source.grade}, {consent}"]
        own = [summary for summary in checked.summaries if summary.source_id == source.id]
        most = (
            _WIDTH - 35 - max([6, *(len(each.layout) for each in own)])
        )  # the columns of numbers and the gaps take 35
        cells = [
            (
                _clipped(each.file, max(most, 20)),
                each.layout,
                f"{each.rows:,}",
                f"{each.specialties or '':}",
                f"{each.suppressed:,}",
            )
            for each in own
        ]
        made += _columns(("file", "layout", "rows", "specialties", "suppressed"), cells, "  ", numbers=3)
        for comparison in checked.comparisons:
            if comparison.source_id == source.id:
                made += _against(comparison)
        made.append("")
    rows = sum(summary.rows for summary in checked.summaries)
    found = f"{_many(len(checked.sources), 'source')}, {_many(len(checked.summaries), 'file')}, {_many(rows, 'row')}: all sound; nothing was written"
    made.append(found)
    if checked.elsewhere:
        made.append(
            f"other sources have {_many(checked.elsewhere, 'problem')}, and etl would refuse them: matchmodel check without --source names them"
        )
    return made


def _many(count, word):
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def _against(comparison):
    made = [
        "",
        *_wrapped(
            f"{comparison.label}, {comparison.year} against {comparison.before_year} ({comparison.before_source})",
            "  ",
            "    ",
        ),
    ]
    if comparison.common or comparison.came or comparison.went:
        parts = [f"{_many(len(comparison.common), 'specialty').replace('specialtys', 'specialties')} in both"]
        parts += [f"came: {', '.join(comparison.came)}"] if comparison.came else []
        parts += [f"went: {', '.join(comparison.went)}"] if comparison.went else []
        made += _wrapped("; ".join(parts), "    ", "      ")
    if not comparison.compared:
        return made
    held = f"{_many(comparison.compared, 'figure')} held against the 80% range of {comparison.held_against}: "
    if not comparison.moves:
        return made + _wrapped(f"{held}none past it", "    ", "      ")
    past = f"{len(comparison.moves)} past it (by chance alone up to 1 in 5), for a second look: transcription errors live there"
    made += _wrapped(held + past, "    ", "      ")
    cells = [(_clipped(move.what, 56), move.before, move.now, move.range) for move in comparison.moves]
    return made + _columns(
        ("", str(comparison.before_year), str(comparison.year), "80% range"), cells, "      ", numbers=3
    )


def _columns(header, rows, indent, numbers):
    """Lines of a table, its last `numbers` columns to the right."""
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    aligned = ["<"] * (len(header) - numbers) + [">"] * numbers
    return [
        (
            indent + "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, aligned, widths))
        ).rstrip()
        for row in (header, *rows)
    ]


def _clipped(text, most):
    return text if len(text) <= most else text[: most - 1] + "…"


def _wrapped(text, first, then):
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def run_check(raw, source=None):
    """Check and print; parameters as of `check`."""
    print("\n".join(lines(check(raw, source))))
