"""MODEL_CARD.md: what the model is, what it rests on, how well it does, and for whom it is not.

The headings follow the items of TRIPOD+AI (Collins et al., BMJ 385:e078378, 2024) that apply to a
model learnt from published tables; every figure comes from the evaluation or the model file.
"""

from ..covariates import COVARIATES
from ..wording import type_name
from .report import percent, table, who


LEFT_OUT = {"slope": "slope on Step 2 CK", "rate": "match rate", "us-img odds ratio": "odds ratio of US against non-US IMGs"}


def _sources(model):
    return table(
        ("source", "publisher", "year", "grade", "consent asked", "terms"),
        [(s["title"], s["publisher"], s["year"], s["grade"], "yes" if s["consent"] else "no", s["terms"]) for s in model.content["sources"]],
    )


def _coefficients(model, kind):
    content, held = model.content, model.type(kind)
    slope = held["mean_slope"]
    rows = [("Step 2 CK, ten points (mean over specialties)", f"{slope['value']:+.3f} ({slope['se']:.3f})", slope["basis"], "-", slope["source"])]
    for name, effect in content["covariates"].items():
        delta = effect["delta"]
        grades = ", ".join(sorted({r["grade"] or "fitted" for r in effect["rows"]}))
        rows.append((f"{COVARIATES[name].label}, {COVARIATES[name].unit}", f"{delta['value']:+.3f} ({delta['se']:.3f})", delta["basis"], grades, delta["source"]))
    return table(("per", "log odds (SE)", "basis", "grade of its rows", "source"), rows)


def _persons(model):
    rows = []
    for kind in model.applicant_types:
        cells = model.type(kind)["cells"].values()
        known = [c["published"] for c in cells if c["published"]]
        if known:
            matched, not_matched = (int(sum(p[k] for p in known)) for k in ("matched", "not_matched"))
            scores = int(sum(c["score_n"] or 0 for c in cells))
            rows.append((type_name(kind, True), model.type(kind)["year"], len(cells), f"{matched + not_matched:,}", f"{matched:,} ({percent(matched / (matched + not_matched))}%)", f"{scores:,}"))
        else:
            rows.append((type_name(kind, True), model.type(kind)["year"], len(cells), "none of their own", "-", "none"))
    return table(("applicant type", "table of", "specialties", "applicants counted", "matched to the preferred specialty", "with a score in a fitted table"), rows)


def _performance(evaluation):
    made = []
    if "held_out" in evaluation:
        rows = [
            (who(r["applicant_type"]), r["specialties"], f"{r['applicants']:,}", f"{r['slope']:.3f} ({r['slope_se']:.3f})", f"{r['in_the_large']:+.3f} ({r['in_the_large_se']:.3f})", percent(r["mean_error"], 2),
             percent(r["floor"], 2), f"{r['error_over_floor']:.3f}", f"{r['log_loss_base']:.4f}, {r['log_loss']:.4f}, {r['log_loss_saturated']:.4f}", f"{r['brier']:.4f}", f"{r['auc']:.3f}")
            for r in evaluation["held_out"]["rows"]
        ]
        made.append(
            "**Score bins of the 2007 report**, predicted from its summary tables alone:\n\n"
            + table(("applicants", "specialties", "persons", "calibration slope (SE)", "intercept, slope held at 1 (SE)", "mean error, points", "sampling noise", "ratio", "log loss: base rate, model, bins' own shares", "Brier", "AUC"), rows)
        )
    if "population_average" in evaluation:
        made.append(f"**Average over the reference population**: the published rates return, at most {percent(evaluation['population_average']['largest_gap'], 2)} points off in cells of 100 applicants or more.")
    rows = [(f"a specialty's {LEFT_OUT[c['what']]}, from the others", "", c["inside"], c["specialties"], f"{percent(c['low'], 0)} to {percent(c['high'], 0)}") for c in evaluation.get("left_out", {}).get("coverage", ())]
    rows += [(f"match rate one year ahead, {who(c['applicant_type'])}", c["era"], c["inside"], c["years"], f"{percent(c['low'], 0)} to {percent(c['high'], 0)}") for c in evaluation.get("years", {}).get("coverage", ())]
    if rows:
        made.append("**80% ranges held against what came**:\n\n" + table(("of", "era", "inside", "of", "95% binomial interval of the coverage, %"), rows))
    if "worlds" in evaluation:
        rows = [(s["setting"], s["worlds"], f"{s['slope']:.3f} ({s['slope_se']:.3f})", percent(s["mean_error"]), f"{percent(s['coverage'])} ({percent(s['coverage_se'])})") for s in evaluation["worlds"]["summary"]]
        made.append("**Made-up worlds with known truth**, each but the first three breaking one assumption:\n\n" + table(("world", "how many", "slope of true on predicted log odds (SE)", "mean error, points", "80% ranges holding the truth, % (SE)"), rows))
    return "\n\n".join(made)


def _chain(evaluation):
    shares = [r for r in evaluation.get("chain", {}).get("rows", ()) if r["what"].startswith("share of applicants")]
    if not shares:
        return ""
    told = "; ".join(f"{r['what'].split(', ', 1)[1]}: {r['chain']} against {r['published']}" for r in shares)
    return f"\n- The applications chain puts more applicants among those who rank than were observed ({told})."


def _fails(evaluation, model, kind):
    flat = sorted(s for s, c in model.type(kind)["cells"].items() if c["own_slope"] and c["beta"]["value"] < 0.15)
    none = sorted(s for s, c in model.type(kind)["cells"].items() if not c["own_slope"])
    small = sorted(s for s, c in model.type(kind)["cells"].items() if c["published"] and c["published"]["matched"] + c["published"]["not_matched"] < 100)
    lines = [
        "- **US IMGs**: no table has their outcomes by score. Their answers rest on odds ratios from another count, on the slopes of non-US IMGs and on an assumed spread of USCE.",
        "- **Applicants without any interview**: the tables hold only those who ranked a program. The chance from the application on comes from a chain of other sources.",
        "- **US seniors and other US graduates**: not in the model; the rank curve does not fit them.",
    ]
    if small:
        lines.append(f"- **Small specialties** (fewer than 100 {type_name(kind, True)}), whose level is drawn towards the mean: {', '.join(small)}.")
    if none:
        lines.append(f"- **Specialties whose scores are suppressed**, which get the mean slope: {', '.join(none)}.")
    if flat:
        lines.append(f"- **Specialties where Step 2 CK hardly tells** (slope under 0.15): {', '.join(flat)}.")
    thirds = {t["effects"]: t for t in evaluation.get("worlds", {}).get("by_effect_spread", ())}
    if "unlike" in thirds:
        lines.append(
            f"- **Whoever stands out by a covariate whose effect differs much from the others'**: in made-up worlds with unlike effects the 80% ranges held {percent(thirds['unlike']['coverage'], 0)}% of the "
            f"truths, with alike ones {percent(thirds['alike']['coverage'], 0)}%."
        )
    lines.append("- **Groups by sex, race, country or school**: no table has them, so whether the model is as good for each cannot be said.")
    return "\n".join(lines) + _chain(evaluation)


def model_card(evaluation, model, reports):
    """Return the model card.

    Parameters
    ----------
    evaluation : dict
        As `read_evaluation` returns it.
    model : Model
        The one that was evaluated.
    reports : str
        Where evaluation.json lies, from the card.

    Returns
    -------
    str
        Markdown.
    """
    kind = "non-us-img" if "non-us-img" in model.applicant_types else model.applicant_types[0]
    consent = sum(bool(s["consent"]) for s in model.content["sources"])
    prefix = f"{reports}/" if reports not in ("", ".") else ""
    return f"""# Model card: {model.name}

Written by `matchmodel evaluate` from [evaluation.json]({prefix}evaluation.json) and the model file; no figure is typed by hand. The headings follow the items of
TRIPOD+AI (Collins et al., BMJ 385:e078378, 2024) that apply. The whole report: [evaluation.md]({prefix}evaluation.md).

## What it estimates (title, outcome)

The probability that an international medical graduate (IMG) **matches to the preferred specialty in the Main Residency Match, given at least one ranked
program** in it; and, by a further chain, from the application on. Not the probability of an interview, nor of matching anywhere, nor what a change would cause: everything is an
association. A prediction model developed on published summary tables, without data on single persons.

## Intended use, and what it must not be used for (context, usability)

For applicants, advisers and researchers who ask how applicants with such a profile have fared, with the range and sources in sight. Decisions need more than this
number: letters, research, interviews and fit are not in it.

It must **not** be used by programs to select or reject applicants, to promise anybody a result, as the only ground for a career decision, or for US graduates. Whoever publishes
a trained model or these tables must first settle the consent that their sources ask for ({consent} of {len(model.content["sources"])} sources).

## Data (source, participants, sample size)

{_persons(model)}

Counted are applicants who certified a rank list. Scores are those of applicants who consented to research; the level comes from the full counts.

{_sources(model)}

## Predictors: what is measured and what is assumed

{_coefficients(model, kind)}

Measured: from a Match table. Evidence: from the register of other studies, mostly small or crude, graded A to D and widened for it. Assumed: that covariates are independent within each
cohort, that one exchange rate turns log interview rates into log odds for all covariates, that standardised effects are alike to a degree, that US IMGs have the slopes of non-US IMGs, and that
the level drifts without trend. What each costs is in the worlds below.

## Missing data

Suppressed cells are answered from the other specialties, with a wider range. What an applicant does not know drops out: the answer is then the average over the reference population.

## Method (analysis)

Reconstruction of cohorts from quartiles, a weighted binomial GLM a specialty, random-effects pooling, levels solved to the published rates, effects brought to one scale and combined by precision, likelihood
ratios that keep each published rate, {model.content["draw_count"]} joint draws for every range. Formulae with their sources: docs/model.md and the notebooks.

## How well it does (performance)

{_performance(evaluation)}

No data on single persons with outcomes were at hand, so the model as shipped was never held against today's individuals. `matchmodel evaluate --applicants` does that with a
table of one's own, and `matchmodel calibrate` corrects intercept and slope where the sample is large enough.

## Who it fails for (fairness, limitations)

{_fails(evaluation, model, kind)}

## Keeping it up (open science, updating)

Code, tables and this card are in one repository; every figure is made anew by `make train evaluate`. Retrain when a year's tables come out. The answer for a later cycle than the
table of {model.newest_table} only widens; it does not know what changed.
"""
