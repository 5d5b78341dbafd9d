"""`matchmodel new-source`: a folder with its source.toml and empty tables, for a person to fill in."""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import RefusedInput, clipped
from ..report.wording import table as lines_of
from ..tabular.cells import CellFault
from .kinds import MEASURES, read_applicant_type, read_measure
from .layouts import find_layout, printed_names
from .sources import PLACEHOLDER
from .templates import CHARTING, RESULTS, TEMPLATES, comment

DEFAULT_LAYOUTS = ("counts", "quartiles:step2_ck")
DEFAULT_TYPE = "non-us-img"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
_BY_MEASURE = ("quartiles", "bins", "means")
_ONE_TYPE = ("counts", "quartiles", "bins", "means")  # others name the type row by row, or hold both
_OTHER_FILES = 'or .xlsx (with sheet = "..."), .tsv, or .txt pasted out of the PDF'
_WHO = {"non-us-img": "Non-U.S. IMGs", "us-img": "U.S. IMGs"}


class Chosen(NamedTuple):
    """A layout, with its measure where it has one, and the file that it goes into."""

    layout: str
    measure: str | None
    file: str


def make_source(
    source_id: str,
    year: int,
    raw: str | Path = "data/raw",
    layouts: Iterable[str] = DEFAULT_LAYOUTS,
    applicant_type: str = DEFAULT_TYPE,
    title: str | None = None,
) -> tuple[Path, tuple[Chosen, ...]]:
    """Make a source's folder. An existing one is never touched; a run that is killed leaves none.

    Parameters
    ----------
    source_id
        The folder's name: letters, digits and hyphens.
    year
        Appointment year that the figures describe.
    raw
        Folder of sources, made where absent.
    layouts
        Layouts, those by measure with it: ``quartiles:contiguous_ranks``; Step 2 CK where it is not said.
    applicant_type
        Whom counts, quartiles and bins describe.
    title
        The report's title; where absent, that of the report that such tables usually stand in.

    Returns
    -------
    folder
        What was made.
    chosen
        Its tables.

    Raises
    ------
    RefusedInput
        For an id, year, layout or type that will not do, and for a folder that already exists.
    """
    raw, folder = Path(raw), Path(raw) / source_id
    if not _ID.fullmatch(source_id) or source_id.endswith("-"):
        raise RefusedInput(
            f"'{clipped(source_id)}' is no source id; use letters, digits and hyphens, such as "
            "charting-outcomes-2027-non-us-img"
        )
    if not 1950 <= year <= 2100:
        raise RefusedInput(
            f"{year} is no year; give the appointment year, between 1950 and 2100, such as --year 2027"
        )
    chosen = _choose(layouts)
    kind = _type(applicant_type)
    if title is not None and (not title.strip() or not title.isprintable()):
        raise RefusedInput(f"the title '{clipped(title)}' is no title; give the report's own, on one line")
    if (raw / "source.toml").exists():
        raise RefusedInput(f"{raw} is itself a source; give the folder of sources, such as --raw data/raw")
    if raw.exists() and not raw.is_dir():
        raise RefusedInput(f"{raw} is a file; give the folder of sources, such as --raw data/raw")
    if os.path.lexists(folder):
        raise RefusedInput(
            f"{folder} already exists, and nothing is overwritten; choose another id, or remove it yourself"
        )
    contents = {"source.toml": _toml(year, chosen, kind, title)}
    contents |= {
        table.file: f"{comment(table.layout)}\n{TEMPLATES[table.layout].header}\n" for table in chosen
    }
    raw.mkdir(parents=True, exist_ok=True)
    stage = raw / f".new-{os.getpid()}"  # begins with a dot, so no run takes it for a source
    stage.mkdir(exist_ok=True)
    try:
        for file, text in contents.items():
            (stage / file).write_text(text, encoding="utf-8")
        stage.rename(folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return folder, chosen


def _choose(layouts: Iterable[str]) -> tuple[Chosen, ...]:
    chosen: list[Chosen] = []
    for word in layouts:
        name, _, measure = word.partition(":")
        layout = find_layout(name)
        if layout is None:
            raise RefusedInput(
                f"'{clipped(name)}' is no layout; the layouts are {', '.join(printed_names())}"
            )
        if measure and layout.name not in _BY_MEASURE:
            only = f"of the layouts only {', '.join(_BY_MEASURE)} are by measure"
            raise RefusedInput(f"{clipped(word)}: {name} has no measure; {only}")
        by_measure = layout.name in _BY_MEASURE
        table = _table(layout.name, _measure(measure or "step2_ck", word) if by_measure else None)
        if table in chosen:
            raise RefusedInput(
                f"the layout {clipped(word)} is asked for twice; give each once, those by measure with it"
            )
        chosen.append(table)
    if not chosen:
        raise RefusedInput(f"no layout is given; the layouts are {', '.join(printed_names())}")
    return tuple(chosen)


def _table(layout: str, measure: str | None) -> Chosen:
    names = {"quartiles": f"{measure}.csv", "bins": f"{measure}_bins.csv", "means": f"{measure}_means.csv"}
    return Chosen(layout, measure, names.get(layout, f"{layout}.csv"))


def _measure(text: str, word: str) -> str:
    try:
        return read_measure(text)
    except CellFault:
        raise RefusedInput(
            f"{clipped(word)}: '{clipped(text)}' is no measure; the measures are {', '.join(MEASURES)}"
        ) from None


def _type(text: str) -> str:
    try:
        return read_applicant_type(text)
    except CellFault:
        raise RefusedInput(
            f"'{clipped(text)}' is no applicant type; give one such as non-us-img or us-img"
        ) from None


def _key(name: str, text: str) -> str:
    """A line of TOML; JSON's escapes are among those of a basic string."""
    return f"{name} = {json.dumps(text, ensure_ascii=False)}"


def _toml(year: int, chosen: Sequence[Chosen], kind: str, title: str | None) -> str:
    templates = [TEMPLATES[table.layout] for table in chosen]
    usual_title = _title(year, {template.report for template in templates}, kind)
    publisher = _common([template.publisher for template in templates])
    terms = _common([template.terms for template in templates])
    lines = [
        _key("title", title.strip() if title else usual_title),
        _key("publisher", publisher or f"{PLACEHOLDER}: whose report or page it is"),
        f"year = {year}  # appointment year that the figures describe",
        'grade = "A"  # A copied from the publisher\'s own report, B from a page that quotes it, '
        "C a community or commercial source, D secondary and weak",
        _key("terms", terms or f"{PLACEHOLDER}: what its owner asks of those who use it"),
        "consent = true  # somebody's consent is asked for, or the terms are unclear; false only where they "
        "are open",
        'role = "training"  # or "validation": training leaves it out, evaluation uses it',
        _key("via", f"{PLACEHOLDER}: who copied the figures from what, and how they were checked"),
        _key("notes", f"{PLACEHOLDER}: what the figures are of, whom they leave out, what a blank means"),
    ]
    lines.append(
        '# looked_over = "initials, date"  # once what check lists as odd is compared with the report'
    )
    for table in chosen:
        lines += ["", "[[table]]", f'file = "{table.file}"  # {_OTHER_FILES}']
        lines.append(f'layout = "{table.layout.replace("_", "-")}"')
        lines += [f'measure = "{table.measure}"'] if table.measure else []
        lines += [_key("applicant_type", kind)] if table.layout in _ONE_TYPE else []
        lines.append(_key("page", f"{PLACEHOLDER}: table and page of the report"))
    return "\n".join(lines) + "\n"


def _title(year: int, reports: set[str | None], kind: str) -> str:
    if reports == {CHARTING} and kind in _WHO:
        return f"{CHARTING}: {_WHO[kind]}, {year} Main Residency Match"
    if reports == {RESULTS}:
        return f"{RESULTS}: {year} Main Residency Match"
    return f"{PLACEHOLDER}: the report's title"


def _common(values: Sequence[str | None]) -> str | None:
    """What all of them say; None where they differ."""
    return values[0] if len(set(values)) == 1 else None


def run_new_source(
    source_id: str,
    year: int,
    raw: str | Path,
    layouts: Sequence[str] | None,
    applicant_type: str,
    title: str | None,
) -> None:
    """Make a source's folder and print what to do next; parameters as of `make_source`."""
    folder, chosen = make_source(source_id, year, raw, layouts or DEFAULT_LAYOUTS, applicant_type, title)
    elsewhere = "" if str(raw) == "data/raw" else f" --raw {shlex.quote(str(raw))}"
    rows = [("source.toml", f"fill in what says {PLACEHOLDER}; look at grade, terms and consent")]
    for table in chosen:
        of = f" of {table.measure}" if table.measure else ""
        empty = f"empty, {table.layout.replace('_', '-')}{of}"
        rows.append((table.file, f"{empty}: the rows go below the header"))
    print(f"made {folder}")
    print("\n".join(lines_of(rows[0], rows[1:], left=2)))
    print("next:")
    print(
        "  1. type the rows in, or put a .xlsx, a .tsv or a .txt pasted out of the PDF there and name it "
        "in source.toml"
    )
    print(f"  2. matchmodel check{elsewhere} --source {source_id}")
    print(f"  3. matchmodel etl{elsewhere}, then matchmodel train")
