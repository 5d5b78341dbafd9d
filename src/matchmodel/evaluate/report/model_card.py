"""MODEL_CARD.md: what the model is, what it rests on, how well it does, and for whom it is not.

The headings follow the items of TRIPOD+AI (Collins et al., BMJ 385:e078378, 2024) that apply to a model
learnt from published tables; every figure comes from the evaluation or the model file.
"""

from collections.abc import Iterator

from ...covariates import COVARIATES
from ...model import Model
from ...report.blocks import Block, Code, Grid, Items, Link, Page, Section, Strong, Text, Words
from ...report.wording import decimals, per_hundred, percent, type_name
from ..results import Part
from .card_texts import NEVER, OUTCOME, PROBAST, TIMING, WITHDRAW
from .tables import bars, between, grid, who, with_error

FLAT = 0.15  # log odds per ten points
SMALL = 100  # applicants
LEFT_OUT = {
    "slope": "slope on Step 2 CK", "rate": "match rate", "rank slope": "slope on ln ranks",
    "usual number": "usual number of applications", "share who rank": "share of applicants who rank",
    "us-img odds ratio": "odds ratio of US against non-US IMGs",
}  # fmt: skip


def _sources(model: Model) -> Grid:
    rows = (
        (s.title, s.publisher, s.year, s.grade, "yes" if s.consent else "no", s.terms)
        for s in model.record.sources
    )
    return grid(("source", "publisher", "year", "grade", "consent asked", "terms"), rows, 1, 3, 4, 5)


def _coefficients(model: Model, kind: str) -> Grid:
    slope = model.kind(kind).mean_slope
    per = "Step 2 CK, ten points (mean over specialties)"
    means = [(per, slope, model.kind(kind).slope_spread, "-")]
    for name, effect in model.record.effects.items():
        grades = ", ".join(sorted({r.grade or "fitted" for r in effect.rows})) or "none"
        per = f"{COVARIATES[name].label}, {COVARIATES[name].unit}"
        means.append((per, effect.mean, effect.spread, grades))
    rows = (
        (
            per, f"{decimals(mean.value, 3, True)} ({decimals(mean.se, 3)})", decimals(spread), mean.basis,
            grades, mean.source,
        )
        for per, mean, spread, grades in means
    )  # fmt: skip
    head = ("per", "log odds (SE)", "spread between specialties", "basis", "grade of its rows", "source")
    return grid(head, rows, 3, 4, 5)


def _people(model: Model) -> Grid:
    rows = []
    for kind in model.applicant_types:
        table = model.kind(kind)
        cells = table.cells.values()
        trust = [cell.trust.kind for cell in cells]
        specialties = f"{len(trust)} ({trust.count('grey')} grey, {trust.count('withheld')} withheld)"
        counts = ("none of their own", "-", "none")
        published = [c.published for c in cells if c.published]
        if published:
            matched = sum(p.matched for p in published)
            total = matched + sum(p.not_matched for p in published)
            scores = sum(c.score_n for c in cells)
            counts = (
                f"{total:,.0f}", f"{matched:,.0f} ({percent(matched / total)})",
                f"{scores:,.0f} ({percent(scores / total, 0)})",
            )  # fmt: skip
        rows.append((type_name(kind, True), table.year, specialties, *counts))
    head = (
        "applicant type", "table of", "specialties", "applicants counted",
        "matched to the preferred specialty", "with a score in a fitted table",
    )  # fmt: skip
    return grid(head, rows, 2)


def _held_out(part: Part) -> tuple[Block, ...]:
    rows = (
        (
            who(r["applicant_type"]), r["specialties"], f"{r['applicants']:,}", with_error(r, "slope"),
            with_error(r, "in_the_large", sign=True), per_hundred(r["mean_error"], 2),
            per_hundred(r["floor"], 2), decimals(r["error_over_floor"], 3), decimals(r["brier"], 4),
            decimals(r["auc_within"], 3),
        )
        for r in part["rows"]
    )  # fmt: skip
    head = (
        "applicants", "specialties", "how many", "calibration slope (SE)", "intercept, slope held at 1 (SE)",
        "mean error, points", "sampling noise", "ratio", "Brier", "AUC within a specialty",
    )  # fmt: skip
    title = Strong("Score bins of the 2007 report")
    about = (title, ", predicted from its summary tables alone (Step 2 CK only):")
    return Text(about), grid(head, rows)


def _ranges(evaluation: dict[str, Part]) -> tuple[Block, ...]:
    ranges = [
        (f"a specialty's {LEFT_OUT[c['what']]}, from the others", "", c["specialties"], c)
        for c in evaluation.get("left_out", {}).get("coverage", ())
    ]
    ranges += [
        (f"match rate one year ahead, {who(c['applicant_type'])}", c["era"], c["years"], c)
        for c in evaluation.get("years", {}).get("coverage", ())
    ]
    rows = [(of, era, c["inside"], n, between(c["low"], c["high"], 0)) for of, era, n, c in ranges]
    head = ("of", "era", "inside", "of", "95% binomial interval of the coverage, %")
    return (Text((Strong("80% ranges compared with what came"), ":")), grid(head, rows, 1)) if rows else ()


def _worlds(part: Part) -> tuple[Block, ...]:
    rows = (
        (
            f"{s['setting']}, {type_name(s['applicant_type'], True)}", s["data_sets"], with_error(s, "slope"),
            per_hundred(s["mean_error"]), f"{per_hundred(s['coverage'])} ({per_hundred(s['coverage_se'])})",
            per_hundred(s["apply_coverage"]),
        )
        for s in part["summary"]
    )  # fmt: skip
    head = (
        "setting", "how many", "slope of true on predicted log odds (SE)", "mean error, points",
        "80% ranges holding the truth, % (SE)", "the same if you apply, %",
    )  # fmt: skip
    return Text((Strong("Simulated data sets with known truth"), ":")), grid(head, rows)


def _concordance(part: Part) -> Text:
    about = (
        ": if the model is right, a c-statistic of "
        f"{decimals(part['everything'])} with everything known and {decimals(part['score'])} with Step 2 CK "
        "alone. Figures pooled over specialties are higher and mean less."
    )
    return Text((Strong("Telling applicants of one specialty apart"), about))


def _performance(evaluation: dict[str, Part]) -> Iterator[Block]:
    yield Text(Strong(NEVER))
    if "bars" in evaluation:
        yield Text((Strong("What it must show"), ", and what was measured:"))
        yield bars(evaluation["bars"]["rows"])
    if "held_out" in evaluation:
        yield from _held_out(evaluation["held_out"])
    if "concordance" in evaluation:
        yield _concordance(evaluation["concordance"])
    yield from _ranges(evaluation)
    if "worlds" in evaluation:
        yield from _worlds(evaluation["worlds"])
    yield Text((
        "No data on single people with outcomes were at hand, so the model as shipped was never compared "
        "with today's applicants. ", Code("matchmodel evaluate --applicants"),
        " does that with a table of your own, and ", Code("matchmodel calibrate"),
        " corrects intercept and slope where the sample is large enough.",
    ))  # fmt: skip


def _unlike(evaluation: dict[str, Part]) -> str:
    """Return what was not fitted and came out otherwise, '' where nothing did."""
    texts = []
    for r in evaluation.get("not_fitted", {}).get("rows", ()):
        if not r["inside"]:
            show = per_hundred if r["what"].startswith("share") else decimals
            texts.append(f"{r['what']} ({r['specialty']}): {show(r['model'])} against {show(r['seen'])}")
    return "; ".join(texts)


def _fails(evaluation: dict[str, Part], model: Model, kind: str) -> Items:
    cells = model.kind(kind).cells
    flat = sorted(s for s, c in cells.items() if c.own_slope and c.beta.value < FLAT)
    none = sorted(s for s, c in cells.items() if not c.own_slope)
    small = sorted(
        s for s, c in cells.items() if c.published and c.published.matched + c.published.not_matched < SMALL
    )
    weak = (
        ("US IMGs", "", (
            "no table has their outcomes by score. Their levels rest on odds ratios from another count, "
            "moved to this year; slopes are those of non-US IMGs, scores taken as 8 points lower, USCE "
            "assumed. Their chain is borrowed: it is the weakest part"
        )),
        ("Applicants without any interview", "", (
            "the tables hold only those who ranked a program. The chance if you apply comes from a chain of "
            "other sources, for somebody who takes part"
        )),
        ("US seniors and other US graduates", "", "not in the model; the rank curve does not fit them"),
        (
            "Small specialties",
            f" (fewer than {SMALL} {type_name(kind, True)}), whose level is shrunk most",
            ", ".join(small),
        ),
        (
            "Specialties whose scores are suppressed", ", which get the mean slope", ", ".join(none),
        ),
        ("Specialties where Step 2 CK hardly tells", f" (slope under {FLAT})", ", ".join(flat)),
        ("Checks that nothing was fitted to and that fail", "", _unlike(evaluation)),
        ("Groups by sex, race, country or school", "", (
            "no table has them, so whether the model is as good for each cannot be said"
        )),
    )  # fmt: skip
    items: list[Words] = [(Strong(of), f"{more}: {text}.") for of, more, text in weak if text]
    return Items(tuple(items))


def model_card(evaluation: dict[str, Part], model: Model, reports: str) -> Page:
    """Return the model card.

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
    about = (
        "Written by ", Code("matchmodel evaluate"), " from ", Link(f"{prefix}evaluation.json"),
        f" and the model file ({model.hash[:12]}); no figure is typed by hand. The headings follow the items "
        "of TRIPOD+AI (Collins et al., BMJ 385:e078378, 2024) that apply. The whole report: ",
        Link(f"{prefix}evaluation.md"), ".",
    )  # fmt: skip
    sections = (
        Section("", (Text(NEVER),)),
        Section("What it estimates (title, outcome)", OUTCOME),
        Section(
            "Intended use, and what it must not be used for (context, usability)",
            (
                Text("""For applicants, advisers and researchers who ask how applicants with such a profile
have fared, with the range and sources in sight. Decisions need more than this number: letters, research,
interviews and fit are not in it."""),
                Text((
                    "It must ", Strong("not"), f""" be used by programs to select or reject applicants, to
promise anybody a result, as the only ground for a career decision, or for US graduates. Whoever publishes a
trained model or these tables must first settle the consent that their sources ask for ({consent} of
{len(model.record.sources)} sources).""",
                )),
            ),
        ),
        Section(
            "Data (source, participants, sample size)",
            (
                _people(model),
                Text("""Counted are applicants who certified a rank list. Grey cells get a number that is
shown as unsure; withheld ones get none."""),
                _sources(model),
            ),
        ),
        Section("When predictors are measured (timing)", (TIMING,)),
        Section(
            "Predictors: what is measured and what is assumed",
            (
                _coefficients(model, kind),
                Text("""Measured: from a Match table. Evidence: from the register of other studies, mostly
small or crude, graded A to D and widened for it, combined with what was believed before. Assumed: that
covariates are independent within each cohort; that the profile acts through one number, so that studies of
invitations say what happens in the Match; that every invitation is ranked; that US IMGs have the slopes of
non-US IMGs; that the level drifts without trend."""),
            ),
        ),
        Section(
            "Missing data and non-response",
            (
                Text("""Scores are those of applicants who consented to research (last column above); the
level comes from the full counts. If the matched consent more often than others with the same score, the
slope is off: nothing tells. The reference populations of graduation year and US experience are 135
volunteers of one tracker. Suppressed cells are answered from the other specialties, with a wider range. What
an applicant does not know drops out: the answer is then the average over those who rank."""),
            ),
        ),
        Section(
            "Method (analysis)",
            (
                Text(f"""Reconstruction of cohorts from quartiles, a weighted binomial GLM per specialty,
random-effects pooling, levels shrunk to a line in positions per applicant, effects brought to one scale and
combined with priors, likelihood ratios that keep each level, and a chain from applications over interviews to
a match, solved in every one of {model.record.draw_count} joint draws. Points are means over draws, ranges
their 10% and 90% quantiles. Formulae with their sources: docs/model.md and the notebooks."""),
            ),
        ),
        Section("How well it does (performance)", tuple(_performance(evaluation))),
        Section("Risk of bias, rated by its makers (PROBAST)", PROBAST),
        Section("Who it fails for (fairness, limitations)", (_fails(evaluation, model, kind),)),
        Section("When to withdraw it", WITHDRAW),
        Section(
            "Keeping it up (open science, updating)",
            (
                Text((
                    "Code, tables and this card are in one repository; every figure is made anew by ",
                    Code("make train evaluate"),
                    ". Retrain when a year's tables come out, and score the forecast made before (",
                    Code("matchmodel evaluate --forecast"),
                    f"""). The answer for a later cycle than the table of {model.newest_table} only widens; it
does not know what changed.""",
                )),
            ),
        ),
    )  # fmt: skip
    return Page(f"Model card: {model.name}", sections, about)
