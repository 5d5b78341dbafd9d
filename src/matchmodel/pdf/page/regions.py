"""Where the headers of a page stand: which lines, and what is only a title or a section among them."""

from collections.abc import Sequence

from ..body.candidates import Reading, read_line
from ..body.labels import cohort_of, plain_name, specialty_of
from . import headers
from .columns import MATCHED
from .tokens import BIN, chunks, tokens_of
from .vocabulary import BIN_PREFIX, STATISTICS
from .words import Line

HEADED = 4.2  # header line to header line, in letters' sizes
NEEDED = {
    "quartiles": ("q1", "median", "q3"),
    "counts": ("matched", "not_matched"),
    "bins": ("matched", "not_matched"),
}


def zones_of(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Find the headers of a page: lines of a header's words, near one another.

    Parameters
    ----------
    lines
        From top to bottom.

    Returns
    -------
    list of (int, int)
        First and last line of each.
    """
    zones: list[tuple[int, int]] = []
    i = 0
    while i < len(lines):
        if not _heads(lines[i]) or _title_goes_on(lines, i):
            i += 1
            continue
        j = i
        while j + 1 < len(lines):
            gap = (lines[j + 1].bottom - lines[j].bottom) / lines[j].size
            over = j + 2 < len(lines) and (lines[j + 2].bottom - lines[j + 1].bottom) / lines[j].size < 2
            if gap < _widest(lines[j], lines[j + 1]) and (
                _heads(lines[j + 1])
                or (gap < 2 and headers.may_head(lines[j + 1]) and not specialty_of(lines[j + 1].text))
            ):
                j += 1
            elif (
                over
                and gap < max(2, _widest(lines[j], lines[j + 2]) - 1)
                and _heads(lines[j + 2])
                and not read_line(lines[j + 1]).is_row
                and not specialty_of(lines[j + 1].text)
            ):
                j += 2
            else:
                break
        least = zones[-1][1] + 1 if zones else 0
        while (
            i > least
            and (lines[i].bottom - lines[i - 1].bottom) / lines[i].size < 2
            and headers.may_head(lines[i - 1])
        ):
            i -= 1
        end = j
        while end > i and _section(lines[i:end], lines[end], lines[end + 1 :]):
            end -= 1
        if _tells(lines[i : end + 1]):
            zones.append((i, end))
        i = j + 1
    return zones


def _title_goes_on(lines: Sequence[Line], i: int) -> bool:
    """Whether a line is the rest of a wrapped title: one text, in the letters of the title right above."""
    if not i or len(chunks(tokens_of(lines[i]))) > 1:
        return False
    above, line = lines[i - 1], lines[i]
    return (
        bool(read_line(above).title)
        and line.words[0].font == above.words[0].font
        and line.size == above.size
        and line.bottom - above.bottom < 1.6 * line.size
    )


def _widest(line: Line, below: Line) -> float:
    """How far below a header's line another may stand: a line of one text in larger letters is a title."""
    alone = [
        len(chunks(tokens_of(part))) < 2 and len({word.text for word in part.words}) == len(part.words)
        for part in (line, below)
    ]
    if alone[0] and line.size > 1.15 * below.size:
        return 0.0
    sizes = [{word.size for word in part.words} for part in (line, below)]  # small capitals have two
    alike = any(abs(a - b) < 0.3 for a in sizes[0] for b in sizes[1])
    return HEADED if alike and not any(alone) else 3.0


def _tells(zone: Sequence[Line]) -> bool:
    """Whether lines say more than a specialty and a cohort, which may be a row's."""
    for layout in NEEDED:
        cells, spans = headers.stack(zone, layout)
        named = [phrase for phrase in [*cells, *spans] if phrase.name not in (None, "specialty")]
        if any(not cohort_of(phrase.text) for phrase in named) or (
            len(named) > 1 and not all(cohort_of(line.text) for line in zone)
        ):
            return True
    return False


def _section(zone: Sequence[Line], line: Line, below: Sequence[Line]) -> bool:
    """Whether the last line of a header is a cohort that stands over its rows, at their left."""
    if not cohort_of(line.text):
        return False
    named = [
        phrase.x0
        for above in zone
        for phrase in headers.phrases(above, "quartiles")
        if phrase.name not in (None, "specialty", "cohort")
    ]
    left = below[0].x0 if below else line.x0
    return bool(named) and (
        line.words[-1].x1 < min(named)
        or (line.x0 < min(named) and -0.5 * line.size < left - line.x0 < 2.5 * line.size)
    )


def _heads(line: Line) -> bool:
    reading = read_line(line)
    return (
        headers.header_like(line)
        and not (reading.known and (reading.figures or reading.label.name))
        and not (reading.is_row and reading.label.cohort and len(reading.figures) > 2)
        and not reading.is_note
        and not reading.title
    )


def is_of(zone: Sequence[Line], layout: str) -> bool:
    """Say whether a header names what the layout needs: rows under it that are not read are missed."""
    named = {
        wanted: {phrase.name or "" for part in headers.stack(zone, wanted) for phrase in part}
        for wanted in ("quartiles", layout)
    }
    if layout != "quartiles" and named["quartiles"] & {*STATISTICS[1:]}:
        return False
    bins = sum(name.startswith(BIN_PREFIX) for name in named[layout])
    needed = MATCHED if layout == "bins" else NEEDED[layout]
    return named[layout].issuperset(needed) or bins > 1


def like_row(reading: Reading, layout: str) -> bool:
    """Say whether a line looks like a row of the layout: several figures beside words that are understood."""
    if not reading.is_row or len(reading.figures) < 2:
        return False
    if layout == "bins":
        return reading.figures[0].kind == BIN or bool(reading.label.bin or reading.label.cohort)
    return reading.known


def over_chart(lines: Sequence[Line]) -> str:
    """Return the specialty that stands alone above, with a chart's words and figures between, or empty."""
    for r in map(read_line, reversed(lines)):
        if specialty_of(r.line.text) not in (None, "All"):
            return plain_name(r.line.text)
        if like_row(r, "counts"):
            return ""
    return ""
