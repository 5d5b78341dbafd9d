"""The pages, and how each part of them is made anew.

Three kinds of thing are made; all other text is written by hand:

- outputs: an indented block after a command and the word 'prints', '[...]' standing for lines left out;
- figures in sentences: each sentence is a template in `sentences`, filled in where the page has it;
- tables, found by their header line, of which some columns stay as they were written by hand.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from matchmodel import load_model
from matchmodel.evaluate.results import read_evaluation

from ..worked import anew, output
from .figures import FIGURES, Sources
from .records import record_sections
from .sentences import CHANGELOG, DEPENDENCIES, LEVEL, MODEL, MODEL_FILE, PREDICT, README, SENTENCES, TRUST
from .tables import TABLES

ROOT = Path(__file__).parents[2]
PAGES = (README, CHANGELOG, PREDICT, TRUST, MODEL, LEVEL, MODEL_FILE, DEPENDENCIES)
NUMBER = r"([+-]?\d+(?:[.,]\d+)*)"
RECORDS = "## The records\n"  # its sections go on to the next heading of this depth


def sources() -> Sources:
    """Return what figures are read from: the model that ships, and the evaluation in reports/."""
    return Sources(load_model(), read_evaluation(ROOT / "reports"))


def read(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


# --- outputs ------------------------------------------------------------------------------------------------


def outputs(text: str) -> Iterator[tuple[int, int, list[str], list[str]]]:
    """Yield (first line, line after the last, words, lines shown) of each output that a page shows."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.split(" ", 1)[0] != "prints" and line != "prints":
            continue
        command = at - 2  # the line before the blank one
        while lines[command - 1].startswith("    ") and lines[command - 1].endswith("\\"):
            command -= 1
        words = shlex.split(" ".join(part.strip().rstrip("\\") for part in lines[command : at - 1]))
        begin = next(k for k in range(at, len(lines)) if lines[k].startswith("    "))
        end = next(
            (k for k in range(begin, len(lines)) if lines[k] and not lines[k].startswith("    ")), len(lines)
        )
        while not lines[end - 1]:
            end -= 1
        yield begin, end, words[1:], [shown[4:] for shown in lines[begin:end]]


def with_outputs(text: str) -> str:
    """Return a page with its outputs made anew."""
    lines = text.split("\n")
    for begin, end, words, shown in reversed(list(outputs(text))):
        lines[begin:end] = [("    " + line).rstrip() for line in anew(shown, output(words))]
    return "\n".join(lines)


# --- figures in sentences -----------------------------------------------------------------------------------


def pattern(template: str) -> re.Pattern[str]:
    """Return what finds a template's sentence, whatever its numbers and line breaks are."""
    parts = re.split(r"\{(\w+)\}", template)
    words = [r"\s+".join(re.escape(word) for word in part.split(" ")) for part in parts[::2]]
    return re.compile(NUMBER.join(words))


def names(template: str) -> list[str]:
    """Return the figures of a template, in order."""
    return re.findall(r"\{(\w+)\}", template)


def with_figures(text: str, page: str, made: Callable[[str], str]) -> str:
    """Return a page with the numbers of its sentences made anew.

    Parameters
    ----------
    made
        The figure of a name, as text.
    """
    for template in SENTENCES[page]:
        found = list(pattern(template).finditer(text))
        if len(found) != 1:
            raise LookupError(f"{page} has {len(found)} sentences like: {template}")
        match = found[0]
        for k, name in reversed(list(enumerate(names(template), start=1))):
            text = text[: match.start(k)] + made(name) + text[match.end(k) :]
    return text


# --- tables -------------------------------------------------------------------------------------------------


def cells(line: str) -> list[str]:
    """Return the cells of a Markdown table's line."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows_below(lines: list[str], header: str) -> tuple[int, int]:
    """Return where a table's rows begin and end, found by its header line."""
    at = lines.index(header) + 2
    end = at
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return at, end


def filled(made: list[tuple[str | None, ...]], before: list[list[str]]) -> list[str]:
    """Return a table's lines; a cell that is None keeps what its row had there before."""
    kept = {row[0]: row for row in before}
    lines = []
    for row in made:
        old = kept.get(row[0], [""] * len(row))
        lines.append("| " + " | ".join(old[k] if cell is None else cell for k, cell in enumerate(row)) + " |")
    return lines


def with_tables(text: str, page: str, found: Sources) -> str:
    """Return a page with its tables made anew."""
    lines = text.split("\n")
    for table in TABLES:
        if table.page != page:
            continue
        begin, end = rows_below(lines, table.header)
        lines[begin:end] = filled(table.rows(found), [cells(line) for line in lines[begin:end]])
    return "\n".join(lines)


def with_records(text: str) -> str:
    """Return docs/model-file.md with the records' sections made anew; what is written of each field stays."""
    start = text.index(RECORDS) + len(RECORDS)
    end = text.index("\n## ", start)
    written: dict[tuple[str, str], str] = {}
    record = ""
    for line in text[start:end].split("\n"):
        if line.startswith("### "):
            record = line.strip("# `")
        elif line.startswith("| `"):
            name, _, what = cells(line)
            written[record, name.strip("`")] = what
    return text[:start] + "\n" + record_sections(written) + text[end:]


# --- pages --------------------------------------------------------------------------------------------------


def page_anew(page: str, found: Sources) -> str:
    """Return a page as it should be now."""
    text = with_figures(read(page), page, lambda name: FIGURES[name](found))
    text = with_tables(text, page, found)
    if page == MODEL_FILE:
        text = with_records(text)
    return with_outputs(text)
