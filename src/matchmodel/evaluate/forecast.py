"""A forecast of the next report's match rates, and how an old one did once that report's tables are there.

Per specialty the next rate is the level, its drift (common and the specialty's own) and the luck of the draw:

    matched ~ binomial(n, p),   logit p = level + drift x root of the years to the next report

in every joint draw, n as in the newest table, so its distribution is a mixture of binomials. The share
matched to any PGY-1 position is the last one moved by the drift; the yearly changes that the drift is
estimated from have the luck of the draw in them already.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import numpy as np
import pandas as pd
from scipy.special import bdtr, expit, logit, ndtri

from ..errors import MissingTables, RefusedInput
from ..etl import Tidy
from ..inputs import file_bytes, strict_json, why
from ..model.engine import People
from ..model.loaded import Model

KIND, FORMAT = "matchmodel forecast", 1
LEVELS = (50, 80, 95)  # percent
DIGITS = 4  # of a rate; a finer one says nothing
ANY = "any PGY-1 position"


class Head(TypedDict):
    """What a forecast file says of itself: report's year, day, model, newest table by applicant type."""

    report: int
    made: str
    model: dict[str, str | int]
    tables: dict[str, int]


class Document(Head):
    """A forecast as its file holds it."""

    kind: str
    format: int
    forecasts: list[dict[str, object]]


class Last(NamedTuple):
    """The newest rate that is published: year, rate, applicants behind it (None where not printed)."""

    year: int
    rate: float
    applicants: int | None


@dataclass(frozen=True)
class Forecast:
    """What is forecast of one rate; no point and no intervals, {percent: (low, high)}, where it is withheld.

    Attributes
    ----------
    applicant_type, outcome
        Of whom; a specialty, matched to it out of those who prefer it and rank a program, or `ANY`.
    trust
        'ok', 'grey' or 'withheld', as of every answer.
    applicants
        Taken to apply in the report's year, as in the newest table; None where the rate alone is forecast.
    last
        The newest published rate of the same outcome, None where there is none.
    """

    applicant_type: str
    outcome: str
    trust: str
    applicants: int | None
    last: Last | None
    point: float | None
    intervals: dict[int, tuple[float, float]]


def binomial_interval(applicants: int, chances: np.ndarray, percent: int) -> tuple[float, float]:
    """Return the interval of a rate out of n; its count is a mixture of binomials over `chances`, shape (d,).

    Its ends are the least counts at which the mean over draws of the binomial distribution function reaches
    (1 - q)/2 and (1 + q)/2, so it holds at least q.
    """
    ends = []
    for goal in (0.5 - percent / 200, 0.5 + percent / 200):
        low, high = -1, applicants
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if bdtr(middle, applicants, chances).mean() >= goal else (middle, high)
        ends.append(high / applicants)
    return ends[0], ends[1]


def drift_interval(rate: float, sd: float, percent: int) -> tuple[float, float]:
    """Return the interval of a rate that moves by a normal change of its log odds."""
    width = float(ndtri(0.5 + percent / 200)) * sd
    return float(expit(logit(rate) - width)), float(expit(logit(rate) + width))


def interval_score(low: float, high: float, observed: float, percent: float) -> float:
    """Return the interval score (Gneiting and Raftery, JASA 102:359, 2007, eq. 43); lower is better.

    (high - low) + 2/a (low - observed)+ + 2/a (observed - high)+, a = 1 - percent/100.
    """
    return (high - low) + 2 / (1 - percent / 100) * (max(low - observed, 0.0) + max(observed - high, 0.0))


def as_last_year(last: Last, percent: int) -> tuple[float, float]:
    """Return the interval of whoever takes the last rate for the next one, with the luck of the draw alone.

    A single value where the applicants behind the last rate are not printed.
    """
    if not last.applicants:
        return last.rate, last.rate
    return binomial_interval(last.applicants, np.array([last.rate]), percent)


def _anywhere_counts(tidy: Tidy, kind: str) -> dict[str, int]:
    """Return how many of a type ranked each specialty in the newest 'ranked anywhere' table."""
    rows, column = tidy.table("ranked_anywhere"), kind.replace("-", "_") + "_ranked"
    if not len(rows) or column not in rows:
        return {}
    newest = rows[(rows["year"] == rows["year"].max()) & (rows[column] > 0)]
    return {s: int(n) for s, n in zip(newest["specialty"], newest[column], strict=True)}


def _of_specialty(
    model: Model, kind: str, specialty: str, year: int, anywhere: dict[str, int]
) -> Forecast | None:
    cell, table = model.cell(kind, specialty), model.kind(kind).year
    last, n = None, anywhere.get(specialty, 0)
    if cell.published is not None:
        n = round(cell.published.matched + cell.published.not_matched)
        last = Last(table, cell.published.rate, n)
    if not n:
        return None
    if cell.trust.kind == "withheld":
        return Forecast(kind, specialty, "withheld", n, last, None, {})
    chances = expit(People(model.arrays(kind, specialty), np.array([np.nan]), {}, year - table).base)
    return Forecast(
        kind,
        specialty,
        cell.trust.kind,
        n,
        last,
        float(chances.mean()),
        {q: binomial_interval(n, chances, q) for q in LEVELS},
    )


def _of_any(model: Model, tidy: Tidy, kind: str, year: int) -> Forecast | None:
    drift, rates = model.kind(kind).drift, tidy.table("rates")
    rates = rates[(rates["applicant_type"] == kind) & (rates["year"] < year)]
    if drift is None or rates.empty:
        return None
    row = rates.sort_values("year").iloc[-1]
    active = row["active_applicants"]
    last = Last(int(row["year"]), float(row["match_rate"]), int(active) if np.isfinite(active) else None)
    sd = drift.sd_per_year * float(np.sqrt(year - last.year))
    return Forecast(
        kind, ANY, "ok", None, last, last.rate, {q: drift_interval(last.rate, sd, q) for q in LEVELS}
    )


def forecast(model: Model, tidy: Tidy, made: date | None = None) -> Document:
    """Return the forecast of the report after the model's newest table, as it is written down.

    Parameters
    ----------
    model
        Trained on the tables of `tidy`.
    tidy
        Training sources: the rates by year, and how many US IMGs ranked each specialty.
    made
        The day that it is dated; today where absent.
    """
    year = model.newest_table + 1
    forecasts = []
    for kind in model.applicant_types:
        anywhere = _anywhere_counts(tidy, kind)
        forecasts += [
            _of_any(model, tidy, kind, year),
            *(_of_specialty(model, kind, s, year, anywhere) for s in model.specialties(kind)),
        ]
    return {
        "kind": KIND,
        "format": FORMAT,
        "report": year,
        "made": (made or date.today()).isoformat(),
        "model": {"name": model.name, "sha256": model.hash, "newest_table": model.newest_table},
        "tables": {kind: model.kind(kind).year for kind in model.applicant_types},
        "forecasts": [_plain(f) for f in forecasts if f is not None],
    }


def _plain(one: Forecast) -> dict[str, object]:
    row: dict[str, object] = asdict(one) | {
        "last": None if one.last is None else one.last._asdict() | {"rate": round(one.last.rate, DIGITS)}
    }
    row["point"] = None if one.point is None else round(one.point, DIGITS)
    row["intervals"] = {str(q): [round(end, DIGITS) for end in ends] for q, ends in one.intervals.items()}
    return row


def text_of(document: Document) -> str:
    """Return a forecast as the text of its file."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_forecast(path: str | Path) -> tuple[Head, list[Forecast]]:
    """Read a forecast file: its head, and what it forecasts.

    Raises
    ------
    RefusedInput
        When there is none, or it is something else.
    """
    path = Path(path)
    try:
        whole = strict_json(file_bytes(path))
    except FileNotFoundError:
        raise RefusedInput(f"there is no forecast {path}; make one with: matchmodel forecast") from None
    except (OSError, ValueError) as error:
        raise RefusedInput(f"{path} cannot be read as a forecast ({why(error)})") from None
    if not isinstance(whole, dict) or whole.get("kind") != KIND or whole.get("format") != FORMAT:
        raise RefusedInput(
            f"{path} is not a forecast of this program's format; make one with: matchmodel forecast"
        )
    try:
        rows = [_read(row) for row in whole["forecasts"]]
        head = Head(report=whole["report"], made=whole["made"], model=whole["model"], tables=whole["tables"])
        return head, rows
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedInput(
            f"{path} is damaged ({type(error).__name__}: {error}); "
            "a published forecast is never changed: get it as it was"
        ) from None


def _read(row: dict[str, Any]) -> Forecast:
    last = None if row["last"] is None else Last(**row["last"])
    intervals = {int(q): (float(low), float(high)) for q, (low, high) in row["intervals"].items()}
    return Forecast(
        row["applicant_type"], row["outcome"], row["trust"], row["applicants"], last, row["point"], intervals
    )


def _observed(tidy: Tidy, year: int) -> dict[tuple[str, str], float]:
    """Return {(applicant type, outcome): rate} of a report's year."""
    counts, rates = tidy.table("counts"), tidy.table("rates")
    counts = counts[(counts["year"] == year) & (counts["matched"] + counts["not_matched"] > 0)]
    of_specialties = {
        (r.applicant_type, r.specialty): float(r.matched / (r.matched + r.not_matched))
        for r in counts.itertuples()
    }
    return of_specialties | {
        (r.applicant_type, ANY): float(r.match_rate) for r in rates[rates["year"] == year].itertuples()
    }


def evaluate_forecast(path: str | Path, tidy: Tidy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score a forecast against the tables of the year that it is for.

    Returns
    -------
    rows, summary
        One row per rate and interval: applicant_type, outcome, percent, low, high, observed, inside, score,
        and those of 'as last year' (last_low, last_high, last_inside, last_score; NaN where no last rate is
        known); then their means by applicant type, kind of outcome and percent.

    Raises
    ------
    MissingTables
        While the year's tables are not there.
    """
    head, forecasts = read_forecast(path)
    observed = _observed(tidy, head["report"])
    scored = []
    for one in forecasts:
        rate = observed.get((one.applicant_type, one.outcome))
        if rate is None:
            continue
        for q, (low, high) in one.intervals.items():
            row = {
                "applicant_type": one.applicant_type,
                "outcome": one.outcome,
                "percent": q,
                "point": one.point,
                "low": low,
                "high": high,
                "observed": rate,
            }
            row |= {"inside": low <= rate <= high, "score": interval_score(low, high, rate, q)}
            if one.last is not None:
                low, high = as_last_year(one.last, q)
                row |= {
                    "last_low": low,
                    "last_high": high,
                    "last_inside": low <= rate <= high,
                    "last_score": interval_score(low, high, rate, q),
                }
            scored.append(row)
    if not scored:
        raise MissingTables(
            f"the tables of {head['report']} are not there yet: no counts and no yearly rate of a type in "
            "the forecast; when they are out, lay them out in data/raw (matchmodel new-source), run "
            "matchmodel etl, and ask again"
        )
    columns = [
        "applicant_type",
        "outcome",
        "percent",
        "point",
        "low",
        "high",
        "observed",
        "inside",
        "score",
        "last_low",
        "last_high",
        "last_inside",
        "last_score",
    ]
    rows = pd.DataFrame(scored).reindex(columns=columns)
    what = np.where(rows["outcome"] == ANY, ANY, "specialties")
    both = rows.assign(
        what=what, last_inside=rows["last_inside"].astype(float), inside=rows["inside"].astype(float)
    )
    means = both.groupby(["applicant_type", "what", "percent"], sort=False)[
        ["inside", "score", "last_inside", "last_score"]
    ].mean()
    return rows, means.assign(
        rates=both.groupby(["applicant_type", "what", "percent"], sort=False).size()
    ).reset_index()
