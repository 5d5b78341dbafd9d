"""`matchmodel page`: the command."""

import argparse

from ..options import add_model
from ..parser import CommandParser

REPORT = "reports/evaluation.json"


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "--out", metavar="FILE.html", required=True, help="the page; a file of that name is replaced"
    )
    parser.add_argument(
        "--evaluation", metavar="FILE.json", default=None,
        help=f"what evaluate wrote, for the picture of how far to trust it (default: {REPORT}, where it is)",
    )  # fmt: skip
    parser.add_argument("--docs", metavar="LINK", help="where the documentation is, as a link of the page")
    add_model(parser)


def run(args: argparse.Namespace) -> None:
    """Write the page."""
    import os

    from ...errors import RefusedInput, clipped
    from ...files import write_text
    from ...inputs import file_bytes, strict_json, why
    from ...model import load_model
    from ...page import build_page

    if not args.out.lower().endswith((".html", ".htm")):
        raise RefusedInput(f"{clipped(args.out)} is not a page; name it so that it ends in .html")
    model = load_model(args.model)
    path, evaluation = args.evaluation or REPORT, None
    if args.evaluation or os.path.exists(path):
        try:
            evaluation = strict_json(file_bytes(path))
        except (OSError, ValueError) as error:
            raise RefusedInput(f"{clipped(path)} cannot be read as an evaluation: {why(error)}") from None
    text = build_page(model, evaluation, args.docs)
    folder = os.path.dirname(args.out)
    if folder:
        os.makedirs(folder, exist_ok=True)
    write_text(args.out, text)
    size = len(text.encode()) / 1000
    print(f"wrote {args.out}: model {model.name}, {size:,.0f} KB; what is typed in it is sent nowhere")
