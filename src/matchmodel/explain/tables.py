"""The raw tables and what became of them: sources, tidy tables, headline figures (notebook 1)."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ..covariates import COVARIATES
from ..plots import style
from ..wording import type_name
from .words import fixed, join, percent, signed, span

PREFERRED = "non-us-img"
MEASURES = {"step2_ck": "Step 2 CK", "step1": "Step 1", "research": "research experiences", "work": "work experiences", "volunteer": "volunteer experiences"}


def grades(tidy, source):
    """Return the grades of a source's rows; the source's own where its tables have none."""
    found = set()
    for table in tidy.tables.values():
        if "grade" in table:
            found |= set(table.loc[table["source_id"] == source.id, "grade"])
    return sorted(g for g in found if g) or [source.grade]


def sources(tidy):
    """Return every source, a row each: title, year, grade, role, and whether somebody's consent is asked for."""
    return pd.DataFrame(
        [(s.id, s.title, s.year, join(grades(tidy, s)), s.role, "yes" if s.consent else "no") for s in tidy.sources.values()],
        columns=["source", "title", "year", "grade", "role", "consent asked"],
    )


def terms(tidy):
    """Return whose each source is, on what terms, and who transcribed it."""
    return pd.DataFrame([(s.id, s.publisher, s.terms, s.via) for s in tidy.sources.values()], columns=["source", "publisher", "terms", "transcribed by"])


def sources_sentence(tidy):
    """Say how many sources there are, how many ask for consent, and which are never trained on."""
    found = list(tidy.sources.values())
    held = [s.id for s in found if s.role == "validation"]
    lowest = [s.id for s in found if min(grades(tidy, s)) >= "C"]
    return (
        f"{len(found)} sources; {sum(s.consent for s in found)} of them ask for somebody's consent before redistribution or use with machine learning, or have terms "
        "that are unclear. "
        f"Kept for validation and never trained on: {join(held)}. Of grade C at best: {join(lowest)}."
    )


def limits(readme):
    """Return what each source is and what it cannot tell, as the raw folder's own page has it.

    Parameters
    ----------
    readme : str or Path
        data/raw/README.md; its table's first columns are the folder, what it is, and what it cannot tell.
    """
    rows = []
    with open(readme, encoding="utf-8") as file:
        for line in file:
            parts = [part.strip() for part in line.strip().strip("|").split("|")]
            if line.startswith("| `") and len(parts) == 4:
                rows.append((parts[0].strip("`"), parts[1], parts[2]))
    return pd.DataFrame(rows, columns=["source", "what it is", "what it cannot tell"])


def tidy_tables(tidy):
    """Return the tidy tables: rows, sources, columns."""
    return pd.DataFrame(
        [(name, f"{len(t):,}", join(sorted(t["source_id"].unique())), ", ".join(c for c in t.columns if c not in ("source_id", "page"))) for name, t in sorted(tidy.tables.items())],
        columns=["table", "rows", "sources", "columns beside source and page"],
    )


def counts(tidy, kind=PREFERRED):
    """Return the newest counts of a type beside its Step 2 CK medians, most applicants first.

    Returns
    -------
    pandas.DataFrame
        specialty, matched, not_matched, applicants, rate, low, high (80% Wilson interval: Wilson,
        JASA 22:209, 1927), known (persons with a known score), median_matched and
        median_not_matched (NaN where suppressed).
    """
    table = tidy.table("counts")
    table = table[table["applicant_type"] == kind]
    table = table[table["year"] == table["year"].max()].copy()
    table["applicants"] = table["matched"] + table["not_matched"]
    table["rate"] = table["matched"] / table["applicants"]
    table["low"], table["high"] = proportion_confint(table["matched"], table["applicants"], alpha=0.2, method="wilson")
    scores = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @kind")
    wide = scores[scores["year"] == table["year"].max()].pivot_table(index="specialty", columns="cohort", values=["n", "median"], dropna=False)
    at = table["specialty"]
    table["known"] = (wide["n", "matched"] + wide["n", "not_matched"]).reindex(at).to_numpy()
    for cohort in ("matched", "not_matched"):
        table[f"median_{cohort}"] = wide["median", cohort].reindex(at).to_numpy()
    columns = ["specialty", "matched", "not_matched", "applicants", "rate", "low", "high", "known", "median_matched", "median_not_matched"]
    return table.sort_values(["applicants", "specialty"], ascending=[False, True])[columns].reset_index(drop=True)


def specialties(tidy, kind=PREFERRED):
    """Return `counts` as it is shown; blank medians are suppressed by the report."""
    found = counts(tidy, kind)
    return pd.DataFrame({
        "specialty": found["specialty"],
        "applicants": found["applicants"].map("{:,.0f}".format),
        "matched": found["matched"].map("{:,.0f}".format),
        "rate": found["rate"].map(percent),
        "80% interval": [span(a, b) for a, b in zip(found["low"], found["high"], strict=True)],
        "score known": found["known"].map("{:,.0f}".format),
        "median score, matched": found["median_matched"].map(lambda v: fixed(v, 0)),
        "not matched": found["median_not_matched"].map(lambda v: fixed(v, 0)),
    })


def headline(tidy, kind=PREFERRED, specialty="Internal Medicine"):
    """Say how many there are, and how many matched to their preferred specialty and to any PGY-1 position."""
    found = counts(tidy, kind)
    one = found[found["specialty"] == specialty].iloc[0]
    matched, total = found["matched"].sum(), found["applicants"].sum()
    rates = tidy.table("rates")
    newest = rates[rates["applicant_type"] == kind].sort_values("year").iloc[-1]
    return (
        f"{total:,.0f} {type_name(kind, True)} ranked a program of a preferred specialty; {matched:,.0f} of them, **{matched / total:.1%}**, matched to it. In "
        f"{specialty.lower()} they were {one['matched']:,.0f} of "
        f"{one['applicants']:,.0f}, **{one['rate']:.1%}**. Matched to any PGY-1 position ({newest['year']}): **{newest['match_rate']:.1%}**. These are different "
        "questions, and the model answers the first."
    )


def rates_figure(tidy, kind=PREFERRED):
    """Draw each specialty's published rate with its 80% Wilson interval."""
    found = counts(tidy, kind).sort_values("rate")
    names = [f"{s} ({n:,.0f})" for s, n in zip(found["specialty"], found["applicants"], strict=True)]
    figure, axes = style.new_figure(
        0.19 * len(found), title=f"Matched to the preferred specialty: {type_name(kind, True)}",
        caption="Published shares with 80% Wilson intervals; in brackets the number of applicants. Dashed: all specialties together.",
        left=max(style.text_width(n) for n in names) + 0.25,
    )
    axis = axes[0, 0]
    y = np.arange(len(found))
    axis.axvline(found["matched"].sum() / found["applicants"].sum(), color=style.GREY, lw=0.9, ls=(0, (4, 3)))
    axis.hlines(y, found["low"], found["high"], color=style.BLUE, lw=1.6)
    axis.plot(found["rate"], y, "o", color=style.BLUE, ms=5, mec="white", mew=0.5)
    axis.set_yticks(y, names)
    axis.set(xlim=(0, 1), ylim=(-0.7, len(found) - 0.3), xlabel="share matched")
    axis.xaxis.set_major_formatter(style.percent)
    return figure


def small_sentence(tidy, kind=PREFERRED, limit=100):
    """Say how many cells are small, and how wide their published rates are."""
    found = counts(tidy, kind)
    small = found[found["applicants"] < limit]
    width = small["high"] - small["low"]
    return (
        f"{len(small)} of {len(found)} specialties have fewer than {limit} applicants, together {small['applicants'].sum():,.0f} of {found['applicants'].sum():,.0f}. "
        "Their published rates are known "
        f"to within {100 * width.min():.0f} to {100 * width.max():.0f} points (80% interval), so the model draws them towards the mean of all."
    )


def consent_sentence(tidy, kind=PREFERRED):
    """Say how those whose scores are known differ from all in the counts."""
    found = counts(tidy, kind)
    scores = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @kind")
    n = scores.groupby("cohort")["n"].sum()
    known = n.sum()
    return (
        f"Scores are printed for the {known:,.0f} who consented, {known / found['applicants'].sum():.0%} of those counted. {n['matched'] / known:.1%} of them matched, "
        f"against {found['matched'].sum() / found['applicants'].sum():.1%} of all. "
        f"So the two cohorts' scores come from those who consented, and the level from the full counts."
    )


def suppressed(tidy, kind=PREFERRED):
    """Return the specialties of which a cohort's scores are suppressed, fewest applicants last."""
    found = counts(tidy, kind)
    return list(found[found["median_matched"].isna() | found["median_not_matched"].isna()]["specialty"])


def suppressed_sentence(tidy, kind=PREFERRED):
    """Say which specialties' scores are suppressed."""
    names = suppressed(tidy, kind)
    return f"In {len(names)} specialties the scores of one cohort or both are suppressed: {join(names)}. They are answered with the mean slope of the others, and a wider range."


def measures(tidy, specialty="Internal Medicine", kind=PREFERRED):
    """Return both cohorts' summaries of every measure, and how far apart they are.

    Returns
    -------
    pandas.DataFrame
        measure, matched and not_matched ('median (Q1 to Q3)'), difference: that of the means over
        the root mean square of the two SDs (Cohen, Statistical Power Analysis for the
        Behavioral Sciences, 1988, ch. 2); largest first.
    """
    rows = tidy.table("quartiles").query("applicant_type == @kind and specialty == @specialty")
    made = []
    for measure, pair in rows.groupby("measure"):
        by = {r["cohort"]: r for _, r in pair.iterrows()}
        a, b = by["matched"], by["not_matched"]
        texts = [f"{r['median']:g} ({r['q1']:g} to {r['q3']:g})" for r in (a, b)]
        made.append((MEASURES.get(measure, measure.replace("_", " ")), *texts, (a["mean"] - b["mean"]) / np.sqrt((a["sd"] ** 2 + b["sd"] ** 2) / 2)))
    found = pd.DataFrame(made, columns=["measure", "matched", "not_matched", "difference"])
    return found.sort_values("difference", ascending=False, ignore_index=True)


def measures_table(tidy, specialty="Internal Medicine", kind=PREFERRED):
    """Return `measures` as it is shown."""
    found = measures(tidy, specialty, kind)
    return found.assign(difference=found["difference"].map(signed)).rename(
        columns={"matched": "matched: median (Q1 to Q3)", "not_matched": "not matched", "difference": "standardised difference"}
    )


def measures_sentence(tidy, specialty="Internal Medicine", kind=PREFERRED):
    """Say which measures tell the cohorts apart."""
    found = measures(tidy, specialty, kind).set_index("measure")["difference"]
    others = found.drop([MEASURES["step2_ck"], found.index[0]])
    most = others.abs().max()
    return (
        f"In {specialty.lower()} the cohorts differ most in {found.index[0]}, by {found.iloc[0]:.2f} standard deviations: programs that interviewed an applicant are "
        "what is ranked, so this is nearer to the outcome than to "
        f"the applicant. In Step 2 CK they differ by {found[MEASURES['step2_ck']]:.2f}; in every other measure by at most {most:.2f} either way."
    )


def absent_sentence(tidy):
    """Say which of the model's covariates no Match table describes."""
    kinds = {n for name in ("quartiles", "bins") for n in tidy.table(name)["measure"]}
    missing = [c.label for c in COVARIATES.values() if not kinds & {c.name, *c.measures}]
    types = sorted(set(tidy.table("counts")["applicant_type"]))
    return (
        f"No Match table here gives outcomes by {join(missing, 'or')}: those effects come from the evidence register, and are labelled so wherever they are used. "
        "Outcomes by preferred specialty exist for "
        f"{join(type_name(t, True) for t in types)}{'' if 'us-img' in types else ', not for US IMGs'}."
    )
