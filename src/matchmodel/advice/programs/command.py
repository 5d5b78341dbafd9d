"""`matchmodel programs`: the best list out of a table of programs."""

import argparse
import csv
import io
import os
from collections.abc import Iterator
from typing import Any

from ...cli.options import add_applicant, add_output, applicant_of, put_json, question_of, replace_text
from ...errors import RefusedInput
from ...model import load_model
from ..notes import text
from .compute import programs
from .result import Dropped, Listed, ProgramList
from .table import read_programs, write_template
from .text import SHOWN, lines

_OUT = (
    "status",
    "order",
    "program",
    "id",
    "specialty",
    "state",
    "setting",
    "row",
    "chance",
    "chance_low",
    "chance_high",
    "signal",
    "chance_without_signal",
    "chance_with_signal",
    "mark",
    "rate",
    "rate_from",
    "basis",
    "unknown",
    "reasons",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""

    def add(name: str, text: str, **more: Any) -> None:
        parser.add_argument(name, help=text, **more)

    add("--table", "your table of programs; --template writes an empty one", metavar="PROGRAMS.csv")
    add(
        "--template",
        "write an empty table with each column explained, and stop; never over a file that exists",
        metavar="FILE.csv",
    )
    add("--budget", "application fees that the list may cost, instead of --applications", metavar="DOLLARS")
    add(
        "--visa-type",
        "which visa would do, where one is needed (default: %(default)s)",
        metavar="j1|h1b|either",
        default="either",
    )
    add(
        "--signals",
        "program signals in each specialty (default: what the published table gives it)",
        metavar="N",
    )
    add("--all", f"show the whole list and all that was dropped, not the first {SHOWN}", action="store_true")
    add(
        "--out",
        "write every program of the table: on the list, not on it, or dropped and why",
        metavar="FILE.csv",
    )
    add_applicant(parser, several=True, required=False)
    add_output(parser)


def run(args: argparse.Namespace) -> None:
    """Answer, or write the template."""
    if args.template is not None:
        if args.table is not None:
            raise RefusedInput("--template writes an empty table and --table reads yours; give one of them")
        write_template(args.template)
        print(f"An empty table with its columns explained: {args.template}")
        return
    _check(args)
    read = read_programs(args.table)
    specialties = args.specialty or read.specialties
    result = programs(
        load_model(args.model),
        applicant_of(args, specialties[0]),
        read,
        question_of(args),
        args.budget,
        specialties,
        args.signals,
        args.visa_type,
    )
    if args.out is not None:
        write_out(result, args.out)
    if args.json:
        put_json(result.to_dict())
    else:
        print("\n".join(lines(result, args.all, args.out)))


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


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _rows(result: ProgramList) -> Iterator[list[Any]]:
    groups: tuple[tuple[str, tuple[Listed | Dropped, ...]], ...] = (
        ("listed", result.picks),
        ("not listed", result.others),
        ("dropped", result.dropped),
    )
    for status, found in groups:
        for k, one in enumerate(found, start=1):
            order = k if status == "listed" else ""
            start = [status, order, one.program, one.id, one.specialty, one.state, one.setting, one.row]
            if isinstance(one, Dropped):
                yield [*start, *[""] * 11, "; ".join(map(text, one.reasons))]
                continue
            chance = (None,) * 3 if one.chance is None else one.chance
            numbers = [_number(value) for value in chance]
            signals = [_number(one.chance_without_signal), _number(one.chance_with_signal)]
            rest = [
                one.mark,
                _number(one.rate),
                one.rate_from,
                one.basis,
                "; ".join(map(text, one.unknown)),
                "",
            ]
            yield [*start, *numbers, "yes" if one.signal else "no", *signals, *rest]


def write_out(result: ProgramList, path: str) -> None:
    """Write every program as CSV: the list first, then what is not on it, then what was dropped and why.

    Raises
    ------
    RefusedInput
        Where the file cannot be written.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(_OUT)
    writer.writerows(_rows(result))
    try:
        replace_text(path, made.getvalue())
    except OSError as error:
        raise RefusedInput(f"{path} cannot be written: {error.strerror}") from None
