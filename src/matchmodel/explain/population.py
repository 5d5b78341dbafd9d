"""How applicants are spread over the covariates, and the report that printed the same applicants twice (notebook 1)."""

import numpy as np
import pandas as pd

from ..covariates import COVARIATES, value_u
from ..fit.cells import bins_from_rows
from ..plots import style
from .words import fixed, join, percent

NAMES = {"independent": "independent applicants", "us-senior": "US seniors"}
TWICE = ("independent", "Anesthesiology")


def spread(tidy, name):
    """Return a covariate's values and shares, by u: value, u, count, share."""
    rows = tidy.table("population")
    rows = rows[rows["covariate"] == name]
    found = pd.DataFrame({"value": rows["value"], "u": [value_u(name, v) for v in rows["value"]], "count": rows["count"]})
    return found.assign(share=found["count"] / found["count"].sum()).sort_values("u", ignore_index=True)


def reference(tidy):
    """Return who was counted, and how they are spread, a row a covariate."""
    rows, table = [], tidy.table("population")
    for name, covariate in COVARIATES.items():
        found = spread(tidy, name)
        if not len(found):
            continue
        if covariate.binary:
            said = f"{percent(found.loc[found['u'] == 1, 'share'].sum())} yes"
        else:
            values, cumulative = found["value"].astype(float).to_numpy(), found["share"].cumsum().to_numpy()
            quartiles = [values[np.searchsorted(cumulative, q)] for q in (0.25, 0.5, 0.75)]
            said = f"median {quartiles[1]:g}, quartiles {quartiles[0]:g} and {quartiles[2]:g}"
        source = table[table["covariate"] == name].iloc[0]
        rows.append((covariate.label, fixed(found["count"].sum(), 0), said, tidy.sources[source["source_id"]].grade, source["source"]))
    return pd.DataFrame(rows, columns=["covariate", "counted", "spread", "grade", "who was counted"])


def reference_figure(tidy):
    """Draw how the counted applicants are spread over years since graduation and months of USCE."""
    names = [n for n, c in COVARIATES.items() if not c.binary and len(spread(tidy, n))]
    caption = "Shares of the IMGs of one crowd-sourced tracker, self-reported; the last bar of USCE is its value or more."
    figure, axes = style.new_figure(1.7, 1, len(names), "The reference population", caption, above=0.2, sharey=True)
    for axis, name in zip(axes[0], names, strict=True):
        found = spread(tidy, name)
        axis.bar(found["value"].astype(float), found["share"], color=style.BLUE, width=0.8)
        axis.set_xlabel(COVARIATES[name].label)
    axes[0, 0].set_ylabel("share of applicants")
    axes[0, 0].yaxis.set_major_formatter(style.percent)
    return figure


def reference_sentence(tidy):
    """Say how well these covariates' correlations with the score are known."""
    rows = tidy.table("correlations").query("measure_a == 'step2_ck'")
    known, assumed = rows[rows["n"].notna()], rows[rows["n"].isna()]
    told = join(f"{r.r:+.2f} with {COVARIATES[r.measure_b].label} (n = {r.n:.0f})" for r in known.itertuples())
    return (
        f"Their correlations with Step 2 CK in the same tracker: {told}. Those with {join(COVARIATES[n].label for n in assumed['measure_b'])} are assumed "
        f"({join(sorted({f'{r:+.2f}' for r in assumed['r']}))}): nobody published them."
    )


def twice(tidy, kind=TWICE[0], specialty=TWICE[1], measure="step2_ck"):
    """Return a specialty's score bins: bin, matched, not_matched, share; the unknown last."""
    rows = tidy.table("bins").query("applicant_type == @kind and specialty == @specialty and measure == @measure")
    rows = rows.assign(order=rows["low"].fillna(rows["high"] - 1e3), share=rows["matched"] / (rows["matched"] + rows["not_matched"]))
    return rows.sort_values("order", na_position="last", ignore_index=True)[["bin", "matched", "not_matched", "share"]]


def twice_table(tidy, kind=TWICE[0], specialty=TWICE[1]):
    """Return `twice` as it is shown."""
    found = twice(tidy, kind, specialty)
    return pd.DataFrame({
        "Step 2 CK": found["bin"], "matched": found["matched"].map(lambda v: fixed(v, 0)),
        "not matched": found["not_matched"].map(lambda v: fixed(v, 0)), "share matched": found["share"].map(percent),
    })


def twice_sentence(tidy, kind=TWICE[0], specialty=TWICE[1]):
    """Say what the validation report has, and what it prints of the same applicants besides."""
    held = tidy.select(role="validation")
    bins, scores = held.table("bins").query("measure == 'step2_ck'"), held.table("quartiles").query("measure == 'step2_ck'")
    told = []
    for k, rows in bins.groupby("applicant_type"):
        persons = 0.0
        for _, cell in rows.groupby("specialty"):
            b = bins_from_rows(cell)
            persons += b.matched.sum() + b.not_matched.sum()
        told.append(f"{NAMES.get(k, k)} in {rows['specialty'].nunique()} specialties ({persons:,.0f} with a known score)")
    pair = scores.query("applicant_type == @kind and specialty == @specialty").set_index("cohort")
    said = join(f"{c.replace('_', ' ')} {pair.loc[c, 'q1']:g}, {pair.loc[c, 'median']:g}, {pair.loc[c, 'q3']:g}" for c in ("matched", "not_matched"))
    sd = "no standard deviation" if scores["sd"].isna().all() else "standard deviations"
    return f"It has {join(told)}. Of the {NAMES.get(kind, kind)} in {specialty.lower()} it prints the quartiles ({said}) with a mean and {sd}, and these bins:"
