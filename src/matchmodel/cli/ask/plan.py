"""`matchmodel plan`: the command, which writes one page for an applicant."""

import argparse

from ...advice.limits import MOST_SPECIALTIES
from ..options import add_output, add_person, applicant_of, put_json, question_of
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "--specialty",
        metavar="S",
        action="append",
        required=True,
        help=f"the preferred specialty; given again for backups, up to {MOST_SPECIALTIES} in all",
    )
    add_person(parser)

    def option(name: str, metavar: str, text: str, default: str | None = None) -> None:
        parser.add_argument(name, metavar=metavar, help=text, default=default)

    option(
        "--step2-taken",
        "yes|no",
        "whether Step 2 CK has been taken; no makes --step2 an expected score (default: taken where --step2 "
        "is given)",
    )
    option(
        "--gain",
        "POINTS",
        "points of Step 2 CK that a year of waiting adds; needs --step2-taken no (default: 0)",
    )
    option(
        "--usce-gain", "MONTHS", "months of US clinical experience that a year of waiting adds (default: 0)"
    )
    option(
        "--out",
        "PLACE",
        "a folder for plan.md and plan.html, made where it is missing, one file that ends in .md or .html, "
        "or - to print the page (default: here)",
    )
    add_output(parser)


def run(args: argparse.Namespace) -> None:
    """Write the page, or print it."""
    from ...advice.plan import plan
    from ...advice.plan.files import check_free, places, write, written
    from ...advice.plan.sections import page
    from ...applicant import yes_or_no
    from ...model import load_model
    from ...report.terminal import terminal

    writes = args.out != "-" and (args.out is not None or not args.json)
    if writes:
        for path in places(args.out).values():
            check_free(path)
    first, *backups = args.specialty
    taken = yes_or_no(args.step2_taken, "--step2-taken")
    result = plan(
        load_model(args.model),
        applicant_of(args, first),
        question_of(args),
        backups,
        taken,
        0.0 if args.gain is None else args.gain,
        0.0 if args.usce_gain is None else args.usce_gain,
    )
    paths = write(result, args.out) if writes else ()
    if args.json:
        put_json(result.to_dict())
    else:
        print("\n".join(terminal(page(result, True) if args.out == "-" else written(result, paths))))
