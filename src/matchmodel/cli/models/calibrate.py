"""`matchmodel calibrate`: the command."""

import argparse

from ..options import add_ignore_unread, add_signed
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "table",
        metavar="APPLICANTS.csv",
        help="a table as for score, with a column matched (yes or no; blank where unknown) and, "
        "where known, interviews",
    )
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="the model to calibrate, which stays as it is (default: the one that ships)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write (default: beside the model, '-calibrated' before .json; "
        "in models/ for the one that ships)",
    )
    parser.add_argument(
        "--method",
        choices=("intercept-slope", "temperature", "intercept"),
        default="intercept-slope",
        help="temperature learns a slope alone, intercept an average alone; where the sample is too small "
        "for both, the average alone is learnt (default: %(default)s)",
    )
    parser.add_argument(
        "--folds", metavar="N", type=int, default=10, help="of the cross-validation (default: %(default)s)"
    )
    add_signed(parser)
    add_ignore_unread(parser)


def run(args: argparse.Namespace) -> None:
    """Calibrate a model with your own applicants."""
    from ...own.calibrate.command import run_calibrate

    run_calibrate(args.table, args.model, args.out, args.method, args.folds, args.ignore_unread, args.signed)
