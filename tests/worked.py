"""Worked applicants in the docs: every console block of docs/advice/*.md, run and compared with its page.

A block is indented by four spaces and begins with '$ matchmodel ...' (a line that ends in a backslash goes on
in the next). What follows is the output, all of it; a line '[...]' stands for any lines. `python -m
tests.worked` writes the outputs anew: text between two '[...]' keeps its first and last line as anchors.
"""

import contextlib
import io
import shlex
import sys
from pathlib import Path

from matchmodel.cli.main import main

DOCS = Path(__file__).parents[1] / "docs" / "advice"
GAP = "[...]"


def blocks(path):
    """Return (first line, last line, words, shown lines) of each console block; lines counted from 0."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found, i = [], 0
    while i < len(lines):
        if not lines[i].startswith("    $ matchmodel "):
            i += 1
            continue
        start = i
        while lines[i].endswith("\\"):
            i += 1
        words = shlex.split(" ".join(line.strip().rstrip("\\") for line in lines[start : i + 1]))[2:]
        begin = end = i + 1
        while (
            end < len(lines)
            and (lines[end].startswith("    ") or not lines[end])
            and not lines[end].startswith("    $")
        ):
            end += 1
        while end > begin and not lines[end - 1]:
            end -= 1
        found.append((begin, end, words, [line[4:] for line in lines[begin:end]]))
        i = end
    return found


def output(words):
    """Run a command beside the pages; return its printed lines."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.chdir(DOCS):
        status = main(words)
    assert status == 0, words
    return said.getvalue().rstrip("\n").split("\n")


def differs(shown, printed):
    """Return the first shown line that the output has not, where it should be; None where all is as shown."""
    at, anywhere = 0, False
    for line in shown:
        if line == GAP:
            anywhere = True
            continue
        where = printed.index(line, at) if anywhere and line in printed[at:] else at
        if where >= len(printed) or printed[where] != line:
            return line
        at, anywhere = where + 1, False
    return None if anywhere or at == len(printed) else f"{len(printed) - at} lines more"


def parts(shown):
    """Split shown lines at the gaps."""
    made = [[]]
    for line in shown:
        if line == GAP:
            made.append([])
        else:
            made[-1].append(line)
    return made


def anew(shown, printed):
    """Return what to show now: each part as many lines long as before.

    It starts where its first line stands, or one that begins as it does.
    """
    pieces = parts(shown)
    if len(pieces) == 1:
        return printed
    made, at = [], 0
    for k, piece in enumerate(pieces):
        if piece:
            start = (
                at
                if k == 0
                else next(
                    (
                        i
                        for key in (len(piece[0]), 20, 10)
                        for i in range(at, len(printed))
                        if printed[i][:key] == piece[0][:key]
                    ),
                    at,
                )
            )
            start = len(printed) - len(piece) if k == len(pieces) - 1 else start
            made += printed[start : start + len(piece)]
            at = start + len(piece)
        if k < len(pieces) - 1:
            made.append(GAP)
    return made


def write_anew(path):
    """Write a page's outputs anew."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for begin, end, words, shown in reversed(blocks(path)):
        lines[begin:end] = [("    " + line).rstrip() for line in anew(shown, output(words))]
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for page in sys.argv[1:] or sorted(DOCS.glob("*.md")):
        write_anew(Path(page))
