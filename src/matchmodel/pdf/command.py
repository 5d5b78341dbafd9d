"""`matchmodel read-pdf`: a table of a report's PDF as a raw CSV, for a person to look over."""

import csv
import io
from pathlib import Path

from ..errors import RefusedInput, clipped
from ..files import check_output, whole, write_text
from ..inputs import file_bytes, strict_toml
from ..progress import Soon
from ..report.wording import counted, wrapped
from ..tabular.decode import decode
from .bounds import bounded
from .groups import ANY, Choice
from .image import drawn
from .reading import PdfReading, pages_word, parse_pages, read_pdf

MARK = "# Read by matchmodel read-pdf from "
MOST_DOUBTS = 40


def run_read_pdf(
    pdf: str | Path,
    pages: str,
    layout: str,
    out: str | Path,
    table: int | None = None,
    which: Choice = ANY,
    image: str | Path | None = None,
) -> PdfReading:
    """Read a table from a PDF, write it as a raw CSV, and say what to look at.

    Parameters
    ----------
    pdf
        The report.
    pages
        Such as ``4-6,9``.
    layout
        ``quartiles``, ``counts`` or ``bins``.
    out
        The CSV; never a table that a source.toml lists.
    table
        Which one, where the pages hold several.
    which
        Type, year or measure, where groups of columns or rows have the same names.
    image
        A PNG to draw the pages to, with what was taken for which cell.

    Returns
    -------
    PdfReading
        What was written.
    """
    out, numbers = Path(out), parse_pages(pages)
    refuse_out(out)
    if image is not None:
        _refuse_image(Path(image), Path(pdf), out)
    soon = Soon()
    with bounded(str(pdf), len(numbers)):
        reading = read_pdf(pdf, numbers, layout, table, lambda page: soon(f"reading page {page}"), which)
        picture = drawn(reading.path, reading.marks) if image is not None else b""
    write_text(out, as_csv(reading))
    if image is not None:
        with whole(image) as beside:
            beside.write_bytes(picture)
    print("\n".join(summary(reading, out)))
    if image is not None:
        print(wrapped(f"{image}: the page with what was taken for which cell; look it over", ""))
    return reading


def refuse_out(out: Path) -> None:
    """Refuse to write where a raw source would take the table up unseen.

    Parameters
    ----------
    out
        The CSV to write.

    Raises
    ------
    RefusedInput
        Where a source.toml lists the file, or the file is there and was not written by this command.
    """
    if not out.parent.is_dir():
        raise RefusedInput(f"there is no folder {out.parent} to write to; make it first")
    if out.exists() and not out.is_file():
        raise RefusedInput(f"{out} is not a regular file; name a CSV file to write")
    real = out.resolve()
    for folder in real.parents:
        toml = folder / "source.toml"
        if not toml.is_file():
            continue
        if real in _listed(toml):
            raise RefusedInput(
                f"{toml} lists {real.relative_to(folder)}: figures read from a PDF "
                "are looked over before they stand in a source; give --out another name"
            )
        if folder == real.parent and out.exists():
            raise RefusedInput(f"{out} stands in a source and already exists; give --out another name")
    if out.exists():
        with open(out, "rb") as file:
            ours = file.read(len(MARK)).decode("utf-8", errors="replace") == MARK
        if not ours:
            raise RefusedInput(
                f"{out} already exists and was not written by read-pdf; give --out another name"
            )


def _refuse_image(image: Path, pdf: Path, out: Path) -> None:
    """Refuse a picture that is no PNG, that has no folder, or that would replace report or table."""
    if image.suffix.lower() != ".png":
        raise RefusedInput(
            f"--image {clipped(str(image))} is not a .png; name the picture so, such as page.png"
        )
    if not image.parent.is_dir():
        raise RefusedInput(f"there is no folder {image.parent} to write to; make it first")
    check_output(image, {"the report": pdf, "the table": out}, "PNG file")


def _listed(toml: Path) -> set[Path]:
    """The files that a source.toml lists."""
    try:
        entries = strict_toml(decode(file_bytes(toml)).replace("\r\n", "\n")).get("table", [])
    except (OSError, ValueError) as error:
        raise RefusedInput(
            f"{toml} cannot be read ({error}), so what it lists is not known; "
            "mend it, or give --out another folder"
        ) from None
    entries = entries if isinstance(entries, list) else [entries]
    files = [entry.get("file") for entry in entries if isinstance(entry, dict)]
    return {(toml.parent / file.replace("\\", "/")).resolve() for file in files if isinstance(file, str)}


def as_csv(reading: PdfReading) -> str:
    """Return the raw CSV of a reading, its first line saying where it comes from."""
    text = io.StringIO()
    name = " ".join(reading.path.name.split())
    text.write(
        f"{MARK}{name}, {pages_word(reading.pages)}: not yet looked over; "
        "a person must lay every row beside the page before it is used\n"
    )
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(reading.header)
    writer.writerows(reading.rows)
    return text.getvalue()


def summary(reading: PdfReading, out: Path) -> list[str]:
    """Return what the command prints, line by line."""
    under = f", under '{reading.title}'" if reading.title else ""
    blank = sum(not cell for row in reading.rows for cell in row)
    specialties = len({row[0] for row in reading.rows if row[0]})
    lines = [
        f"{out}: {counted(len(reading.rows), 'row')} of {counted(specialties, 'specialty', 'specialties')}, "
        f"{counted(blank, 'blank cell')}, "
        f"from {pages_word(reading.pages)} of {reading.path.name}{under}",
        f"columns: {', '.join(reading.header)}, printed as {', '.join(dict.fromkeys(reading.used))}",
    ]
    if reading.unused:
        lines.append(f"left out, since {reading.layout} has no such column: {', '.join(reading.unused)}")
    if reading.without:
        lines.append(f"nothing of the table on {pages_word(reading.without)}")
    if reading.locked:
        lines.append(
            "the PDF's owner asks that nothing be copied out of it: read the publisher's terms first"
        )
    if not reading.doubts:
        lines.append("nothing in it looked doubtful")
    else:
        lines.append(
            f"look at {'this' if len(reading.doubts) == 1 else 'these ' + str(len(reading.doubts))} first:"
        )
    more = len(reading.doubts) - MOST_DOUBTS
    return [
        *(wrapped(line, "") for line in lines),
        *(wrapped(str(doubt), "  - ") for doubt in reading.doubts[:MOST_DOUBTS]),
        *([f"  and {more} more"] if more > 0 else []),
        wrapped(
            "next: compare every row with the page; then lay the file beside the source.toml of its source, "
            f'list it there as layout = "{reading.layout}", and run matchmodel check',
            "",
        ),
    ]
