"""The parser of every command: whole options only, refusals in one plain line."""

from __future__ import annotations

import argparse
import os
import sys
from functools import cached_property

from ..errors import RefusedInput, clipped, visible

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any, NoReturn, Protocol, TypeAlias

    Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"

    class Command(Protocol):
        """What the module of a command has."""

        def add(self, parser: CommandParser) -> None:
            """Declare its arguments."""

        def run(self, args: argparse.Namespace) -> int | None:
            """Run it; return an exit status, None for success."""


REFUSED, FAILED = 2, 1  # exit statuses
PROFILE = "--profile"
COLUMNS = 80  # of a terminal that does not say
LONGEST = 1000  # characters, of a refusal's line
# An option that is not known -> what to say instead; no_data has those that no data answer.
HINTS = {
    "--practice": "this question takes one score; matchmodel timing averages over a practice test",
    "--step2-taken": "the score of --step2 is taken as it is; what-if, timing and plan take it",
    "--backup": "this question is about one specialty; what-if, portfolio and plan take others",
    "--step2-ck": "say --step2",
    "--step2-score": "say --step2",
    "--type": "say --applicant-type",
}


def _hints() -> dict[str, str]:
    from ..no_data import TOPICS

    return TOPICS | HINTS


class Once(argparse.Action):
    """An option that is refused when it is given twice, since only one of the two could be answered."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"argument {option_string}: given twice; this question takes one")
        setattr(namespace, self.dest, values)


class Formatter(argparse.HelpFormatter):
    """argparse's own, which would import `shutil` and all its archives to know how wide the terminal is."""

    def __init__(self, prog: str) -> None:
        columns = os.environ.get("COLUMNS", "")
        try:
            width = int(columns) if columns.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
        except (AttributeError, ValueError, OSError):  # no terminal
            width = 0
        super().__init__(prog, width=(width or COLUMNS) - 2)


class CommandParser(argparse.ArgumentParser):
    """A parser that takes whole options only, and refuses in one plain line, like everything else here.

    Attributes
    ----------
    not_of_profile
        Options that are declared for the sake of their refusal: a profile's entry is left aside.
    """

    not_of_profile: Collection[str] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, "formatter_class": Formatter, **more})

    def parse_known_args(  # type: ignore[override]  # argparse declares overloads, of which this is the use
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse as argparse does, a profile's entries first."""
        options = self._option_string_actions
        if args and PROFILE in options and any(word.partition("=")[0] == PROFILE for word in args):
            from .profile import with_profile

            several = {
                name: not isinstance(action, Once)
                for name, action in options.items()
                if name not in self.not_of_profile
            }
            try:
                args = with_profile(args, several)
            except RefusedInput as refused:
                self.exit(REFUSED, f"{self.prog}: {visible(str(refused))}\n")
        return super().parse_known_args(args, namespace)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a word that is none of the choices, with the nearest one."""
        if action.choices is not None and value not in action.choices:
            from .profile import nearest

            what = f"{action.option_strings[0]} knows no" if action.option_strings else "unknown command"
            near = nearest(str(value), map(str, action.choices))
            choices = "" if near else f"; choose from {', '.join(map(str, action.choices))}"
            self.error(f"{what} '{value}'{near or choices}")

    def unknown(self, words: Sequence[str]) -> NoReturn:
        """Refuse words that no option of the command takes, the first with the nearest option."""
        from .profile import nearest

        first = words[0].partition("=")[0]
        near = "" if first in _hints() else nearest(first, self._option_string_actions)
        self.error(f"unrecognized arguments: {' '.join(words)}{near}")

    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line, with a hint where there is one, and stop."""
        known = _hints()
        hints = {text: None for word in message.split() if (text := known.get(word.partition("=")[0]))}
        line = "; ".join([clipped(" ".join(message.split()), LONGEST), *hints])
        self.exit(REFUSED, f"{self.prog}: {line} (see {self.prog} --help)\n")


class Later:
    """The parser of a command, made when anything is asked of it: most runs ask one.

    Parameters
    ----------
    declare
        Declares its arguments.
    more
        Of `CommandParser`.
    """

    def __init__(self, declare: Callable[[CommandParser], None], **more: Any) -> None:
        self._declare, self._more = declare, more

    @cached_property
    def _made(self) -> CommandParser:
        made = CommandParser(**self._more)
        self._declare(made)
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)

    def _check_help(self, action: argparse.Action) -> None:
        """Do nothing: Python 3.14 asks it of each parser as it is added, which would make them all."""
