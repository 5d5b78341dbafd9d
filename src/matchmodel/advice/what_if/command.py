"""`matchmodel what-if`: the command."""

import argparse

from ...applicant import yes_or_no
from ...cli.options import add_applicant, add_output, applicant_of, question_of
from ...model import load_model
from ..common import put
from .compute import what_if
from .text import lines


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_applicant(parser)
    parser.add_argument(
        "--step2-taken",
        metavar="yes|no",
        help="whether Step 2 CK has been taken; no makes --step2 an expected score, whose gains are then "
        "levers (default: taken where --step2 is given)",
    )
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Answer."""
    taken = yes_or_no(args.step2_taken, "--step2-taken")
    applicant, question = applicant_of(args), question_of(args)
    put(what_if(load_model(args.model), applicant, question, taken), lines, args.json, args.details)
