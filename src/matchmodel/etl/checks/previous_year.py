"""A table compared with the same table of the newest earlier year: what came, what went, what moved too far.

The same table: layout, measure and applicant type alike, in any source. 'Too far' is past an 80% range, so
one cell in five is listed by chance; the list is for a second look, not a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from ...fit.drift import drifts
from ...report.wording import decimals, per_hundred
from ..pipeline import Gathered
from ..readers.rows import Record
from .years import Rows, Table, quartile_se, year_pairs

Z80 = float(norm.ppf(0.9))
_POINTS = {"q1": 0.25, "median": 0.5, "q3": 0.75}

Cell = tuple[float, float]  # matched, not matched


class Move(NamedTuple):
    """A figure outside its range; texts, since a rate is shown with the number that it is of."""

    what: str
    before: str
    now: str
    range: str


@dataclass(frozen=True)
class Comparison:
    """One table compared with the newest earlier one.

    Attributes
    ----------
    source_id, files
        Whose table, and its file or files.
    year, before_year
        Of the table and of the one it is compared with.
    before_source
        Where that one stands.
    label
        Layout, measure and applicant type, in words.
    common, came, went
        Specialties in both, new ones, and those that are no more; empty for tables without specialties.
    compared
        How many figures were compared with a range.
    spread
        What the range is made of; empty where the layout has no ranges.
    moves
        Those outside it.
    """

    source_id: str
    files: str
    year: int
    before_year: int
    before_source: str
    label: str
    common: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    compared: int
    spread: str
    moves: tuple[Move, ...]


def logit_range(rate: float, variance: float) -> tuple[float, float]:
    """80% range of a rate whose log odds have `variance`: expit(logit(rate) ± 1.2816 sqrt(variance))."""
    middle, half = np.log(rate / (1 - rate)), Z80 * np.sqrt(variance)
    low, high = (float(1 / (1 + np.exp(-(middle + side * half)))) for side in (-1, 1))
    return low, high


def rate_range(before: Cell, now: Cell, drift: float, gap: int) -> tuple[float, float, bool]:
    """80% range of this year's match rate, given the earlier one.

    The log odds of a cell of m matched and u not matched is ln(m/u), with sampling variance 1/m + 1/u
    (Woolf, Annals of Human Genetics 19:251, 1955); both cells' variances and the drift's add up:

        ln(m1/u1) ± 1.2816 sqrt(drift² gap + 1/m1 + 1/u1 + 1/m2 + 1/u2)

    With a zero among the four, 0.5 is added to each of them (Gart & Zweifel, Biometrika 54:181, 1967). Drift
    is what one specialty has in common with all: a specialty's own drift is not known and is not in it.

    Parameters
    ----------
    before, now
        Matched and not matched.
    drift
        Yearly standard deviation of the log odds, as of `fit.drift.drifts`.
    gap
        Years between.

    Returns
    -------
    low, high
        The range.
    outside
        Whether this year's rate is out of it.
    """
    add = 0.5 if 0 in (*before, *now) else 0.0
    (m1, u1), (m2, u2) = ((m + add, u + add) for m, u in (before, now))
    low, high = logit_range(m1 / (m1 + u1), drift**2 * gap + 1 / m1 + 1 / u1 + 1 / m2 + 1 / u2)
    return low, high, not low <= m2 / (m2 + u2) <= high


class _Compared(NamedTuple):
    """How many figures were compared with a range, what the range is made of, and those outside it."""

    compared: int
    spread: str
    moves: list[Move]


def against_earlier(gathered: Gathered, source: str | None = None) -> list[Comparison]:
    """Compare every source's newest rows of each table with the newest earlier year's.

    Parameters
    ----------
    gathered
        What the raw folder holds.
    source
        Of this source alone.

    Returns
    -------
    list
        In the order of sources; tables without an earlier year left out.
    """
    records = gathered.records()
    comparisons = [
        _compare(table, now, before, records.get("rates", ()))
        for table, now, before in year_pairs(records, source)
    ]
    return sorted(comparisons, key=lambda comparison: comparison.source_id)


def _compare(table: Table, now: Rows, before: Rows, rates: Sequence[Record]) -> Comparison:
    names, former = _specialties(now.records), _specialties(before.records)
    figures = _figures(table, now, before, rates)
    return Comparison(
        source_id=now.source_id,
        files=", ".join(dict.fromkeys(record.file.partition("/")[2] for record in now.records)),
        year=now.year,
        before_year=before.year,
        before_source=before.source_id,
        label=table.label,
        common=tuple(name for name in names if name in former),
        came=tuple(name for name in names if name not in former),
        went=tuple(name for name in former if name not in names),
        compared=figures.compared,
        spread=figures.spread,
        moves=tuple(figures.moves),
    )


def _specialties(records: Iterable[Record]) -> list[str]:
    named = (record.text("specialty") for record in records if "specialty" in record.values)
    return list(dict.fromkeys(name for name in named if name))


def _figures(table: Table, now: Rows, before: Rows, rates: Sequence[Record]) -> _Compared:
    if table.layout == "quartiles":
        return _quartiles_moved(before.records, now.records)
    if table.layout not in ("counts", "rates"):
        return _Compared(0, "", [])
    gap = now.year - before.year
    drift = _drift(rates, table.kind, now.year)
    known = (
        f" and of the drift of {gap} year{'s' * (gap > 1)}" if drift else "; no drift is known for this type"
    )
    moved = _counts_moved if table.layout == "counts" else _rates_moved
    count, moves = moved(before.records, now.records, drift, gap)
    return _Compared(count, f"sampling{known}", moves)


def _drift(rates: Iterable[Record], kind: str | None, year: int) -> float:
    """The type's yearly drift from the years before; 0 where unknown.

    Those before alone, so that an error in the newest rate does not widen its own range.
    """
    rows = [record.values for record in rates if not record.bad and (record.number("year") or year) < year]
    if kind is None or not rows:
        return 0.0
    fitted = drifts(pd.DataFrame(rows)[["year", "applicant_type", "match_rate", "source_id"]])
    return fitted[kind].sd if kind in fitted else 0.0


def _counts_moved(
    before: Sequence[Record], now: Sequence[Record], drift: float, gap: int
) -> tuple[int, list[Move]]:
    former = {record.text("specialty"): _cell(record) for record in before}
    compared, moves = 0, []
    for record in now:
        specialty = record.text("specialty")
        cell, old = _cell(record), former.get(specialty)
        if specialty is None or cell is None or old is None:
            continue
        compared += 1
        low, high, outside = rate_range(old, cell, drift, gap)
        if outside:
            moves.append(Move(specialty, _rate(*old), _rate(*cell), _range(low, high)))
    return compared, moves


def _cell(record: Record) -> Cell | None:
    """Matched and not matched; None where one is withheld or nobody is there."""
    matched, not_matched = record.numbers("matched", "not_matched")
    if matched is None or not_matched is None or matched + not_matched == 0:
        return None
    return matched, not_matched


def _rate(matched: float, not_matched: float) -> str:
    total = matched + not_matched
    return f"{per_hundred(matched / total)}% of {decimals(total, 0)}"


def _range(low: float, high: float) -> str:
    return f"{per_hundred(low)} to {per_hundred(high)}%"


def _rates_moved(
    before: Sequence[Record], now: Sequence[Record], drift: float, gap: int
) -> tuple[int, list[Move]]:
    old, new = before[0].number("match_rate"), now[0].number("match_rate")
    if old is None or new is None or not 0 < old < 1:
        return 0, []
    variance = drift**2 * gap
    for share, n in ((old, before[0].number("active_applicants")), (new, now[0].number("active_applicants"))):
        variance += 1 / (n * share * (1 - share)) if n and 0 < share < 1 else 0.0
    low, high = logit_range(old, variance)
    if low <= new <= high:
        return 1, []
    return 1, [Move("match rate", f"{per_hundred(old)}%", f"{per_hundred(new)}%", _range(low, high))]


class _Quartiles(NamedTuple):
    """A cohort's quartiles, by name, and how many they are of."""

    n: float
    figures: dict[str, float]


def _quartiles(record: Record) -> _Quartiles | None:
    """The quartiles of a row; None where one of them, or their number, is withheld."""
    n = record.number("n")
    given = {name: record.number(name) for name in _POINTS}
    figures = {name: figure for name, figure in given.items() if figure is not None}
    return None if n is None or len(figures) < len(_POINTS) else _Quartiles(n, figures)


def _rounded_to(records: Iterable[Record]) -> float:
    """The unit that quartiles are printed in: one, or a tenth where any has decimals."""
    figures = [figure for record in records for figure in record.numbers(*_POINTS) if figure is not None]
    return 1.0 if all(figure == round(figure) for figure in figures) else 0.1


def _quartiles_moved(before: Sequence[Record], now: Sequence[Record]) -> _Compared:
    """Quartiles further apart than rounding and sampling.

    Rounding is half a unit in each, sampling 1.2816 standard errors of their difference. The spread is the
    earlier table's, since an error in the newer one would widen its own range.
    """
    former = {(record.values["specialty"], record.values["cohort"]): _quartiles(record) for record in before}
    unit = _rounded_to((*before, *now))
    compared, moves = 0, []
    for record in now:
        cohort = record.values["cohort"]
        new, old = _quartiles(record), former.get((record.values["specialty"], cohort))
        if old is None or new is None:
            continue
        iqr = old.figures["q3"] - old.figures["q1"]
        for name, point in _POINTS.items():
            compared += 1
            figure, earlier = new.figures[name], old.figures[name]
            half = unit + Z80 * float(
                np.hypot(quartile_se(point, iqr, old.n), quartile_se(point, iqr, new.n))
            )
            if abs(figure - earlier) > half:
                whose = "matched" if cohort == "matched" else "not matched"
                what = f"{record.values['specialty']}, {whose}, {record.headers[name]}"
                span = f"{decimals(earlier - half, 1)} to {decimals(earlier + half, 1)}"
                moves.append(Move(what, f"{earlier:g}", f"{figure:g}", span))
    return _Compared(compared, "sampling, widened by rounding", moves)
