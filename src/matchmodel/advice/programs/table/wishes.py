"""What an applicant wants of a program: filters, which leave programs out, and preferences, which move them.

A wish names any column of the table: `state=NY`, `state=NY|NJ`, `salary>=65000`. A filter leaves out every
program that does not fit it, those whose cell is blank too. A preference multiplies what a program counts for
in the order by its weight, and never a chance.
"""

import operator
import re
from collections.abc import Callable, Iterable, Sequence

from ....errors import RefusedInput, clipped
from ....frozen import frozen
from ....model.records import Note
from ....tabular.cells import key as header_key
from .columns import COLUMNS, NO_LIMIT, Program, ProgramTable, number_of

DEFAULT_WEIGHT = 2.0  # of a preference without one: it counts twice
MOST_WEIGHT = 100.0
NAMED = 8  # values that a refusal names
_FORM = re.compile(r"\s*([^<>=!]*[^<>=!\s])\s*(>=|<=|!=|=|>|<)\s*(\S.*?)\s*", re.DOTALL)
_WEIGHT = re.compile(r"(.*\S)\s*:\s*([0-9]+(?:\.[0-9]+)?)", re.DOTALL)
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_OWN = {header_key(column.name): column for column in COLUMNS}


@frozen
class Wish:
    """One wish.

    Attributes
    ----------
    written
        As it was typed.
    key
        Of the column.
    sign, values
        What its cell is compared with: one of several texts for '=' and '!=', else one number.
    weight
        Of a preference.
    """

    written: str
    column: str
    key: str
    sign: str
    values: tuple[str, ...]
    weight: float = 1.0

    def has(self, program: Program) -> str | float | bool | None:
        """Return what a program's cell says, None where it is blank or there is no such column."""
        if self.key in _OWN:
            found: str | float | bool | None = getattr(program, _OWN[self.key].name)
            return found
        return program.cells.get(self.key)

    def fits(self, program: Program) -> bool:
        """Return whether a program is as wished; a blank never is."""
        has = self.has(program)
        if has is None:
            return False
        if self.sign in _ORDERS:
            if has == NO_LIMIT:  # it takes anybody
                return True
            number = number_of(has)
            return number is not None and _ORDERS[self.sign](number, self._number())
        return any(self._same(has, value) for value in self.values) == (self.sign == "=")

    def _number(self) -> float:
        wanted = number_of(self.values[0])
        if wanted is None:
            raise RefusedInput(f"'{clipped(self.written)}': '{clipped(self.values[0])}' is not a number")
        own = _OWN.get(self.key)
        return wanted / 100.0 if own is not None and own.kind == "share" and "%" in self.values[0] else wanted

    def _same(self, has: str | float | bool, value: str) -> bool:
        if isinstance(has, bool):
            return value.casefold() in (("yes", "true", "y", "1") if has else ("no", "false", "n", "0"))
        if _plain(str(has)) == _plain(value):
            return True
        own, wanted = number_of(has), number_of(value)
        if own is None or wanted is None:
            return False
        share = self.key in _OWN and _OWN[self.key].kind == "share" and "%" in value
        return own == (wanted / 100.0 if share else wanted)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _wish(text: str, weighted: bool) -> Wish:
    example = "salary>=65000:2" if weighted else "salary>=65000"
    body, weight = text, DEFAULT_WEIGHT if weighted else 1.0
    found = _WEIGHT.fullmatch(text) if weighted else None
    if found is not None:
        body, weight = found[1], float(found[2])
        if not 0.0 < weight <= MOST_WEIGHT:
            raise RefusedInput(f"'{clipped(text)}': a weight is above 0 and at most {MOST_WEIGHT:g}")
    parts = _FORM.fullmatch(body)
    if parts is None:
        raise RefusedInput(f"'{clipped(text)}' is no wish; write COLUMN=VALUE, such as state=NY or {example}")
    column, sign, value = parts.groups()
    values = tuple(v.strip() for v in value.split("|") if v.strip()) if sign in ("=", "!=") else (value,)
    wish = Wish(" ".join(text.split()), column, header_key(column), sign, values or (value,), weight)
    if sign in _ORDERS:
        wish._number()
    return wish


def one_of(column: str, values: Sequence[str] | None) -> list[str]:
    """Return the filter that keeps the programs of any of some values, each 'NY' or 'NY,NJ'."""
    found = [v.strip() for value in values or () for v in value.split(",") if v.strip()]
    return [f"{column}={'|'.join(found)}"] if found else []


@frozen
class Wishes:
    """All filters and preferences."""

    filters: tuple[Wish, ...] = ()
    preferences: tuple[Wish, ...] = ()

    @classmethod
    def read(cls, filters: Iterable[str], preferences: Iterable[str], table: ProgramTable) -> "Wishes":
        """Return the wishes as they were written, checked with the table.

        Raises
        ------
        RefusedInput
            For what cannot be read, a column that the table has not, or a wish that no program fits.
        """
        made = cls(tuple(_wish(t, False) for t in filters), tuple(_wish(t, True) for t in preferences))
        for wish in (*made.filters, *made.preferences):
            _check(wish, table)
        return made

    @property
    def keys(self) -> set[str]:
        """The columns that they use."""
        return {wish.key for wish in (*self.filters, *self.preferences)}

    def against(self, program: Program) -> tuple[Note, ...]:
        """Return why a program is not wanted; nothing where it is."""
        return tuple(
            Note("not_wanted", {"wanted": wish.written, "has": _shown(wish.has(program))})
            for wish in self.filters
            if not wish.fits(program)
        )

    def weight(self, program: Program) -> float:
        """Return the product of the weights of the preferences that a program fits."""
        weight = 1.0
        for wish in self.preferences:
            if wish.fits(program):
                weight *= wish.weight
        return weight


def _shown(has: str | float | bool | None) -> str | None:
    if isinstance(has, bool):
        return "yes" if has else "no"
    return f"{has:g}" if isinstance(has, float) else None if has is None else clipped(str(has))


def _check(wish: Wish, table: ProgramTable) -> None:
    names = {header_key(h): h for h in (*table.unread, *(h for h, _ in table.mapped))}
    if wish.key not in names and wish.key not in _OWN:
        from difflib import get_close_matches  # only a refusal needs it

        near = get_close_matches(wish.key, [*names, *_OWN], n=1)
        known = names | {key: column.name for key, column in _OWN.items()}
        hint = f"did you mean {known[near[0]]}?" if near else "its first line names the columns"
        raise RefusedInput(f"'{clipped(wish.written)}': the table has no column {wish.column}; {hint}")
    if any(wish.fits(program) for program in table.programs):
        return
    has = dict.fromkeys(_shown(wish.has(program)) for program in table.programs)
    values = [value for value in has if value is not None]
    more = ", ..." if len(values) > NAMED else ""
    there = f"the column has {', '.join(values[:NAMED])}{more}" if values else "the column is blank"
    raise RefusedInput(f"no program of the table fits '{clipped(wish.written)}'; {there}")
