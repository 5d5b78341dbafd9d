"""The raw tables and what became of them: sources, tidy tables, headline figures (notebook 1)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from statsmodels.stats.proportion import proportion_confint

from matchmodel.covariates import COVARIATES
from matchmodel.etl import Tidy
from matchmodel.etl.sources import Source
from matchmodel.plots import style
from matchmodel.report.wording import type_name
from notebook_helpers.words import fixed, join, percent, signed, span

PREFERRED = "non-us-img"
MEASURES = {
    "step2_ck": "Step 2 CK", "step1": "Step 1", "research": "research experiences",
    "work": "work experiences", "volunteer": "volunteer experiences",
}  # fmt: skip


def grades(tidy: Tidy, source: Source) -> list[str]:
    """Return the grades of a source's rows; the source's own where its tables have none."""
    letters: set[str] = set()
    for table in tidy.tables.values():
        if "grade" in table:
            letters |= set(table.loc[table["source_id"] == source.id, "grade"])
    return sorted(g for g in letters if g) or [source.grade]


def sources(tidy: Tidy) -> pd.DataFrame:
    """Return one row per source: title, year, grade, role, and whether somebody's consent is asked for."""
    return pd.DataFrame(
        [
            (s.id, s.title, s.year, join(grades(tidy, s)), s.role, "yes" if s.consent else "no")
            for s in tidy.sources.values()
        ],
        columns=["source", "title", "year", "grade", "role", "consent asked"],
    )


def terms(tidy: Tidy) -> pd.DataFrame:
    """Return whose each source is, on what terms, and who transcribed it."""
    rows = [(s.id, s.publisher, s.terms, s.via) for s in tidy.sources.values()]
    return pd.DataFrame(rows, columns=["source", "publisher", "terms", "transcribed by"])


def sources_sentence(tidy: Tidy) -> str:
    """Say how many sources there are, how many ask for consent, and which are never trained on."""
    sources = list(tidy.sources.values())
    asked = sum(s.consent for s in sources)
    kept = [s.id for s in sources if s.role == "validation"]
    low = [s.id for s in sources if min(grades(tidy, s)) >= "C"]
    return (
        f"{len(sources)} sources. For {asked} of them somebody's consent is asked, or the "
        f"terms are unclear. Never trained on: {join(kept)}. Of grade C at best: {join(low)}."
    )


def tidy_tables(tidy: Tidy) -> pd.DataFrame:
    """Return the tidy tables: rows, sources, columns."""
    rows = []
    for name, table in sorted(tidy.tables.items()):
        columns = ", ".join(c for c in table.columns if c not in ("source_id", "page"))
        rows.append((name, f"{len(table):,}", join(sorted(table["source_id"].unique())), columns))
    return pd.DataFrame(rows, columns=["table", "rows", "sources", "columns beside source and page"])


def shown(tidy: Tidy, name: str, *columns: str, known: str = "") -> pd.DataFrame:
    """Return columns of a tidy table under readable headings.

    Parameters
    ----------
    tidy, name
        Where it is.
    columns
        Tidy names.
    known
        A column without which a row is left out.
    """
    rows = tidy.table(name)
    rows = rows.dropna(subset=[known]) if known else rows
    return rows[list(columns)].rename(columns=lambda c: c.replace("_", " ")).reset_index(drop=True)


def counts(tidy: Tidy, kind: str = PREFERRED) -> pd.DataFrame:
    """Return the newest counts of a type beside its Step 2 CK medians, most applicants first.

    Returns
    -------
    frame
        specialty, matched, not_matched, positions, all_applicants, applicants, rate, low and high (80% Wilson
        interval: Wilson, JASA 22:209, 1927), known (applicants with a known score), median_matched and
        median_not_matched (NaN where suppressed).
    """
    table = tidy.table("counts")
    table = table[table["applicant_type"] == kind]
    table = table[table["year"] == table["year"].max()].copy()
    n = table["applicants"] = table["matched"] + table["not_matched"]
    table["rate"] = table["matched"] / n
    table["low"], table["high"] = proportion_confint(table["matched"], n, alpha=0.2, method="wilson")
    scores = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @kind")
    scores = scores[scores["year"] == table["year"].max()]
    wide = scores.pivot_table(index="specialty", columns="cohort", values=["n", "median"], dropna=False)
    at = table["specialty"]
    table["known"] = (wide["n", "matched"] + wide["n", "not_matched"]).reindex(at).to_numpy()
    for cohort in ("matched", "not_matched"):
        table[f"median_{cohort}"] = wide["median", cohort].reindex(at).to_numpy()
    columns = [
        "specialty", "matched", "not_matched", "positions", "all_applicants", "applicants", "rate", "low",
        "high",
        "known", "median_matched", "median_not_matched",
    ]  # fmt: skip
    table = table.sort_values(["applicants", "specialty"], ascending=[False, True])
    return table[columns].reset_index(drop=True)


def specialties(tidy: Tidy, kind: str = PREFERRED) -> pd.DataFrame:
    """Return `counts` as it is shown; blank medians are suppressed by the report."""
    cells = counts(tidy, kind)

    def whole(name: str) -> pd.Series:
        return cells[name].map(lambda v: fixed(v, 0))

    return pd.DataFrame({
        "specialty": cells["specialty"], "applicants": whole("applicants"), "matched": whole("matched"),
        "rate": cells["rate"].map(percent),
        "80% interval": [span(a, b) for a, b in zip(cells["low"], cells["high"], strict=True)],
        "positions": whole("positions"), "all applicants to them": whole("all_applicants"),
        "score known": whole("known"), "median score, matched": whole("median_matched"),
        "not matched": whole("median_not_matched"),
    })  # fmt: skip


def headline(tidy: Tidy, kind: str = PREFERRED, specialty: str = "Internal Medicine") -> str:
    """Say how many matched to their preferred specialty and to any PGY-1 position."""
    cells = counts(tidy, kind)
    one = cells[cells["specialty"] == specialty].iloc[0]
    matched, total = cells["matched"].sum(), cells["applicants"].sum()
    rates = tidy.table("rates")
    newest = rates[rates["applicant_type"] == kind].sort_values("year").iloc[-1]
    return (
        f"{total:,.0f} {type_name(kind, True)} ranked a program of a preferred specialty; {matched:,.0f} of "
        f"them, **{matched / total:.1%}**, matched to it. In {specialty.lower()} they were "
        f"{one['matched']:,.0f} of {one['applicants']:,.0f}, **{one['rate']:.1%}**. Matched to any PGY-1 "
        f"position ({newest['year']}): **{newest['match_rate']:.1%}**. These are different questions, and "
        "the model answers the first."
    )


def rates_figure(tidy: Tidy, kind: str = PREFERRED) -> Figure:
    """Draw each specialty's published rate with its 80% Wilson interval."""
    cells = counts(tidy, kind).sort_values("rate")
    names = [f"{s} ({n:,.0f})" for s, n in zip(cells["specialty"], cells["applicants"], strict=True)]
    figure, axes = style.new_figure(
        0.19 * len(cells), title=f"Matched to the preferred specialty: {type_name(kind, True)}",
        caption="Published shares with 80% Wilson intervals; in brackets the number of applicants. Dashed: "
        "all "
        "specialties together.",
        left=max(style.text_width(n) for n in names) + 0.25,
    )  # fmt: skip
    axis, y = axes[0, 0], np.arange(len(cells))
    together = cells["matched"].sum() / cells["applicants"].sum()
    axis.axvline(together, color=style.GREY, lw=0.9, ls=(0, (4, 3)))
    axis.hlines(y, cells["low"], cells["high"], color=style.BLUE, lw=1.6)
    axis.plot(cells["rate"], y, "o", color=style.BLUE, ms=5, mec="white", mew=0.5)
    axis.set_yticks(y, names)
    axis.set(xlim=(0, 1), ylim=(-0.7, len(cells) - 0.3), xlabel="share matched")
    axis.xaxis.set_major_formatter(style.percent_tick)
    return figure


def small_sentence(tidy: Tidy, kind: str = PREFERRED, limit: int = 100) -> str:
    """Say how many cells are small, and how wide their published rates are."""
    cells = counts(tidy, kind)
    small = cells[cells["applicants"] < limit]
    width = 100 * (small["high"] - small["low"])
    return (
        f"{len(small)} of {len(cells)} specialties have fewer than {limit} applicants, together "
        f"{small['applicants'].sum():,.0f} of {cells['applicants'].sum():,.0f}. The 80% intervals of their "
        f"published rates are {width.min():.0f} to {width.max():.0f} points wide, so the model shrinks each "
        "rate towards what the competition for its positions would suggest."
    )


def consent_sentence(tidy: Tidy, kind: str = PREFERRED) -> str:
    """Say how those whose scores are known differ from all in the counts."""
    cells = counts(tidy, kind)
    scores = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @kind")
    n = scores.groupby("cohort")["n"].sum()
    known, total = n.sum(), cells["applicants"].sum()
    return (
        f"Scores are printed for the {known:,.0f} who consented, {known / total:.0%} of those counted. "
        f"{n['matched'] / known:.1%} of them matched, against {cells['matched'].sum() / total:.1%} of all. "
        "So the scores of the two cohorts come from those who consented, and the level from the full counts."
    )


def suppressed(tidy: Tidy, kind: str = PREFERRED) -> list[str]:
    """Return the specialties of which a cohort's scores are suppressed, fewest applicants last."""
    cells = counts(tidy, kind)
    return list(cells[cells["median_matched"].isna() | cells["median_not_matched"].isna()]["specialty"])


def suppressed_sentence(tidy: Tidy, kind: str = PREFERRED) -> str:
    """Say which specialties' scores are suppressed."""
    names = suppressed(tidy, kind)
    return (
        f"In {len(names)} specialties the scores of one cohort or both are suppressed: {join(names)}. They "
        "take the mean slope of the others, with a wider range."
    )


def measures(tidy: Tidy, specialty: str = "Internal Medicine", kind: str = PREFERRED) -> pd.DataFrame:
    """Return both cohorts' summaries of every measure, and how far apart they are.

    Returns
    -------
    frame
        measure, matched and not_matched ('median (Q1 to Q3)'), difference: that of the means over the root
        mean square of the two SDs (Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, ch.
        2); largest first.
    """
    rows = tidy.table("quartiles").query("applicant_type == @kind and specialty == @specialty")
    lines = []
    for measure, pair in rows.groupby("measure"):
        by = {r["cohort"]: r for _, r in pair.iterrows()}
        a, b = by["matched"], by["not_matched"]
        texts = [f"{r['median']:g} ({r['q1']:g} to {r['q3']:g})" for r in (a, b)]
        gap = (a["mean"] - b["mean"]) / np.sqrt((a["sd"] ** 2 + b["sd"] ** 2) / 2)
        lines.append((MEASURES.get(str(measure), str(measure).replace("_", " ")), *texts, gap))
    frame = pd.DataFrame(lines, columns=["measure", "matched", "not_matched", "difference"])
    return frame.sort_values("difference", ascending=False, ignore_index=True)


def measures_table(tidy: Tidy, specialty: str = "Internal Medicine", kind: str = PREFERRED) -> pd.DataFrame:
    """Return `measures` as it is shown."""
    medians = measures(tidy, specialty, kind)
    medians["difference"] = medians["difference"].map(signed)
    return medians.set_axis(
        ["measure", "matched: median (Q1 to Q3)", "not matched", "standardised difference"], axis=1
    )


def measures_sentence(tidy: Tidy, specialty: str = "Internal Medicine", kind: str = PREFERRED) -> str:
    """Say which measures tell the cohorts apart."""
    gaps = measures(tidy, specialty, kind).set_index("measure")["difference"]
    score = MEASURES["step2_ck"]
    most = gaps.drop([score, gaps.index[0]]).abs().max()
    return (
        f"In {specialty.lower()} the cohorts differ most in {gaps.index[0]}, by {gaps.iloc[0]:.2f} "
        "standard deviations. Programs that interviewed an applicant are what is ranked, so this is nearer "
        f"to the outcome than to the applicant. In Step 2 CK they differ by {gaps[score]:.2f}, in every "
        f"other measure by at most {most:.2f} either way."
    )


def absent_sentence(tidy: Tidy) -> str:
    """Say which of the model's covariates no Match table describes."""
    kinds = {n for name in ("quartiles", "bins") for n in tidy.table(name)["measure"]}
    missing = [c.label for c in COVARIATES.values() if not kinds & {c.name, *c.measures}]
    types = sorted(set(tidy.table("counts")["applicant_type"]))
    only = "" if "us-img" in types else ", not for US IMGs"
    return (
        f"No Match table here gives outcomes by {join(missing, 'or')} and specialty. Those effects come from "
        "other studies, and are labelled so wherever they are used. Outcomes by preferred specialty exist "
        f"for {join(type_name(t, True) for t in types)}{only}."
    )
