"""Limits of the questions that their help names too. Standard library only."""

from collections.abc import Iterable
from typing import Literal, get_args

from ..errors import RefusedInput
from ..specialty import asked_specialty

GAIN_HIGH, YEAR_MONTHS = 100.0, 12.0  # points; months of USCE that a year of waiting has room for
MOST_BACKUPS = 5  # of what-if, each a row of its table
MOST_SPECIALTIES = 3  # on the page of plan: a first and two backups, as portfolio takes
PROGRAMS_SHOWN = 25  # programs of the list, without --all
Sort = Literal["apply", "ranked", "applications", "name"]
SORTS: tuple[Sort, ...] = get_args(Sort)


def several(names: Iterable[str], most: int) -> list[str]:
    """Return the names of a first specialty and its backups as the tables write them.

    Raises
    ------
    RefusedInput
        For one that is named twice, and for more than `most`.
    """
    made: list[str] = []
    for name in map(asked_specialty, names):
        if name in made:
            raise RefusedInput(f"{name} is given twice; give each specialty once")
        made.append(name)
    if len(made) > most:
        raise RefusedInput(f"{len(made)} specialties; give 1 to {most}")
    return made
