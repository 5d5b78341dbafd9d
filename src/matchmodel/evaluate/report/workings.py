"""The report's sections on how the model works: what was fitted and what not, order, choices."""

from ..checks.levels import SMALL
from ..checks.order import PEOPLE
from ..checks.widths import WHOLE
from ..results import Part
from .tables import compared, percent, table, who

QUANTITIES = {
    "mean_ranks": "mean ranks",
    "sd_ranks": "SD of ranks",
    "rank_slope": "slope on ln ranks",
    "share_ranking": "share who rank",
}


def fitted(part: Part) -> str:
    """Return the section on what the chains were solved for."""
    rows = [
        (
            r["specialty"],
            QUANTITIES.get(r["quantity"], r["quantity"]),
            f"{r['published']:.3g}",
            "-" if r["se"] is None else f"{r['se']:.2g}",
            f"{r['chain']:.3g}",
        )
        for r in part["rows"]
    ]
    return f"""## Figures that the chains were solved for

These are **fitted**: that they come out says only that the equations were solved. Where the share who rank is
known too, the dispersion of invitations follows the share and the SD of ranks together, and neither alone.
Small specialties' slopes on ln ranks are shrunk first.

{table(("specialty", "what", "published", "SE", "the chain"), rows)}
"""


def participation(part: Part) -> str:
    """Return the section on who takes part."""
    rows = [
        (
            r["specialty"],
            percent(r["observed"]),
            percent(r["share"]),
            percent(r["takes_part"]),
            percent(r["first_choices"]),
            percent(r["zeta"]),
            percent(r["phi"], 0),
            percent(r["reached"], 0),
            f"{percent(r['prior'])} ({percent(r['prior_low'])} to {percent(r['prior_high'])})",
        )
        for r in part["rows"]
    ]
    head = (
        "specialty", "observed %", "reproduced %", "of those who take part %",
        "first choices among those who rank %", "take no part %", "second choices rank, against first %",
        "draws that reach it %", "by the priors alone %, 80% range",
    )  # fmt: skip
    return f"""## Who takes part

Share of IMG applicants (US and non-US) who rank the specialty. It was used to find the dispersion of
invitations, so it is **fitted** too. The chain speaks of somebody who takes part. Applicants who take no part
and second choices, who rank less often, make up the rest; the data cannot tell the two apart. Each draw has
the shares with which the observed share comes out, inside the ranges that are believed (0 to 30% take no
part; second choices rank 40 to 100% as often).

{table(head, rows)}
"""


def not_fitted(part: Part) -> str:
    """Return the section on what nothing was fitted to."""
    bins = [
        (
            r["specialty"],
            r["invitations"],
            r["applicants"],
            r["matched"],
            f"{r['expected']:.1f}",
            f"{r['low']:.0f} to {r['high']:.0f}",
            "" if r["inside"] else "**outside**",
        )
        for r in part["invitations"]
    ]
    text = f"""## Figures that nothing was fitted to

The trackers are volunteers: 85 of internal medicine, 84 of general surgery, of whom 49 are counted by
invitations. Their shares are compared at the number of applications that they sent. The two figures of
general surgery come from one tracker and differ. 'Inside' means within the published 95% interval; for the
register's rows, within two standard errors of both.

{compared(part["rows"])}
"""
    if bins:
        head = (
            "specialty",
            "invitations",
            "applicants",
            "matched",
            "expected",
            "95% of what could be seen",
            "",
        )
        text += f"""
Invitations against matches, IMGs among the volunteers. Their invitations hold preliminary ones, which cannot
end in a categorical match, so fewer matches than expected are no surprise.

{table(head, bins)}
"""
    return text


def average(part: Part) -> str:
    """Return the section on averages over the reference population."""
    rows = [
        (
            who(r["applicant_type"]),
            r["specialty"],
            f"{r['applicants']:,.0f}" if r["published"] is not None else "-",
            percent(r["published"]),
            percent(r["model"], 2),
            percent(r["averaged"], 2),
            f"{100 * (r['averaged'] - r['model']):+.2f}",
        )
        for r in part["rows"]
    ]
    head = (
        "type",
        "specialty",
        "applicants",
        "published %",
        "model's level %",
        "averaged %",
        "averaged - level",
    )
    return f"""## Averaged over the reference population

Chances averaged over scores and covariates as they are spread among those who rank, tied together by the
register's correlations although the model takes covariates as independent. Every cell is shrunk, so the
model's own level is what must return: the largest difference is {percent(part["largest_gap"], 2)} points.
From the published rates, in cells of {SMALL} applicants or more, it is at most
{percent(part["largest_gap_to_published"], 2)} points.

{table(head, rows)}
"""


def margin(part: Part) -> str:
    """Return the section on the chains' margins."""
    rows = [
        (
            who(r["applicant_type"]),
            r["specialty"],
            percent(r["mean_error"], 3),
            percent(r["worst_twelfth"], 3),
            percent(r["answered"], 2),
            r["replaced"],
        )
        for r in part["rows"]
    ]
    head = (
        "type",
        "specialty",
        "mean difference, points",
        "worst twelfth, points",
        "at the number an answer takes, points",
        "draws replaced",
    )
    return f"""## The chain's margin

Over the number of interviews the chain must give the logistic model's chance of those who rank, for every
profile. In each draw it does so at that draw's own usual number of applications, by construction. An answer
takes one number, the mean; where the usual number is unsure, the draws then lie above and below, and the
points differ a little.

{table(head, rows)}
"""


def order(part: Part) -> str:
    """Return the section on order."""
    rows = [
        (r["what"], f"{r['tried']:,}", f"{r['broken']:,}", percent(r["worst"], 4), r["specialties"] or "")
        for r in part["rows"]
    ]
    return f"""## Order

{PEOPLE} random applicants in every specialty with a chain, every draw, for the next cycle. How often was an
order broken, and by how much at the worst, in points?

{table(("order", "comparisons", "broken", "worst, points", "where"), rows)}
"""


MEASURES = {
    "p_ranked": "if you rank a program", "p_apply": "if you apply", "p_any_invitation": "any invitation",
    "p_given_interviews": "with three interviews",
}  # fmt: skip


def seeds(part: Part) -> str:
    """Return the section on Monte Carlo error."""
    rows = [
        (
            r["seed"],
            MEASURES[r["measure"]],
            r["applicants"],
            percent(r["point"], 2),
            percent(r["end"], 2),
            r["where"],
        )
        for r in part["rows"]
    ]
    return f"""## Monte Carlo error

Trained again with other seeds and asked {part["applicants"]} reference applicants: five profiles in ten
cells. Largest moves.

{table(("", "chance", "applicants", "of a point, points", "of a range end, points", "who moves most"), rows)}
"""


def widths(part: Part) -> str:
    """Return the section on where ranges come from."""
    parts = list(dict.fromkeys(r["part"] for r in part["rows"]))
    by: dict[str, dict[str, float]] = {}
    for r in part["rows"]:
        by.setdefault(r["applicant"], {})[r["part"]] = r["value"]
    sources = [p for p in parts if p != WHOLE]
    rows = [
        (name, f"{shares[WHOLE]:.1f}", *(percent(shares[p], 0) if p in shares else "" for p in sources))
        for name, shares in by.items()
    ]
    return f"""## Where the range comes from

Width of the 80% range in points of probability if you rank a program; then each source's share of the
variance of the log odds in % (its covariance with the whole, so a share below zero offsets others). Internal
medicine, the cycle after the table.

{table(("applicant", "width", *(p.replace("_", " ") for p in sources)), rows)}
"""


def sensitivity(part: Part) -> str:
    """Return the section on other choices, priors and sources."""
    names = list(part["applicants"])
    by: dict[str, dict[tuple[str, str], Part]] = {}
    for r in part["rows"]:
        by.setdefault(r["change"], {})[r["applicant"], r["measure"]] = r

    def cell(moves: dict[tuple[str, str], Part], name: str, measure: str) -> str:
        row = moves.get((name, measure))
        if row is None or row["point"] is None:
            return "-"
        return f"{percent(row['point'])} ({percent(row['low'], 0)} to {percent(row['high'], 0)})"

    def tabled(measure: str) -> str:
        return table(
            ("change", *names),
            [(change, *(cell(moves, n, measure) for n in names)) for change, moves in by.items()],
        )

    return f"""## How far other choices, priors and single sources move the answers

Chance in % with its 80% range, internal medicine, {part["draws"]} draws. Choices: how much a grade widens a
variance (A x1, B x1.5, C x2, D x4) and the correlations of the covariates with the score. Priors: lambda (how
much of the profile acts after the interviews), who takes part, the effects and how unlike they are between
specialties, and how failures are adjusted. Then every source that training reads, left out in turn (a dash:
without it there is no answer).

If you rank a program:

{tabled("p_ranked")}

If you apply to the usual number of programs:

{tabled("p_apply")}
"""
