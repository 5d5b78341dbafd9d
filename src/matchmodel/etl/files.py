"""Reading a CSV file as it comes: byte-order marks, CRLF, older encodings, blank lines, footnotes below."""

import csv
import io
import re

from .cells import key, tidy_text
from .problems import Problem

_BELOW = re.compile(r"^(?:[*†‡§¶]|\[\w{1,2}\]|notes?\b\s*[:.]|sources?\s*:)", re.IGNORECASE)


def decode(raw):
    """Decode a file's bytes.

    Parameters
    ----------
    raw : bytes
        UTF-8 with or without a byte-order mark, UTF-16 with one, else Windows-1252 or Latin-1.

    Returns
    -------
    str
        The text, without byte-order mark.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def read_cells(name, raw):
    """Split a CSV file into its header and rows.

    Parameters
    ----------
    name : str
        The file's name, for problems.
    raw : bytes
        Its content.

    Returns
    -------
    header : list of str
        The printed column names; empty where the file has none.
    rows : list of (int, list of str)
        Line number and cells of each row, all of the header's length.
    problems : list of Problem
        Rows of another length, and files that are no CSV.
    """
    problems = []
    header, rows = [], []
    reader = csv.reader(io.StringIO(decode(raw), newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(Problem(name, line, None, None, "a CSV row, quotes closed", f"cannot be read: {error}"))
            break
        if not any(tidy_text(cell) for cell in cells):
            continue
        if not header:
            header = cells
            while header and not tidy_text(header[-1]):
                header = header[:-1]
            continue
        filled = [cell for cell in cells if tidy_text(cell)]
        if len(filled) == 1 and tidy_text(cells[0]) and _BELOW.match(tidy_text(cells[0])):
            continue
        while len(cells) > len(header) and not tidy_text(cells[-1]):
            cells = cells[:-1]
        if len(cells) != len(header):
            hint = "; a number with a thousands separator stands in quotes" if len(cells) > len(header) else ""
            expected = f"{len(header)} cells as in the header{hint}"
            problems.append(Problem(name, line, None, None, expected, f"the row has {len(cells)} cells"))
            continue
        rows.append((line, cells))
    if not header:
        problems.append(Problem(name, None, None, None, "a header and at least one row", "the file is empty"))
    elif not rows and not problems:
        problems.append(Problem(name, None, None, None, "at least one row below the header", "the table has no rows"))
    return header, rows, problems


def match_header(name, header, layout, comments):
    """Find the layout's columns in a printed header.

    Parameters
    ----------
    name : str
        The file's name, for problems.
    header : list of str
        The printed column names.
    layout : Layout
        What is looked for.
    comments : set of str
        Keys of columns that are let pass unread.

    Returns
    -------
    found : dict
        Tidy name to (index, printed name, whether in percent).
    problems : list of Problem
        Columns that are missing, unknown or there twice.
    """
    wanted = {}
    for column in layout.columns:
        for spelling in (column.name, *column.headers):
            wanted[key(spelling)] = (column, False)
            if column.kind == "share":
                wanted[key(spelling) + "pct"] = (column, True)
    found, problems = {}, []
    known = ", ".join(column.printed for column in layout.columns)
    for index, printed in enumerate(header):
        if key(printed) not in wanted:
            if key(printed) not in comments:
                fault = "unknown column" if tidy_text(printed) else f"column {index + 1} has no name"
                problems.append(Problem(name, 1, tidy_text(printed) or None, None, f"one of {known}", fault))
            continue
        column, percent = wanted[key(printed)]
        if column.name in found:
            other = found[column.name][1]
            problems.append(Problem(name, 1, tidy_text(printed), None, "each column once", f"says the same as column {other}"))
            continue
        found[column.name] = (index, tidy_text(printed), percent)
    for column in layout.columns:
        if column.required and column.name not in found:
            problems.append(Problem(name, 1, column.printed, None, f"the columns {known}", "the column is missing"))
    return found, problems
