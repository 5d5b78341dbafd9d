"""The table of programs that a user brings: columns, template, reading, exports, and wishes on any column."""

from .columns import COLUMNS, FIELDS, NO_LIMIT, Limit, Program, ProgramTable, template, write_template
from .read import read_programs
from .wishes import Wishes, one_of

__all__ = [
    "COLUMNS", "FIELDS", "NO_LIMIT", "Limit", "Program", "ProgramTable", "Wishes", "one_of", "read_programs",
    "template", "write_template",
]  # fmt: skip
