"""`matchmodel new-source`: the command."""

import argparse

from ..options import add_raw, whole_number
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "id",
        metavar="ID",
        help="name of the folder: letters, digits, hyphens, such as charting-outcomes-2027-non-us-img",
    )
    parser.add_argument(
        "--year",
        metavar="Y",
        type=whole_number,
        required=True,
        help="appointment year that the figures describe",
    )
    add_raw(parser)
    parser.add_argument(
        "--layout",
        metavar="NAME",
        nargs="+",
        action="extend",
        help="layouts, some with their measure, such as "
        "quartiles:contiguous_ranks or bins:step1 (default: counts quartiles:step2_ck)",
    )
    parser.add_argument(
        "--applicant-type",
        metavar="T",
        default="non-us-img",
        help="whom counts, quartiles and bins describe (default: %(default)s)",
    )
    parser.add_argument(
        "--title",
        metavar="TEXT",
        help="the report's title (default: that of the report such tables usually stand in)",
    )


def run(args: argparse.Namespace) -> None:
    """Make the folder of a new source."""
    from ...etl.new_source import run_new_source

    run_new_source(args.id, args.year, args.raw, args.layout, args.applicant_type, args.title)
