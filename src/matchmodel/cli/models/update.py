"""`matchmodel update`: the command."""

import argparse

from ..options import add_ignore_unread, add_signed
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "table",
        metavar="APPLICANTS.csv",
        help="a table as for score, with a column matched (yes or no; blank where unknown) and, where known, "
        "interviews and person (any name of your own, the same for all rows of one person; it is not kept)",
    )
    parser.add_argument(
        "--model",
        metavar="M",
        help="the model to update, which stays as it is (default: the one that ships)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write (default: beside the model, '-updated' before .json; "
        "in models/ for the one that ships)",
    )
    parser.add_argument(
        "--level",
        choices=("keep", "take"),
        default="take",
        help="take: the model answers at the level of your own applicants; keep: at that of the tables, and "
        "the rows move factors and specialties alone (default: %(default)s)",
    )
    add_signed(parser)
    add_ignore_unread(parser)


def run(args: argparse.Namespace) -> None:
    """Update a model with your own applicants."""
    from ...own.update.command import run_update

    run_update(args.table, args.model, args.out, args.ignore_unread, args.level, args.signed)
