"""The page of `matchmodel plan`, written to files, and what the terminal says of it."""

import os
from collections.abc import Sequence
from dataclasses import replace

from ...errors import RefusedInput
from ...files import write_text
from ...report.blocks import Code, Items, Page, Section
from ...report.html import html
from ...report.markdown import markdown
from .result import Plan
from .sections import page

NAMES = {".md": "plan.md", ".html": "plan.html"}
MARKED = "matchmodel plan: written by the program"
_COMMENT = f"<!-- {MARKED}, which replaces it when it is run again -->"
MARKS = {".md": _COMMENT, ".html": "<!doctype html>" + _COMMENT}
WRITERS = {".md": markdown, ".html": html}


def places(out: str | None) -> dict[str, str]:
    """Return {ending: path} of what is to be written."""
    ending = os.path.splitext(out or "")[1].lower()
    if out is not None and ending in NAMES and not os.path.isdir(out):
        return {ending: out}
    return {ending: os.path.join(out or ".", name) for ending, name in NAMES.items()}


def check_free(path: str) -> None:
    """Refuse a file that this command did not write.

    Raises
    ------
    RefusedInput
        With the way out.
    """
    if not os.path.lexists(path):
        return
    if os.path.isdir(path):
        raise RefusedInput(f"{path} is a folder; name another place with --out")
    if not os.path.isfile(path):
        raise RefusedInput(f"{path} is not a regular file; name another place with --out")
    with open(path, encoding="utf-8", errors="replace") as file:
        if MARKED not in file.readline():
            raise RefusedInput(
                f"{path} was not written by this command and stays as it is; move it, or name another place "
                f"with --out"
            )


def write(result: Plan, out: str | None) -> tuple[str, ...]:
    """Write the pages; return their paths."""
    targets = places(out)
    for path in targets.values():
        check_free(path)
    made = {
        ending: WRITERS[ending](page(result, True), MARKS[ending]) for ending in targets
    }  # all first: nothing half written
    for ending, path in targets.items():
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_text(path, made[ending])
    return tuple(targets.values())


def written(result: Plan, paths: Sequence[str]) -> Page:
    """Return what the terminal says once the pages are written: the first page, and where they are."""
    first = page(result)
    places = Section("", (Items(tuple(("written: ", Code(path)) for path in paths)),))
    return replace(first, sections=(*first.sections, places)) if paths else first
