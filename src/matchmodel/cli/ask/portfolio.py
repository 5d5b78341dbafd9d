"""`matchmodel portfolio`: the command."""

import argparse

from ...errors import RefusedInput
from ..options import add_applicant, add_order, add_output, applicant_of, put, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.not_of_profile = ("--target",)
    add_applicant(parser)
    parser.add_argument(
        "--backup",
        metavar="S",
        action="append",
        required=True,
        help="a second specialty, in order of preference; a third with another --backup",
    )
    parser.add_argument(
        "--budget",
        metavar="USD",
        help="dollars of application fees, instead of --applications (default: the usual numbers together)",
    )
    parser.add_argument(
        "--wish",
        metavar="SHARE",
        help="a share of the budget for the first specialty, such as 0.8 or 80%%, to be told too",
    )
    add_order(parser)
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print the splits."""
    from ...advice.portfolio import portfolio
    from ...model import load_model

    if args.target is not None:
        raise RefusedInput("--target has no meaning here; give --applications or --budget")
    applicant, question = applicant_of(args), question_of(args)
    split = portfolio(
        load_model(args.model), applicant, args.backup, question, args.budget, args.wish, args.order
    )
    put(split, args.json, args.details)
