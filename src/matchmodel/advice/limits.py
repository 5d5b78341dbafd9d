"""Limits of the questions that their help names too. Standard library only."""

from __future__ import annotations

from ..errors import RefusedInput

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypeAlias

    Sort: TypeAlias = Literal["apply", "ranked", "applications", "name"]

GAIN_HIGH, YEAR_MONTHS = 100.0, 12.0  # points; months of USCE that a year of waiting has room for
MOST_BACKUPS = 5  # of what-if, each a row of its table
MOST_SPECIALTIES = 3  # on the page of plan: a first and two backups, as portfolio takes
PROGRAMS_SHOWN = 25  # programs of the list, without --all
SORTS: tuple[Sort, ...] = ("apply", "ranked", "applications", "name")


def several(names: Iterable[str], most: int) -> list[str]:
    """Return the names of a first specialty and its backups as the tables write them.

    Raises
    ------
    RefusedInput
        For one that is named twice, and for more than `most`.
    """
    from ..specialty import asked_specialty

    made: list[str] = []
    for name in map(asked_specialty, names):
        if name in made:
            raise RefusedInput(f"{name} is given twice; give each specialty once")
        made.append(name)
    if len(made) > most:
        raise RefusedInput(f"{len(made)} specialties; give 1 to {most}")
    return made
