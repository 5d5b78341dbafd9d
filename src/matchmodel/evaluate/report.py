"""evaluation.md: the report's text, from evaluation.json; no figure in it is typed by hand."""

from ..wording import type_name
from .collect import LARGE
from .simulation import ASKED
from .widths import WHOLE


WHO = {"independent": "independent applicants", "us-senior": "US seniors", "together": "both together"}


def who(kind):
    """Return an applicant type of any report as a table names it, in the plural."""
    return WHO.get(kind) or type_name(kind, True)


def table(headers, rows):
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def percent(value, digits=1):
    """Return a proportion as a percentage without its sign; a dash where there is none."""
    return "-" if value is None else f"{round(100 * value, digits) + 0.0:.{digits}f}"  # no minus zero


def _calibrations(part):
    rows = [
        (who(r["applicant_type"]), r["specialties"], r["bins"], f"{r['applicants']:,}", f"{r['slope']:.3f} ({r['slope_se']:.3f})", f"{r['intercept']:+.3f}",
         f"{r['in_the_large']:+.3f} ({r['in_the_large_se']:.3f})", percent(r["mean_error"], 2), percent(r["floor"], 2), f"{r['error_over_floor']:.3f}")
        for r in part["rows"]
    ]
    scores = [
        (who(r["applicant_type"]), *(f"{r[name + end]:.4f}" for name in ("log_loss", "brier") for end in ("_base", "", "_saturated")), percent(r["log_loss_explained"], 0), f"{r['auc']:.3f}")
        for r in part["rows"]
    ]
    return (
        table(("type", "specialties", "bins", "applicants", "calibration slope (SE)", "intercept", "intercept, slope held at 1 (SE)", "mean error, points", "floor", "error / floor"), rows)
        + "\n\n"
        + table(("type", "log loss: base rate", "model", "bins' own shares", "Brier: base rate", "model", "bins' own shares", "way from base to best, log loss %", "AUC"), scores)
    )


def _held_out(part):
    return f"""## Score bins of the 2007 report, which training never saw

Fitted on that report's counts and quartiles alone, through the same steps; its bins predicted at their midpoints. The level is
taken from the applicants with a known score. The floor is what independent binomials at the predicted rates would give. The base rate is the
specialty's; the bins' own shares are the best that any prediction by bin can do, and are fitted to their noise.

{_calibrations(part)}
"""


def _rank_shape(part):
    slopes = [(who(r["applicant_type"]), f"{r['b']:.2f}", f"{r['b_from_counts']:.2f}") for r in part["rows"]]
    groups = [(who(g["applicant_type"]), g["ranks"], f"{g['applicants']:,}", percent(g["matched"]), percent(g["predicted"])) for g in part["groups"]]
    return f"""## Contiguous ranks of the 2007 report

That report prints ranks as counts, so quartiles, mean and SD were made from them, reconstructed and fitted like this year's, and held against the
counts: a test of the reconstruction and of the logarithmic shape, not of new persons.

{_calibrations(part)}

{table(("type", "b from summaries", "b from the counts"), slopes)}

{table(("type", "ranks", "applicants", "matched %", "predicted %"), groups)}

Independent applicants (three quarters IMGs) follow the logarithm but for 16 ranks or more, where fewer matched than predicted. US seniors do not: they
match far more often from one or two ranks than the summaries say. The chain is for IMGs; it is not to be used for US seniors.
"""


def _average(part):
    rows = [
        (who(r["applicant_type"]), r["specialty"], f"{r['applicants']:,}", percent(r["published"]), percent(r["model"]), percent(r["averaged"]), f"{100 * (r['averaged'] - r['published']):+.2f}")
        for r in part["rows"]
    ]
    return f"""## Averaged over the reference population

Odds averaged over scores and covariates as they are spread in the reference population (20,000 persons drawn a specialty),
against the published rate. Cells under {LARGE} applicants are drawn towards the mean, so they differ on purpose. Largest
difference in cells of {LARGE} or more: {percent(part["largest_gap"], 2)} points.

{table(("type", "specialty", "applicants", "published %", "model's level %", "averaged %", "averaged - published"), rows)}
"""


def _coverage(c):
    return f"{c['inside']} of {c.get('years', c.get('specialties'))}", percent(c["coverage"], 0), f"{percent(c['low'], 0)} to {percent(c['high'], 0)}", "yes" if c["holds_80"] else "**no**"


COVERED = ("inside", "coverage %", "its 95% binomial interval", "80% lies in it")


def _left_out(part):
    shown = {"slope": lambda v: f"{v:+.2f}", "rate": percent, "us-img odds ratio": lambda v: f"{v:.2f}"}
    rows = [
        (r["what"], r["specialty"], f"{shown[r['what']](r['predicted'])} ({shown[r['what']](r['low'])} to {shown[r['what']](r['high'])})", f"{shown[r['what']](r['measured'])}", "" if r["inside"] else "outside")
        for r in part["rows"]
    ]
    return f"""## Each specialty predicted from the others

Each {type_name(part["applicant_type"])} specialty's slope (log odds per ten points of Step 2 CK), match rate (%) and, for US IMGs, odds ratio against non-US IMGs is left out in turn and
predicted from the others; the 80% range includes the left-out estimate's own sampling error. This is what the model says of a specialty of which nothing is printed: the
ranges are wide because specialties differ.

{table(("what", *COVERED), [(c["what"], *_coverage(c)) for c in part["coverage"]])}

{table(("what", "specialty", "predicted, 80% range", "its own estimate", ""), rows)}
"""


def _years(part):
    rows = [(who(c["applicant_type"]), c["era"], *_coverage(c), percent(c["mean_width"])) for c in part["coverage"]]
    return f"""## One year ahead

An 80% range for each year's match rate (to any PGY-1 position) from the years before it, where the year before is in the series; three changes must be known. 2009 to 2011, 2014,
2019 and 2023 are missing from it. Method, eras and half-life were fixed before any look at coverage.

{table(("type", "era", *COVERED, "mean width, points"), rows)}
"""


def _worlds(part):
    rows = [
        (("**" + s["setting"] + "**") if s["promised"] else s["setting"], s["worlds"], f"{s['slope']:.3f} ({s['slope_se']:.3f})", f"{s['slope_low']:.2f} to {s['slope_high']:.2f}",
         f"{percent(s['coverage'])} ({percent(s['coverage_se'])})", f"{percent(s['coverage_low'], 0)} to {percent(s['coverage_high'], 0)}", percent(s["mean_error"], 2), percent(s["naive_error"], 2))
        for s in part["summary"]
    ]
    thirds = [(t["effects"], f"{t['effect_spread']:.2f}", f"{t['slope']:.3f}", percent(t["coverage"]), percent(t["mean_error"], 2)) for t in part["by_effect_spread"]]
    alike = f"""Nobody knows how alike the covariates' effects are (each per standard deviation of its covariate), so every world draws a spread between none and as large as their mean. The ranges are honest
on average over that: too wide where the effects are alike, too narrow where they are not.

{table(("effects", "their spread", "slope", "coverage %", "mean error, points"), thirds)}
"""
    return f"""## Made-up worlds with known truth

Each world has its own levels, slopes, effects and exchange rate, and covariates tied together as the register's correlations say. It is published as tables (counts, rounded quartiles of
those who consented with small cohorts suppressed, small studies with their errors, a survey of 135), read by the ETL, trained on, and asked for {ASKED:,} new persons
with everything known. The studies' errors are drawn as wide as the model takes their grade to be. In bold: what the model takes for granted holds but for
the independence of covariates; goals are slopes of 0.95 to 1.05 and coverage of 76 to 84%. Each other row breaks one assumption: what it costs.

{table(("setting", "worlds", "slope of true on predicted log odds (SE)", "single worlds", "80% ranges holding the truth, % (SE)", "single worlds", "mean error, points", "error of the score alone"), rows)}

Single worlds differ by the luck of their small studies, since an error of a study is shared by all persons of a world.

{alike if thirds else ""}"""


def _widths(part):
    parts = list(dict.fromkeys(r["part"] for r in part["rows"]))
    by = {}
    for r in part["rows"]:
        by.setdefault(r["applicant"], {})[r["part"]] = r["value"]
    rows = [(name, f"{found[WHOLE]:.1f}", *(percent(found[p], 0) if p in found else "" for p in parts if p != WHOLE)) for name, found in by.items()]
    return f"""## Where the range comes from

Width of the 80% range in points of probability; then each source's share of the variance of the log odds in % (its covariance with the whole: effects share the exchange
rate and their common size, so a share below zero offsets others). Internal medicine, the cycle after the table.

{table(("applicant", "width", *(p.replace("_", " ") for p in parts if p != WHOLE)), rows)}
"""


def _sensitivity(part):
    names = list(part["applicants"])
    by = {}
    for r in part["rows"]:
        by.setdefault(r["change"], {})[r["applicant"]] = r
    rows = [(change, *(f"{percent(r['p_ranked'])} ({percent(r['low'], 0)} to {percent(r['high'], 0)})" if (r := found.get(n)) and r["p_ranked"] is not None else "-" for n in names)) for change, found in by.items()]
    return f"""## How far other choices and single sources move the answers

Chance in % with its 80% range. Choices: how much a grade widens a variance (A x1, B x1.5, C x2, D x4), the exchange rate between interview rate and odds, the correlations
of the covariates with the score, whether the effects are drawn towards their common size. Then every source left out in turn (a dash: without it there is no answer).

{table(("change", *names), rows)}
"""


def _chain(part):
    return f"""## From applications to a match: figures that the chain was not fitted to

{table(("what", "published", "chain", "where the published figure is from, and why they differ"), [(r["what"], r["published"], r["chain"], r["why"]) for r in part["rows"]])}

The chain is fitted to mean numbers of ranks and to programs' invitation rates; nothing here was used. It puts more applicants among
those who rank than were observed: the observed shares count everybody who applied to the specialty at all, many of them to a few programs beside another
specialty, while the chain describes somebody who applies to the usual number. That gap is largest in family medicine and general surgery.
"""


# part -> its text, and the pictures shown with it
SECTIONS = {
    "held_out": (_held_out, (("reliability_score", "Reliability on the 2007 report's score bins"),)),
    "left_out": (_left_out, (("left_out", "Each specialty from the others"),)),
    "years": (_years, (("years", "The match rate a year ahead"),)),
    "worlds": (_worlds, (("worlds", "Made-up worlds with known truth"),)),
    "sensitivity": (_sensitivity, (("sensitivity_choices", "Other choices"), ("sensitivity_sources", "Each source left out"))),
    "widths": (_widths, (("uncertainty", "Where the range comes from"),)),
    "chain": (_chain, (("applications", "Chance against applications"),)),
    "rank_shape": (_rank_shape, (("reliability_ranks", "Reliability on the 2007 report's ranks"),)),
    "population_average": (_average, ()),
}
HEAD = (("score", "Chance by Step 2 CK"), ("likelihood_ratios", "Likelihood ratios"), ("evidence", "The evidence register"))


def _shown(pictures, there):
    return "".join(f"\n![{text}]({name}.png)\n" for name, text in pictures if f"{name}.png" in there)


def report(evaluation, pictures=()):
    """Return the whole report.

    Parameters
    ----------
    evaluation : dict
        As `read_evaluation` returns it.
    pictures : set of str
        File names of the pictures beside it.

    Returns
    -------
    str
        Markdown.
    """
    model = evaluation["model"]
    head = f"""# How well {model["name"]} does

Made by `matchmodel evaluate` from [evaluation.json](evaluation.json); every figure is computed, none is typed. Data up to {model["newest_table"]}.
{_shown(HEAD, pictures)}"""
    return "\n".join([head, *(text(evaluation[name]) + _shown(drawn, pictures) for name, (text, drawn) in SECTIONS.items() if name in evaluation)])
