"""Answers of applicants as arrays, from the one engine; equal rows are one row of work."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..covariates import COVARIATES
from ..model import Model
from ..model.engine import CellArrays, People, mean_ranked, ranges
from ..question import DEFAULT_TARGET
from ..question import FIELDS as ABOUT_WHAT
from .coded import distinct, joined, on_all_cores
from .columns import CHANCES, ENDS, GIVEN, INTERVIEWS, REQUIRED
from .rows import PROFILE, Rows

ROWS_AT_ONCE = 64  # times the draws, in floats: what a core keeps near
# A profile's log odds are those of its two halves, added; each has far fewer distinct values than both.
_HALVES = (
    ("years_since_graduation", "usce_months"),
    ("step2_ck", "visa_needed", "step1_failed", "step2_failed"),
)

TRUSTS = ("ok", "grey", "withheld", "")

Cell = tuple[str, str, int]


@dataclass(frozen=True)
class Answers:
    """Answers of rows, those of equal rows once.

    Attributes
    ----------
    places
        Of each row among the answers, shape (n,).
    columns
        {column: numbers, NaN where there is none, shape (m,)}; the last are those of rows that are refused.
    trust
        Among `TRUSTS`, shape (m,).
    """

    places: np.ndarray
    columns: dict[str, np.ndarray]
    trust: np.ndarray

    def of_rows(self) -> dict[str, np.ndarray]:
        """Return {column: numbers, shape (n,)}."""
        return {name: values[self.places] for name, values in self.columns.items()}


def answer_rows(
    model: Model,
    rows: Rows,
    ends: bool = True,
    chain: bool = True,
    columns: tuple[str, ...] = (),
    progress: Callable[[float], None] | None = None,
) -> Answers:
    """Answer applicants: `CHANCES` (without chain 'p_ranked' alone), each with '_low' and '_high'.

    Parameters
    ----------
    model
    rows
    ends
        Whether the ends of the 80% ranges are wanted too.
    chain
        Whether applications and interviews are answered.
    columns
        What else of `REQUIRED` and `GIVEN`.
    progress
        Called with the share of the work that is done.
    """
    names = (*CHANCES, *columns) if chain else CHANCES[:1]
    suffixes = ENDS if ends else ENDS[:1]
    kept = np.flatnonzero(~rows.refused)
    some = rows if len(kept) == len(rows) else rows.take(kept)
    if ends or chain:
        read = (*PROFILE, *ABOUT_WHAT) if chain else PROFILE
        there = [name for name in read if name in some.numbers]
        places, codes = joined([some.cells, *(some.numbers[name] for name in there)])
        numbers = {n: some.numbers[n].values[c] for n, c in zip(there, codes[1:], strict=True)}
        cells = codes[0]
        found = _each_cell(model, some.cells.values, cells, numbers, names, suffixes, progress)
    else:
        places, cells, found = _points(model, some)
    kinds = [-1 if c is None else TRUSTS.index(model.cell(*c[:2]).trust.kind) for c in rows.cells.values]
    trust = np.append(np.array(kinds, np.intp)[cells], len(TRUSTS) - 1)
    if some is not rows:
        places, short = np.full(len(rows), len(cells)), places
        places[kept] = short
    return Answers(places, found, trust)


def wanted(rows: Rows) -> tuple[str, ...]:
    """Return the columns that are there because somebody asks for them."""
    return (*(REQUIRED if rows.asks("target") else ()), *((GIVEN,) if rows.asks(INTERVIEWS) else ()))


def _arrays(model: Model, cell: Cell) -> tuple[CellArrays, int]:
    """Return a cell's draws, and the cycles between its table and the cycle asked for."""
    kind, specialty, cycle = cell
    return model.arrays(kind, specialty), cycle - model.kind(kind).year


# --- points of the chance if ranked -------------------------------------------------------------------------


def _points(model: Model, rows: Rows) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Return each row's place among the distinct profiles, these profiles' cells, and their points."""

    def half(names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        there = [name for name in names if name in rows.numbers]
        places, codes = joined([rows.cells, *(rows.numbers[name] for name in there)])
        return places, codes[0], {n: rows.numbers[n].values[c] for n, c in zip(there, codes[1:], strict=True)}

    (first, cells, one), (second, other_cells, other) = on_all_cores(half, _HALVES, len(rows))
    every = np.arange(len(rows.cells.values) + 1)
    at, other_at = np.searchsorted(cells, every), np.searchsorted(other_cells, every)  # parts stand by cell
    across = np.diff(other_at)
    begin = np.concatenate([[0], np.cumsum(np.diff(at) * across)])
    shift = begin[cells] + (np.arange(len(cells)) - at[cells]) * across[cells] - other_at[cells]
    places, pairs = distinct(shift[first] + second, int(begin[-1]))
    ends = np.searchsorted(pairs, begin)
    points = np.full(len(pairs) + 1, np.nan)

    def answer(k: int) -> None:
        cell = rows.cells.values[k]
        if ends[k] < ends[k + 1] and not model.withheld(*cell[:2]):
            i, j = np.divmod(pairs[ends[k] : ends[k + 1]] - begin[k], across[k])
            parts = (
                {name: values[at[k] : at[k + 1]] for name, values in one.items()},
                {name: values[other_at[k] : other_at[k + 1]] for name, values in other.items()},
            )
            points[ends[k] : ends[k + 1]] = mean_ranked(*_arrays(model, cell), *parts, i, j)

    longest_first = np.argsort(-np.diff(ends)).tolist()  # so that no core waits for the other at the end
    on_all_cores(answer, longest_first, len(pairs))
    return places, np.repeat(every[:-1], np.diff(ends)), {CHANCES[0]: points}


# --- everything ---------------------------------------------------------------------------------------------


def _each_cell(
    model: Model,
    cells: list[Cell],
    codes: np.ndarray,
    numbers: dict[str, np.ndarray],
    names: tuple[str, ...],
    suffixes: tuple[str, ...],
    progress: Callable[[float], None] | None,
) -> dict[str, np.ndarray]:
    """Answer distinct rows, a block of one cell and cycle at a time."""
    found = {name + end: np.full(len(codes) + 1, np.nan) for name in names for end in suffixes}
    at = np.searchsorted(codes, np.arange(len(cells) + 1))  # rows stand by cell
    unknown = np.full(len(codes), np.nan)
    for cell, first, last in zip(cells, at, at[1:], strict=False):
        if first == last or model.withheld(*cell[:2]):
            continue
        for start in range(first, last, ROWS_AT_ONCE):
            block = np.arange(start, min(start + ROWS_AT_ONCE, last))
            asked = {name: numbers[name][block] for name in ABOUT_WHAT if name in numbers}
            known = {name: numbers.get(name, unknown)[block] for name in PROFILE}
            arrays, years = _arrays(model, cell)
            people = People(arrays, known["step2_ck"], {n: known[n] for n in COVARIATES}, years)
            for name, values in _answers(people, asked, names, len(suffixes) > 1).items():
                for end, value in zip(suffixes, values, strict=False):
                    found[name + end][block] = value
            if progress:
                progress((block[-1] + 1) / len(codes))
    return found


def _answers(
    people: People, asked: dict[str, np.ndarray], names: tuple[str, ...], ends: bool
) -> dict[str, tuple[np.ndarray, ...]]:
    """Return the columns of applicants of one cell and cycle, as `matchmodel.model.answer` has them."""

    def told(draws: np.ndarray) -> tuple[np.ndarray, ...]:
        return ranges(draws) if ends else (draws.mean(axis=-1),)

    found = {"p_ranked": told(people.p_ranked())}
    chain = people.arrays.chain
    if chain is None or names == CHANCES[:1]:
        return found
    usual, unknown = max(round(chain.record.usual.value), 1), np.full(len(people.lp), np.nan)
    sent = asked.get("applications", unknown)
    mean = people.invitations(np.where(np.isnan(sent), usual, sent))
    some = people.p_any(mean)
    found |= {
        "p_apply": told(people.p_apply(mean, some)),
        "p_any_invitation": told(some),
        "expected_invitations": told(mean),
    }
    if REQUIRED[0] in names:
        target = asked.get("target", unknown)
        target = np.where(np.isnan(target), DEFAULT_TARGET, target)
        for needed, name in zip(people.needed(target).values(), REQUIRED, strict=True):
            found[name] = tuple(
                np.where(np.isinf(v), np.nan, v) for v in (needed.point, needed.low, needed.high)
            )
    if GIVEN in names:
        held = asked.get(INTERVIEWS, unknown)
        chances = told(people.p_given(np.nan_to_num(held)))
        found[GIVEN] = tuple(np.where(np.isnan(held), np.nan, v) for v in chances)
    return found
