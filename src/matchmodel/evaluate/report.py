"""evaluation.md: the report's text, from evaluation.json; no figure in it is typed by hand."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from ..wording import type_name
from .levels import SMALL
from .order import PEOPLE
from .report_tables import bars, calibrations, compared, coverage, figure, percent, table, who
from .widths import WHOLE

Part = dict[str, Any]
COVERED = ("inside", "coverage %", "its 95% binomial interval", "80% lies in it")


def _bars(part: Part) -> str:
    missed = sum(not row["holds"] for row in part["rows"])
    held = len(part["rows"]) - missed
    return f"""## What it must show

{held} of {len(part["rows"])} bars hold. Each row says what was measured and what the limit is; the sections below say how.

{bars(part["rows"])}
"""


QUANTITIES = {"mean_ranks": "mean ranks", "sd_ranks": "SD of ranks", "rank_slope": "slope on ln ranks", "share_ranking": "share who rank"}


def _fitted(part: Part) -> str:
    rows = [
        (r["specialty"], QUANTITIES.get(r["quantity"], r["quantity"]), f"{r['published']:.3g}", "-" if r["se"] is None else f"{r['se']:.2g}",
         f"{r['chain']:.3g}")
        for r in part["rows"]
    ]  # fmt: skip
    return f"""## Figures that the chains were solved for

These are **fitted**: that they come out says only that the equations were solved. Where the share who rank is known too, the dispersion of
invitations follows the share and the SD of ranks together, and neither alone. Small specialties' slopes on ln ranks are shrunk first.

{table(("specialty", "what", "published", "SE", "the chain"), rows)}
"""


def _participation(part: Part) -> str:
    rows = [
        (r["specialty"], percent(r["observed"]), percent(r["share"]), percent(r["takes_part"]), percent(r["first_choices"]),
         percent(r["zeta"]), percent(r["phi"], 0), percent(r["reached"], 0), f"{percent(r['prior'])} ({percent(r['prior_low'])} to {percent(r['prior_high'])})")
        for r in part["rows"]
    ]  # fmt: skip
    head = (
        "specialty", "observed %", "reproduced %", "of those who take part %", "first choices among those who rank %", "take no part %",
        "second choices rank, against first %", "draws that reach it %", "by the priors alone %, 80% range",
    )  # fmt: skip
    return f"""## Who takes part

Share of IMG applicants (US and non-US) who rank the specialty. It was used to find the dispersion of invitations, so it is **fitted** too.
The chain speaks of somebody who takes part. Applicants who take no part and second choices, who rank less often, make up the rest; the data
cannot tell the two apart. Each draw has the shares with which the observed share comes out, inside the ranges that are believed (0 to 30%
take no part; second choices rank 40 to 100% as often).

{table(head, rows)}
"""


def _not_fitted(part: Part) -> str:
    bins = [
        (r["specialty"], r["invitations"], r["applicants"], r["matched"], f"{r['expected']:.1f}", f"{r['low']:.0f} to {r['high']:.0f}", "" if r["inside"] else "**outside**")
        for r in part["invitations"]
    ]
    text = f"""## Figures that nothing was fitted to

The trackers are volunteers: 85 of internal medicine, 84 of general surgery. Their shares are compared at the number of applications that
they sent. 'Inside' means within the published 95% interval; for the register's rows, within two standard errors of both.

{compared(part["rows"])}
"""
    if bins:
        head = ("specialty", "invitations", "applicants", "matched", "expected", "95% of what could be seen", "")
        text += f"""
Invitations against matches, IMGs among the volunteers. Their invitations hold preliminary ones, which cannot end in a categorical match, so
fewer matches than expected are no surprise.

{table(head, bins)}
"""
    return text


def _held_out(part: Part) -> str:
    return f"""## Score bins of the 2007 report, which training never saw

Fitted on that report's counts and quartiles alone, through the same steps; its bins predicted at their midpoints. The level is taken from the
applicants with a known score. Sampling noise is what independent binomials at the predicted rates would give. The base rate is the
specialty's; the bins' own shares are the best that any prediction by bin can do, and are fitted to their noise. The AUC over all bins mixes
specialties; the one within a specialty is what the score itself tells.

{calibrations(part["rows"])}
"""


def _rank_shape(part: Part) -> str:
    slopes = [(who(r["applicant_type"]), f"{r['b']:.2f}", f"{r['b_from_counts']:.2f}") for r in part["rows"]]
    groups = [(who(g["applicant_type"]), g["ranks"], f"{g['applicants']:,}", percent(g["matched"]), percent(g["predicted"])) for g in part["groups"]]
    return f"""## Contiguous ranks of the 2007 report

That report prints ranks as counts, so quartiles, mean and SD were made from them, reconstructed and fitted like this year's, and compared
with the counts: a test of the reconstruction and of the logarithmic shape, not of new applicants.

{calibrations(part["rows"])}

{table(("type", "b from summaries", "b from the counts"), slopes)}

{table(("type", "ranks", "applicants", "matched %", "predicted %"), groups)}

Independent applicants (three quarters IMGs) follow the logarithm but for 16 ranks or more, where fewer matched than predicted. US seniors
do not: they match far more often from one or two ranks than the summaries say. The chain is for IMGs; it is not for US seniors.
"""


SHOWN: dict[str, Callable[[float], str]] = {
    "slope": lambda v: f"{v:+.2f}", "rate": percent, "rank slope": lambda v: f"{v:.2f}", "usual number": lambda v: f"{v:.0f}",
    "us-img odds ratio": lambda v: f"{v:.2f}", "share who rank": percent,
}  # fmt: skip


def _left_out(part: Part) -> str:
    rows = []
    for r in part["rows"]:
        show = SHOWN[r["what"]]
        predicted = f"{show(r['predicted'])} ({show(r['low'])} to {show(r['high'])})"
        rows.append((r["what"], r["specialty"], predicted, show(r["measured"]), "" if r["inside"] else "outside"))
    level = part.get("level_error")
    errors = ""
    if level is not None:
        errors = (
            f"\nOn the log odds the others miss a specialty's level by {level:.2f} (root mean square) with the line in ln(positions / all "
            f"applicants), and by {part['level_error_of_the_mean']:.2f} with their mean alone.\n"
        )
    return f"""## Each specialty predicted from the others

Each {type_name(part["applicant_type"])} specialty is left out in turn and predicted from the others: slope (log odds per ten points of Step 2
CK), match rate (%), slope on ln ranks; the usual number of applications and the share who rank (%), where they are published; for US IMGs the
odds ratio against non-US IMGs. The 80% range includes the left-out estimate's own sampling error. This is what the model says of a specialty
of which nothing is printed: the ranges are wide because specialties differ. The usual number comes from invitations per application as in the
other specialties with a published number; there are three, so a miss or two says little.
{errors}
{table(("what", *COVERED), [(c["what"], *coverage(c)) for c in part["coverage"]])}

{table(("what", "specialty", "predicted, 80% range", "its own estimate", ""), rows)}
"""


def _small_cells(part: Part) -> str:
    rows = [(r["specialty"], f"{r['applicants']:.0f}", f"{r['matched']:.0f}", f"{r['expected']:.1f}", figure(r["by_others"], 1)) for r in part["rows"]]
    return f"""## Small competitive specialties

Fewer than {SMALL} applicants, of whom under 30% matched: chosen by their own rates, so some regression to the mean must show. Together
{percent(part["matched"])}% of {part["applicants"]:.0f} matched; the model expects {percent(part["expected"])}%, and the other specialties alone
would say {percent(part["by_others"])}%.

{table(("specialty", "applicants", "matched", "expected", "expected by the others alone"), rows)}
"""


def _average(part: Part) -> str:
    rows = [
        (who(r["applicant_type"]), r["specialty"], f"{r['applicants']:,.0f}" if r["published"] is not None else "-", percent(r["published"]),
         percent(r["model"], 2), percent(r["averaged"], 2), f"{100 * (r['averaged'] - r['model']):+.2f}")
        for r in part["rows"]
    ]  # fmt: skip
    return f"""## Averaged over the reference population

Chances averaged over scores and covariates as they are spread among those who rank, tied together by the register's correlations although
the model takes covariates as independent. Every cell is shrunk, so the model's own level is what must return: the largest difference is
{percent(part["largest_gap"], 2)} points. From the published rates, in cells of {SMALL} applicants or more, it is at most
{percent(part["largest_gap_to_published"], 2)} points.

{table(("type", "specialty", "applicants", "published %", "model's level %", "averaged %", "averaged - level"), rows)}
"""


def _margin(part: Part) -> str:
    rows = [
        (who(r["applicant_type"]), r["specialty"], percent(r["mean_error"], 3), percent(r["worst_twelfth"], 3), percent(r["answered"], 2), r["replaced"])
        for r in part["rows"]
    ]
    head = ("type", "specialty", "mean difference, points", "worst twelfth, points", "at the number an answer takes, points", "draws replaced")
    return f"""## The chain's margin

Over the number of interviews the chain must give the logistic model's chance of those who rank, for every profile. In each draw it does so
at that draw's own usual number of applications, by construction. An answer takes one number, the mean; where the usual number is unsure, the
draws then lie above and below, and the points differ a little.

{table(head, rows)}
"""


def _order(part: Part) -> str:
    rows = [(r["what"], f"{r['tried']:,}", f"{r['broken']:,}", percent(r["worst"], 4), r["specialties"] or "") for r in part["rows"]]
    return f"""## Order

{PEOPLE} random applicants in every specialty with a chain, every draw, for the next cycle. How often was an order broken, and by how much at
the worst, in points?

{table(("order", "comparisons", "broken", "worst, points", "where"), rows)}
"""


def _concordance(part: Part) -> str:
    rows = [
        (r["specialty"], f"{r['applicants']:,.0f}", figure(r["everything"], 3), f"{figure(r['low'], 3)} to {figure(r['high'], 3)}", figure(r["score"], 3))
        for r in part["rows"]
    ]
    return f"""## Telling applicants apart

The c-statistic to be expected **within** a specialty if the model is right: the chance that of one who matches and one who does not the
first was given the higher chance. Over {type_name(part["applicant_type"], True)} who rank it is {figure(part["everything"], 2)} with every
covariate known and {figure(part["score"], 2)} with Step 2 CK alone. Figures pooled over specialties are higher, since specialties differ.

{table(("specialty", "applicants", "everything known", "80% range", "Step 2 CK alone"), rows)}
"""


MEASURES = {
    "p_ranked": "if you rank a program", "p_apply": "if you apply", "p_any_invitation": "any invitation",
    "p_given_interviews": "with three interviews",
}  # fmt: skip


def _seeds(part: Part) -> str:
    rows = [(r["seed"], MEASURES[r["measure"]], r["applicants"], percent(r["point"], 2), percent(r["end"], 2), r["where"]) for r in part["rows"]]
    return f"""## Monte Carlo error

Trained again with other seeds and asked {part["applicants"]} reference applicants: five profiles in ten cells. Largest moves.

{table(("", "chance", "applicants", "of a point, points", "of a range end, points", "who moves most"), rows)}
"""


def _years(part: Part) -> str:
    rows = [
        (who(c["applicant_type"]), c["era"], *coverage(c), percent(c["mean_width"]), percent(c["score"], 2), percent(c["last_score"], 2))
        for c in part["coverage"]
    ]
    head = ("type", "era", *COVERED, "mean width, points", "interval score", "score of 'as last year'")
    return f"""## One year ahead

An 80% range for each year's match rate (to any PGY-1 position) from the years before it, where the year before is in the series; three changes
must be known. 2009 to 2011, 2014, 2019 and 2023 are missing from it. The interval score (Gneiting and Raftery, JASA 102:359, 2007) is the
width plus ten times what the rate lies outside; lower is better. 'As last year' is last year's rate with the luck of the draw alone.

{table(head, rows)}
"""


def _worlds(part: Part) -> str:
    rows = []
    for s in part["summary"]:
        name = f"{s['setting']}, {type_name(s['applicant_type'], True)}"
        rows.append((
            f"**{name}**" if s["promised"] else name, s["data_sets"], f"{s['slope']:.3f} ({s['slope_se']:.3f})",
            f"{percent(s['coverage'])} ({percent(s['coverage_se'])})", percent(s["mean_error"], 2), percent(s["naive_error"], 2),
            f"{percent(s['apply_coverage'])} ({percent(s['apply_coverage_se'])})", percent(s["apply_error"], 2),
            f"{percent(s['given_coverage'])} ({percent(s['given_coverage_se'])})",
        ))  # fmt: skip
    head = (
        "setting", "data sets", "slope of true on predicted log odds (SE)", "80% ranges holding the truth, % (SE)", "mean error, points",
        "mean error of the score alone", "if you apply: ranges holding the truth, % (SE)", "if you apply: mean error, points",
        "with three interviews: ranges holding the truth, % (SE)",
    )  # fmt: skip
    return f"""## Simulated data sets

Each data set has its own levels, slopes, effects and chains, and covariates tied together. It is published as the tables that training
reads (counts, rounded quartiles of those who consented, ranks, invitation rates, small studies with their errors, a survey), trained on with
{part["draws"]} draws, and asked for {part["asked"]:,} new applicants with everything known. Choices were made on other seeds than these. The
goals, slopes of 0.95 to 1.05 and coverage of 76 to 84%, are for the setting in bold; the other breaks what the model takes for granted.
Single data sets differ by the luck of their small studies, since an error of a study is shared by all applicants of a data set.

{table(head, rows)}
"""


def _widths(part: Part) -> str:
    parts = list(dict.fromkeys(r["part"] for r in part["rows"]))
    by: dict[str, dict[str, float]] = {}
    for r in part["rows"]:
        by.setdefault(r["applicant"], {})[r["part"]] = r["value"]
    rest = [p for p in parts if p != WHOLE]
    rows = [(name, f"{found[WHOLE]:.1f}", *(percent(found[p], 0) if p in found else "" for p in rest)) for name, found in by.items()]
    return f"""## Where the range comes from

Width of the 80% range in points of probability if you rank a program; then each source's share of the variance of the log odds in % (its
covariance with the whole, so a share below zero offsets others). Internal medicine, the cycle after the table.

{table(("applicant", "width", *(p.replace("_", " ") for p in rest)), rows)}
"""


def _sensitivity(part: Part) -> str:
    names = list(part["applicants"])
    by: dict[str, dict[tuple[str, str], Part]] = {}
    for r in part["rows"]:
        by.setdefault(r["change"], {})[r["applicant"], r["measure"]] = r

    def cell(found: dict[tuple[str, str], Part], name: str, measure: str) -> str:
        row = found.get((name, measure))
        if row is None or row["point"] is None:
            return "-"
        return f"{percent(row['point'])} ({percent(row['low'], 0)} to {percent(row['high'], 0)})"

    def tabled(measure: str) -> str:
        return table(("change", *names), [(change, *(cell(found, n, measure) for n in names)) for change, found in by.items()])

    return f"""## How far other choices, priors and single sources move the answers

Chance in % with its 80% range, internal medicine, {part["draws"]} draws. Choices: how much a grade widens a variance (A x1, B x1.5, C x2, D x4)
and the correlations of the covariates with the score. Priors: lambda (how much of the profile acts after the interviews), who takes part, the
effects and how unlike they are between specialties, and how failures are adjusted. Then every source that training reads, left out in turn (a
dash: without it there is no answer).

If you rank a program:

{tabled("p_ranked")}

If you apply to the usual number of programs:

{tabled("p_apply")}
"""


# part -> its text, and the pictures shown with it
SECTIONS: dict[str, tuple[Callable[[Part], str], tuple[tuple[str, str], ...]]] = {
    "bars": (_bars, ()),
    "held_out": (_held_out, (("reliability_score", "Reliability on the 2007 report's score bins"),)),
    "not_fitted": (_not_fitted, (("chain", "The chain beside what is published"),)),
    "left_out": (_left_out, (("left_out", "Each specialty from the others"),)),
    "small_cells": (_small_cells, ()),
    "concordance": (_concordance, ()),
    "years": (_years, (("years", "The match rate a year ahead"),)),
    "worlds": (_worlds, (("worlds", "Simulated data sets with known truth"),)),
    "seeds": (_seeds, ()),
    "sensitivity": (_sensitivity, (("sensitivity_choices", "Other choices and priors"), ("sensitivity_sources", "Each source left out"))),
    "widths": (_widths, (("uncertainty", "Where the range comes from"),)),
    "fitted": (_fitted, (("applications", "Chance against applications"),)),
    "participation": (_participation, ()),
    "margin": (_margin, ()),
    "order": (_order, ()),
    "rank_shape": (_rank_shape, (("reliability_ranks", "Reliability on the 2007 report's ranks"),)),
    "population_average": (_average, ()),
}
HEAD = (("score", "Chance by Step 2 CK"), ("likelihood_ratios", "Likelihood ratios"), ("evidence", "The evidence register"))


def _shown(pictures: Sequence[tuple[str, str]], there: Collection[str]) -> str:
    return "".join(f"\n![{text}]({name}.png)\n" for name, text in pictures if f"{name}.png" in there)


def report(evaluation: dict[str, Part], pictures: Collection[str] = ()) -> str:
    """Return the whole report, in Markdown.

    Parameters
    ----------
    evaluation
        As `read_evaluation` returns it.
    pictures
        File names of the pictures beside it.
    """
    model = evaluation["model"]
    same = "" if model.get("trained_again_same", True) else (
        "\n**Training on these tables gives another model than the one evaluated**: what is compared with the tables is that of the training "
        "made here.\n"
    )  # fmt: skip
    head = f"""# How well {model["name"]} does

Made by `matchmodel evaluate` from [evaluation.json](evaluation.json); every figure is computed, none is typed. Data up to {model["newest_table"]},
{model["draws"]} draws, model file {model["hash"][:12]}. P(apply) and the covariates have never been validated on people.
{same}"""
    parts = [text(evaluation[name]) + _shown(drawn, pictures) for name, (text, drawn) in SECTIONS.items() if name in evaluation]
    return "\n".join([head, *parts[:1], _shown(HEAD, pictures), *parts[1:]])
