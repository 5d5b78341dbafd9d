"""`matchmodel what-if`: the command."""

import argparse

from ..options import add_applicant, add_output, applicant_of, put, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_applicant(parser)
    parser.add_argument(
        "--step2-taken",
        metavar="yes|no",
        help="whether Step 2 CK has been taken; no makes --step2 an expected score, whose gains are then "
        "levers (default: taken where --step2 is given)",
    )
    parser.add_argument(
        "--backup",
        metavar="S",
        action="append",
        default=[],
        help="another specialty that you would apply to as well, at its usual number; may be given several "
        "times",
    )
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print what would move the odds."""
    from ...advice.what_if import what_if
    from ...applicant import yes_or_no
    from ...model import load_model

    taken = yes_or_no(args.step2_taken, "--step2-taken")
    applicant, question = applicant_of(args), question_of(args)
    result = what_if(load_model(args.model), applicant, question, taken, args.backup)
    put(result, args.json, args.details)
