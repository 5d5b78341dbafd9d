"""Sums of a table's rows against the total that it prints."""

from collections.abc import Iterable, Iterator, Sequence

from ..problems import Problem
from ..readers.rows import Record

# layout -> columns of which a total is printed, each with whether the parts make up the whole: an applicant
# prefers one specialty and is in one bin, but may match only after ranking several
_SUMMED = {
    "counts": {"matched": True, "not_matched": True, "positions": True, "all_applicants": False},
    "bins": {"matched": True, "not_matched": True},
    "ranked_anywhere": {"us_img_matched": False, "non_us_img_matched": False},
}
_GROUP = ("year", "applicant_type", "measure", "specialty", "bin")  # where a total names them


def against_totals(
    layout: str, records: Sequence[Record], totals: Iterable[Record]
) -> Iterator[tuple[bool, Problem]]:
    """Yield what the printed totals of a file contradict, and whether that is impossible or only odd.

    Rows that sum to more than their total are impossible where each applicant is in one row. A sum below it
    is odd where no row is withheld: specialties may be left out, or a figure is wrong.

    Parameters
    ----------
    layout
        Of the file.
    records, totals
        Its rows, and its total rows, of which the words that say 'total' are not read.
    """
    for total in totals:
        names = [name for name in _GROUP if name in total.values and total.values[name] is not None]
        rows = [
            record for record in records if all(record.values[name] == total.values[name] for name in names)
        ]
        for column, whole in _SUMMED.get(layout, {}).items():
            printed = total.number(column)
            figures = [record.number(column) for record in rows if not record.has_bad(column)]
            known = [figure for figure in figures if figure is not None]
            if printed is None or not known or len(figures) < len(rows):
                continue
            expected = f"{sum(known):g}, the sum of its {len(known)} rows"
            if sum(known) > printed:
                yield whole, total.problem(column, expected, "is less than its rows sum to")
            elif sum(known) < printed and len(known) == len(figures):
                yield False, total.problem(column, expected, "is more than its rows sum to")
