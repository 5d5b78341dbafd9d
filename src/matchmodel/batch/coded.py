"""Columns as codes: each distinct value once, and the place of every row's among them."""

import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np

T = TypeVar("T")
R = TypeVar("R")

_LONG = 10_000  # rows from which threads are worth their start
_ROOM = 16  # of a lookup table against the rows; beyond, codes are sorted instead


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    codes
        The place of each row's value among `values`, shape (n,).
    values
        A sequence of distinct ones, an array where they are numbers; two that are read alike may both stand
        here.
    """

    codes: np.ndarray
    values: Any

    def take(self, rows: np.ndarray) -> "Column":
        """Return the column of some rows, its values the same."""
        return Column(self.codes[rows], self.values)

    def small(self) -> "Column":
        """Return the column in the least memory."""
        return Column(self.codes.astype(np.min_scalar_type(len(self.values))), self.values)


class _Seen(dict[Hashable, int]):
    """Numbers what it is asked for, in the order of asking."""

    def __missing__(self, value: Hashable) -> int:
        code = self[value] = len(self)
        return code


def coded(cells: Iterable[Hashable], rows: int) -> Column:
    """Return the column of so many cells."""
    seen = _Seen()
    codes = np.fromiter(map(seen.__getitem__, cells), np.intp, rows)
    return Column(codes, list(seen))


def distinct(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of each code among the distinct ones, and these, rising.

    Parameters
    ----------
    codes
        Shape (n,), from 0 to below `size`.
    """
    if size > _ROOM * len(codes) + 1024:
        kept, places = np.unique(codes, return_inverse=True)
        return places, kept
    seen = np.zeros(size, bool)
    seen[codes] = True
    kept = np.flatnonzero(seen)
    place = np.empty(size, np.intp)
    place[kept] = np.arange(len(kept))
    return place[codes], kept


def joined(columns: Sequence[Column]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the distinct rows of several columns, in the order of their codes.

    Returns
    -------
    places
        Of each row among the distinct ones, shape (n,).
    codes
        Of each column in the distinct rows, each of shape (m,).
    """
    places, found = columns[0].codes.astype(np.intp, copy=False), [np.arange(len(columns[0].values))]
    for column in columns[1:]:
        choices = len(column.values)
        size = len(found[0]) * choices
        places = places * choices + column.codes
        if size > len(places) // 4 + 1024:  # fewer combinations may be there than could be
            places, kept = distinct(places, size)
        else:
            kept = np.arange(size)
        before, last = np.divmod(kept, max(choices, 1))
        found = [*(codes[before] for codes in found), last]
    places, kept = distinct(places, len(found[0]))
    return places, [codes[kept] for codes in found]


def on_all_cores(do: Callable[[T], R], items: Iterable[T], rows: int) -> list[R]:
    """Return what is made of each item, side by side where the table is long: numpy lets others run."""
    if rows < _LONG:
        return [do(item) for item in items]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(do, items))
