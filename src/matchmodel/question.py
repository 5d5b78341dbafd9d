"""What is asked of an applicant's odds: a frozen, checked question. Standard library only."""

from dataclasses import dataclass, fields, replace
from typing import Any

from .applicant import read_number
from .errors import RefusedInput, clipped

APPLICATIONS_LIMIT = 5000
MOST_INTERVIEWS = 60
DEFAULT_TARGET = 0.5  # the chance whose required applications are told when none is asked for


def _target(value: Any) -> float | None:
    """Return a chance that is written as 0.6, 60% or 60; 1 is neither and is refused."""
    meaning = "it is a chance, such as 60% or 0.6"
    percent = isinstance(value, str) and value.strip().endswith("%")
    number = read_number((value.strip()[:-1] or value) if percent else value, "target", 0, 100, meaning)
    if number is None:
        return None
    number = number / 100 if percent or number >= 2 else number  # 1.5 may be a slip of either
    if not 0 < number < 1:
        raise RefusedInput(f"target is {clipped(value)}; {meaning}")
    return number


@dataclass(frozen=True, slots=True)
class Question:
    """How many, which chance, and what is in hand; what is None is not asked.

    Parameters
    ----------
    applications
        How many programs are applied to.
    target
        Chance of matching whose required applications are asked for.
    interviews
        Interviews held in the specialty, each taken as ranked.

    Raises
    ------
    RefusedInput
        For a value that cannot be, in one line that says what can.
    """

    applications: int | None = None
    target: float | None = None
    interviews: int | None = None

    def __post_init__(self) -> None:
        whole = f"it is a whole number between 1 and {APPLICATIONS_LIMIT}"
        held = f"it is a whole number between 0 and {MOST_INTERVIEWS}"
        object.__setattr__(
            self,
            "applications",
            read_number(self.applications, "applications", 1, APPLICATIONS_LIMIT, whole, whole=True),
        )
        object.__setattr__(self, "target", _target(self.target))
        object.__setattr__(
            self,
            "interviews",
            read_number(self.interviews, "interviews", 0, MOST_INTERVIEWS, held, whole=True),
        )

    def replace(self, **changes: Any) -> "Question":
        """Return a copy with `changes`, checked again."""
        return replace(self, **changes)

    __replace__ = replace  # copy.replace


FIELDS = tuple(f.name for f in fields(Question))
