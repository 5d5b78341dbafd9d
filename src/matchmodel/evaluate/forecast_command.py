"""What `matchmodel forecast` and `matchmodel evaluate --forecast` do."""

import hashlib
from pathlib import Path

import pandas as pd

from ..errors import RefusedInput
from ..etl import read_tidy
from ..files import write_text
from ..model.loaded import Model
from .forecast import ANY, LEVELS, Forecast, evaluate_forecast, forecast, read_forecast, text_of


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
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise RefusedInput(
            f"{path} already exists, and a forecast is never changed after it is made; give another --out"
        ) from None
    write_text(path.with_suffix(".md"), page(path))
    write_text(path.with_suffix(".sha256"), f"{hashlib.sha256(text.encode()).hexdigest()}  {path.name}\n")
    count = sum(row["point"] is not None for row in document["forecasts"])
    spans = ", ".join(map(str, LEVELS))
    return f"{path}: {count} rates of the {document['report']} report at {spans}%, and a page beside it"


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{100 * rate:.1f}"


def _row(one: Forecast) -> str:
    last = "" if one.last is None else f"{_percent(one.last.rate)} ({one.last.year})"
    spans = [" to ".join(map(_percent, one.intervals[q])) if q in one.intervals else "" for q in LEVELS]
    words = [one.outcome, str(one.applicants or ""), last, _percent(one.point), *spans, one.trust]
    return f"| {' | '.join(words)} |"


def page(path: Path) -> str:
    """Return the readable page of a forecast file, Markdown."""
    head, forecasts = read_forecast(path)
    model, year = head["model"], head["report"]
    columns = ["outcome", "applicants", "last", "forecast", *(f"{q}%" for q in LEVELS), "trust"]
    blocks = [
        f"# Forecast of the {year} report",
        f"Made on {head['made']} with {model['name']}, whose newest table is of {model['newest_table']}. "
        f"The file is `{path.name}`; it is not changed after this day.\n"
        f"Model file, SHA-256: `{model['sha256']}`.",
        "Rates in percent. An interval of 80% should hold 8 of 10 rates. Numbers of applicants are those of "
        f"the newest table. Once the tables of {year} are laid out, "
        f"`matchmodel evaluate --forecast {path.name}` says how it did, beside 'as last year'.",
    ]
    for kind in dict.fromkeys(f.applicant_type for f in forecasts):
        rows = [_row(f) for f in forecasts if f.applicant_type == kind]
        blocks += [
            f"## {kind}",
            "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *rows]),
        ]
    blocks.append(
        "A specialty's rate: matched to it, out of those who prefer it and rank at least one program. "
        f"'{ANY}': out of those who certify a rank list.\n"
        "Withheld: too few applicants for a number. US IMGs have no table of preferred specialties of their "
        "own; their numbers of applicants are those who ranked the specialty anywhere."
    )
    return "\n\n".join(blocks) + "\n"


def run_evaluate_forecast(path: str | Path, data: str | Path) -> pd.DataFrame:
    """Print how a forecast did against a new year's tables, and return the rows."""
    rows, summary = evaluate_forecast(path, read_tidy(Path(data)))
    head, _ = read_forecast(path)
    print(f"Forecast of the {head['report']} report, made on {head['made']} with {head['model']['name']}")
    print("score: interval score in points, lower is better")
    print("last year: the last rate, with the luck of the draw alone\n")
    print(
        f"{'':<34}{'interval':>9}{'rates':>7}{'inside':>8}{'score':>8}{'last year: inside':>19}{'score':>8}"
    )
    for r in summary.itertuples():
        known = not pd.isna(r.last_score)
        last = f"{100 * r.last_inside:>18.0f}%{100 * r.last_score:>8.1f}" if known else f"{'none':>19}"
        own = f"{100 * r.inside:>7.0f}%{100 * r.score:>8.1f}"
        print(f"{r.applicant_type + ', ' + r.what:<34}{r.percent:>8}%{r.rates:>7}{own}{last}")
    for r in rows[(rows["percent"] == max(LEVELS)) & ~rows["inside"]].itertuples():
        span = f"forecast {_percent(r.low)} to {_percent(r.high)}"
        print(f"outside {r.percent}%: {r.applicant_type}, {r.outcome}: {_percent(r.observed)}, {span}")
    return rows
