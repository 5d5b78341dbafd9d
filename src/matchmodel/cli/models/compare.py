"""`matchmodel compare`: the command."""

import argparse

from ..options import add_ignore_unread
from ..parser import CommandParser

EPILOG = (
    "Exit status: 0 where nothing is over a threshold; 1 where something is, or where NEW has lost an "
    "applicant type, a specialty, its number or an applications chain; 2 where the files cannot be compared. "
    "Both models share most of their sources, so standard errors tell how large a change is; "
    "they are no test."
)


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.epilog = EPILOG
    parser.add_argument("old", metavar="OLD.json", help="model file")
    parser.add_argument("new", metavar="NEW.json", help="model file")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    parser.add_argument("--figure", metavar="FILE", help="draw it too, to .png or .svg")
    parser.add_argument(
        "--applicants",
        metavar="IN.csv",
        help="a table as for score, asked of both models (default: made-up reference applicants)",
    )
    parser.add_argument(
        "--cycle",
        metavar="Y",
        help="ask both models for the Match of this year "
        "(default: each for the year after its own newest table)",
    )
    parser.add_argument(
        "--threshold",
        metavar="POINTS",
        type=float,
        default=5.0,
        help="the largest change of an applicant's chance that passes, in percentage points "
        "(default: %(default)g; a level's usual drift in a year, 0.15 log odds, moves an even chance by 3.8)",
    )
    parser.add_argument(
        "--standard-errors",
        metavar="Z",
        type=float,
        default=3.0,
        help="the largest change of a coefficient that passes (default: %(default)g; some 640 are compared, "
        "and were their changes independent standard normal numbers, one or two would lie beyond 3)",
    )
    add_ignore_unread(parser)


def run(args: argparse.Namespace) -> int:
    """Compare two model files; return the exit status."""
    from ...compare.command import run_compare
    from ...compare.result import Thresholds

    return run_compare(
        args.old,
        args.new,
        args.json,
        args.figure,
        args.applicants,
        Thresholds(args.threshold, args.standard_errors),
        args.cycle,
        args.ignore_unread,
    )
