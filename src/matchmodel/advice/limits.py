"""Limits of the questions that their help names too. Standard library only."""

from typing import Literal, get_args

GAIN_HIGH, YEAR_MONTHS = 100.0, 12.0  # points; months of USCE that a year of waiting has room for
MOST_SPECIALTIES = 3  # on the page of plan: a first and two backups, as portfolio takes
PROGRAMS_SHOWN = 25  # programs of the list, without --all
Sort = Literal["apply", "ranked", "applications", "name"]
SORTS: tuple[Sort, ...] = get_args(Sort)
