"""`matchmodel check`: the command."""

import argparse

from ..options import add_raw
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_raw(parser)
    parser.add_argument("--source", metavar="ID", help="of this source alone")


def run(args: argparse.Namespace) -> None:
    """Check the raw tables."""
    from ...etl.checks.command import run_check

    run_check(args.raw, args.source)
