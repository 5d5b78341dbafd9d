"""What `matchmodel forecast` and `matchmodel evaluate --forecast` do."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from ..errors import RefusedInput
from ..etl import read_tidy
from ..files import write_text
from ..model.loaded import Model
from ..report.blocks import Block, Code, Grid, Items, Page, Section, Text
from ..report.markdown import markdown
from ..report.terminal import terminal
from ..report.wording import per_hundred, type_name
from .forecast import ANY, LEVELS, Forecast, Head, evaluate_forecast, forecast, read_forecast, text_of


def run_forecast(model: Model, data: Path, out: str | Path | None = None) -> str:
    """Write a forecast, a page of it and its hash beside it, and return a line that says so.

    Raises
    ------
    RefusedInput
        Where a file already exists: a forecast is never changed after it is made.
    """
    path = Path(out) if out is not None else Path("reports") / f"forecast-{model.newest_table + 1}.json"
    if path.suffix != ".json":
        raise RefusedInput(
            f"a forecast is a .json file, not '{path.name}'; the page and the hash are written beside it"
        )
    if path.exists():
        raise RefusedInput(
            f"{path} already exists, and a forecast is never changed after it is made; give another --out"
        )
    document = forecast(model, read_tidy(data).select(role="training"))
    text = text_of(document)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_text(path, text, new=True)
    except FileExistsError:
        raise RefusedInput(
            f"{path} already exists, and a forecast is never changed after it is made; give another --out"
        ) from None
    write_text(path.with_suffix(".md"), markdown(page(path)))
    write_text(path.with_suffix(".sha256"), f"{hashlib.sha256(text.encode()).hexdigest()}  {path.name}\n")
    count = sum(row["point"] is not None for row in document["forecasts"])
    spans = ", ".join(map(str, LEVELS))
    return f"{path}: {count} rates of the {document['report']} report at {spans}%, and a page beside it"


def _rows(forecasts: Iterable[Forecast]) -> Iterator[tuple[str, ...]]:
    for one in forecasts:
        last = "" if one.last is None else f"{per_hundred(one.last.rate)} ({one.last.year})"
        ends = (one.intervals.get(q) for q in LEVELS)
        spans = ("" if pair is None else " to ".join(map(per_hundred, pair)) for pair in ends)
        point = "" if one.point is None else per_hundred(one.point)
        yield one.outcome, str(one.applicants or ""), last, point, *spans, one.trust


def page(path: Path) -> Page:
    """Return the readable page of a forecast file."""
    head, forecasts = read_forecast(path)
    model, year = head["model"], head["report"]
    about = (
        f"Made on {head['made']} with {model['name']}, whose newest table is of {model['newest_table']}. "
        "The file is ", Code(path.name), "; it is not changed after this day. Model file, SHA-256: ",
        Code(model["sha256"]), ".",
    )  # fmt: skip
    how = (
        "Rates in percent. An interval of 80% should hold 8 of 10 rates. Numbers of applicants are those of "
        f"the newest table. Once the tables of {year} are laid out, ",
        Code(f"matchmodel evaluate --forecast {path.name}"), " says how it did, beside 'as last year'.",
    )  # fmt: skip
    columns = ("outcome", "applicants", "last", "forecast", *(f"{q}%" for q in LEVELS), "trust")
    kinds = dict.fromkeys(f.applicant_type for f in forecasts)
    tables = (
        Section(
            type_name(kind, True),
            (
                Grid(
                    columns,
                    tuple(_rows(f for f in forecasts if f.applicant_type == kind)),
                    frozenset({0, len(columns) - 1}),
                ),
            ),
        )
        for kind in kinds
    )
    outcomes = Text(
        "A specialty's rate: matched to it, out of those who prefer it and rank at least one program. "
        f"'{ANY}': out of those who certify a rank list."
    )
    withheld = Text(
        "Withheld: too few applicants for a number. US IMGs have no table of preferred specialties of their "
        "own; their numbers of applicants are those who ranked the specialty anywhere."
    )
    sections = (Section("", (Text(how),)), *tables, Section("", (outcomes, withheld)))
    return Page(f"Forecast of the {year} report", sections, about)


def scored(head: Head, rows: pd.DataFrame, summary: pd.DataFrame) -> Page:
    """Return how a forecast did: head, rows and summary as of `read_forecast` and `evaluate_forecast`."""
    table = []
    for r in summary.itertuples():
        known = not pd.isna(r.last_score)
        last = (f"{per_hundred(r.last_inside, 0)}%", per_hundred(r.last_score)) if known else ("none", "")
        own = (f"{per_hundred(r.inside, 0)}%", per_hundred(r.score))
        whose = f"{type_name(r.applicant_type, True)}, {r.what}"
        table.append((whose, f"{r.percent}%", f"{r.rates}", *own, *last))
    outside = tuple(
        f"outside {r.percent}%: {type_name(r.applicant_type, True)}, {r.outcome}: {per_hundred(r.observed)}, "
        f"forecast {per_hundred(r.low)} to {per_hundred(r.high)}"
        for r in rows[(rows["percent"] == max(LEVELS)) & ~rows["inside"]].itertuples()
    )
    columns = ("", "interval", "rates", "inside", "score", "last year", "its score")
    meaning = (
        "score: interval score in points, lower is better",
        "last year: how often the last rate held, with the luck of the draw alone, and its score",
    )
    blocks: list[Block] = [Items(meaning), Grid(columns, tuple(table))]
    if outside:
        blocks.append(Items(outside))
    title = f"Forecast of the {head['report']} report, made on {head['made']} with {head['model']['name']}"
    return Page(title, tuple(Section("", (block,)) for block in blocks))


def run_evaluate_forecast(path: str | Path, data: str | Path) -> pd.DataFrame:
    """Print how a forecast did against a new year's tables, and return the rows."""
    rows, summary = evaluate_forecast(path, read_tidy(Path(data)))
    head, _ = read_forecast(path)
    print("\n".join(terminal(scored(head, rows, summary))))
    return rows
