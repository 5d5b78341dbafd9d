"""`matchmodel train`: the command."""

import argparse

from ..options import add_data, add_signed
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_data(parser)
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="where to write it (default: models/match-YEAR.json, YEAR that of the newest table)",
    )
    parser.add_argument(
        "--exclude-source",
        metavar="ID",
        nargs="+",
        action="extend",
        default=[],
        help="leave these sources out",
    )
    parser.add_argument(
        "--without-consent",
        action="store_true",
        help="leave out every source whose consent is asked for (consent = true); "
        "every answer then says what was lost",
    )
    add_signed(parser)


def run(args: argparse.Namespace) -> None:
    """Fit the model and write it."""
    from importlib import import_module

    from ...processes import beside

    with beside(1) as second:
        if second is not None:  # it imports what reads tables, while this one imports the rest
            second.submit(import_module, "matchmodel.etl.schemas")
        from ...fit.command import run_train

        run_train(args.data, args.model, args.exclude_source, args.without_consent, args.signed, second)
