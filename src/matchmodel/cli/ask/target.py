"""`matchmodel target`: the command."""

import argparse

from ..options import add_applicant, add_output, applicant_of, put, question_of
from ..parser import CommandParser

HELP = {  # options that mean something else here
    "applications": (
        "take the chance if you apply to so many programs (default: that if you rank at least one program; "
        "both are shown)"
    ),
    "target": "the chance of matching whose Step 2 CK is asked for, such as 0.6 (default: 0.5)",
    "step2": "a Step 2 CK score of your own, to set beside the answer",
}


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_applicant(parser)
    parser.add_argument(
        "--step2-taken",
        metavar="yes|no",
        help="whether your own score is of an exam that is passed (default: yes)",
    )
    add_output(parser, details=True)
    for action in parser._actions:
        action.help = HELP.get(action.dest, action.help)


def run(args: argparse.Namespace) -> None:
    """Print the score that a chance takes."""
    from ...advice.target import target
    from ...applicant import yes_or_no
    from ...model import load_model

    taken = yes_or_no(args.step2_taken, "--step2-taken")
    applicant, question = applicant_of(args), question_of(args)
    put(target(load_model(args.model), applicant, question, taken), args.json, args.details)
