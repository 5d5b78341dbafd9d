"""Text files as rows of cells: CSV, TSV, and a table pasted out of a PDF."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from ..problems import Problem

Row = tuple[int, list[str]]  # line number and cells
PASTED = ".txt"
_QUOTED = re.compile(r'"[^"]*"')
_GAPS = re.compile(r"[ \u00a0]{2,}")
_BLANKS = " \u00a0\f\v\r\n"  # a form feed stands between the pages of a PDF's text
_SEP = re.compile(r"sep=(.)$", re.IGNORECASE)  # Excel's own first line of a CSV
_SEMICOLONS = (
    "commas, tabs, or a workbook; save it as 'CSV UTF-8 (comma delimited)', as 'Unicode text' or as .xlsx",
    "is split by semicolons, where 3.392 may mean 3,392 and nothing tells",
)


def read_rows(name: str, text: str, suffix: str) -> tuple[list[Row], bool, list[Problem]]:
    """Split a text file into rows.

    Parameters
    ----------
    name
        The file's name, for problems.
    text
        Its content. Lines at its head that start with '#' are skipped; in pasted text all such lines are.
    suffix
        ``.txt`` is text pasted out of a PDF, split by tabs or by runs of spaces; of others the header
        decides between commas and tabs, ``.tsv`` taking tabs where it has both.

    Returns
    -------
    rows
        Line number and cells, blank lines too.
    commented
        Whether lines that start with '#' were skipped.
    problems
        A row that cannot be read ends the reading.
    """
    lines, commented, given, head = _without_head(io.StringIO(text, newline="").readlines())
    if suffix == PASTED and (len(_parts(head)) > 1 or not ("," in head or ";" in head)):
        return list(_pasted(lines)), commented, []
    delimiter = given or _delimiter(head, suffix)
    if delimiter == ";":
        return [], commented, [Problem.of_file(name, *_SEMICOLONS)]
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    rows: list[Row] = []
    while True:
        line = reader.line_num + 1
        try:
            rows.append((line, next(reader)))
        except StopIteration:
            return rows, commented, []
        except csv.Error as error:
            fault = f"cannot be read: {error}"
            return rows, commented, [Problem(name, line, None, None, "a CSV row, quotes closed", fault)]


def _without_head(lines: list[str]) -> tuple[list[str], bool, str | None, str]:
    """Blank what stands above the header, so that line numbers stay.

    Returns the lines, whether there were comments, the delimiter given there, and the header's line.
    """
    lines, commented, delimiter = list(lines), False, None
    for index, line in enumerate(lines):
        sep = _SEP.match(line.strip("\r\n"))
        if line.startswith("#"):
            lines[index], commented = "\n", True
        elif sep:
            lines[index], delimiter = "\n", sep[1]
        elif line.startswith('"#'):
            commented = True  # a comment that a spreadsheet has put in quotes; the CSV reader takes it apart
        elif line.strip(' \t\r\n,;"'):
            return lines, commented, delimiter, line
    return lines, commented, delimiter, ""


def _delimiter(head: str, suffix: str) -> str:
    """The header decides; of a comma and a tab both, the file's name."""
    bare = _QUOTED.sub("", head)
    both = ("\t", ",") if suffix in (".tsv", ".tab") else (",", "\t")
    return next((delimiter for delimiter in (*both, ";") if delimiter in bare), both[0])


def _pasted(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        yield number, [] if line.lstrip(_BLANKS).startswith("#") else _parts(line)


def _parts(line: str) -> list[str]:
    """Cells of a pasted line: split by its tabs, each one a column's end, or else by runs of spaces."""
    bare = line.strip(_BLANKS)
    return [part.strip(_BLANKS) for part in bare.split("\t")] if "\t" in bare else _GAPS.split(bare)
