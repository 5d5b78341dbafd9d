"""`matchmodel specialties`: every specialty for one applicant, side by side."""

import argparse

from ...applicant import applicant_type_name
from ...cli.options import add_order, add_output, add_person, applicant_of, put_json, question_of
from ...model import load_model
from .compute import SORTS, specialties
from .text import lines


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `matchmodel specialties`."""
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
    """Answer `matchmodel specialties`."""
    model = load_model(args.model)
    first = model.specialties(applicant_type_name(args.applicant_type))[0]
    side = specialties(model, applicant_of(args, first), question_of(args), args.order, args.sort)
    if args.json:
        put_json(side.to_dict())
    else:
        print("\n".join(lines(side, args.details)))
