"""A cell is one specialty for one applicant type in one year: counts and what is printed of a measure."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...etl import Tidy
from .reconstruct import SCORE_RANGE, WHOLE, Summary, Support, reconstruct

COHORTS = ("matched", "not_matched")
Weighted = tuple[np.ndarray, np.ndarray]  # values and their weights, each of shape (k,)
OPEN_BIN_WIDTH = 10.0  # open ends without any closed bin are taken as ten units wide


@dataclass(frozen=True)
class Bins:
    """Counts by bin, as printed.

    Attributes
    ----------
    mid
        Midpoints, in the measure's unit, shape (k,); an open end is as wide as the median closed bin.
    matched, not_matched
        Applicants, shape (k,).
    low, high
        The limits that the bins cover.
    """

    mid: np.ndarray
    matched: np.ndarray
    not_matched: np.ndarray
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """What one table prints of one measure in one cell: two summaries, or bins.

    Attributes
    ----------
    matched, not_matched
        The cohorts' summaries; None where there are bins.
    bins
        Counts by bin; None where there are summaries.
    year, sources
        Of the table.
    cell
        Measure, type and specialty in words: what the random numbers of the rounding are named by.
    """

    matched: Summary | None = None
    not_matched: Summary | None = None
    bins: Bins | None = None
    year: int = 0
    sources: tuple[str, ...] = ()
    cell: str = ""

    @property
    def known(self) -> bool:
        """Whether any cohort is known."""
        if self.bins is not None:
            return bool(self.bins.matched.sum() + self.bins.not_matched.sum() > 0)
        return any(s is not None and s.known for s in (self.matched, self.not_matched))

    @property
    def complete(self) -> bool:
        """Whether both cohorts are known, so that a slope can be fitted."""
        if self.bins is not None:
            return bool(self.bins.matched.sum() > 0 and self.bins.not_matched.sum() > 0)
        return all(s is not None and s.known for s in (self.matched, self.not_matched))

    @property
    def summaries(self) -> list[Summary]:
        """The summaries of the cohorts that are known; none where there are bins."""
        return [s for s in (self.matched, self.not_matched) if s is not None and s.known]

    def both(self) -> tuple[Summary, Summary]:
        """Return the summaries of both cohorts.

        Raises
        ------
        ValueError
            Where one is not there, as in a table of bins.
        """
        if self.matched is None or self.not_matched is None:
            raise ValueError(f"the table of {self.cell} has no summaries of both cohorts")
        return self.matched, self.not_matched

    @property
    def seen(self) -> tuple[float, float] | None:
        """Lowest and highest value that the table can have seen; quartiles where no extremes are printed.

        None where no cohort is known.
        """
        if self.bins is not None:
            return self.bins.low, self.bins.high
        known = self.summaries
        if not known:
            return None
        low = min(s.minimum if np.isfinite(s.minimum) else s.q1 for s in known)
        high = max(s.maximum if np.isfinite(s.maximum) else s.q3 for s in known)
        return float(low), float(high)

    def cohorts(self, tail: str, limits: Support = SCORE_RANGE) -> dict[str, Weighted]:
        """Return {cohort: (values, weights)} of the cohorts that are known."""
        if self.bins is not None:
            return {
                name: (self.bins.mid, counts)
                for name, counts in (("matched", self.bins.matched), ("not_matched", self.bins.not_matched))
                if counts.sum() > 0
            }
        pairs = ((name, getattr(self, name)) for name in COHORTS)
        return {name: reconstruct(s, tail, limits=limits) for name, s in pairs if s is not None and s.known}

    def jittered(self, rng: np.random.Generator, counts: bool = False) -> "Measured":
        """Return a copy whose printed numbers moved within their rounding (uniform, half a unit each way).

        Quartiles of small whole numbers (`counts`) are not rounded and stay. Means and SDs are printed in
        units, or in tenths where any of the table's four is.
        """
        if self.bins is not None:
            return self
        matched, not_matched = self.both()
        printed = np.array([v for s in (matched, not_matched) for v in (s.mean, s.sd)])
        printed = printed[np.isfinite(printed)]
        half = 0.5 if (np.abs(printed - np.round(printed)) < WHOLE).all() else 0.05

        def move(s: Summary) -> Summary:
            moves = rng.uniform(-1, 1, 5)
            q1, median, q3 = np.sort(np.array([s.q1, s.median, s.q3]) + (0 if counts else 0.5 * moves[:3]))
            return replace(
                s,
                q1=q1,
                median=median,
                q3=q3,
                mean=s.mean + half * moves[3],
                sd=max(s.sd + half * moves[4], 0.0),
            )

        return replace(self, matched=move(matched), not_matched=move(not_matched))


def bins_from_rows(rows: pd.DataFrame) -> Bins:
    """Return `Bins` from tidy rows of one cell and measure; 'unknown' is left out.

    So is a bin with a suppressed count, both cohorts of it: leaving out by the score does not
    bend the slope, taking the count for zero does.

    Parameters
    ----------
    rows
        Columns low, high, matched, not_matched; NaN at an open end.
    """
    rows = rows[~(rows["low"].isna() & rows["high"].isna())].copy()
    rows["key"] = rows["low"].fillna(-np.inf)
    rows = rows.sort_values("key", kind="stable")
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    widths = high - low + 1
    closed = widths[np.isfinite(widths)]
    width = (
        float(np.median(closed))
        if len(closed) and np.median(closed) > 1
        else (1.0 if len(closed) else OPEN_BIN_WIDTH)
    )
    low = np.where(np.isnan(low), high - width + 1, low)
    high = np.where(np.isnan(high), low + width - 1, high)
    counts = rows[["matched", "not_matched"]].to_numpy(float)
    known = np.isfinite(counts).all(axis=1)
    return Bins(
        ((low + high) / 2)[known], counts[known, 0], counts[known, 1], float(low.min()), float(high.max())
    )


def summary_from_row(row: pd.Series) -> Summary:
    """Return a `Summary` from a tidy quartiles row."""
    n = float(row["n"]) if np.isfinite(row["n"]) else 0.0
    return Summary(n, *(float(row[c]) for c in ("q1", "median", "q3", "min", "max", "mean", "sd")))


def measured_cells(tidy: Tidy, measure: str) -> dict[tuple[str, str], list[Measured]]:
    """Return {(applicant_type, specialty): [Measured, ...]} of a measure, newest year first.

    Bins, where printed, are used as they are and stand before the quartiles of the same year.
    """
    found = {}
    quartiles = tidy.table("quartiles")
    quartiles = quartiles[quartiles["measure"] == measure]
    for (kind, specialty, year), rows in quartiles.groupby(["applicant_type", "specialty", "year"]):
        by_cohort = {r["cohort"]: summary_from_row(r) for _, r in rows.iterrows()}
        found[kind, specialty, int(year)] = Measured(
            by_cohort.get("matched"),
            by_cohort.get("not_matched"),
            None,
            int(year),
            tuple(sorted(set(rows["source_id"]))),
            f"{measure} {kind} {specialty}",
        )
    bins = tidy.table("bins")
    bins = bins[bins["measure"] == measure]
    for (kind, specialty, year), rows in bins.groupby(["applicant_type", "specialty", "year"]):
        binned = Measured(
            None,
            None,
            bins_from_rows(rows),
            int(year),
            tuple(sorted(set(rows["source_id"]))),
            f"{measure} {kind} {specialty}",
        )
        if binned.complete:
            found[kind, specialty, int(year)] = binned
    cells: dict[tuple[str, str], list[Measured]] = {}
    for kind, specialty, year in sorted(found, key=lambda key: (key[0], key[1], -key[2])):
        cells.setdefault((kind, specialty), []).append(found[kind, specialty, year])
    return cells
