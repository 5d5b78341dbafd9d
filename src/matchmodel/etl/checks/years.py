"""Tables of one kind in several years: each source's newest rows beside the newest earlier year's.

The same table: layout, measure and applicant type alike, in any source.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import exp, pi, sqrt
from statistics import NormalDist
from typing import NamedTuple

from ..readers.rows import Record

COMPARED = ("counts", "quartiles", "bins", "ranked_anywhere", "rates", "invitations")


class Rows(NamedTuple):
    """Rows of one table of one year of a source."""

    source_id: str
    year: int
    records: list[Record]


class Table(NamedTuple):
    """What makes two tables the same one."""

    layout: str
    measure: str | None
    kind: str | None

    @property
    def label(self) -> str:
        """Return it in words: 'quartiles of step2_ck (non-us-img)'."""
        words = [self.layout.replace("_", "-")]
        words += [f"of {self.measure}"] if self.measure else []
        words += [f"({self.kind})"] if self.kind else []
        return " ".join(words)


def _years(records: Mapping[str, Sequence[Record]]) -> dict[Table, dict[int, dict[str, list[Record]]]]:
    """Whole rows by table, year and source id."""
    years: dict[Table, dict[int, dict[str, list[Record]]]] = {}
    for layout in COMPARED:
        for record in records.get(layout, ()):
            year = record.number("year")
            if record.bad or year is None:
                continue
            measure, kind = (
                record.text(name) if name in record.values else None for name in ("measure", "applicant_type")
            )
            group = years.setdefault(Table(layout, measure, kind), {})
            group.setdefault(int(year), {}).setdefault(str(record.values["source_id"]), []).append(record)
    return years


def year_pairs(
    records: Mapping[str, Sequence[Record]], source: str | None = None
) -> Iterator[tuple[Table, Rows, Rows]]:
    """Yield each table's newest rows of a source, and those of the newest earlier year.

    Parameters
    ----------
    records
        By layout.
    source
        Of this source alone.
    """
    for table, years in _years(records).items():
        for source_id in sorted({name for by_source in years.values() for name in by_source}):
            year = max(year for year, by_source in years.items() if source_id in by_source)
            earlier = max((other for other in years if other < year), default=None)
            if earlier is None or source not in (None, source_id):
                continue
            former = years[earlier]
            before_id = min(former, key=lambda name: (former[name][0].values["role"] != "training", name))
            yield (
                table,
                Rows(source_id, year, years[year][source_id]),
                Rows(before_id, earlier, former[before_id]),
            )


def quartile_se(point: float, iqr: float, n: float) -> float:
    """Standard error of a sample quartile of a normal variable.

    sqrt(p (1 - p) / n) / f(x_p), the asymptotic error of a sample quantile (Cramér, Mathematical Methods of
    Statistics, 1946, 28.5), with f(x_p) = phi(z_p)/sigma for a normal variable and sigma = IQR/1.349 (Wan et
    al., BMC Medical Research Methodology 14:135, 2014).

    Parameters
    ----------
    point
        p, such as 0.25.
    iqr, n
        Interquartile range and number of applicants.

    Returns
    -------
    float
        In the units of the variable.
    """
    normal = NormalDist()
    density = exp(-(normal.inv_cdf(point) ** 2) / 2) / sqrt(2 * pi)
    return sqrt(point * (1 - point) / n) * (iqr / (2 * normal.inv_cdf(0.75))) / density
