"""`matchmodel curve`: the command."""

import argparse

from ...errors import RefusedInput
from ..options import add_applicant, add_ignore_unread, add_model, applicant_of, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_applicant(parser, several=True, required=False)
    parser.add_argument(
        "--table",
        metavar="IN.csv",
        help="a table of applicants as for score, a curve a row, instead of the words above",
    )
    parser.add_argument(
        "--out", metavar="FILE", default="curve.png", help="picture, .png or .svg (default: %(default)s)"
    )
    add_ignore_unread(parser)
    add_model(parser)


def run(args: argparse.Namespace) -> None:
    """Draw the curves."""
    from ...batch.table import read_table
    from ...curve import run_curve
    from ...model import load_model
    from ...progress import say
    from ...question import Question

    model = load_model(args.model)
    if args.table is not None:
        table = read_table(args.table, model, ignore_unread=args.ignore_unread)
        for line in table.said:
            say(line)
        applicants, question = table.applicants, table.questions[0] if table.questions else Question()
    elif args.specialty is None or args.applicant_type is None:
        raise RefusedInput("say who: --specialty and --applicant-type, or --table with a CSV of applicants")
    else:
        applicants, question = [applicant_of(args, s) for s in args.specialty], question_of(args)
    run_curve(model, applicants, args.out, question.target, question.applications)
