"""Contradictions: what no single cell shows. A table of checks, each from all records to problems."""

from collections import defaultdict

from ..layouts import LAYOUTS
from ..problems import Problem
from ..readers.bins import overlaps
from ..readers.rows import as_bin
from .evidence import EVIDENCE_CHECKS


def _group(records, names):
    """Records by the values of some columns; those with one of them unreadable are left out."""
    groups = defaultdict(list)
    for record in records:
        if not record.bad.intersection(names):
            groups[tuple(record.values[name] for name in names)].append(record)
    return groups


def _quartiles_in_order(tables):
    names = ("min", "q1", "median", "q3", "max")
    for record in tables["quartiles"]:
        given = [(name, record.values[name]) for name in names if record.values[name] is not None]
        for (below, low), (above, high) in zip(given, given[1:]):
            if low > high:
                header = record.headers.get(above, above)
                yield record.problem(below, f"at most the {header}, {high:g}", f"is above the {header}")


def _quartiles_complete(tables):
    for record in tables["quartiles"]:
        blank = [
            name for name in ("q1", "median", "q3") if record.values[name] is None and name not in record.bad
        ]
        if 0 < len(blank) < 3 and not record.bad.intersection(("q1", "median", "q3")):
            yield record.problem(
                blank[0], "Q1, Median and Q3 all given, or all blank", "is blank beside the others", ""
            )
        if record.values["n"] == 0 and not blank:
            yield record.problem("n", "blank quartiles where nobody was measured", "has quartiles")


def _iqr_agrees(tables):
    for record in tables["quartiles"]:
        iqr, low, high = (record.values[name] for name in ("iqr", "q1", "q3"))
        if None not in (iqr, low, high) and abs(iqr - (high - low)) > 1:
            yield record.problem("iqr", f"{high - low:g}, Q3 less Q1, within 1", "contradicts the quartiles")


def _mean_within(tables):
    for record in tables["quartiles"]:
        mean, low, high = (record.values[name] for name in ("mean", "min", "max"))
        if mean is not None and ((low is not None and mean < low) or (high is not None and mean > high)):
            edge = " and ".join(
                f"{word} {value:g}" for word, value in (("Min", low), ("Max", high)) if value is not None
            )
            yield record.problem("mean", f"a mean between {edge}", "is outside its own range")


def _cohorts_paired(tables):
    damaged = {
        record.file
        for record in tables["quartiles"]
        if record.bad.intersection(LAYOUTS["quartiles"].identity)
    }
    intact = [record for record in tables["quartiles"] if record.file not in damaged]
    for group, records in _group(
        intact, ("source_id", "year", "applicant_type", "specialty", "measure")
    ).items():
        cohorts = {record.values["cohort"] for record in records}
        if len(cohorts) == 1:
            other = "Not Matched" if "matched" in cohorts else "Matched"
            expected = f"both cohorts of {group[3]}; a suppressed one is there, blank"
            this = "Matched" if "matched" in cohorts else "Not Matched"
            yield records[0].problem("cohort", expected, f"stands without its {other} row", this)


def _cells_of_counts(tables):
    return {
        group: records[0]
        for group, records in _group(
            tables["counts"], ("source_id", "year", "applicant_type", "specialty")
        ).items()
    }


def _cohort_within_counts(tables):
    counts = _cells_of_counts(tables)
    for group, records in _group(
        tables["quartiles"], ("source_id", "year", "applicant_type", "specialty")
    ).items():
        for record in records:
            cell, cohort, n = counts.get(group), record.values["cohort"], record.values["n"]
            if cell is None or cohort is None or n is None:
                continue
            most = cell.values[cohort]
            if most is not None and n > most:
                yield record.problem(
                    "n",
                    f"at most {most:g}, the count in {cell.file} row {cell.row}",
                    "is more than there were",
                )


def _bins_within_counts(tables):
    counts = _cells_of_counts(tables)
    names = ("source_id", "year", "applicant_type", "specialty", "measure")
    for group, records in _group(tables["bins"], names).items():
        cell = counts.get(group[:4])
        for cohort in ("matched", "not_matched") if cell else ():
            total = sum(record.values[cohort] or 0 for record in records)
            most = cell.values[cohort]
            if most is not None and total > most:
                expected = (
                    f"bins of {group[3]} summing to at most {most:g}, the count in {cell.file} row {cell.row}"
                )
                yield records[-1].problem(
                    cohort, expected, f"sums to {total:g} over its bins", records[-1].headers[cohort]
                )


def _bins_apart(tables):
    names = ("source_id", "year", "applicant_type", "specialty")
    groups = [
        *_group(tables["bins"], (*names, "measure")).values(),
        *_group(tables["invited_interviews"], names).values(),
    ]
    for records in groups:
        known = [record for record in records if record.values["bin"] not in (None, "unknown")]
        known.sort(key=lambda record: (record.values["low"] or 0, record.values["high"] or float("inf")))
        for first, second in zip(known, known[1:]):
            alike = first.values["bin"] == second.values["bin"]  # a duplicate row, reported as such
            if not alike and overlaps(as_bin(first), as_bin(second)):
                expected = f"bins apart; row {first.row} has {first.values['bin']}"
                yield second.problem("bin", expected, "overlaps another bin")


def _at_most(layout, part, whole, words):
    def check(tables):
        for record in tables[layout]:
            some, all_ = record.values[part], record.values[whole]
            if some is not None and all_ is not None and some > all_:
                yield record.problem(part, f"at most {all_:g}, {words}", "is more than there were")

    return check


def _counts_within_all(tables):
    for record in tables["counts"]:
        some = [record.values[name] for name in ("matched", "not_matched", "all_applicants")]
        if None not in some and some[0] + some[1] > some[2]:
            yield record.problem(
                "all_applicants", f"at least {some[0] + some[1]:g}, matched and not matched", "is too few"
            )


def _rate_agrees(layout, part, whole):
    def check(tables):
        for record in tables[layout]:
            rate, all_, some = (record.values[name] for name in ("match_rate", whole, part))
            if None not in (rate, all_, some) and all_ and abs(rate - some / all_) > 0.0051:
                expected = f"{some / all_:.1%}, which is {some:g} of {all_:g}"
                yield record.problem("match_rate", expected, "contradicts its own counts")

    return check


def _programs_within_listed(tables):
    for group, records in _group(
        tables["invitations"], ("source_id", "year", "specialty", "applicant_type")
    ).items():
        listed = {
            record.values["programs_listed"]
            for record in records
            if record.values["programs_listed"] is not None
        }
        total = sum(record.values["programs"] or 0 for record in records)
        if len(listed) > 1:
            yield records[-1].problem(
                "programs_listed", f"one number of programs for {group[2]}", "differs from the rows above"
            )
        elif listed and total > max(listed):
            expected = f"programs of {group[2]} summing to at most {max(listed):g}"
            yield records[-1].problem(
                "programs", expected, f"sums to {total:g}", records[-1].headers["programs"]
            )
        for record in records:
            if (
                record.values["coverage"] == "all"
                and not record.bad.intersection(("programs_listed", "coverage"))
                and record.values["programs_listed"] is None
            ):
                yield record.problem(
                    "programs_listed",
                    "how many programs there are, or 'sample' in a column Coverage",
                    "is blank",
                )


def _fee_ranges(tables):
    for record in tables["fees"]:
        low, high = record.values["from_program"], record.values["to_program"]
        if low is not None and high is not None and low > high:
            yield record.problem("to_program", f"{low:g} or more", "ends before it begins")


def _no_repeats(tables):
    """Rows that say the same thing: in one source one by one, between sources of one role once a pair of files."""
    for layout in LAYOUTS.values():
        seen, pairs = {}, {}
        for record in tables[layout.name]:
            if not layout.identity or record.bad.intersection(layout.identity):
                continue
            name = [record.values[column] for column in layout.identity]
            name = (record.values["role"], frozenset(name) if layout.unordered else tuple(name))
            first = seen.setdefault(name, record)
            if first is record:
                continue
            if first.file == record.file:
                spoken = ", ".join(
                    f"{value}" for value in record.values_of(layout.identity) if value is not None
                )
                yield record.problem(None, "each row once", f"repeats row {first.row} ({spoken})")
            else:
                pairs.setdefault((first.file, record.file), []).append((first, record))
        for (before, _), rows in pairs.items():
            first, record = rows[0]
            fault = f"gives the same {layout.name} again as {before} row {first.row}" + (
                f", and {len(rows) - 1} more such rows" if len(rows) > 1 else ""
            )
            yield Problem(
                record.file,
                record.row,
                None,
                None,
                "one table for each year, applicant type and specialty",
                fault,
            )


CHECKS = (
    _quartiles_in_order,
    _quartiles_complete,
    _iqr_agrees,
    _mean_within,
    _cohorts_paired,
    _cohort_within_counts,
    _counts_within_all,
    _bins_apart,
    _bins_within_counts,
    _at_most("ranked_anywhere", "us_img_matched", "us_img_ranked", "those who ranked it"),
    _at_most("ranked_anywhere", "non_us_img_matched", "non_us_img_ranked", "those who ranked it"),
    _at_most("rates", "matched_pgy1", "active_applicants", "the active applicants"),
    _at_most("visa_outcomes", "matched", "applicants", "the applicants"),
    _at_most("invited_interviews", "matched", "applicants", "the applicants"),
    _at_most("first_choices", "first_choice", "ranked", "those who ranked it"),
    _rate_agrees("rates", "matched_pgy1", "active_applicants"),
    _rate_agrees("visa_outcomes", "matched", "applicants"),
    _programs_within_listed,
    _fee_ranges,
    *EVIDENCE_CHECKS,
    _no_repeats,
)


def find_contradictions(tables):
    """Return every contradiction.

    Parameters
    ----------
    tables : dict of str to list of Record
        Records of each layout, all sources together; their values hold source_id and role too.

    Returns
    -------
    list of Problem
        In the order of `CHECKS`.
    """
    full = {name: tables.get(name, []) for name in LAYOUTS}
    return [problem for check in CHECKS for problem in check(full)]
