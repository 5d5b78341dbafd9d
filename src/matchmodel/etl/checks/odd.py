"""What is possible and odd: listed for a second look, and signed in source.toml before etl takes it.

The thresholds are wide: three times, or more, what sampling and the usual change of a year explain, so that a
sound table has nothing listed. `previous_year` lists much smaller moves, which nobody has to sign.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import hypot, log, sqrt
from statistics import median

from ..kinds import EXAM_MEASURES
from ..problems import Problem
from ..readers.rows import Record
from .common import Tables, grouped
from .years import Rows, quartile_se, year_pairs

FAR = 3.0  # standard deviations
SWAPPED = 6.0  # log likelihood by which two rows fit one another's figures better: e^6 is about 400 to 1
LEAST = 5  # specialties, below which a table has no order to compare
NUMBERS = 30  # applicants, from which on two years are not alike by chance
# Usual change in a year, as a standard deviation of logs: wider than any two published years
_YEARLY = {"number": 0.2, "positions": 0.1, "all_applicants": 0.2, "log odds": 0.3, "all": 0.1}
_TAKING_PART = 0.5  # of the log odds of being among those measured, over specialties
_PER_POSITION = 0.4  # of the log of applicants per position, over specialties
_CELL = ("source_id", "year", "applicant_type", "specialty")

Figures = dict[str, tuple[float, float]]  # a specialty's logs by what they are of, with their variances


def find_odd(tables: Tables) -> list[Problem]:
    """Return what a person should look up in the report again; rows that could not be read are left out.

    Parameters
    ----------
    tables
        Records of each layout.
    """
    full: dict[str, list[Record]] = defaultdict(list)
    for name, records in tables.items():
        full[name] = [record for record in records if not record.bad]
    found = [*_years_apart(full), *_taking_part(full), *_numbers_differ(full), *_sizes(full), *_shapes(full)]
    return list(dict.fromkeys(found))


def _years_apart(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    for table, now, before in year_pairs(tables):
        if table.layout in ("counts", "ranked_anywhere", "quartiles", "bins"):
            yield from _again(now, before)
        if table.layout in ("counts", "ranked_anywhere"):
            yield from _rows_moved(now, before)
        if table.layout == "quartiles":
            yield from _quartiles_far(now, before)


def _name(record: Record) -> str:
    parts = [record.text(name) for name in ("specialty", "cohort", "bin") if name in record.values]
    return ", ".join(part for part in parts if part)


def _again(now: Rows, before: Rows) -> Iterator[Problem]:
    """The earlier year's table, or half of it, handed in again."""

    def printed(record: Record) -> tuple[float, ...]:
        numbers = (
            value for name, value in record.values.items() if isinstance(value, float) and name != "year"
        )
        return tuple(numbers)

    former = {_name(record): printed(record) for record in before.records}
    large = [
        record
        for record in now.records
        if _name(record) in former and max(printed(record), default=0) >= NUMBERS
    ]
    alike = [record for record in large if printed(record) == former[_name(record)]]
    if len(alike) >= 3 and 2 * len(alike) >= len(large):
        fault = (
            f"{len(alike)} of {len(large)} rows have the very figures of {before.year} ({before.source_id})"
        )
        yield Problem(alike[0].file, None, None, None, f"figures of {now.year}", fault)


def _figures(record: Record) -> Figures:
    """Logs of a row's figures, each with its sampling variance; a half is added to what may be zero."""
    found: Figures = {}
    if "us_img_ranked" in record.values:
        pairs = {
            "US IMG ": ("us_img_matched", "us_img_ranked"),
            "non-US IMG ": ("non_us_img_matched", "non_us_img_ranked"),
        }
    else:
        pairs = {"": ("matched", "not_matched")}
    for whose, names in pairs.items():
        some, other = record.numbers(*names)
        if some is None or other is None:
            continue
        missed = other - some if whose else other
        if some + missed > 0:
            found[f"{whose}number"] = log(some + missed), 1 / (some + missed)
            m, u = some + 0.5, missed + 0.5
            found[f"{whose}log odds"] = log(m / u), 1 / m + 1 / u
    for name in ("positions", "all_applicants"):
        value = record.number(name) if name in record.values else None
        if value:
            found[name] = log(value), 1 / value
    return found


def _yearly(name: str) -> float:
    return _YEARLY[name.rpartition("IMG ")[2]]


def _cost(now: Figures, before: Figures, gap: int) -> float:
    """Half the squared distance of two rows' figures, in standard deviations of a year's change."""
    total = 0.0
    for name in now.keys() & before.keys():
        (a, va), (b, vb) = now[name], before[name]
        total += (a - b) ** 2 / (2 * (_yearly(name) ** 2 * gap + va + vb))
    return total


def _rows_moved(now: Rows, before: Rows) -> Iterator[Problem]:
    gap = now.year - before.year
    former = {record.text("specialty"): _figures(record) for record in before.records}
    rows = {record.text("specialty"): record for record in now.records}
    figures = {name: _figures(record) for name, record in rows.items() if name in former}
    seen = set()
    for name, found in figures.items():
        for what in found.keys() & former[name].keys():
            (a, va), (b, vb) = found[what], former[name][what]
            if abs(a - b) <= FAR * sqrt(_yearly(what) ** 2 * gap + va + vb):
                continue
            nearest = min(
                former, key=lambda other: _cost(found, former[other], gap) if former[other] else 1e9
            )
            like = f"; it is nearest to {nearest} of {before.year}" if nearest != name else ""
            fault = (
                f"{_spoken(what)} went from {_value(what, b)} to {_value(what, a)} since {before.year}{like}"
            )
            yield _of_row(rows[name], f"figures of {name}", fault)
            seen.add(name)
    for one, other in combinations((name for name in figures if name not in seen), 2):
        own = _cost(figures[one], former[one], gap) + _cost(figures[other], former[other], gap)
        crossed = _cost(figures[one], former[other], gap) + _cost(figures[other], former[one], gap)
        if own - crossed > SWAPPED:
            fault = f"its figures and those of {other} look swapped, compared with {before.year}"
            yield _of_row(rows[one], f"figures of {one}", fault)
    yield from _whole_tables(figures, former, now, before)


def _whole_tables(
    figures: Mapping[str | None, Figures], former: Mapping[str | None, Figures], now: Rows, before: Rows
) -> Iterator[Problem]:
    """Totals over the specialties of both years, and whether they stand in the same order of size."""
    gap, file = now.year - before.year, now.records[0].file
    for what in dict.fromkeys(name for found in figures.values() for name in found if "log" not in name):
        common = [name for name in figures if what in figures[name] and what in former[name]]
        pairs = [(_size(figures[name][what][0]), _size(former[name][what][0])) for name in common]
        if not pairs:
            continue
        new, old = (sum(side) for side in zip(*pairs, strict=True))
        if abs(log(new / old)) > FAR * sqrt(_YEARLY["all"] ** 2 * gap + 1 / new + 1 / old) and len(pairs) > 1:
            sums = f"sum to {new:,.0f}, {old:,.0f} in {before.year}"
            fault = f"{_several(what)} of {len(pairs)} specialties {sums}"
            yield Problem(file, None, None, None, f"figures of {now.year}", fault)
        if len(pairs) >= LEAST and (r := _rank_correlation(pairs)) < 0.75:
            fault = (
                f"{_several(what)} stand in another order than in {before.year} (rank correlation {r:.2f})"
            )
            yield Problem(file, None, None, None, "each specialty with its own figures", fault)


def _size(logarithm: float) -> float:
    return float(round(2.718281828459045**logarithm))


def _spoken(what: str) -> str:
    return {"number": "its number of applicants", "log odds": "its share matched"}.get(
        what,
        what.replace("number", "number of applicants").replace("log odds", "share matched").replace("_", " "),
    )


def _several(what: str) -> str:
    return what.replace("number", "applicants").replace("_", " ")


def _value(what: str, logarithm: float) -> str:
    size = 2.718281828459045**logarithm
    return f"{size / (1 + size):.0%}" if "log odds" in what else f"{size:,.0f}"


def _of_row(record: Record, expected: str, fault: str) -> Problem:
    return Problem(record.file, record.row, None, None, expected, fault)


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks, those of equal values being their mean."""
    return [sum(v < value for v in values) + (sum(v == value for v in values) - 1) / 2 for value in values]


def _rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Spearman's correlation (American Journal of Psychology 15:72, 1904); 1 where a side is all alike."""
    a, b = (_ranks(side) for side in zip(*pairs, strict=True))
    middle = (len(pairs) - 1) / 2
    top = sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    below = sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    return top / below if below else 1.0


def _quartiles_far(now: Rows, before: Rows) -> Iterator[Problem]:
    """Quartiles of an exam further from the earlier ones than rounding, sampling and a usual change."""
    former = {_name(record): record for record in before.records}
    for record in now.records:
        old = former.get(_name(record))
        if old is None or record.text("measure") not in EXAM_MEASURES:
            continue
        q1, q3, n = old.numbers("q1", "q3", "n")
        mine = record.number("n")
        if q1 is None or q3 is None or not n or not mine:
            continue
        for name, point in {"q1": 0.25, "median": 0.5, "q3": 0.75}.items():
            new, earlier = record.number(name), old.number(name)
            if new is None or earlier is None:
                continue
            usual = 3.0 * sqrt(now.year - before.year)  # points; the passing mark rose by five in three years
            error = hypot(quartile_se(point, q3 - q1, n), quartile_se(point, q3 - q1, mine), usual)
            if abs(new - earlier) > 1 + FAR * error:
                fault = f"was {earlier:g} in {before.year}"
                yield record.problem(name, f"a figure of {now.year}", fault)


def _taking_part(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    """n of a cohort against its count, the share over all specialties being the usual one."""
    counts = {group: records[0] for group, records in grouped(tables["counts"], _CELL).items()}
    for records in grouped(tables["quartiles"], (*_CELL[:3], "measure", "cohort")).values():
        pairs = []
        for record in records:
            cell = counts.get(tuple(record.values[name] for name in _CELL))
            n, most = record.number("n"), cell.number(str(record.text("cohort"))) if cell else None
            if n is not None and most and n <= most:
                pairs.append((record, n, most))
        if len(pairs) < LEAST:
            continue
        share = sum(n for _, n, _ in pairs) / sum(most for *_, most in pairs)
        usual = log((share + 1e-3) / (1 - share + 1e-3))
        for record, n, most in pairs:
            part, rest = n + 0.5, most - n + 0.5
            if abs(log(part / rest) - usual) > FAR * sqrt(_TAKING_PART**2 + 1 / part + 1 / rest):
                expected = f"about {share:.0%} of {most:g}, as in the other specialties"
                yield record.problem("n", expected, f"is {n / most:.0%} of its count")


def _numbers_differ(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    """Where the measures of a source are of the same people, a row of other ones."""
    rows = [rows for rows in grouped(tables["quartiles"], (*_CELL, "cohort")).values() if len(rows) > 2]
    usual = [Counter(record.number("n") for record in group).most_common(1)[0] for group in rows]
    by_source: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    for group, (_, count) in zip(rows, usual, strict=True):
        by_source[group[0].values["source_id"]][0] += count
        by_source[group[0].values["source_id"]][1] += len(group)
    for group, (n, _) in zip(rows, usual, strict=True):
        same, everything = by_source[group[0].values["source_id"]]
        if same < 0.75 * everything or n is None:
            continue
        for record in group:
            if record.number("n") != n:
                yield record.problem("n", f"{n:g}", "differs from that of the other measures")


def _sizes(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    """Counts beside positions and all applicants of the same specialty, and beside those who ranked it."""
    for records in grouped(tables["counts"], _CELL[:3]).values():
        ratios = {}
        for record in records:
            everyone, positions = record.numbers("all_applicants", "positions")
            if everyone and positions:
                ratios[record.row] = log(everyone / positions)
        usual = median(ratios.values()) if len(ratios) >= LEAST else 0.0
        for record in records if len(ratios) >= LEAST else ():
            if abs(ratios.get(record.row, usual) - usual) > FAR * _PER_POSITION:
                expected = (
                    f"about {2.718281828459045**usual:.1f} for each position, as in the other specialties"
                )
                yield record.problem("all_applicants", expected, "does not go with its positions")
        for what in ("positions", "all_applicants"):
            pairs = []
            for record in records:
                matched, missed, size = record.numbers("matched", "not_matched", what)
                if matched is not None and missed is not None and size is not None:
                    pairs.append((matched + missed, size))
            if len(pairs) >= 2 * LEAST and (r := _rank_correlation(pairs)) < 0.4:
                printed = records[0].headers.get(what, what)
                fault = f"applicants stand in another order of size than {printed} (rank correlation {r:.2f})"
                yield Problem(records[0].file, None, None, None, "each specialty with its own figures", fault)
    yield from _beside_ranked(tables)


def _beside_ranked(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    for (source, _, kind), records in grouped(
        tables["counts"], ("source_id", "year", "applicant_type")
    ).items():
        column = {"us-img": "us_img_ranked", "non-us-img": "non_us_img_ranked"}.get(str(kind))
        if column is None:
            continue
        years = grouped(tables["ranked_anywhere"], ("source_id", "year"))
        for (other, year), ranked in years.items():
            sizes = {record.text("specialty"): record.number(column) for record in ranked}
            pairs = []
            for record in records:
                matched, missed = record.numbers("matched", "not_matched")
                size = sizes.get(record.text("specialty"))
                if matched is not None and missed is not None and size is not None:
                    pairs.append((matched + missed, size))
            if len(pairs) >= LEAST and source != other and (r := _rank_correlation(pairs)) < 0.6:
                than = f"those who ranked it in {year:g} ({other}; rank correlation {r:.2f})"
                fault = f"applicants stand in another order of size than {than}"
                yield Problem(records[0].file, None, None, None, "each specialty with its own figures", fault)


def _shapes(tables: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    """An exam's quartiles against their own mean, SD and middle, and the two cohorts against one another."""
    exams = [record for record in tables["quartiles"] if record.text("measure") in EXAM_MEASURES]
    for record in exams:
        yield from _shape(record)
    for (*_, specialty, _), pair in grouped(exams, (*_CELL, "measure")).items():
        cohorts = {record.text("cohort"): record for record in pair}
        if len(cohorts) == 2:
            yield from _cohorts_crossed(str(specialty), cohorts["matched"], cohorts["not_matched"])


def _shape(record: Record) -> Iterator[Problem]:
    q1, middle, q3, mean, sd, n = record.numbers("q1", "median", "q3", "mean", "sd", "n")
    if q1 is None or middle is None or q3 is None or not n:
        return
    usual = max(q3 - q1, 1) / 1.349  # of a normal variable
    centre = (q1 + middle + q3) / 3
    if mean is not None and abs(mean - centre) > 1.5 + FAR * usual * hypot(1 / sqrt(n), 0.05):
        yield record.problem(
            "mean", f"about {centre:.0f}, as its quartiles have it", "is far from its quartiles"
        )
    # the SD of ln(IQR) is 1.17/sqrt(n) for a normal variable; scores are not quite normal
    if sd and abs(log(sd / usual)) > FAR * hypot(1.17 / sqrt(n), 0.1):
        yield record.problem(
            "sd", f"about {usual:.0f}, as its quartiles have it", "is far from its quartiles"
        )
    # the variance of Q1 + Q3 - 2 medians of a normal variable is 3.35 sigma^2/n (Cramér, 1946, 28.5)
    if abs(q1 + q3 - 2 * middle) > 2 + FAR * usual * hypot(sqrt(3.35 / n), 0.12):
        yield record.problem(
            "median", f"about {(q1 + q3) / 2:.0f}, between its quartiles", "is far from the middle"
        )


def _cohorts_crossed(specialty: str, matched: Record, missed: Record) -> Iterator[Problem]:
    error = 0.0
    for record in (matched, missed):
        q1, middle, q3, n = record.numbers("q1", "median", "q3", "n")
        if q1 is None or q3 is None or middle is None or not n:
            return
        error = hypot(error, quartile_se(0.5, max(q3 - q1, 1), n))
    high, low = matched.number("median") or 0, missed.number("median") or 0
    if high < low - FAR * error - 1:
        fault = f"is below that of those who did not match in {specialty}, {low:g}"
        yield matched.problem("median", "cohorts not swapped", fault)


def unsigned(odd: Iterable[Problem], signed: Iterable[str]) -> list[Problem]:
    """Return what is odd in sources that nobody has signed for, each source with what to do at its end."""
    done, by_source = set(signed), defaultdict(list)
    for problem in odd:
        by_source[problem.file.partition("/")[0]].append(problem)
    told = []
    for source, problems in by_source.items():
        if source not in done:
            expected = 'looked_over = "initials, date" once these figures are compared with the report'
            told += [*problems, Problem(f"{source}/source.toml", None, None, None, expected, NOT_SIGNED)]
    return told


NOT_SIGNED = "the odd figures above are not signed for"
