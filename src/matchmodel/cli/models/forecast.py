"""`matchmodel forecast`: the command."""

import argparse

from ..options import add_model
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_model(parser)
    parser.add_argument(
        "--data",
        metavar="DIR",
        default="data/processed",
        help="folder of tidy tables that it was trained on (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write; never over a file that is there (default: reports/forecast-YEAR.json)",
    )


def run(args: argparse.Namespace) -> None:
    """Write the forecast of the next report, once."""
    from pathlib import Path

    from ...evaluate.forecast_command import run_forecast
    from ...model import load_model

    print(run_forecast(load_model(args.model), Path(args.data), args.out))
