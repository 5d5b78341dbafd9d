"""`matchmodel model`: which model answers, and why."""

import argparse

from ..options import add_output, put_json
from ..parser import CommandParser


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    add_output(parser)


def run(args: argparse.Namespace) -> None:
    """Print which model answers."""
    from ...model import load_model
    from ...model.about import about, page
    from ...report.terminal import terminal

    found = about(load_model(args.model), args.model)
    if args.json:
        put_json(found)
    else:
        print("\n".join(terminal(page(found))))
