"""The command line; each command imports its own part when it runs."""

from __future__ import annotations

import os
import sys
from functools import cache, partial

from .. import __version__
from ..errors import MatchModelError, MissingTables, RefusedInput, SourceProblems
from .commands import COMMANDS, command
from .extras import missing_extra
from .parser import FAILED, REFUSED, CommandParser

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .parser import Commands


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
    commands = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND", parser_class=CommandParser
    )
    for name, (_, text) in COMMANDS.items():
        commands.add_parser(name, help=text, description=text).declare = partial(_declare, name)
    return parser, commands


def _say(text: object) -> None:
    if sys.stderr is not None:  # None where it was closed before the start; print would then take stdout
        print(text, file=sys.stderr)


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
    parser, commands = parsers()
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        commands.choices[args.command].unknown(unknown)
    status: int | None
    try:
        status = args.run(args)
        if sys.stdout is not None:  # None where it was closed before the start
            sys.stdout.flush()  # here, since at exit a full disk or a closed pipe would be a traceback
    except BrokenPipeError:  # as of '| head': nobody is reading, so there is nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except SourceProblems as error:
        _say(error)
        return REFUSED
    except (RefusedInput, MissingTables) as error:
        _say(f"matchmodel {args.command}: {error}")
        return REFUSED
    except ModuleNotFoundError as error:
        text = missing_extra(args.command, error)
        if text is None:
            raise
        _say(text)
        return REFUSED
    except (MatchModelError, OSError) as error:
        _say(f"matchmodel {args.command}: {error}")
        return FAILED
    return 0 if status is None else status


if __name__ == "__main__":
    sys.exit(main())
