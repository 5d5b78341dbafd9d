"""`matchmodel read-pdf`: the command."""

import argparse

from ..options import whole_number
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "pdf", metavar="REPORT.pdf", help="the report; its pages must hold text, not pictures of it"
    )
    parser.add_argument(
        "--pages",
        metavar="LIST",
        required=True,
        help="pages of the PDF on which the table stands, counted from 1, such as 4-6,9",
    )
    parser.add_argument(
        "--layout", required=True, choices=("quartiles", "counts", "bins"), help="what the table is"
    )
    parser.add_argument(
        "--out",
        metavar="FILE.csv",
        required=True,
        help="where to write; never a table that a source.toml lists",
    )
    parser.add_argument(
        "--table", metavar="N", type=whole_number, help="which one, where the pages hold several"
    )
    parser.add_argument(
        "--image",
        metavar="FILE.png",
        help="draw the pages too, with a box round each cell that was read, to look them over",
    )
    for option, what in (("applicant-type", "us-img"), ("year", "2027"), ("measure", "step2_ck")):
        parser.add_argument(
            f"--{option}",
            metavar=option.split("-")[-1].upper(),
            default="",
            help=f"which of several groups with the same names, such as {what}, or the words above it",
        )


def run(args: argparse.Namespace) -> None:
    """Read a table of a PDF."""
    from ...pdf.command import run_read_pdf
    from ...pdf.groups import Choice

    which = Choice(args.applicant_type, args.year, args.measure)
    run_read_pdf(args.pdf, args.pages, args.layout, args.out, args.table, which, args.image)
