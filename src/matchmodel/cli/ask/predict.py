"""`matchmodel predict`: the command."""

import argparse

from ..options import add_applicant, add_output, applicant_of, put_json, question_of
from ..parser import Commands, add_command


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "predict",
        "print the odds of one applicant, in one specialty or several; "
        "what is left out is unknown and drops out",
        run,
    )
    add_applicant(parser, several=True)
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print the odds."""
    from ...model import load_model

    question = question_of(args)
    applicants = [applicant_of(args, specialty) for specialty in args.specialty]
    model = load_model(args.model)
    answers = [model.odds(applicant, question) for applicant in applicants]
    if args.json:
        plain = [answer.to_dict() for answer in answers]
        put_json(plain[0] if len(plain) == 1 else plain)
        return
    from ...report.answer import lines

    print("\n\n\n".join("\n".join(lines(answer, args.details)) for answer in answers))
