"""How applicants are spread over the covariates; the same applicants printed twice (notebook 1)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from matchmodel.covariates import COVARIATES, value_u
from matchmodel.etl import Tidy
from matchmodel.fit.tables.cells import bins_from_rows
from matchmodel.plots import style
from notebook_helpers.words import fixed, join, percent

NAMES = {"independent": "independent applicants", "us-senior": "US seniors"}
TWICE = ("independent", "Anesthesiology")


def spread(tidy: Tidy, name: str) -> pd.DataFrame:
    """Return the counted values of a covariate, by u: value, u, count, share."""
    rows = tidy.table("population")
    rows = rows[(rows["covariate"] == name) & rows["count"].notna()]
    u = [value_u(name, v) for v in rows["value"]]
    values = pd.DataFrame({"value": rows["value"], "u": u, "count": rows["count"]})
    return values.assign(share=values["count"] / values["count"].sum()).sort_values("u", ignore_index=True)


def counted(tidy: Tidy) -> list[str]:
    """Return the covariates of which whole numbers are counted by value."""
    return [n for n, c in COVARIATES.items() if not c.binary and len(spread(tidy, n))]


def counted_figure(tidy: Tidy) -> Figure:
    """Draw how the counted applicants are spread over years since graduation and months of USCE."""
    names = counted(tidy)
    caption = (
        "Shares of the IMGs of one crowd-sourced tracker, self-reported: "
        + join(f"{spread(tidy, n)['count'].sum():.0f} by {COVARIATES[n].label}" for n in names)
        + ". The last bar of USCE is its value or more."
    )
    title = "How IMGs are spread over what the Match tables leave out"
    figure, axes = style.new_figure(1.7, 1, len(names), title, caption, above=0.2, sharey=True)
    for axis, name in zip(axes[0], names, strict=True):
        values = spread(tidy, name)
        axis.bar(values["value"].astype(float), values["share"], color=style.BLUE, width=0.8)
        axis.set_xlabel(COVARIATES[name].label)
    axes[0, 0].set_ylabel("share of applicants")
    axes[0, 0].yaxis.set_major_formatter(style.percent_tick)
    return figure


def correlations_sentence(tidy: Tidy) -> str:
    """Say how well these covariates' correlations with the score are known."""
    rows = tidy.table("correlations").query("measure_a == 'step2_ck'")
    known, assumed = rows[rows["n"].notna()], rows[rows["n"].isna()]
    with_n = join(
        f"{r.r:+.2f} with {COVARIATES[r.measure_b].label} (n = {r.n:.0f})" for r in known.itertuples()
    )
    without = join(f"{r.r:+.2f} with {COVARIATES[r.measure_b].label}" for r in assumed.itertuples())
    return (
        f"Correlations with Step 2 CK in the same tracker: {with_n}. Assumed, since nobody published them: "
        f"{without}."
    )


def twice(
    tidy: Tidy, kind: str = TWICE[0], specialty: str = TWICE[1], measure: str = "step2_ck"
) -> pd.DataFrame:
    """Return a specialty's score bins: bin, matched, not_matched, share; the unknown last."""
    rows = tidy.table("bins").query(
        "applicant_type == @kind and specialty == @specialty and measure == @measure"
    )
    rows = rows.assign(
        order=rows["low"].fillna(rows["high"] - 1e3),
        share=rows["matched"] / (rows["matched"] + rows["not_matched"]),
    )
    rows = rows.sort_values("order", na_position="last", ignore_index=True)
    return rows[["bin", "matched", "not_matched", "share"]]


def twice_table(tidy: Tidy, kind: str = TWICE[0], specialty: str = TWICE[1]) -> pd.DataFrame:
    """Return `twice` as it is shown."""
    halves = twice(tidy, kind, specialty)
    return pd.DataFrame({
        "Step 2 CK": halves["bin"], "matched": halves["matched"].map(lambda v: fixed(v, 0)),
        "not matched": halves["not_matched"].map(lambda v: fixed(v, 0)),
        "share matched": halves["share"].map(percent),
    })  # fmt: skip


def _with_score(rows: pd.DataFrame) -> float:
    bins = [bins_from_rows(cell) for _, cell in rows.groupby("specialty")]
    return float(np.sum([b.matched.sum() + b.not_matched.sum() for b in bins]))


def twice_sentence(tidy: Tidy, kind: str = TWICE[0], specialty: str = TWICE[1]) -> str:
    """Say what the validation report has, and what it prints of the same applicants besides."""
    kept = tidy.select(role="validation")
    bins = kept.table("bins").query("measure == 'step2_ck'")
    scores = kept.table("quartiles").query("measure == 'step2_ck'")
    each = [
        f"{NAMES.get(str(k), str(k))} in {rows['specialty'].nunique()} specialties "
        f"({_with_score(rows):,.0f} with a known score)"
        for k, rows in bins.groupby("applicant_type")
    ]
    pair = scores.query("applicant_type == @kind and specialty == @specialty").set_index("cohort")
    quartiles = join(
        f"{c.replace('_', ' ')} {pair.loc[c, 'q1']:g}, {pair.loc[c, 'median']:g}, {pair.loc[c, 'q3']:g}"
        for c in ("matched", "not_matched")
    )
    sd = "no standard deviation" if scores["sd"].isna().all() else "standard deviations"
    return (
        f"It has {join(each)}. Of the {NAMES.get(kind, kind)} in {specialty.lower()} it prints the quartiles "
        f"({quartiles}) with a mean and {sd}, and these bins:"
    )
