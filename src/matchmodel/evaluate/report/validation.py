"""The report's sections on what the model was checked against, from the 2007 report to simulated data."""

from collections.abc import Callable

from ...report.blocks import Block, Section, Strong, Text
from ...report.wording import decimals, per_hundred, type_name
from ..checks.levels import SMALL
from ..results import Part
from .tables import calibrations, coverage, grid, who, with_error

COVERED = ("inside", "coverage %", "its 95% binomial interval", "80% lies in it")


def held_out(part: Part) -> Section:
    """Return the section on the 2007 report's score bins."""
    about = """\
Fitted on that report's counts and quartiles alone, through the same steps; its bins predicted at their
midpoints. The level is taken from the applicants with a known score. Sampling noise is what independent
binomials at the predicted rates would give. The base rate is the specialty's; the bins' own shares are the
best that any prediction by bin can do, and are fitted to their noise. The AUC over all bins mixes
specialties; the one within a specialty is what the score itself tells."""
    title = "Score bins of the 2007 report, which training never saw"
    return Section(title, (Text(about), *calibrations(part["rows"])))


def rank_shape(part: Part) -> Section:
    """Return the section on the 2007 report's contiguous ranks."""
    slopes = grid(
        ("type", "b from summaries", "b from the counts"),
        ((who(r["applicant_type"]), decimals(r["b"]), decimals(r["b_from_counts"])) for r in part["rows"]),
    )
    groups = grid(
        ("type", "ranks", "applicants", "matched %", "predicted %"),
        (
            (
                who(g["applicant_type"]), g["ranks"], f"{g['applicants']:,}", per_hundred(g["matched"]),
                per_hundred(g["predicted"]),
            )
            for g in part["groups"]
        ),
    )  # fmt: skip
    about = """\
That report prints ranks as counts, so quartiles, mean and SD were made from them, reconstructed and fitted
like this year's, and compared with the counts: a test of the reconstruction and of the logarithmic shape, not
of new applicants."""
    shown = """\
Independent applicants (three quarters IMGs) follow the logarithm but for 16 ranks or more, where fewer
matched than predicted. US seniors do not: they match far more often from one or two ranks than the summaries
say. The chain is for IMGs; it is not for US seniors."""
    blocks = (Text(about), *calibrations(part["rows"]), slopes, groups, Text(shown))
    return Section("Contiguous ranks of the 2007 report", blocks)


SHOWN: dict[str, Callable[[float], str]] = {
    "slope": lambda v: decimals(v, 2, sign=True), "rate": per_hundred, "rank slope": decimals,
    "usual number": lambda v: decimals(v, 0), "us-img odds ratio": decimals, "share who rank": per_hundred,
}  # fmt: skip


def left_out(part: Part) -> Section:
    """Return the section on each specialty predicted from the others."""
    rows = []
    for r in part["rows"]:
        show = SHOWN[r["what"]]
        predicted = f"{show(r['predicted'])} ({show(r['low'])} to {show(r['high'])})"
        outside = "" if r["inside"] else "outside"
        rows.append((r["what"], r["specialty"], predicted, show(r["measured"]), outside))
    about = f"""\
Each {type_name(part["applicant_type"])} specialty is left out in turn and predicted from the others: slope
(log odds per ten points of Step 2 CK), match rate (%), slope on ln ranks; the usual number of applications
and the share who rank (%), where they are published; for US IMGs the odds ratio against non-US IMGs. The 80%
range includes the left-out estimate's own sampling error. This is what the model says of a specialty of which
nothing is printed: the ranges are wide because specialties differ. The usual number comes from invitations
per application as in the other specialties with a published number; there are three, so a miss or two says
little."""
    blocks: list[Block] = [Text(about)]
    if part.get("level_error") is not None:
        errors = f"""\
On the log odds the others miss a specialty's level by {part["level_error"]:.2f} (root mean square) with the
line in ln(positions / all applicants), and by {part["level_error_of_the_mean"]:.2f} with their mean alone."""
        blocks.append(Text(errors))
    covered = ((c["what"], *coverage(c)) for c in part["coverage"])
    blocks.append(grid(("what", *COVERED), covered, 4))
    blocks.append(grid(("what", "specialty", "predicted, 80% range", "its own estimate", ""), rows, 1, 4))
    return Section("Each specialty predicted from the others", tuple(blocks))


def small_cells(part: Part) -> Section:
    """Return the section on small competitive specialties."""
    about = f"""\
Fewer than {SMALL} applicants, of whom under 30% matched: chosen by their own rates, so some regression to the
mean must show. Together {per_hundred(part["matched"])}% of {part["applicants"]:.0f} matched; the model
expects {per_hundred(part["expected"])}%, and the other specialties alone would say
{per_hundred(part["by_others"])}%. Chosen by what the others say of them instead (under 30% too),
{per_hundred(part["chosen_matched"])}% of {part["chosen_applicants"]:.0f} matched and the model expects
{per_hundred(part["chosen_expected"])}%."""
    columns = (("applicants", 0), ("matched", 0), ("expected", 1), ("by_others", 1))
    rows = ((r["specialty"], *(decimals(r[name], digits) for name, digits in columns)) for r in part["rows"])
    head = ("specialty", "applicants", "matched", "expected", "expected by the others alone")
    return Section("Small competitive specialties", (Text(about), grid(head, rows)))


def concordance(part: Part) -> Section:
    """Return the section on telling applicants apart."""
    rows = (
        (
            r["specialty"], decimals(r["applicants"], 0), decimals(r["everything"], 3),
            f"{decimals(r['low'], 3)} to {decimals(r['high'], 3)}", decimals(r["score"], 3),
        )
        for r in part["rows"]
    )  # fmt: skip
    about = (
        "The c-statistic to be expected ", Strong("within"), f""" a specialty if the model is right: the
chance that of one who matches and one who does not the first was given the higher chance. Over
{type_name(part["applicant_type"], True)} who rank it is {decimals(part["everything"])} with every covariate
known and {decimals(part["score"])} with Step 2 CK alone. Figures pooled over specialties are higher, since
specialties differ.""",
    )  # fmt: skip
    head = ("specialty", "applicants", "everything known", "80% range", "Step 2 CK alone")
    return Section("Telling applicants apart", (Text(about), grid(head, rows)))


def years(part: Part) -> Section:
    """Return the section on one year ahead."""
    rows = (
        (
            who(c["applicant_type"]), c["era"], *coverage(c), per_hundred(c["mean_width"]),
            per_hundred(c["score"], 2), per_hundred(c["last_score"], 2),
        )
        for c in part["coverage"]
    )  # fmt: skip
    head = ("type", "era", *COVERED, "mean width, points", "interval score", "score of 'as last year'")
    about = """\
An 80% range for each year's match rate (to any PGY-1 position) from the years before it, where the year
before is in the series; three changes must be known. 2009 to 2011, 2014, 2019 and 2023 are missing from it.
The interval score (Gneiting and Raftery, JASA 102:359, 2007) is the width plus ten times what the rate lies
outside; lower is better. 'As last year' is last year's rate with the luck of the draw alone."""
    return Section("One year ahead", (Text(about), grid(head, rows, 1, 5)))


def worlds(part: Part) -> Section:
    """Return the section on simulated data sets."""
    rows = []
    for s in part["summary"]:
        name = f"{s['setting']}, {type_name(s['applicant_type'], True)}"
        held, applied, interviews = (
            f"{per_hundred(s[of])} ({per_hundred(s[of + '_se'])})"
            for of in ("coverage", "apply_coverage", "given_coverage")
        )
        errors = (per_hundred(s[of], 2) for of in ("mean_error", "naive_error"))
        rows.append((
            Strong(name) if s["promised"] else name, s["data_sets"], with_error(s, "slope"), held, *errors,
            applied, per_hundred(s["apply_error"], 2), interviews,
        ))  # fmt: skip
    head = (
        "setting", "data sets", "slope of true on predicted log odds (SE)",
        "80% ranges holding the truth, % (SE)", "mean error, points", "mean error of the score alone",
        "if you apply: ranges holding the truth, % (SE)", "if you apply: mean error, points",
        "with three interviews: ranges holding the truth, % (SE)",
    )  # fmt: skip
    about = f"""\
Each data set has its own levels, slopes, effects and chains, and covariates tied together. It is published as
the tables that training reads (counts, rounded quartiles of those who consented, ranks, invitation rates,
small studies with their errors, a survey), trained on with {part["draws"]} draws, and asked for
{part["asked"]:,} new applicants with everything known. Choices were made on other seeds than these. The
goals, slopes of 0.95 to 1.05 and coverage of 76 to 84%, are for the setting in bold; the other breaks what
the model takes for granted. Single data sets differ by the luck of their small studies, since an error of a
study is shared by all applicants of a data set."""
    return Section("Simulated data sets", (Text(about), grid(head, rows)))
