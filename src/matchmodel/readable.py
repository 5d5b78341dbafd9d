"""How a result shows itself in Python: one line as its repr, its text as `str`, the same in a notebook."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd

    from .report.blocks import Page


class Readable:
    """A result that a person reads.

    Attributes
    ----------
    WRITER
        The module whose `page` makes the result into blocks; it is imported when somebody reads.
    ROWS
        What `to_frame` has one row for: the key of a list in `to_dict`, or the keys of records.
    """

    __slots__ = ()
    WRITER: ClassVar[str]
    ROWS: ClassVar[str | tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        raise NotImplementedError

    def page(self, details: bool = False) -> "Page":
        """Return the result as blocks, which the terminal, Markdown and HTML write out."""
        made: Page = import_module(self.WRITER).page(self, details)
        return made

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.page().title}>"

    def __str__(self) -> str:
        from .report.terminal import terminal

        return "\n".join(terminal(self.page()))

    def _repr_html_(self) -> str:
        from .report.html import body

        return body(self.page())

    def to_frame(self) -> "pd.DataFrame":
        """Return the result's rows as a pandas data frame, named as in `to_dict`."""
        import pandas as pd

        values, rows = self.to_dict(), self.ROWS
        return pd.json_normalize(values[rows] if isinstance(rows, str) else [values[name] for name in rows])
