"""`matchmodel programs`: the command."""

from __future__ import annotations

import argparse
import os

from ...advice.limits import PROGRAMS_SHOWN
from ...errors import RefusedInput
from ..options import add_applicant, add_output, applicant_of, put, question_of
from ..parser import CommandParser

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from typing import Any


def add(parser: CommandParser) -> None:
    """Declare its arguments."""

    many: dict[str, Any] = {"action": "append"}

    def option(name: str, text: str, **more: Any) -> None:
        parser.add_argument(name, help=text, **more)

    option("--table", "your table of programs; --template writes an empty one", metavar="PROGRAMS.csv")
    option(
        "--template",
        "write an empty table with each column explained, and stop; never over a file that exists",
        metavar="FILE.csv",
    )
    option(
        "--budget", "application fees that the list may cost, instead of --applications", metavar="DOLLARS"
    )
    option(
        "--visa-type",
        "which visa would do, where one is needed (default: %(default)s)",
        metavar="j1|h1b|either",
        default="either",
    )
    option(
        "--signals",
        "program signals in each specialty, to be counted in every chance: 15, or gold=3,silver=12, which "
        "count alike (default: the published number is shown apart)",
        metavar="N",
    )
    option("--state", "only programs of these states, as your table writes them", **many, metavar="NY,NJ")
    option("--setting", "only programs of these settings, likewise", **many, metavar="SETTING")
    option(
        "--where",
        "only programs whose column fits: state=NY|NJ, salary>=65000; may be given several times",
        **many,
        metavar="COLUMN=VALUE",
    )
    option(
        "--prefer",
        "programs that fit count for more in the order, WEIGHT times their chance (default: 2), and their "
        "chance stays; may be given several times",
        **many,
        metavar="COLUMN=VALUE[:WEIGHT]",
    )
    option(
        "--all",
        f"the whole list, not the first {PROGRAMS_SHOWN}, all that was left out, and the notes",
        action="store_true",
        dest="details",
    )
    option(
        "--out",
        "write every program of the table: on the list, not on it, or dropped and why",
        metavar="FILE.csv",
    )
    parser.not_of_profile = ("--target",)
    add_applicant(parser, several=True, required=False)
    add_output(parser, details=True)


def run(args: argparse.Namespace) -> None:
    """Print the list, or write the template."""
    from ...advice.programs import programs
    from ...advice.programs.out import write_out
    from ...advice.programs.table import one_of, read_programs, write_template
    from ...model import load_model

    if args.template is not None:
        if args.table is not None:
            raise RefusedInput("--template writes an empty table and --table reads yours; give one of them")
        write_template(args.template)
        print(f"An empty table with its columns explained: {args.template}")
        return
    _check(args)
    only = args.specialty[0] if args.specialty and len(args.specialty) == 1 else None
    table = read_programs(args.table, only)
    specialties = args.specialty or table.specialties
    where = [*one_of("state", args.state), *one_of("setting", args.setting), *(args.where or ())]
    result = programs(
        load_model(args.model),
        applicant_of(args, specialties[0]),
        table,
        question_of(args),
        args.budget,
        specialties,
        args.signals,
        args.visa_type,
        where,
        args.prefer or (),
    )
    if args.out is not None:
        write_out(result, args.out)
    put(result, args.json, args.details)
    if args.out is not None and not args.json:
        print(f"\nEvery program of the table, with reasons: {args.out}")


def _check(args: argparse.Namespace) -> None:
    if args.table is None:
        raise RefusedInput(
            "give --table with your programs as CSV; --template FILE.csv writes an empty one to fill in"
        )
    if args.applicant_type is None:
        raise RefusedInput("say who: --applicant-type non-us-img or us-img")
    if args.target is not None:
        raise RefusedInput("--target is for predict; here give --applications or --budget")
    both = args.out is not None and os.path.exists(args.out) and os.path.exists(args.table)
    if both and os.path.samefile(args.out, args.table):
        raise RefusedInput("--out is your own table; name another file")
