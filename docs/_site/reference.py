"""Reference pages made from the code: the commands from their parsers, and the layouts of raw tables."""

import argparse
import re

from matchmodel.cli.main import parsers
from matchmodel.etl.kinds import KINDS
from matchmodel.etl.layouts import LAYOUTS, Column, Layout

WIDTH = 88
DEFAULTS = {  # what stands in for a column that is absent
    "year": "the source's year",
    "applicant_type": "the table's applicant type",
    "measure": "the table's measure",
    "specialty": "the table's specialty",
    "source": "the source's title",
    "grade": "the source's grade",
    "page": "the table's page",
    "coverage": "all",
}


def _cell(text: str) -> str:
    """Return text as a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _sentence(text: str) -> str:
    """Return a help text as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


# --- commands -----------------------------------------------------------------------------------------------


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of every command, with all its options."""
    return dict(parsers()[1].choices)


def _argument(action: argparse.Action, formatter: argparse.HelpFormatter) -> str:
    words = formatter._format_action_invocation(action)
    text = _cell(formatter._expand_help(action)) if action.help else ""
    needed = "**Required.** " if action.required and action.option_strings else ""
    return f"| `{_cell(words)}` | {needed}{text} |"


def command_section(name: str, parser: argparse.ArgumentParser) -> str:
    """Return what the reference says of one command."""
    formatter = argparse.HelpFormatter(parser.prog, width=WIDTH)
    actions = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    usage = argparse.HelpFormatter(parser.prog, width=WIDTH)
    usage.add_usage(None, actions, [], prefix="")
    parts = [f"## `{name}`", _sentence(parser.description or "")]
    parts.append("\n".join("    " + line for line in usage.format_help().rstrip().split("\n")))
    parts.append("\n".join(["| argument | what |", "|---|---|", *(_argument(a, formatter) for a in actions)]))
    if parser.epilog:
        parts.append(parser.epilog)
    return "\n\n".join(parts)


def commands_page() -> str:
    """Return the page of all commands."""
    intro = (
        "# Commands\n\nMade from the program's own parsers: the same as `matchmodel COMMAND --help`. Every "
        "command also takes `--help`. The [how-to pages](../how-to/index.md) show them at work.\n\n"
        "A command ends with status 0 when it has answered, 2 when it refuses what it was given, and 1 for "
        "anything else. `compare` has its own, below."
    )
    return "\n\n".join([intro, *(command_section(*named) for named in commands().items())]) + "\n"


# --- layouts ------------------------------------------------------------------------------------------------


def _column(column: Column) -> str:
    holds = KINDS[column.kind].expected
    if column.derived:
        absent = "made by the reader; a file does not have it"
    elif column.required:
        absent = "no"
    else:
        absent = f"yes: then {DEFAULTS[column.default]}" if column.default else "yes"
    names = ", ".join([f"**{column.printed}**", *column.headers])
    return f"| {_cell(names)} | {_cell(holds)} | {absent} | {'yes' if column.blank else 'no'} |"


def layout_section(layout: Layout) -> str:
    """Return what the reference says of one layout."""
    identity = ", ".join(layout.column(name).printed for name in layout.identity)
    says = [f"These name a row: {identity}." if identity else "Rows may be alike."]
    if layout.unordered:
        says.append("The order of the pair does not matter.")
    says.append("A row 'All' is data." if layout.totals else "Rows of totals are left out.")
    if layout.default_specialty:
        says.append(f"Where no specialty is named, it is {layout.default_specialty}.")
    header = ["| column | a cell holds | may be absent | may be blank |", "|---|---|---|---|"]
    name = layout.name.replace("_", "-")
    table = "\n".join([*header, *(_column(column) for column in layout.columns)])
    return f"## `{name}`\n\n{' '.join(says)}\n\n{table}"


def layouts_page() -> str:
    """Return the page of the layouts."""
    intro = (
        "# Layouts of raw tables\n\nMade from `src/matchmodel/etl/layouts.py`. A table's layout is the word "
        "that its `source.toml` gives after `layout`. [Raw sources](sources.md) says how to add a source.\n\n"
        "A column's own name is in bold, other names that it goes by stand behind it. Case, spaces, hyphens "
        "and underscores do not matter. A column called `... Pct` is in percent. Blank means suppressed, or "
        "not known. Any table may also carry notes, source, grade and year."
    )
    shown = re.sub(r"\n{3,}", "\n\n", "\n\n".join(layout_section(layout) for layout in LAYOUTS.values()))
    return f"{intro}\n\n{shown}\n"
