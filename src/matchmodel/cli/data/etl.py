"""`matchmodel etl`: the command."""

import argparse

from ..options import add_raw
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_raw(parser)
    parser.add_argument(
        "--out",
        metavar="DIR",
        default="data/processed",
        help="folder for the tidy tables (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> None:
    """Read the raw tables and write the tidy ones."""
    from ...etl import run_etl

    tidy = run_etl(args.raw, args.out, said=print)
    rows = sum(len(table) for table in tidy.tables.values())
    print(
        f"{len(tidy.sources)} sources, {len(tidy.tables)} tables, {rows:,} rows: "
        f"no problems found, written to {args.out}"
    )
