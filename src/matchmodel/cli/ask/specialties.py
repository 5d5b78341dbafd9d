"""`matchmodel specialties`: the command."""

import argparse

from ...advice.limits import SORTS
from ..options import add_order, add_output, add_person, applicant_of, put, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_person(parser)
    parser.add_argument(
        "--sort",
        metavar="BY",
        choices=SORTS,
        default="apply",
        help="apply, ranked, applications or name (default: %(default)s)",
    )
    add_order(parser)
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print every specialty."""
    from ...advice.specialties import specialties
    from ...applicant import applicant_type_name, visa_word
    from ...model import load_model

    model = load_model(args.model)
    first = model.specialties(applicant_type_name(args.applicant_type, visa_word(args.visa)))[0]
    whole = args.json
    side = specialties(model, applicant_of(args, first), question_of(args), args.order, args.sort, whole)
    put(side, args.json, args.details)
