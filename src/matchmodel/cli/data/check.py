"""`matchmodel check`: the command."""

import argparse

from ..options import add_raw
from ..parser import Commands, add_command


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "check",
        "validate the raw tables as etl does and write nothing; a summary, "
        "and what moved against the year before",
        run,
    )
    add_raw(parser)
    parser.add_argument("--source", metavar="ID", help="of this source alone")


def run(args: argparse.Namespace) -> None:
    """Check the raw tables."""
    from ...etl.checks.command import run_check

    run_check(args.raw, args.source)
