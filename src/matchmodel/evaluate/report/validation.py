"""The report's sections on what the model was checked against, from the 2007 report to simulated data."""

from collections.abc import Callable

from ...report.wording import type_name
from ..checks.levels import SMALL
from ..results import Part
from .tables import calibrations, coverage, figure, percent, table, who

COVERED = ("inside", "coverage %", "its 95% binomial interval", "80% lies in it")


def held_out(part: Part) -> str:
    """Return the section on the 2007 report's score bins."""
    return f"""## Score bins of the 2007 report, which training never saw

Fitted on that report's counts and quartiles alone, through the same steps; its bins predicted at their
midpoints. The level is taken from the applicants with a known score. Sampling noise is what independent
binomials at the predicted rates would give. The base rate is the specialty's; the bins' own shares are the
best that any prediction by bin can do, and are fitted to their noise. The AUC over all bins mixes
specialties; the one within a specialty is what the score itself tells.

{calibrations(part["rows"])}
"""


def rank_shape(part: Part) -> str:
    """Return the section on the 2007 report's contiguous ranks."""
    slopes = [(who(r["applicant_type"]), f"{r['b']:.2f}", f"{r['b_from_counts']:.2f}") for r in part["rows"]]
    groups = [
        (
            who(g["applicant_type"]),
            g["ranks"],
            f"{g['applicants']:,}",
            percent(g["matched"]),
            percent(g["predicted"]),
        )
        for g in part["groups"]
    ]
    return f"""## Contiguous ranks of the 2007 report

That report prints ranks as counts, so quartiles, mean and SD were made from them, reconstructed and fitted
like this year's, and compared with the counts: a test of the reconstruction and of the logarithmic shape, not
of new applicants.

{calibrations(part["rows"])}

{table(("type", "b from summaries", "b from the counts"), slopes)}

{table(("type", "ranks", "applicants", "matched %", "predicted %"), groups)}

Independent applicants (three quarters IMGs) follow the logarithm but for 16 ranks or more, where fewer
matched than predicted. US seniors do not: they match far more often from one or two ranks than the summaries
say. The chain is for IMGs; it is not for US seniors.
"""


SHOWN: dict[str, Callable[[float], str]] = {
    "slope": lambda v: f"{v:+.2f}", "rate": percent, "rank slope": lambda v: f"{v:.2f}",
    "usual number": lambda v: f"{v:.0f}", "us-img odds ratio": lambda v: f"{v:.2f}",
    "share who rank": percent,
}  # fmt: skip


def left_out(part: Part) -> str:
    """Return the section on each specialty predicted from the others."""
    rows = []
    for r in part["rows"]:
        show = SHOWN[r["what"]]
        predicted = f"{show(r['predicted'])} ({show(r['low'])} to {show(r['high'])})"
        rows.append(
            (r["what"], r["specialty"], predicted, show(r["measured"]), "" if r["inside"] else "outside")
        )
    level = part.get("level_error")
    errors = ""
    if level is not None:
        errors = (
            f"\nOn the log odds the others miss a specialty's level by {level:.2f} (root mean square) with "
            f"the line in ln(positions / all applicants), and by {part['level_error_of_the_mean']:.2f} with "
            "their mean alone.\n"
        )
    return f"""## Each specialty predicted from the others

Each {type_name(part["applicant_type"])} specialty is left out in turn and predicted from the others: slope
(log odds per ten points of Step 2 CK), match rate (%), slope on ln ranks; the usual number of applications
and the share who rank (%), where they are published; for US IMGs the odds ratio against non-US IMGs. The 80%
range includes the left-out estimate's own sampling error. This is what the model says of a specialty of which
nothing is printed: the ranges are wide because specialties differ. The usual number comes from invitations
per application as in the other specialties with a published number; there are three, so a miss or two says
little.
{errors}
{table(("what", *COVERED), [(c["what"], *coverage(c)) for c in part["coverage"]])}

{table(("what", "specialty", "predicted, 80% range", "its own estimate", ""), rows)}
"""


def small_cells(part: Part) -> str:
    """Return the section on small competitive specialties."""
    rows = [
        (
            r["specialty"],
            f"{r['applicants']:.0f}",
            f"{r['matched']:.0f}",
            f"{r['expected']:.1f}",
            figure(r["by_others"], 1),
        )
        for r in part["rows"]
    ]
    return f"""## Small competitive specialties

Fewer than {SMALL} applicants, of whom under 30% matched: chosen by their own rates, so some regression to the
mean must show. Together {percent(part["matched"])}% of {part["applicants"]:.0f} matched; the model expects
{percent(part["expected"])}%, and the other specialties alone would say {percent(part["by_others"])}%. Chosen
by what the others say of them instead (under 30% too), {percent(part["chosen_matched"])}% of
{part["chosen_applicants"]:.0f} matched and the model expects {percent(part["chosen_expected"])}%.

{table(("specialty", "applicants", "matched", "expected", "expected by the others alone"), rows)}
"""


def concordance(part: Part) -> str:
    """Return the section on telling applicants apart."""
    rows = [
        (
            r["specialty"],
            f"{r['applicants']:,.0f}",
            figure(r["everything"], 3),
            f"{figure(r['low'], 3)} to {figure(r['high'], 3)}",
            figure(r["score"], 3),
        )
        for r in part["rows"]
    ]
    return f"""## Telling applicants apart

The c-statistic to be expected **within** a specialty if the model is right: the chance that of one who
matches and one who does not the first was given the higher chance. Over
{type_name(part["applicant_type"], True)} who rank it is {figure(part["everything"], 2)} with every covariate
known and {figure(part["score"], 2)} with Step 2 CK alone. Figures pooled over specialties are higher, since
specialties differ.

{table(("specialty", "applicants", "everything known", "80% range", "Step 2 CK alone"), rows)}
"""


def years(part: Part) -> str:
    """Return the section on one year ahead."""
    rows = [
        (
            who(c["applicant_type"]),
            c["era"],
            *coverage(c),
            percent(c["mean_width"]),
            percent(c["score"], 2),
            percent(c["last_score"], 2),
        )
        for c in part["coverage"]
    ]
    head = ("type", "era", *COVERED, "mean width, points", "interval score", "score of 'as last year'")
    return f"""## One year ahead

An 80% range for each year's match rate (to any PGY-1 position) from the years before it, where the year
before is in the series; three changes must be known. 2009 to 2011, 2014, 2019 and 2023 are missing from it.
The interval score (Gneiting and Raftery, JASA 102:359, 2007) is the width plus ten times what the rate lies
outside; lower is better. 'As last year' is last year's rate with the luck of the draw alone.

{table(head, rows)}
"""


def worlds(part: Part) -> str:
    """Return the section on simulated data sets."""
    rows = []
    for s in part["summary"]:
        name = f"{s['setting']}, {type_name(s['applicant_type'], True)}"
        rows.append((
            f"**{name}**" if s["promised"] else name, s["data_sets"],
            f"{s['slope']:.3f} ({s['slope_se']:.3f})",
            f"{percent(s['coverage'])} ({percent(s['coverage_se'])})", percent(s["mean_error"], 2),
            percent(s["naive_error"], 2),
            f"{percent(s['apply_coverage'])} ({percent(s['apply_coverage_se'])})",
            percent(s["apply_error"], 2),
            f"{percent(s['given_coverage'])} ({percent(s['given_coverage_se'])})",
        ))  # fmt: skip
    head = (
        "setting", "data sets", "slope of true on predicted log odds (SE)",
        "80% ranges holding the truth, % (SE)", "mean error, points", "mean error of the score alone",
        "if you apply: ranges holding the truth, % (SE)", "if you apply: mean error, points",
        "with three interviews: ranges holding the truth, % (SE)",
    )  # fmt: skip
    return f"""## Simulated data sets

Each data set has its own levels, slopes, effects and chains, and covariates tied together. It is published as
the tables that training reads (counts, rounded quartiles of those who consented, ranks, invitation rates,
small studies with their errors, a survey), trained on with {part["draws"]} draws, and asked for
{part["asked"]:,} new applicants with everything known. Choices were made on other seeds than these. The
goals, slopes of 0.95 to 1.05 and coverage of 76 to 84%, are for the setting in bold; the other breaks what
the model takes for granted. Single data sets differ by the luck of their small studies, since an error of a
study is shared by all applicants of a data set.

{table(head, rows)}
"""
