"""One tree of errors: each names the value, what was allowed, and the mend.

Standard library only: this module is on the path of ``predict``.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .etl.problems import Problem


_BREAKS = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"  # blanks that a terminal or a reader of lines acts on


def visible(text: str) -> str:
    """Return a text without what a terminal would act on: control characters are spelt out, but for lines."""
    if text.isprintable():
        return text
    return "".join(
        ch if ch.isprintable() or ch == "\n" or (ch.isspace() and ch not in _BREAKS) else repr(ch)[1:-1]
        for ch in text
    )


def clipped(value: object, longest: int = 60) -> str:
    """Return a value as a message shows it: in printable characters, and cut where it is very long."""
    try:
        text = value.strip() if isinstance(value, str) else repr(value)
    except ValueError:  # an integer of thousands of digits cannot be printed
        text = "a very long number"
    text = "".join(ch if ch.isprintable() else repr(ch)[1:-1] for ch in text[: longest + 1])
    return text if len(text) <= longest else text[:longest] + "..."


class MatchModelError(Exception):
    """Base of everything that matchmodel refuses or cannot do."""


class RefusedInput(MatchModelError, ValueError):
    """An input that cannot be answered; the message is one plain line."""


class UnknownSpecialty(RefusedInput):
    """A specialty name that is in no list; the message gives the nearest ones."""


class NotInModel(RefusedInput):
    """Asked for something that this model was not trained for."""


class ModelFileError(MatchModelError):
    """A model file that is missing, damaged or of another schema."""


class MissingTables(MatchModelError):
    """Training or evaluation lacks a table that it cannot do without."""


class SourceProblems(MatchModelError):
    """All problems found in the raw sources, together.

    Attributes
    ----------
    problems
        One entry per problem, in the order of files and rows.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))
