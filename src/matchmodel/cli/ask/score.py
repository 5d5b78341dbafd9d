"""`matchmodel score`: the command."""

import argparse

from ..options import add_ignore_unread, add_model
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "table",
        metavar="IN.csv",
        help="CSV, TSV, XLSX or Parquet, one row an applicant. Columns: specialty, applicant_type, and those "
        "known of step2_ck, step1_attempts, step2_attempts, yog, usce_months, visa_needed, cycle, "
        "years_since_graduation, step1_failed, step2_failed, applications, target, interviews. Usual other "
        "names are read too, such as Step 2, USCE or Need visa?; blank, unknown, n/a and - are unknown",
    )
    parser.add_argument(
        "out", metavar="OUT.csv", help="the same table with the answers added, CSV, TSV or Parquet"
    )
    add_ignore_unread(parser)
    add_model(parser)


def run(args: argparse.Namespace) -> None:
    """Answer the table."""
    from ...batch.command import run_score

    run_score(args.table, args.out, args.model, args.ignore_unread)
