"""The yearly series of match rates, and the drift that is read from it (notebooks 1 and 2)."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ..evaluate.years import Z80
from ..fit.drift import HALF_LIFE, drift_per_year
from ..plots import style
from ..wording import type_name
from .words import join, percent, signed, span
from .words import years as year_runs

KINDS = ("us-img", "non-us-img")


def series(tidy, kind):
    """Return a type's rates by year: year, match_rate, grade; 'all-img' are both types together."""
    rows = tidy.table("rates")
    rows = rows[rows["applicant_type"] == kind].drop_duplicates("year").sort_values("year")
    return rows[["year", "match_rate", "grade"]].reset_index(drop=True)


def missing(tidy, kind):
    """Return the years between a series' first and last that it lacks."""
    known = set(series(tidy, kind)["year"])
    return [y for y in range(min(known), max(known) + 1) if y not in known]


def years_table(tidy, last=8):
    """Return the newest years of both types side by side."""
    wide = pd.concat([series(tidy, k).assign(kind=type_name(k)) for k in KINDS]).pivot(index="year", columns="kind", values="match_rate")
    made = wide.tail(last).map(percent).reset_index()
    made["year"] = made["year"].astype(str)
    made.columns.name = None
    return made


def years_sentence(tidy, kind="non-us-img"):
    """Say where a type's series began, was highest and lowest, and stands now."""
    rows = series(tidy, kind)
    low, high, now = rows.loc[rows["match_rate"].idxmin()], rows.loc[rows["match_rate"].idxmax()], rows.iloc[-1]
    marks = {now["year"]: f"{now['match_rate']:.1%} in {now['year']}"}
    for word, row in (("the lowest", low), ("the highest", high)):
        marks[row["year"]] = f"{row['match_rate']:.1%} in {row['year']} ({word})"
    return (
        f"{type_name(kind, True)}: {len(rows)} years between {rows['year'].iloc[0]} and {now['year']}; {join(marks[y] for y in sorted(marks))}. Missing: "
        f"{year_runs(missing(tidy, kind))}."
    )


def years_figure(tidy):
    """Draw the share of IMGs matched to any PGY-1 position by year, gaps left open."""
    figure, axes = style.new_figure(
        2.6, title="Matched to any PGY-1 position, by year",
        caption="Shares as published, from sources of grade A to C; a line is broken where a year is missing, and single years stand as dots.", right=1.0,
    )
    axis, ends = axes[0, 0], []
    for kind, colour, marker in zip(KINDS, style.SERIES, style.MARKERS, strict=False):
        rows = series(tidy, kind).set_index("year")["match_rate"]
        whole = rows.reindex(range(rows.index.min(), rows.index.max() + 1))
        axis.plot(whole.index, whole, color=colour, lw=1.5)
        axis.plot(rows.index, rows, ls="", marker=marker, ms=3.2, color=colour)
        ends.append((rows.index[-1], rows.iloc[-1], f"{type_name(kind, True)}\n{percent(rows.iloc[-1])}", colour))
    axis.set(xlabel="year of the Match", ylabel="share matched", ylim=(0, 0.8))
    axis.set_xlim(axis.get_xlim()[0], max(x for x, *_ in ends) + 0.5)
    axis.yaxis.set_major_formatter(style.percent)
    style.label_ends(axis, ends)
    return figure


def changes(tidy, kind):
    """Return the changes of the log odds between years present.

    Returns
    -------
    pandas.DataFrame
        year, gap (years since the one before), change, per_year (over the root of the gap) and
        weight: that of `matchmodel.fit.drift.drift_per_year`, summing to 1.
    """
    rows = series(tidy, kind)
    gap = np.diff(rows["year"])
    weight = gap * 0.5 ** ((rows["year"].iloc[-1] - rows["year"].to_numpy()[1:]) / HALF_LIFE)
    change = np.diff(logit(rows["match_rate"].to_numpy()))
    return pd.DataFrame({"year": rows["year"].to_numpy()[1:], "gap": gap, "change": change, "per_year": change / np.sqrt(gap), "weight": weight / weight.sum()})


def drift_parts(tidy, kind):
    """Return a type's drift: plain (all years alike), weighted (recent years more), count (changes that the weights are worth), used."""
    rows, found = series(tidy, kind), changes(tidy, kind)
    return {
        "plain": float(np.sqrt((found["change"] ** 2).sum() / found["gap"].sum())),
        "weighted": float(np.sqrt(found["weight"] @ found["per_year"] ** 2)),
        "count": float(1 / (found["weight"] ** 2).sum()),
        "used": drift_per_year(rows["year"], rows["match_rate"]),
    }


def drift_table(tidy):
    """Return each type's yearly drift, and what it does to an even chance."""
    made = []
    for kind in KINDS:
        d = drift_parts(tidy, kind)
        ranges = (span(expit(-Z80 * d["used"] * np.sqrt(ahead)), expit(Z80 * d["used"] * np.sqrt(ahead))) for ahead in (1, 3))
        made.append((type_name(kind, True), f"{d['plain']:.3f}", f"{d['weighted']:.3f}", f"{d['count']:.1f}", f"{d['used']:.3f}", *ranges))
    columns = ["applicants", "SD a year, all years alike", "recent years weighing more", "worth so many changes", "as used", "50% becomes after one year (80% range)", "after three years"]
    return pd.DataFrame(made, columns=columns)


def drift_sentence(tidy, kind="non-us-img"):
    """Say what the drift rests on: the weighted changes, and the largest of them."""
    found = changes(tidy, kind)
    recent = found[found["year"] > found["year"].max() - HALF_LIFE]
    largest = found.loc[found["change"].abs().idxmax()]
    return (
        f"For {type_name(kind, True)} the largest change between neighbouring years is {signed(largest['change'])} log odds (to {largest['year']:.0f}); the largest of "
        f"the last {HALF_LIFE:.0f} years is "
        f"{signed(recent.loc[recent['change'].abs().idxmax(), 'change'])}. Those years carry {recent['weight'].sum():.0%} of the weight."
    )


def together_sentence(tidy):
    """Say which years have IMGs only together, or not at all."""
    both = [set(series(tidy, k)["year"]) for k in KINDS]
    lone = sorted(set(series(tidy, "all-img")["year"]) - both[0] - both[1])
    first, last = min(both[0] | both[1]), max(both[0] | both[1])
    nothing = [y for y in range(first, last + 1) if y not in both[0] | both[1] | set(lone)]
    return f"US and non-US IMGs are printed together only in {year_runs(lone)}; nothing at all is here for {year_runs(nothing)}."
