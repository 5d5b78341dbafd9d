"""The options that commands share, and what is read from them."""

from __future__ import annotations

import argparse

from .parser import Once

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from typing import Any

    from ..applicant import Applicant
    from ..question import Question
    from ..readable import Readable


def add_applicant(parser: argparse.ArgumentParser, several: bool = False, required: bool = True) -> None:
    """Add the options that describe an applicant and what is asked.

    Parameters
    ----------
    parser
    several
        Whether the specialty may be given several times; it is a list then.
    required
        Whether specialty and applicant type must be given.
    """
    again = "; may be given several times" if several else ""
    parser.add_argument(
        "--specialty", metavar="S", required=required, action="append" if several else Once,
        help="any usual spelling, such as 'Internal Medicine' or 'General Surgery'" + again,
    )  # fmt: skip
    add_person(parser, required)


def add_person(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """Add the options that describe a person, whatever the specialty."""

    def add(name: str, metavar: str, text: str, **more: Any) -> None:
        parser.add_argument(name, metavar=metavar, help=text, **more)

    add(
        "--applicant-type",
        "T",
        "non-us-img or us-img (or another type the model was trained on)",
        required=required,
    )
    add("--step2", "N", "Step 2 CK score")
    add("--step1-attempts", "N", "attempts at Step 1; 2 or more mean that it was failed at least once")
    add("--step2-attempts", "N", "attempts at Step 2 CK, likewise")
    add("--yog", "Y", "year of graduation from medical school")
    add("--usce", "MONTHS", "months of US clinical experience")
    add(
        "--visa",
        "V",
        "yes, no, j-1, h-1b, green-card or citizen: whether a visa is needed "
        "(a permanent resident is a non-US IMG who needs none)",
    )
    add("--cycle", "Y", "year of the Match (default: the year after the model's newest table)")
    add("--applications", "N", "how many programs are applied to (default: the usual number)")
    add(
        "--target",
        "P",
        "a chance of matching whose required applications are asked for, such as 60%% (default: 50%%)",
    )
    add("--interviews", "K", "interviews held in the specialty, each taken as ranked")
    add("--profile", "FILE.toml", "read any of these from a file; matchmodel profile writes one")


def add_output(parser: argparse.ArgumentParser, details: bool = False) -> None:
    """Add --json and --model, and --details where there are any."""
    if details:
        parser.add_argument(
            "--details", action="store_true", help="add the bounds, the ranges of everything and all notes"
        )
    parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    add_model(parser)


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add --model: the model that is asked."""
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="model file (default: the newest models/match-YEAR.json here, else the one that ships)",
    )


def add_ignore_unread(parser: argparse.ArgumentParser) -> None:
    """Add --ignore-unread: go on without columns of a table that look like what an answer takes."""
    parser.add_argument(
        "--ignore-unread", action="store_true",
        help="go on without the table's columns that look like what an answer takes but are not read",
    )  # fmt: skip


def add_signed(parser: argparse.ArgumentParser) -> None:
    """Add --signed: who makes a model file."""
    parser.add_argument(
        "--signed", metavar='"AB, DATE"', type=signature,
        help="your initials and a date, written into the new file and shown by matchmodel model",
    )  # fmt: skip


def signature(text: str) -> str:
    """Return a signature, for `type` of an option."""
    from ..errors import clipped
    from ..signature import EXPECTED, is_signature

    if not is_signature(text):
        raise argparse.ArgumentTypeError(f"'{clipped(text)}' is no signature; it is {EXPECTED}")
    return text


def add_raw(parser: argparse.ArgumentParser) -> None:
    """Add --raw: where the sources are."""
    parser.add_argument(
        "--raw", metavar="DIR", default="data/raw", help="folder of sources (default: %(default)s)"
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add --data: where the tidy tables are."""
    parser.add_argument(
        "--data", metavar="DIR", default="data/processed", help="folder of tidy tables (default: %(default)s)"
    )


def whole_number(text: str) -> int:
    """Return a whole number from 0 on, for `type` of an option."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def add_order(parser: argparse.ArgumentParser) -> None:
    """Add --order: in which order programs are applied to."""
    parser.add_argument(
        "--order", choices=("choose", "random", "friendliest"), default="choose",
        help="programs as IMGs choose them, or a bound: at random, the most IMG-friendly first "
        "(default: %(default)s)",
    )  # fmt: skip


def applicant_of(args: argparse.Namespace, specialty: str | None = None) -> Applicant:
    """Return the `Applicant` of parsed options, in another specialty where one is named."""
    from ..applicant import Applicant

    return Applicant(
        args.specialty if specialty is None else specialty, args.applicant_type, args.step2,
        args.step1_attempts, args.step2_attempts, args.yog, args.usce, args.visa, args.cycle,
    )  # fmt: skip


def question_of(args: argparse.Namespace) -> Question:
    """Return the `Question` of parsed options."""
    from ..question import Question

    return Question(args.applications, args.target, args.interviews)


def put_json(content: Any) -> None:
    """Print one JSON object."""
    from ..files import json_text

    print(json_text(content))


def put(result: Readable, as_json: bool, details: bool = False) -> None:
    """Print a result: as one JSON object, or its page for a person."""
    if as_json:
        put_json(result.to_dict())
    else:
        from ..report.terminal import terminal

        print("\n".join(terminal(result.page(details))))
