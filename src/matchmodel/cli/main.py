"""The command line; each command imports its own part when it runs."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from contextlib import nullcontext, redirect_stdout
from functools import cache, partial

from .. import __version__
from ..errors import MatchModelError, MissingTables, RefusedInput, SourceProblems, visible
from .commands import COMMANDS, command
from .extras import missing_extra
from .parser import FAILED, REFUSED, CommandParser, Later

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TextIO

    from .parser import Commands


SAID = 1500  # characters of a line, which may name a file of any length
YOUNG = 50_000  # objects made between two looks for circles; most of a run makes none


def _declare(name: str, parser: CommandParser) -> None:
    module = command(name)
    module.add(parser)
    parser.set_defaults(run=module.run)


@cache
def parsers() -> tuple[CommandParser, Commands]:
    """Return the program's parser, and the commands with theirs, declared when they are used."""
    parser = CommandParser(
        prog="matchmodel",
        description="Odds of matching into a US residency for international medical graduates, "
        "learnt from published Match tables.",
        epilog="Example: matchmodel predict --specialty 'Internal Medicine' --applicant-type non-us-img "
        "--step2 250 --yog 2024 --usce 4 --visa yes",
    )
    parser.add_argument("--version", action="version", version=f"matchmodel {__version__}")
    later: Any = Later  # to argparse, a class of parsers
    commands: Commands = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND", parser_class=later
    )
    for name, (_, text) in COMMANDS.items():
        commands.add_parser(name, help=text, description=text, declare=partial(_declare, name))
    return parser, commands


class Visible(io.TextIOBase):
    """Standard output on which no name out of a file or a table moves the cursor or colours the screen.

    What its encoding does not have is spelt as in JSON, which stays JSON so.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, text: str) -> int:
        """Write a text, what a terminal would act on spelt out."""
        said = visible(text)
        try:
            return self.out.write(said)
        except UnicodeEncodeError:
            import json

            code = self.out.encoding
            spelt = (ch if ch.encode(code, "ignore") else json.dumps(ch)[1:-1] for ch in said)
            return self.out.write("".join(spelt))

    def flush(self) -> None:
        """Write what is waiting."""
        self.out.flush()

    def isatty(self) -> bool:
        """Whether somebody looks on."""
        return self.out.isatty()

    def fileno(self) -> int:
        """Return the number that the system knows it by."""
        return self.out.fileno()


def _say(text: object, words: Sequence[str]) -> None:
    if sys.stderr is None:  # where it was closed before the start; print would then take stdout
        return
    said = str(text)
    for word in words:  # such as the name of a file, of which a line stays one
        if "\n" in word:
            said = said.replace(word, word.replace("\n", "\\n"))
    lines = visible(said).split("\n")
    print("\n".join(line if len(line) <= SAID else line[:SAID] + "..." for line in lines), file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        The words after the program's name.

    Returns
    -------
    int
        0 answered, 2 refused input, 1 anything else; or what the command says, as compare does.
    """
    gc.set_threshold(YOUNG)
    atexit.register(gc.freeze)  # at the end nothing is looked through: the memory goes with the process
    try:
        return _main(argv)
    except (KeyboardInterrupt, EOFError):  # Ctrl-C; or Ctrl-D where something is asked
        _say("matchmodel: stopped", ())
        return FAILED


def _main(argv: Sequence[str] | None) -> int:
    parser, commands = parsers()
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        commands.choices[args.command].unknown(unknown)
    status: int | None
    words = sys.argv[1:] if argv is None else argv
    shown = nullcontext() if sys.stdout is None else redirect_stdout(Visible(sys.stdout))
    try:
        with shown:
            status = args.run(args)
        if sys.stdout is not None:  # None where it was closed before the start
            sys.stdout.flush()  # here, since at exit a full disk or a closed pipe would be a traceback
    except BrokenPipeError:  # as of '| head': nobody is reading, so there is nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except SourceProblems as error:
        _say(error, words)
        return REFUSED
    except (RefusedInput, MissingTables) as error:
        _say(f"matchmodel {args.command}: {error}", words)
        return REFUSED
    except ModuleNotFoundError as error:
        text = missing_extra(args.command, error)
        if text is None:
            raise
        _say(text, words)
        return REFUSED
    except MatchModelError as error:
        _say(f"matchmodel {args.command}: {error}", words)
        return FAILED
    except OSError as error:
        of = "" if error.filename is None else f"{error.filename}: "
        _say(f"matchmodel {args.command}: {of}{error.strerror or error}", words)
        return FAILED
    return 0 if status is None else status


if __name__ == "__main__":
    sys.exit(main())
