"""How a result shows itself in Python: one line as its repr, its text as `str`, the same in a notebook."""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd


class Readable:
    """A result that a person reads.

    Attributes
    ----------
    WRITER
        The module whose `lines` writes the result for a terminal; it is imported when somebody reads.
    ROWS
        What `to_frame` has one row for: the key of a list in `to_dict`, or the keys of records.
    """

    __slots__ = ()
    WRITER: ClassVar[str]
    ROWS: ClassVar[str | tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        raise NotImplementedError

    def _lines(self) -> Iterator[str]:
        lines: Iterator[str] = import_module(self.WRITER).lines(self)
        return lines

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {next(iter(self._lines())).splitlines()[0]}>"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        from html import escape  # which asking does without

        return f"<pre>{escape(str(self))}</pre>"

    def to_frame(self) -> "pd.DataFrame":
        """Return the result's rows as a pandas data frame, named as in `to_dict`."""
        import pandas as pd

        values, rows = self.to_dict(), self.ROWS
        return pd.json_normalize(values[rows] if isinstance(rows, str) else [values[name] for name in rows])
