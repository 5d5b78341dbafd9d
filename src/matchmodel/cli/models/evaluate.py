"""`matchmodel evaluate`: the command."""

import argparse

from ..options import add_data, add_ignore_unread, add_model, whole_number
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_data(parser)
    parser.add_argument(
        "--applicants",
        metavar="FILE.csv",
        help="compare it with your own applicants instead: a table as for score, with their outcomes in a "
        "column matched (yes or no; blank where unknown) and, where known, interviews",
    )
    parser.add_argument(
        "--forecast",
        metavar="FILE.json",
        help="score a forecast instead, against the tables of the year that it is for",
    )
    add_model(parser)
    parser.add_argument(
        "--out", metavar="DIR", default="reports", help="folder for the report (default: %(default)s)"
    )
    parser.add_argument(
        "--card",
        metavar="FILE",
        help="where to write the model card (default: MODEL_CARD.md; in --out where that is given)",
    )
    parser.add_argument(
        "--worlds",
        metavar="N",
        type=whole_number,
        default=60,
        help="simulated data sets a setting; 0 leaves them out (default: %(default)s)",
    )
    add_ignore_unread(parser)


def run(args: argparse.Namespace) -> None:
    """Compare the model with held-out tables, with your own applicants, or a forecast with what came."""
    if args.applicants is not None:
        from ...own.evaluate.compute import run_people

        run_people(args.applicants, args.model, args.out, args.ignore_unread)
    elif args.forecast is not None:
        from ...evaluate.forecast_command import run_evaluate_forecast

        run_evaluate_forecast(args.forecast, args.data)
    else:
        from ...evaluate.command import run_evaluate

        run_evaluate(args.data, args.model, args.out, args.card, args.worlds)
