"""`matchmodel predict`: the command."""

import argparse

from ..options import add_applicant, add_output, applicant_of, put, put_json, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_applicant(parser, several=True)
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print the odds."""
    from ...model import load_model

    question = question_of(args)
    applicants = [applicant_of(args, specialty) for specialty in args.specialty]
    model = load_model(args.model)
    answers = [model.odds(applicant, question) for applicant in applicants]
    if len(answers) == 1:
        put(answers[0], args.json, args.details)
    elif args.json:
        put_json([answer.to_dict() for answer in answers])
    else:
        from ...report.answer import several
        from ...report.terminal import terminal

        print("\n".join(terminal(several(answers))))
