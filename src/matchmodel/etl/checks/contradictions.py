"""Contradictions: what no single cell shows. A table of checks, each from all records to problems."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf

from ...tabular.cells import CellFault, Value
from ..derived import derived
from ..kinds import of_measure
from ..layouts import LAYOUTS, Layout
from ..problems import Problem
from ..readers.bins import overlaps
from ..readers.rows import Record, as_bin
from .bounds import Boxes, Interval, Printed, boxes, mean_bounds, sd_bounds
from .common import MORE_THAN_THERE_WERE, Check, Tables, at_most, grouped, in_order
from .evidence import EVIDENCE_CHECKS

_CELL = ("source_id", "year", "applicant_type", "specialty")  # what one count is of
_QUARTILES = ("q1", "median", "q3")
MANY = 60  # people, from which on not every number of answers is tried
LEAST_SPREAD = 2  # values that have a standard deviation


def _quartiles_complete(tables: Tables) -> Iterator[Problem]:
    for record in tables["quartiles"]:
        blank = [name for name in _QUARTILES if record.values[name] is None and name not in record.bad]
        if 0 < len(blank) < 3 and not record.has_bad(*_QUARTILES):
            expected = "Q1, Median and Q3 all given, or all blank"
            yield record.problem(blank[0], expected, "is blank beside the others", "")
        if record.values["n"] == 0 and not blank:
            yield record.problem("n", "blank quartiles where nobody was measured", "has quartiles")


def _iqr_agrees(tables: Tables) -> Iterator[Problem]:
    for record in tables["quartiles"]:
        iqr, low, high = record.numbers("iqr", "q1", "q3")
        if iqr is None or low is None or high is None:
            continue
        if abs(iqr - (high - low)) > 1:
            yield record.problem("iqr", f"{high - low:g}, Q3 less Q1, within 1", "contradicts the quartiles")


def _mean_within(tables: Tables) -> Iterator[Problem]:
    for record in tables["quartiles"]:
        mean, low, high = record.numbers("mean", "min", "max")
        if mean is None:
            continue
        if (low is not None and mean < low) or (high is not None and mean > high):
            edges = (("Min", low), ("Max", high))
            edge = " and ".join(f"{word} {value:g}" for word, value in edges if value is not None)
            yield record.problem("mean", f"a mean between {edge}", "is outside its own range")
        elif not record.bad:
            yield from _mean_possible(record)


def _mean_possible(record: Record) -> Iterator[Problem]:
    """What the row's quartiles, extremes and n allow for its mean and standard deviation (`bounds`).

    A report's n is of those who took part, and some of them left a question out (a median of 8.5 of 19), so
    any number of answers from half of n up to n will do. For many people the bounds move little and one way
    with their number, but for its remainder by four: four numbers at either end stand for all.
    """
    n = int(record.number("n") or 0)
    figures = {name: _printed(record, name) for name in ("min", "q1", "median", "q3", "max")}
    given = {name: figure for name, figure in figures.items() if figure is not None}
    mean, sd = _printed(record, "mean"), _printed(record, "sd")
    if not n or not given or (mean is None and sd is None):
        return
    least = (n + 1) // 2
    numbers = range(least, n + 1) if n <= MANY else (*range(least, least + 4), *range(n - 3, n + 1))
    kind = of_measure(record.text("measure"))
    first: tuple[str, str, str] | None = None
    for number in sorted(numbers, reverse=True):
        fault = _fault(boxes(given, number, kind.low or 0, inf if kind.high is None else kind.high), mean, sd)
        if fault is None:
            return
        first = first or fault
    if first:
        yield record.problem(*first)


def _fault(sample: Boxes, mean: Printed | None, sd: Printed | None) -> tuple[str, str, str] | None:
    """Column, what was expected and what is wrong; None where a sample with these figures is possible."""
    if not sample.possible:
        return "n", "quartiles that so many people can have", "does not go with its quartiles"
    allowed = mean_bounds(sample)
    if mean is not None and not allowed.low - mean.half <= mean.value <= allowed.high + mean.half:
        return "mean", _between(allowed), "is no mean that its own quartiles allow"
    if sd is None or len(sample.low) < LEAST_SPREAD:
        return None
    if mean is not None:
        allowed = Interval(mean.value - mean.half, mean.value + mean.half)
    spread = sd_bounds(sample, allowed)
    if spread.low - sd.half <= sd.value <= spread.high + sd.half:
        return None
    return "sd", _between(spread), f"is no SD that its own quartiles{' and mean' if mean else ''} allow"


def _printed(record: Record, name: str) -> Printed | None:
    """A figure with half its last printed digit."""
    value = record.number(name)
    if value is None:
        return None
    return Printed(value, 0.5 * 10.0 ** -len(f"{value:.10f}".rstrip("0").partition(".")[2]))


def _between(bounds: Interval) -> str:
    if bounds.high == inf:
        return f"at least {bounds.low:.1f}"
    return f"between {bounds.low:.1f} and {bounds.high:.1f}"


def _cohorts_paired(tables: Tables) -> Iterator[Problem]:
    identity = LAYOUTS["quartiles"].identity
    damaged = {record.file for record in tables["quartiles"] if record.has_bad(*identity)}
    intact = [record for record in tables["quartiles"] if record.file not in damaged]
    for group, records in grouped(intact, (*_CELL, "measure")).items():
        cohorts = {record.values["cohort"] for record in records}
        if len(cohorts) == 1:
            this, other = ("Matched", "Not Matched") if "matched" in cohorts else ("Not Matched", "Matched")
            expected = f"both cohorts of {group[3]}; a suppressed one is there, blank"
            yield records[0].problem("cohort", expected, f"stands without its {other} row", this)


def _counts_by_cell(tables: Tables) -> dict[tuple[Value, ...], Record]:
    return {group: records[0] for group, records in grouped(tables["counts"], _CELL).items()}


def _cohort_within_counts(tables: Tables) -> Iterator[Problem]:
    counts = _counts_by_cell(tables)
    for group, records in grouped(tables["quartiles"], _CELL).items():
        cell = counts.get(group)
        for record in records if cell else ():
            cohort, n = record.text("cohort"), record.number("n")
            if cell is None or cohort is None or n is None:
                continue
            most = cell.number(cohort)
            if most is not None and n > most:
                expected = f"at most {most:g}, the count in {cell.file} row {cell.row}"
                yield record.problem("n", expected, MORE_THAN_THERE_WERE)


def _bins_within_counts(tables: Tables) -> Iterator[Problem]:
    counts = _counts_by_cell(tables)
    for group, records in grouped(tables["bins"], (*_CELL, "measure")).items():
        cell = counts.get(group[:4])
        if cell is None:
            continue
        last = records[-1]
        for cohort in ("matched", "not_matched"):
            total = sum(record.number(cohort) or 0 for record in records)
            most = cell.number(cohort)
            if most is not None and total > most:
                summing = f"bins of {group[3]} summing to at most {most:g}"
                expected = f"{summing}, the count in {cell.file} row {cell.row}"
                yield last.problem(cohort, expected, f"sums to {total:g} over its bins", last.headers[cohort])


def _bins_apart(tables: Tables) -> Iterator[Problem]:
    groups = [
        *grouped(tables["bins"], (*_CELL, "measure")).values(),
        *grouped(tables["invited_interviews"], _CELL).values(),
    ]
    for records in groups:
        known = [record for record in records if record.values["bin"] not in (None, "unknown")]
        known.sort(key=lambda record: (record.number("low") or 0, record.number("high") or float("inf")))
        for first, second in pairwise(known):
            alike = first.values["bin"] == second.values["bin"]  # a duplicate row, reported as such
            if not alike and overlaps(as_bin(first), as_bin(second)):
                expected = f"bins apart; row {first.row} has {first.values['bin']}"
                yield second.problem("bin", expected, "overlaps another bin")


def _counts_within_all(tables: Tables) -> Iterator[Problem]:
    for record in tables["counts"]:
        matched, not_matched, everyone = record.numbers("matched", "not_matched", "all_applicants")
        if matched is None or not_matched is None or everyone is None:
            continue
        if matched + not_matched > everyone:
            expected = f"at least {matched + not_matched:g}, matched and not matched"
            yield record.problem("all_applicants", expected, "is too few")


def _beside_counts(tables: Tables) -> Iterator[Problem]:
    """Columns made of the counts beside them: the share matched, and all of them together."""
    for record in (*tables["counts"], *tables["means"]):
        matched, missed = record.numbers("matched", "not_matched")
        rate, total = (
            record.number(name) if name in record.values else None for name in ("match_rate", "total")
        )
        if matched is None or missed is None or not matched + missed:
            continue
        share = matched / (matched + missed)
        if total is not None and total != matched + missed:
            expected = f"{matched + missed:g}, matched and not matched"
            yield record.problem("total", expected, "is not the sum of the two")
        if rate is None:
            continue
        cell = record.cells["match_rate"].removesuffix("%").strip()
        digit = 10.0 ** -len(cell.partition(".")[2])  # the last one that is printed
        if abs(rate - share) > 0.5 * digit / (100 if rate < float(cell) else 1) + 1e-9:
            expected = f"{share:.1%}, which is {matched:g} of {matched + missed:g}"
            yield record.problem("match_rate", expected, "contradicts its own counts")


def _metric_agrees(tables: Tables) -> Iterator[Problem]:
    for record in tables["quartiles"]:
        metric = record.text("metric") if "metric" in record.values else None
        if metric is not None and metric != record.values["measure"]:
            yield record.problem("metric", f"{record.values['measure']}", "is another measure")


def _rate_agrees(layout: str, part: str, whole: str) -> Check:
    def check(tables: Tables) -> Iterator[Problem]:
        for record in tables[layout]:
            rate, everyone, some = record.numbers("match_rate", whole, part)
            if rate is None or some is None or not everyone:
                continue
            if abs(rate - some / everyone) > 0.0051:
                expected = f"{some / everyone:.1%}, which is {some:g} of {everyone:g}"
                yield record.problem("match_rate", expected, "contradicts its own counts")

    return check


def _certain_rates_with_counts(layout: str, whole: str) -> Check:
    def check(tables: Tables) -> Iterator[Problem]:
        for record in tables[layout]:
            rate, everyone = record.numbers("match_rate", whole)
            if rate in (0, 1) and everyone is None and not record.has_bad(whole):
                expected = "a rate between them, or how many it is of beside it"
                yield record.problem("match_rate", expected, "is nobody or everybody, without counts")

    return check


def _programs_within_listed(tables: Tables) -> Iterator[Problem]:
    names = ("source_id", "year", "specialty", "applicant_type")
    for group, records in grouped(tables["invitations"], names).items():
        known = [record.number("programs_listed") for record in records]
        listed = {number for number in known if number is not None}
        total = sum(record.number("programs") or 0 for record in records)
        last = records[-1]
        if len(listed) > 1:
            expected = f"one number of programs for {group[2]}"
            yield last.problem("programs_listed", expected, "differs from the rows above")
        elif listed and total > max(listed):
            expected = f"programs of {group[2]} summing to at most {max(listed):g}"
            yield last.problem("programs", expected, f"sums to {total:g}", last.headers["programs"])
        for record in records:
            readable = not record.has_bad("programs_listed", "coverage")
            if readable and record.values["coverage"] == "all" and record.values["programs_listed"] is None:
                expected = "how many programs there are, or 'sample' in a column Coverage"
                yield record.problem("programs_listed", expected, "is blank")


def _fee_ranges(tables: Tables) -> Iterator[Problem]:
    for record in tables["fees"]:
        low, high = record.numbers("from_program", "to_program")
        if low is not None and high is not None and low > high:
            yield record.problem("to_program", f"{low:g} or more", "ends before it begins")


def _fees_of_known_specialties(tables: Tables) -> Iterator[Problem]:
    for record in tables["fees"]:
        try:
            derived("fees", record.values)
        except CellFault as fault:
            yield record.problem("service", f"{fault.expected}, in the brackets", fault.fault)


def _no_repeats(tables: Tables) -> Iterator[Problem]:
    """Rows that say the same thing.

    In one source one by one, between sources of one role once per pair of files.
    """
    for layout in LAYOUTS.values():
        if layout.identity:
            yield from _repeats(layout, tables[layout.name])


def _repeats(layout: Layout, records: Sequence[Record]) -> Iterator[Problem]:
    seen: dict[tuple[Value, object], Record] = {}
    pairs: dict[tuple[str, str], list[tuple[Record, Record]]] = {}
    for record in records:
        if record.has_bad(*layout.identity):
            continue
        values = [record.values[column] for column in layout.identity]
        identity = frozenset(values) if layout.unordered else tuple(values)
        first = seen.setdefault((record.values["role"], identity), record)
        if first is record:
            continue
        if first.file == record.file:
            spoken = ", ".join(f"{value}" for value in record.values_of(layout.identity) if value is not None)
            yield record.problem(None, "each row once", f"repeats row {first.row} ({spoken})")
        else:
            pairs.setdefault((first.file, record.file), []).append((first, record))
    for (before, _), rows in pairs.items():
        first, record = rows[0]
        more = f", and {len(rows) - 1} more such rows" if len(rows) > 1 else ""
        fault = f"gives the same {layout.name} again as {before} row {first.row}{more}"
        yield record.problem(None, "one table for each year, applicant type and specialty", fault)


CHECKS: tuple[Check, ...] = (
    in_order("quartiles", "min", "q1", "median", "q3", "max"),
    _quartiles_complete,
    _iqr_agrees,
    _mean_within,
    _cohorts_paired,
    _cohort_within_counts,
    _counts_within_all,
    _beside_counts,
    _metric_agrees,
    at_most("counts", "matched", "positions", "the positions"),
    _bins_apart,
    _bins_within_counts,
    at_most("ranked_anywhere", "us_img_matched", "us_img_ranked", "those who ranked it"),
    at_most("ranked_anywhere", "non_us_img_matched", "non_us_img_ranked", "those who ranked it"),
    at_most("rates", "matched_pgy1", "active_applicants", "the active applicants"),
    at_most("visa_outcomes", "matched", "applicants", "the applicants"),
    at_most("invited_interviews", "matched", "applicants", "the applicants"),
    at_most("first_choices", "first_choice", "ranked", "those who ranked it"),
    _rate_agrees("rates", "matched_pgy1", "active_applicants"),
    _rate_agrees("visa_outcomes", "matched", "applicants"),
    _certain_rates_with_counts("rates", "active_applicants"),
    _certain_rates_with_counts("visa_outcomes", "applicants"),
    _programs_within_listed,
    _fee_ranges,
    _fees_of_known_specialties,
    *EVIDENCE_CHECKS,
    _no_repeats,
)


def find_contradictions(tables: Mapping[str, Sequence[Record]]) -> list[Problem]:
    """Return every contradiction.

    Parameters
    ----------
    tables
        Records of each layout, all sources together; their values hold source_id and role too.

    Returns
    -------
    list
        In the order of `CHECKS`.
    """
    full = {name: tables.get(name, []) for name in LAYOUTS}
    return [problem for check in CHECKS for problem in check(full)]
