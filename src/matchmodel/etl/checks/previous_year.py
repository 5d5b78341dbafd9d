"""A table against the same table of the newest earlier year: what came, what went, and what moved further than it should.

The same table: layout, measure and applicant type alike, in any source. 'Further than it should' is past an 80% range, so
one cell in five is listed by chance; the list is for a second look, not a refusal.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from ...fit.drift import drifts

Z80 = float(norm.ppf(0.9))
COMPARED = ("counts", "quartiles", "bins", "ranked_anywhere", "rates", "invitations")
_POINTS = {"q1": 0.25, "median": 0.5, "q3": 0.75}


class Move(NamedTuple):
    """A figure outside its range; texts, since a rate is shown with the number that it is of."""

    what: str
    before: str
    now: str
    range: str


@dataclass(frozen=True)
class Comparison:
    """One table against the newest earlier one.

    Attributes
    ----------
    source_id, files : str
        Whose table, and its file or files.
    year, before_year : int
        Of the table and of the one it is held against.
    before_source : str
        Where that one stands.
    label : str
        Layout, measure and applicant type, in words.
    common, came, went : tuple of str
        Specialties in both, new ones, and those that are no more; empty for tables without specialties.
    compared : int
        How many figures were held against a range.
    held_against : str
        What the range is made of; empty where the layout has no ranges.
    moves : tuple of Move
        Those outside it.
    """

    source_id: str
    files: str
    year: int
    before_year: int
    before_source: str
    label: str
    common: tuple
    came: tuple
    went: tuple
    compared: int
    held_against: str
    moves: tuple


def logit_range(rate, variance):
    """80% range of a rate whose log odds have `variance`: expit(logit(rate) ± 1.2816 sqrt(variance))."""
    middle, half = np.log(rate / (1 - rate)), Z80 * np.sqrt(variance)
    return tuple(float(1 / (1 + np.exp(-(middle + side * half)))) for side in (-1, 1))


def rate_range(before, now, drift, gap):
    """80% range of this year's match rate, given the earlier one.

    The log odds of a cell of m matched and u not matched is ln(m/u), with sampling variance 1/m + 1/u (Woolf, Annals of
    Human Genetics 19:251, 1955); both cells' variances and the drift's add up:

        ln(m1/u1) ± 1.2816 sqrt(drift² gap + 1/m1 + 1/u1 + 1/m2 + 1/u2)

    With a zero among the four, 0.5 is added to each of them (Gart & Zweifel, Biometrika 54:181, 1967). Drift is what one
    specialty has in common with all: a specialty's own drift is not known and is not in it.

    Parameters
    ----------
    before, now : (float, float)
        Matched and not matched.
    drift : float
        Yearly standard deviation of the log odds, as of `fit.drift.drifts`.
    gap : int
        Years between.

    Returns
    -------
    low, high : float
        The range.
    outside : bool
        Whether this year's rate is out of it.
    """
    add = 0.5 if 0 in (*before, *now) else 0.0
    (m1, u1), (m2, u2) = ((m + add, u + add) for m, u in (before, now))
    low, high = logit_range(m1 / (m1 + u1), drift**2 * gap + 1 / m1 + 1 / u1 + 1 / m2 + 1 / u2)
    return low, high, not low <= m2 / (m2 + u2) <= high


def quartile_se(point, iqr, n):
    """Standard error of a sample quartile of a normal variable.

    sqrt(p (1 - p) / n) / f(x_p), the asymptotic error of a sample quantile (Cramér, Mathematical Methods of Statistics,
    1946, 28.5), with f(x_p) = phi(z_p)/sigma for a normal variable and sigma = IQR/1.349 (Wan et al., BMC Medical Research
    Methodology 14:135, 2014).

    Parameters
    ----------
    point : float
        p, such as 0.25.
    iqr, n : float
        Interquartile range and number of applicants.

    Returns
    -------
    float
        In the units of the variable.
    """
    z = norm.ppf(point)
    return float(np.sqrt(point * (1 - point) / n) * (iqr / (2 * norm.ppf(0.75))) / norm.pdf(z))


def _years(records):
    """{(layout, measure, applicant type): {year: {source id: records}}} of whole rows."""
    found = {}
    for layout in COMPARED:
        for record in records.get(layout, ()):
            values = record.values
            year = values.get("year", values.get("season"))
            if record.bad or year is None:
                continue
            group = found.setdefault((layout, values.get("measure"), values.get("applicant_type")), {})
            group.setdefault(int(year), {}).setdefault(values["source_id"], []).append(record)
    return found


def against_earlier(gathered, source=None):
    """Hold every source's newest rows of each table against the newest earlier year's.

    Parameters
    ----------
    gathered : Gathered
        What the raw folder holds.
    source : str, optional
        Of this source alone.

    Returns
    -------
    list of Comparison
        In the order of sources; tables without an earlier year left out.
    """
    records, made = gathered.records(), []
    for (layout, measure, kind), years in _years(records).items():
        for source_id in sorted({name for by_source in years.values() for name in by_source}):
            year = max(year for year, by_source in years.items() if source_id in by_source)
            earlier = max((other for other in years if other < year), default=None)
            if earlier is None or source not in (None, source_id):
                continue
            before_id = min(
                years[earlier], key=lambda name: (years[earlier][name][0].values["role"] != "training", name)
            )
            now, before = years[year][source_id], years[earlier][before_id]
            made.append(
                _compare(layout, measure, kind, (source_id, year, now), (before_id, earlier, before), records)
            )
    return sorted(made, key=lambda comparison: comparison.source_id)


def _compare(layout, measure, kind, this, that, records):
    (source_id, year, now), (before_id, earlier, before) = this, that
    names, former = (
        {record.values["specialty"]: None for record in rows if record.values.get("specialty")}
        for rows in (now, before)
    )
    compared, held_against, moves = 0, "", []
    if layout in ("counts", "rates"):
        drift = _drift(records.get("rates", ()), kind, year)
        held_against = "sampling" + (
            f" and of the drift of {year - earlier} year{'s' * (year - earlier > 1)}"
            if drift
            else "; no drift is known for this type"
        )
        compared, moves = (_counts_moved if layout == "counts" else _rates_moved)(
            before, now, drift, year - earlier
        )
    elif layout == "quartiles":
        held_against = "sampling, widened by rounding"
        compared, moves = _quartiles_moved(before, now)
    words = [
        layout.replace("_", "-"),
        *([f"of {measure}"] if measure else []),
        *([f"({kind})"] if kind else []),
    ]
    files = ", ".join(dict.fromkeys(record.file.partition("/")[2] for record in now))
    return Comparison(source_id, files, year, earlier, before_id, " ".join(words), tuple(name for name in names if name in former),
                      tuple(name for name in names if name not in former), tuple(name for name in former if name not in names),
                      compared, held_against, tuple(moves))  # fmt: skip


def _drift(rates, kind, year):
    """The type's yearly drift from the years before, so that an error in the newest rate does not widen its own range; 0 where unknown."""
    import pandas as pd

    rows = [record.values for record in rates if not record.bad and record.values["year"] < year]
    if not rows:
        return 0.0
    found = drifts(pd.DataFrame(rows)[["year", "applicant_type", "match_rate", "source_id"]])
    return found[kind].sd if kind in found else 0.0


def _counts_moved(before, now, drift, gap):
    former = {record.values["specialty"]: _cell(record) for record in before}
    compared, moves = 0, []
    for record in now:
        cell, old = _cell(record), former.get(record.values["specialty"])
        if not cell or not old:
            continue
        compared += 1
        low, high, outside = rate_range(old, cell, drift, gap)
        if outside:
            moves.append(Move(record.values["specialty"], _rate(*old), _rate(*cell), _range(low, high)))
    return compared, moves


def _cell(record):
    """(matched, not matched), or None where one is withheld or nobody is there."""
    cell = record.values["matched"], record.values["not_matched"]
    return cell if None not in cell and sum(cell) else None


def _rate(matched, not_matched):
    return f"{matched / (matched + not_matched):.1%} of {matched + not_matched:,.0f}"


def _range(low, high):
    return f"{100 * low:.1f} to {100 * high:.1f}%"


def _rates_moved(before, now, drift, gap):
    old, new = before[0].values, now[0].values
    if not 0 < old["match_rate"] < 1:
        return 0, []
    variance = drift**2 * gap
    for values in (old, new):
        share, n = values["match_rate"], values.get("active_applicants")
        variance += 1 / (n * share * (1 - share)) if n and 0 < share < 1 else 0.0
    low, high = logit_range(old["match_rate"], variance)
    outside = not low <= new["match_rate"] <= high
    return 1, [
        Move("match rate", f"{old['match_rate']:.1%}", f"{new['match_rate']:.1%}", _range(low, high))
    ] if outside else []


def _quartiles_moved(before, now):
    """Quartiles further apart than rounding, half a unit in each, and 1.2816 standard errors of their difference.

    The spread is the earlier table's, since an error in the newer one would widen its own range.
    """
    former = {(record.values["specialty"], record.values["cohort"]): record.values for record in before}
    figures = [
        record.values[name]
        for record in (*before, *now)
        for name in _POINTS
        if record.values[name] is not None
    ]
    unit = 1.0 if all(figure == round(figure) for figure in figures) else 0.1
    compared, moves = 0, []
    for record in now:
        new, old = record.values, former.get((record.values["specialty"], record.values["cohort"]))
        if old is None or None in (
            old["n"],
            new["n"],
            *(values[name] for values in (old, new) for name in _POINTS),
        ):
            continue
        for name, point in _POINTS.items():
            compared += 1
            half = unit + Z80 * np.hypot(
                *(quartile_se(point, old["q3"] - old["q1"], values["n"]) for values in (old, new))
            )
            if abs(new[name] - old[name]) > half:
                cohort = "matched" if new["cohort"] == "matched" else "not matched"
                what = f"{new['specialty']}, {cohort}, {record.headers[name]}"
                moves.append(
                    Move(
                        what,
                        f"{old[name]:g}",
                        f"{new[name]:g}",
                        f"{old[name] - half:.1f} to {old[name] + half:.1f}",
                    )
                )
    return compared, moves
