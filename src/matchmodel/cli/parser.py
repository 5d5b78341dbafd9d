"""The parser of every command: whole options only, refusals in one plain line."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn, Protocol, TypeAlias

REFUSED, FAILED = 2, 1  # exit statuses
HINTS = {  # an option that is not known -> what to say instead
    "--step1": "a Step 1 number is not in the model, its attempts are: --step1-attempts",
    "--step1-score": "a Step 1 number is not in the model, its attempts are: --step1-attempts",
    "--step2-ck": "say --step2",
    "--step2-score": "say --step2",
    "--type": "say --applicant-type",
}


class CommandParser(argparse.ArgumentParser):
    """A parser that takes whole options only, and refuses in one plain line, like everything else here."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **more})

    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line, with a hint where there is one, and stop."""
        hints = {text: None for word in message.split() if (text := HINTS.get(word.partition("=")[0]))}
        line = "; ".join([" ".join(message.split()), *hints])
        self.exit(REFUSED, f"{self.prog}: {line} (see {self.prog} --help)\n")


Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"


class Command(Protocol):
    """What the module of a command has.

    Its imports are light, since all are imported whichever is asked for: what a command needs is imported
    inside `run`.
    """

    def add(self, commands: Commands) -> None:
        """Add the command and declare its arguments."""

    def run(self, args: argparse.Namespace) -> int | None:
        """Run it; return an exit status, None for success."""


def add_command(
    commands: Commands, name: str, text: str, run: Callable[[argparse.Namespace], int | None]
) -> CommandParser:
    """Add a command that `run` answers; return its parser, without arguments."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser
