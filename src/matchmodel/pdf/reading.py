"""Reading a table from a PDF: the file, its pages, the one table that is meant."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from ..errors import RefusedInput, clipped
from .body.candidates import read_line
from .body.over_breaks import rejoined
from .body.parts import Segment, segments_of
from .groups import ANY, Choice
from .image import Mark, marks_of
from .layouts import raw_rows
from .page.headers import header_like
from .page.sheet import read_sheet
from .page.words import Sheet
from .tables import Doubt, Table, found_headers, join

LAYOUTS = ("quartiles", "counts", "bins")
LOOKED_FOR = {
    "quartiles": "Q1, Median and Q3 (or 25th and 75th Percentile), or Mean, over rows of specialties",
    "counts": "Matched and Not Matched over rows of specialties",
    "bins": "Matched and Not Matched over rows of bins such as 181-190, or bins over rows of specialties",
}


@dataclass(frozen=True)
class PdfReading:
    """What was read from a PDF.

    Attributes
    ----------
    path
        The PDF.
    layout
    header
        The raw table's header.
    rows
        Its cells.
    doubts
        What to look at first.
    pages
        Where the table stands.
    without
        Pages that were asked for and hold nothing of it.
    title
        The line above the table.
    used, unused
        Printed headers that the layout has, and those that were left out.
    locked
        Whether the PDF's owner asks that nothing be copied out of it.
    marks
        Where each cell stands, to be drawn.
    """

    path: Path
    layout: str
    header: list[str]
    rows: list[list[str]]
    doubts: list[Doubt]
    pages: list[int]
    without: list[int]
    title: str
    used: list[str]
    unused: list[str]
    locked: bool = False
    marks: tuple[Mark, ...] = ()


def parse_pages(text: str) -> list[int]:
    """Read a list of pages such as ``4-6,9``.

    Parameters
    ----------
    text

    Returns
    -------
    list of int
        Ascending, each once.

    Raises
    ------
    RefusedInput
        For what is no such list.
    """
    pages = set()
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?\s*", part, re.ASCII)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last:
            raise RefusedInput(
                f"--pages {clipped(text)!r} is no list of pages; "
                "give the PDF's own page numbers, from 1, such as 4-6,9"
            )
        pages |= {*range(first, last + 1)} if last - first < 10_000 else {first, last}
    return sorted(pages)


def read_pdf(
    path: str | Path,
    pages: str | Iterable[int],
    layout: str,
    table: int | None = None,
    progress: Callable[[int], None] | None = None,
    which: Choice = ANY,
) -> PdfReading:
    """Read one table from a PDF.

    Parameters
    ----------
    path
        The PDF.
    pages
        Page numbers, or a text such as ``4-6,9``.
    layout
        ``quartiles``, ``counts`` or ``bins``.
    table
        Which one, from 1, where the pages hold several.
    progress
        Called with each page's number before it is read.
    which
        Type, year or measure, where several groups of columns or rows have the same names.

    Returns
    -------
    PdfReading

    Raises
    ------
    RefusedInput
        Where file, pages or table are not what they should be; one plain line.
    """
    path = Path(path)
    if layout not in LAYOUTS:
        raise RefusedInput(
            f"no layout '{clipped(layout)}' is read from a PDF; the layouts are {', '.join(LAYOUTS)}"
        )
    pages = parse_pages(pages) if isinstance(pages, str) else sorted(set(pages))
    pdf = _open(path)
    try:
        sheets = rejoined(_sheets(pdf, path, pages, progress))
        locked = not getattr(pdf.doc, "is_extractable", True)
    finally:
        with suppress(Exception):  # of a damaged file even this may fail
            pdf.close()
    segments: list[Segment] = []
    for sheet in sheets:
        before = (
            segments[-1]
            if segments and segments[-1].page in (sheet.page - 1, _before(pages, sheet.page))
            else None
        )
        segments += segments_of(sheet, layout, before, which)
    found = _choose(join(segments, layout), table, layout, sheets)
    _refuse_groups(found, which)
    header, rows, doubts = raw_rows(found, layout)
    used, unused = found_headers(found)
    without = [page for page in pages if page not in found.pages]
    doubts += _unread(sheets, segments, without)
    marks = tuple(marks_of(found, layout, doubts, {sheet.page: sheet.turn for sheet in sheets}))
    return PdfReading(
        path, layout, header, rows, doubts, found.pages, without, found.title, used, unused, locked, marks
    )


def _unread(sheets: Iterable[Sheet], segments: Iterable[Segment], without: Sequence[int]) -> list[Doubt]:
    """Doubts of pages where rows stand and of which nothing was read."""
    read = {segment.page for segment in segments}
    rows = {
        sheet.page: sum(r.is_row and len(r.numbers) > 1 for r in map(read_line, sheet.lines))
        for sheet in sheets
        if sheet.page in without
    }
    return [
        Doubt(page, "", "", f"has {count} lines that look like rows, and none was read")
        for page, count in rows.items()
        if count and page not in read
    ]


def _before(pages: Iterable[int], page: int) -> int | None:
    return max((other for other in pages if other < page), default=None)


def _open(path: Path) -> PDF:
    if not path.exists():
        raise RefusedInput(f"there is no file {path}")
    if path.is_dir():
        raise RefusedInput(f"{path} is a folder; name the report's PDF")
    if not path.is_file():
        raise RefusedInput(f"{path} is not a regular file; name the report's PDF")
    with open(path, "rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise RefusedInput(f"{path} is not a PDF: it does not begin as one")
    try:
        return pdfplumber.open(path)
    except PdfminerException as error:
        if any(
            isinstance(cause, PDFPasswordIncorrect)
            for cause in (*error.args, error.__cause__, error.__context__)
        ):
            raise RefusedInput(
                f"{path} is encrypted: save a copy without its password and read that"
            ) from None
        raise RefusedInput(f"{path} cannot be read: the PDF is damaged or cut short") from None
    except Exception as error:  # pdfminer raises many kinds for damaged files
        raise RefusedInput(
            f"{path} cannot be read: the PDF is damaged ({clipped(str(error) or type(error).__name__)})"
        ) from None


def _sheets(
    pdf: PDF, path: Path, pages: Sequence[int], progress: Callable[[int], None] | None
) -> list[Sheet]:
    try:
        count = len(pdf.pages)
    except Exception:
        raise RefusedInput(f"{path} cannot be read: the PDF is damaged or cut short") from None
    if not count:
        raise RefusedInput(f"{path} has no pages: the PDF is damaged or cut short")
    beyond = [page for page in pages if page > count]
    if beyond:
        raise RefusedInput(
            f"there is no page {beyond[0]}: {path} has {count} page{'' if count == 1 else 's'}, "
            "counted from 1 as a viewer does"
        )
    sheets = []
    for number in pages:
        if progress:
            progress(number)
        try:
            page = pdf.pages[number - 1]
            sheet, scan = read_sheet(page), bool(page.images)
        except Exception as error:
            raise RefusedInput(
                f"page {number} of {path} cannot be read: {clipped(str(error) or type(error).__name__)}"
            ) from None
        if not sheet.lines:
            what = "a scan" if scan else "an empty page, or text drawn as shapes"
            raise RefusedInput(
                f"no words on page {number}: {what}; "
                "give it text first (OCR) or type the table in, or leave the page out of --pages"
            )
        if sheet.unreadable > 0.3:
            raise RefusedInput(
                f"the words on page {number} cannot be read: its fonts say no letters; "
                "give it text first (OCR) or type the table in"
            )
        sheets.append(sheet)
        page.close()
    return sheets


def _choose(tables: Sequence[Table], number: int | None, layout: str, sheets: Sequence[Sheet]) -> Table:
    where = pages_word([sheet.page for sheet in sheets])
    if not tables:
        words = []
        for sheet in sheets:
            words += [line.text for line in sheet.lines if header_like(line)]
        words = words or [line.text for sheet in sheets for line in sheet.lines]
        seen = "; ".join(repr(clipped(word)) for word in list(dict.fromkeys(words))[:3])
        raise RefusedInput(
            f"no table on {where} looks like {layout}: looked for {LOOKED_FOR[layout]}, found {seen}"
        )
    if number is None and len(tables) > 1:
        raise RefusedInput(
            f"{len(tables)} tables on {where} look like {layout}: {_listed(tables)}; "
            f"say --table 1 to {len(tables)}, or fewer pages"
        )
    if number is not None and not 1 <= number <= len(tables):
        raise RefusedInput(f"there is no table {number} on {where}: {_listed(tables)}")
    return tables[(number or 1) - 1]


def _refuse_groups(table: Table, which: Choice) -> None:
    """Refuse a table of several groups with one set of names, where it is not said which is meant."""
    groups = list(dict.fromkeys(group for segment in table.segments for group in segment.groups))
    if groups:
        said = f"{which} leaves not just one" if str(which) else "say which"
        raise RefusedInput(
            f"{len(groups)} groups on {pages_word(table.pages)} have the same names: "
            f"{', '.join(repr(clipped(group)) for group in groups)}; "
            f"{said}: --applicant-type, --year or --measure, with words that stand above it"
        )
    for segment in table.segments:
        rows = [item.cells for item in segment.items if item.cells]
        for i, column in enumerate(segment.columns):
            full = sum(any(not token.share for token in cells.get(i, ())) for cells in rows)
            if column.name is None and not column.header and 2 * full > len(rows):
                raise RefusedInput(
                    f"page {segment.page} has a column of figures {column.x0:.0f} points from the left under "
                    "no header that was understood, so which header is whose is not sure; type the table in"
                )
    if str(which) and not any(segment.picked for segment in table.segments):
        raise RefusedInput(
            f"the table on {pages_word(table.pages)} has no groups for {which} to choose from; leave it out"
        )


def _listed(tables: Sequence[Table]) -> str:
    return "; ".join(
        f"{i} on {pages_word(table.pages)}"
        + (f" under '{table.title}'" if table.title else "")
        + f" ({len(table.rows)} rows)"
        for i, table in enumerate(tables, start=1)
    )


def pages_word(pages: Sequence[int]) -> str:
    """Return pages in words: ``page 4``, ``pages 4 to 6 and 9``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    parts = [
        f"{a}" if a == b else f"{a} and {b}" if b == a + 1 and len(runs) == 1 else f"{a} to {b}"
        for a, b in runs
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"page{'' if len(pages) == 1 else 's'} {listed}"
