"""`matchmodel profile`: the command, which writes an applicant's profile."""

from __future__ import annotations

import argparse
import io
import os
import sys

from ...errors import RefusedInput, clipped
from ..parser import CommandParser

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from typing import Any

    from ..profile import Entry

PERSON = {  # entry -> field of Applicant
    "step2": "step2_ck", "step1-attempts": "step1_attempts", "step2-attempts": "step2_attempts", "yog": "yog",
    "usce": "usce_months", "visa": "visa_needed", "cycle": "cycle",
}  # fmt: skip
ASKED = ("applications", "target", "interviews")


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "--out", metavar="FILE.toml", default="me.toml", help="the file to write (default: %(default)s)"
    )
    parser.add_argument("--template", action="store_true", help="write the template, ask nothing")


def _check(entry: Entry, answer: str, answers: dict[str, str]) -> None:
    """Refuse an answer that no applicant and no question can have."""
    from ...applicant import Applicant, yes_or_no
    from ...question import Question

    specialty = answers.get("specialty", "Internal Medicine")
    kind = answers.get("applicant-type", "non-us-img")
    if entry.key == "specialty":
        Applicant(answer, kind)
    elif entry.key == "applicant-type":
        Applicant(specialty, answer)
    elif entry.key == "step2-taken":
        yes_or_no(answer, entry.key)
    elif entry.key in PERSON:
        known: dict[str, Any] = {PERSON[entry.key]: answer}
        Applicant(specialty, kind, **known)
    elif entry.key in ASKED:
        asked: dict[str, Any] = {entry.key: answer}
        Question(**asked)


def _ask() -> dict[str, str]:
    """Return what a person answers; an empty answer is unknown."""
    from ..profile import ENTRIES

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # what is no text is refused below
    print("Press Enter where you do not know. Nothing is sent anywhere.")
    answers: dict[str, str] = {}
    for entry in ENTRIES:
        while True:
            answer = input(f"{entry.meaning} (such as {entry.example.strip(chr(34))}): ").strip()
            if not answer:
                break
            try:
                if not answer.isprintable():  # as an arrow key is not
                    raise RefusedInput(f"'{clipped(answer)}' has keys that are no letters; type it again")
                _check(entry, answer, answers)
            except RefusedInput as refused:
                print(f"  {refused}")
            else:
                answers[entry.key] = answer
                break
    return answers


def run(args: argparse.Namespace) -> None:
    """Write the profile."""
    from ...files import write_text
    from ..profile import template

    if os.path.lexists(args.out):
        raise RefusedInput(f"{args.out} already exists and stays as it is; name another file with --out")
    asks = not args.template and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    write_text(args.out, template(_ask() if asks else {}), private=True)  # it is about a person
    print(f"written: {args.out}; ask with: matchmodel predict --profile {args.out}")
