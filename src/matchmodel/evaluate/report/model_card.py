"""MODEL_CARD.md: what the model is, what it rests on, how well it does, and for whom it is not.

The headings follow the items of TRIPOD+AI (Collins et al., BMJ 385:e078378, 2024) that apply to a model
learnt from published tables; every figure comes from the evaluation or the model file.
"""

from ...covariates import COVARIATES
from ...model import Model
from ...report.wording import type_name
from ..results import Part
from .card_texts import NEVER, OUTCOME, PROBAST, TIMING, WITHDRAW
from .tables import bars, figure, percent, table, who

FLAT = 0.15  # log odds per ten points
SMALL = 100  # applicants
LEFT_OUT = {
    "slope": "slope on Step 2 CK", "rate": "match rate", "rank slope": "slope on ln ranks",
    "usual number": "usual number of applications", "share who rank": "share of applicants who rank",
    "us-img odds ratio": "odds ratio of US against non-US IMGs",
}  # fmt: skip


def _sources(model: Model) -> str:
    return table(
        ("source", "publisher", "year", "grade", "consent asked", "terms"),
        [
            (s.title, s.publisher, s.year, s.grade, "yes" if s.consent else "no", s.terms)
            for s in model.record.sources
        ],
    )


def _coefficients(model: Model, kind: str) -> str:
    slope = model.kind(kind).mean_slope
    value = f"{slope.value:+.3f} ({figure(slope.se, 3)})"
    rows = [
        (
            "Step 2 CK, ten points (mean over specialties)",
            value,
            f"{model.kind(kind).slope_spread:.2f}",
            slope.basis,
            "-",
            slope.source,
        )
    ]
    for name, effect in model.record.effects.items():
        mean = effect.mean
        grades = ", ".join(sorted({r.grade or "fitted" for r in effect.rows})) or "none"
        label = f"{COVARIATES[name].label}, {COVARIATES[name].unit}"
        rows.append(
            (
                label,
                f"{mean.value:+.3f} ({figure(mean.se, 3)})",
                f"{effect.spread:.2f}",
                mean.basis,
                grades,
                mean.source,
            )
        )
    return table(
        ("per", "log odds (SE)", "spread between specialties", "basis", "grade of its rows", "source"), rows
    )


def _people(model: Model) -> str:
    rows = []
    for kind in model.applicant_types:
        held = model.kind(kind)
        cells = held.cells.values()
        trust = [cell.trust.kind for cell in cells]
        said = f"{len(trust)} ({trust.count('grey')} grey, {trust.count('withheld')} withheld)"
        known = [c.published for c in cells if c.published]
        if known:
            matched, total = sum(p.matched for p in known), sum(p.matched + p.not_matched for p in known)
            scores = sum(c.score_n for c in cells)
            rows.append((
                type_name(kind, True), held.year, said, f"{total:,.0f}",
                f"{matched:,.0f} ({percent(matched / total)}%)",
                f"{scores:,.0f} ({percent(scores / total, 0)}%)",
            ))  # fmt: skip
        else:
            rows.append((type_name(kind, True), held.year, said, "none of their own", "-", "none"))
    head = (
        "applicant type",
        "table of",
        "specialties",
        "applicants counted",
        "matched to the preferred specialty",
        "with a score in a fitted table",
    )
    return table(head, rows)


def _held_out(part: Part) -> str:
    rows = [
        (
            who(r["applicant_type"]),
            r["specialties"],
            f"{r['applicants']:,}",
            f"{r['slope']:.3f} ({r['slope_se']:.3f})",
            f"{r['in_the_large']:+.3f} ({r['in_the_large_se']:.3f})",
            percent(r["mean_error"], 2),
            percent(r["floor"], 2),
            f"{r['error_over_floor']:.3f}",
            f"{r['brier']:.4f}",
            figure(r["auc_within"], 3),
        )
        for r in part["rows"]
    ]
    head = (
        "applicants", "specialties", "how many", "calibration slope (SE)", "intercept, slope held at 1 (SE)",
        "mean error, points", "sampling noise", "ratio", "Brier", "AUC within a specialty",
    )  # fmt: skip
    title = "**Score bins of the 2007 report**, predicted from its summary tables alone (Step 2 CK only):"
    return f"{title}\n\n{table(head, rows)}"


def _ranges(evaluation: dict[str, Part]) -> str:
    rows = [
        (
            f"a specialty's {LEFT_OUT[c['what']]}, from the others",
            "",
            c["inside"],
            c["specialties"],
            f"{percent(c['low'], 0)} to {percent(c['high'], 0)}",
        )
        for c in evaluation.get("left_out", {}).get("coverage", ())
    ]
    rows += [
        (
            f"match rate one year ahead, {who(c['applicant_type'])}",
            c["era"],
            c["inside"],
            c["years"],
            f"{percent(c['low'], 0)} to {percent(c['high'], 0)}",
        )
        for c in evaluation.get("years", {}).get("coverage", ())
    ]
    head = ("of", "era", "inside", "of", "95% binomial interval of the coverage, %")
    return f"**80% ranges compared with what came**:\n\n{table(head, rows)}" if rows else ""


def _worlds(part: Part) -> str:
    rows = [
        (
            f"{s['setting']}, {type_name(s['applicant_type'], True)}",
            s["data_sets"],
            f"{s['slope']:.3f} ({s['slope_se']:.3f})",
            percent(s["mean_error"]),
            f"{percent(s['coverage'])} ({percent(s['coverage_se'])})",
            percent(s["apply_coverage"]),
        )
        for s in part["summary"]
    ]
    head = (
        "setting", "how many", "slope of true on predicted log odds (SE)", "mean error, points",
        "80% ranges holding the truth, % (SE)", "the same if you apply, %",
    )  # fmt: skip
    return f"**Simulated data sets with known truth**:\n\n{table(head, rows)}"


def _performance(evaluation: dict[str, Part]) -> str:
    paragraphs = [f"**{NEVER}**"]
    if "bars" in evaluation:
        paragraphs.append(
            f"**What it must show**, and what was measured:\n\n{bars(evaluation['bars']['rows'])}"
        )
    if "held_out" in evaluation:
        paragraphs.append(_held_out(evaluation["held_out"]))
    if "concordance" in evaluation:
        part = evaluation["concordance"]
        paragraphs.append(
            "**Telling applicants of one specialty apart**: if the model is right, a c-statistic of "
            f"{figure(part['everything'])} with everything known and {figure(part['score'])} with Step 2 CK "
            "alone. Figures pooled over specialties are higher and mean less."
        )
    paragraphs.append(_ranges(evaluation))
    if "worlds" in evaluation:
        paragraphs.append(_worlds(evaluation["worlds"]))
    return "\n\n".join(text for text in paragraphs if text)


def _unlike(evaluation: dict[str, Part]) -> list[str]:
    """Return a line about what was not fitted and came out otherwise."""
    rows = [r for r in evaluation.get("not_fitted", {}).get("rows", ()) if not r["inside"]]
    sentences = []
    for r in rows:
        show = percent if r["what"].startswith("share") else figure
        sentences.append(f"{r['what']} ({r['specialty']}): {show(r['model'])} against {show(r['seen'])}")
    return (
        [f"- **Checks that nothing was fitted to and that fail**: {'; '.join(sentences)}."]
        if sentences
        else []
    )


def _fails(evaluation: dict[str, Part], model: Model, kind: str) -> str:
    cells = model.kind(kind).cells
    flat = sorted(s for s, c in cells.items() if c.own_slope and c.beta.value < FLAT)
    none = sorted(s for s, c in cells.items() if not c.own_slope)
    small = sorted(
        s for s, c in cells.items() if c.published and c.published.matched + c.published.not_matched < SMALL
    )
    lines = [
        "- **US IMGs**: no table has their outcomes by score. Their levels rest on odds ratios from another "
        "count, moved to this year; slopes are those of non-US IMGs, scores taken as 8 points lower, USCE "
        "assumed. Their chain is borrowed: it is the weakest part.",
        "- **Applicants without any interview**: the tables hold only those who ranked a program. The "
        "chance if you apply comes from a chain of other sources, for somebody who takes part.",
        "- **US seniors and other US graduates**: not in the model; the rank curve does not fit them.",
    ]
    if small:
        lines.append(
            f"- **Small specialties** (fewer than {SMALL} {type_name(kind, True)}), whose level is shrunk "
            f"most: {', '.join(small)}."
        )
    if none:
        lines.append(
            f"- **Specialties whose scores are suppressed**, which get the mean slope: {', '.join(none)}."
        )
    if flat:
        lines.append(
            f"- **Specialties where Step 2 CK hardly tells** (slope under {FLAT}): {', '.join(flat)}."
        )
    lines += _unlike(evaluation)
    lines.append(
        "- **Groups by sex, race, country or school**: no table has them, so whether the model is as good "
        "for each cannot be said."
    )
    return "\n".join(lines)


def model_card(evaluation: dict[str, Part], model: Model, reports: str) -> str:
    """Return the model card, in Markdown.

    Parameters
    ----------
    evaluation
        As `read_evaluation` returns it.
    model
        The one that was evaluated.
    reports
        Where evaluation.json lies, from the card.
    """
    kind = "non-us-img" if "non-us-img" in model.applicant_types else model.applicant_types[0]
    consent = sum(bool(s.consent) for s in model.record.sources)
    prefix = f"{reports}/" if reports not in ("", ".") else ""
    return f"""# Model card: {model.name}

Written by `matchmodel evaluate` from [evaluation.json]({prefix}evaluation.json) and the model file
({model.hash[:12]}); no figure is typed by hand. The headings follow the items of TRIPOD+AI (Collins et al.,
BMJ 385:e078378, 2024) that apply. The whole report:
[evaluation.md]({prefix}evaluation.md).

{NEVER}

## What it estimates (title, outcome)

{OUTCOME}

## Intended use, and what it must not be used for (context, usability)

For applicants, advisers and researchers who ask how applicants with such a profile have fared, with the range
and sources in sight. Decisions need more than this number: letters, research, interviews and fit are not in
it.

It must **not** be used by programs to select or reject applicants, to promise anybody a result, as the only
ground for a career decision, or for US graduates. Whoever publishes a trained model or these tables must
first settle the consent that their sources ask for ({consent} of {len(model.record.sources)} sources).

## Data (source, participants, sample size)

{_people(model)}

Counted are applicants who certified a rank list. Grey cells get a number that is shown as unsure; withheld
ones get none.

{_sources(model)}

## When predictors are measured (timing)

{TIMING}

## Predictors: what is measured and what is assumed

{_coefficients(model, kind)}

Measured: from a Match table. Evidence: from the register of other studies, mostly small or crude, graded A to
D and widened for it, combined with what was believed before. Assumed: that covariates are independent within
each cohort; that the profile acts through one number, so that studies of invitations say what happens in the
Match; that every invitation is ranked; that US IMGs have the slopes of non-US IMGs; that the level drifts
without trend.

## Missing data and non-response

Scores are those of applicants who consented to research (last column above); the level comes from the full
counts. If the matched consent more often than others with the same score, the slope is off: nothing tells.
The reference populations of graduation year and US experience are 135 volunteers of one tracker. Suppressed
cells are answered from the other specialties, with a wider range. What an applicant does not know drops out:
the answer is then the average over those who rank.

## Method (analysis)

Reconstruction of cohorts from quartiles, a weighted binomial GLM per specialty, random-effects pooling,
levels shrunk to a line in positions per applicant, effects brought to one scale and combined with priors,
likelihood ratios that keep each level, and a chain from applications over interviews to a match, solved in
every one of {model.record.draw_count} joint draws. Points are means over draws, ranges their 10% and 90%
quantiles. Formulae with their sources: docs/model.md and the notebooks.

## How well it does (performance)

{_performance(evaluation)}

No data on single people with outcomes were at hand, so the model as shipped was never compared with today's
applicants. `matchmodel evaluate --applicants` does that with a table of your own, and `matchmodel calibrate`
corrects intercept and slope where the sample is large enough.

## Risk of bias, rated by its makers (PROBAST)

{PROBAST}

## Who it fails for (fairness, limitations)

{_fails(evaluation, model, kind)}

## When to withdraw it

{WITHDRAW}

## Keeping it up (open science, updating)

Code, tables and this card are in one repository; every figure is made anew by `make train evaluate`. Retrain
when a year's tables come out, and score the forecast made before (`matchmodel evaluate --forecast`). The
answer for a later cycle than the table of {model.newest_table} only widens; it does not know what changed.
"""
