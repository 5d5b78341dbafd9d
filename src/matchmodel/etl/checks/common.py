"""What the checks have in common: what each is given, rows by some of their values, and figures in order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ...tabular.cells import Value
from ..problems import Problem
from ..readers.rows import Record

Tables = Mapping[str, Sequence[Record]]  # the records of every layout, all sources together
Check = Callable[[Tables], Iterator[Problem]]
MORE_THAN_THERE_WERE = "is more than there were"


def grouped(records: Iterable[Record], names: Sequence[str]) -> dict[tuple[Value, ...], list[Record]]:
    """Return records by the values of some columns; those with one of them unreadable are left out."""
    groups = defaultdict(list)
    for record in records:
        if not record.has_bad(*names):
            groups[tuple(record.values[name] for name in names)].append(record)
    return groups


def in_order(layout: str, *names: str) -> Check:
    """Return the check that the figures of a row that are given rise, or stay, from column to column."""

    def check(tables: Tables) -> Iterator[Problem]:
        for record in tables[layout]:
            figures = zip(names, record.numbers(*names), strict=True)
            given = [(name, figure) for name, figure in figures if figure is not None]
            for (below, low), (above, high) in pairwise(given):
                if low > high:
                    header = record.headers.get(above, above)
                    yield record.problem(below, f"at most the {header}, {high:g}", f"is above the {header}")

    return check


def at_most(layout: str, part: str, whole: str, words: str) -> Check:
    """Return the check that a part is at most its whole; `words` say whose the whole is."""

    def check(tables: Tables) -> Iterator[Problem]:
        for record in tables[layout]:
            some, most = record.numbers(part, whole)
            if some is not None and most is not None and some > most:
                yield record.problem(part, f"at most {most:g}, {words}", MORE_THAN_THERE_WERE)

    return check
