"""The yearly series of match rates, and the drift that is read from it (notebooks 1 and 2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import expit, logit

from matchmodel.etl import Tidy
from matchmodel.fit.drift import HALF_LIFE, PRIOR_CHANGES, PRIOR_SD, drift_per_year
from matchmodel.fit.evidence import priors
from matchmodel.model.engine import Z_RANGE
from matchmodel.plots import style
from matchmodel.report.wording import type_name
from notebook_helpers.words import join, percent, signed, span
from notebook_helpers.words import years as year_runs

KINDS = ("us-img", "non-us-img")


def series(tidy: Tidy, kind: str) -> pd.DataFrame:
    """Return a type's rates by year: year, match_rate, grade; 'all-img' are both types together."""
    rows = tidy.table("rates")
    rows = rows[rows["applicant_type"] == kind].drop_duplicates("year").sort_values("year")
    return rows[["year", "match_rate", "grade"]].reset_index(drop=True)


def missing(tidy: Tidy, kind: str) -> list[int]:
    """Return the years between a series' first and last that it lacks."""
    known = set(series(tidy, kind)["year"])
    return [y for y in range(min(known), max(known) + 1) if y not in known]


def years_table(tidy: Tidy, last: int = 8) -> pd.DataFrame:
    """Return the newest years of both types side by side."""
    both = pd.concat([series(tidy, k).assign(kind=type_name(k)) for k in KINDS])
    wide = both.pivot(index="year", columns="kind", values="match_rate")
    latest = wide.tail(last).map(percent).reset_index()
    latest["year"] = latest["year"].astype(str)
    latest.columns.name = None
    return latest


def years_sentence(tidy: Tidy, kind: str = "non-us-img") -> str:
    """Say where a type's series was highest and lowest, where it stands now, and what is missing."""
    rows = series(tidy, kind)
    low, high = rows.loc[rows["match_rate"].idxmin()], rows.loc[rows["match_rate"].idxmax()]
    now = rows.iloc[-1]
    marks = {now["year"]: f"{now['match_rate']:.1%} in {now['year']}"}
    for word, row in (("the lowest", low), ("the highest", high)):
        marks[row["year"]] = f"{row['match_rate']:.1%} in {row['year']} ({word})"
    return (
        f"{type_name(kind, True)}: {len(rows)} years between {rows['year'].iloc[0]} and {now['year']}; "
        f"{join(marks[y] for y in sorted(marks))}. Missing: {year_runs(missing(tidy, kind))}."
    )


def together_sentence(tidy: Tidy) -> str:
    """Say which years have IMGs only together, or not at all."""
    both = [set(series(tidy, k)["year"]) for k in KINDS]
    lone = sorted(set(series(tidy, "all-img")["year"]) - both[0] - both[1])
    first, last = min(both[0] | both[1]), max(both[0] | both[1])
    nothing = [y for y in range(first, last + 1) if y not in both[0] | both[1] | set(lone)]
    return (
        f"US and non-US IMGs are printed together only in {year_runs(lone)}; nothing at all is here for "
        f"{year_runs(nothing)}."
    )


def years_figure(tidy: Tidy) -> Figure:
    """Draw the share of IMGs matched to any PGY-1 position by year, gaps left open."""
    figure, axes = style.new_figure(
        2.6, title="Matched to any PGY-1 position, by year", right=1.0,
        caption="Shares as published, from sources of grade A to C. A line is broken where a year is "
        "missing; single "
        "years stand as dots.",
    )  # fmt: skip
    axis, ends = axes[0, 0], []
    for kind, colour, marker in zip(KINDS, style.SERIES, style.MARKERS, strict=False):
        rows = series(tidy, kind).set_index("year")["match_rate"]
        whole = rows.reindex(range(rows.index.min(), rows.index.max() + 1))
        axis.plot(whole.index, whole, color=colour, lw=1.5)
        axis.plot(rows.index, rows, ls="", marker=marker, ms=3.2, color=colour)
        ends.append(
            (rows.index[-1], rows.iloc[-1], f"{type_name(kind, True)}\n{percent(rows.iloc[-1])}", colour)
        )
    axis.set(xlabel="year of the Match", ylabel="share matched", ylim=(0, 0.8))
    axis.set_xlim(axis.get_xlim()[0], max(x for x, *_ in ends) + 0.5)
    axis.yaxis.set_major_formatter(style.percent_tick)
    style.label_ends(axis, ends)
    return figure


def changes(tidy: Tidy, kind: str) -> pd.DataFrame:
    """Return the changes of the log odds between years present.

    Returns
    -------
    frame
        year, gap (years since the one before), change and weight: that of
        `matchmodel.fit.drift.drift_per_year`.
    """
    rows = series(tidy, kind)
    gap = np.diff(rows["year"])
    age = rows["year"].iloc[-1] - rows["year"].to_numpy()[1:]
    change = np.diff(logit(rows["match_rate"].to_numpy()))
    weight = gap * 0.5 ** (age / HALF_LIFE)
    return pd.DataFrame({"year": rows["year"].to_numpy()[1:], "gap": gap, "change": change, "weight": weight})


def drift_parts(tidy: Tidy, kind: str) -> dict[str, float]:
    """Return a type's drift per root year, step by step.

    Returns
    -------
    parts
        plain (all years alike), weighted (recent years weigh more), with_prior, count (changes that all of it
        is worth) and used (widened for so few).
    """
    rows, moves = series(tidy, kind), changes(tidy, kind)
    squares, w = moves["change"] ** 2 / moves["gap"], moves["weight"]
    return {
        "plain": float(np.sqrt((moves["change"] ** 2).sum() / moves["gap"].sum())),
        "weighted": float(np.sqrt((w * squares).sum() / w.sum())),
        "with_prior": float(
            np.sqrt(((w * squares).sum() + PRIOR_CHANGES * PRIOR_SD**2) / (w.sum() + PRIOR_CHANGES))
        ),
        "count": float(w.sum() ** 2 / (w**2).sum() + PRIOR_CHANGES),
        "used": drift_per_year(rows["year"].to_numpy(), rows["match_rate"].to_numpy()),
    }


def drift_table(tidy: Tidy) -> pd.DataFrame:
    """Return each type's yearly drift, and what it does with a specialty's own to an even chance."""
    lines = []
    for kind in KINDS:
        d = drift_parts(tidy, kind)
        whole = Z_RANGE * np.hypot(d["used"], priors.OWN_DRIFT)
        ends = (span(expit(-whole * np.sqrt(ahead)), expit(whole * np.sqrt(ahead))) for ahead in (1, 3))
        sds = (f"{d[name]:.3f}" for name in ("plain", "weighted", "with_prior"))
        lines.append((type_name(kind, True), *sds, f"{d['count']:.1f}", f"{d['used']:.3f}", *ends))
    columns = [
        "applicants", "SD per root year, all years alike", "recent years weigh more", "with the prior",
        "worth so many changes", "as used", "50% after one year (80% range)", "after three years",
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def drift_sentence(tidy: Tidy, kind: str = "non-us-img") -> str:
    """Say what the drift rests on: the largest change of all and of late."""
    moves = changes(tidy, kind)
    recent = moves[moves["year"] > moves["year"].max() - HALF_LIFE]
    largest = moves.loc[moves["change"].abs().idxmax()]
    late = recent.loc[recent["change"].abs().idxmax(), "change"]
    return (
        f"For {type_name(kind, True)} the largest change between neighbouring years is "
        f"{signed(largest['change'])} log odds (to {largest['year']:.0f}); the largest of the last "
        f"{HALF_LIFE:.0f} years is {signed(late)}. Those years carry "
        f"{recent['weight'].sum() / moves['weight'].sum():.0%} of the weight. A specialty moves by itself "
        f"too, by {priors.OWN_DRIFT:.3f} per root year."
    )
