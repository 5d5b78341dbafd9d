"""The report's sections on how the model works: what was fitted and what not, order, choices."""

from ...report.blocks import Block, Grid, Section, Strong, Text
from ...report.wording import decimals, per_hundred
from ..checks.levels import SMALL
from ..checks.order import PEOPLE
from ..checks.widths import WHOLE
from ..results import Part
from .tables import between, compared, grid, who

QUANTITIES = {
    "mean_ranks": "mean ranks",
    "sd_ranks": "SD of ranks",
    "rank_slope": "slope on ln ranks",
    "share_ranking": "share who rank",
}


def fitted(part: Part) -> Section:
    """Return the section on what the chains were solved for."""
    rows = (
        (
            r["specialty"], QUANTITIES.get(r["quantity"], r["quantity"]), f"{r['published']:.3g}",
            "-" if r["se"] is None else f"{r['se']:.2g}", f"{r['chain']:.3g}",
        )
        for r in part["rows"]
    )  # fmt: skip
    about = (
        "These are ", Strong("fitted"), """: that they come out says only that the equations were solved.
Where the share who rank is known too, the dispersion of invitations follows the share and the SD of ranks
together, and neither alone. Small specialties' slopes on ln ranks are shrunk first.""",
    )  # fmt: skip
    head = ("specialty", "what", "published", "SE", "the chain")
    return Section("Figures that the chains were solved for", (Text(about), grid(head, rows, 1)))


def participation(part: Part) -> Section:
    """Return the section on who takes part."""
    columns = {
        "observed": 1, "share": 1, "takes_part": 1, "first_choices": 1, "zeta": 1, "phi": 0, "reached": 0,
    }  # fmt: skip
    rows = (
        (
            r["specialty"],
            *(per_hundred(r[name], digits) for name, digits in columns.items()),
            f"{per_hundred(r['prior'])} ({between(r['prior_low'], r['prior_high'])})",
        )
        for r in part["rows"]
    )
    head = (
        "specialty", "observed %", "reproduced %", "of those who take part %",
        "first choices among those who rank %", "take no part %", "second choices rank, against first %",
        "draws that reach it %", "by the priors alone %, 80% range",
    )  # fmt: skip
    about = (
        """Share of IMG applicants (US and non-US) who rank the specialty. It was used to find the dispersion
of invitations, so it is """, Strong("fitted"), """ too. The chain speaks of somebody who takes part.
Applicants who take no part and second choices, who rank less often, make up the rest; the data cannot tell
the two apart. Each draw has the shares with which the observed share comes out, inside the ranges that are
believed (0 to 30% take no part; second choices rank 40 to 100% as often).""",
    )  # fmt: skip
    return Section("Who takes part", (Text(about), grid(head, rows)))


def not_fitted(part: Part) -> Section:
    """Return the section on what nothing was fitted to."""
    about = """\
The trackers are volunteers: 85 of internal medicine, 84 of general surgery, of whom 49 are counted by
invitations. Their shares are compared at the number of applications that they sent. The two figures of
general surgery come from one tracker and differ. 'Inside' means within the published 95% interval; for the
register's rows, within two standard errors of both."""
    blocks: tuple[Block, ...] = (Text(about), compared(part["rows"]))
    bins = [
        (
            r["specialty"], r["invitations"], r["applicants"], r["matched"], decimals(r["expected"], 1),
            f"{r['low']:.0f} to {r['high']:.0f}", "" if r["inside"] else Strong("outside"),
        )
        for r in part["invitations"]
    ]  # fmt: skip
    if bins:
        of_bins = """\
Invitations against matches, IMGs among the volunteers. Their invitations hold preliminary ones, which cannot
end in a categorical match, so fewer matches than expected are no surprise."""
        seen = "95% of what could be seen"
        head = ("specialty", "invitations", "applicants", "matched", "expected", seen, "")
        blocks += (Text(of_bins), grid(head, bins, 6))
    return Section("Figures that nothing was fitted to", blocks)


def average(part: Part) -> Section:
    """Return the section on averages over the reference population."""
    rows = (
        (
            who(r["applicant_type"]), r["specialty"],
            decimals(None if r["published"] is None else r["applicants"], 0), per_hundred(r["published"]),
            per_hundred(r["model"], 2), per_hundred(r["averaged"], 2),
            decimals(100 * (r["averaged"] - r["model"]), 2, sign=True),
        )
        for r in part["rows"]
    )  # fmt: skip
    head = (
        "type", "specialty", "applicants", "published %", "model's level %", "averaged %", "averaged - level",
    )  # fmt: skip
    about = f"""\
Chances averaged over scores and covariates as they are spread among those who rank, tied together by the
register's correlations although the model takes covariates as independent. Every cell is shrunk, so the
model's own level is what must return: the largest difference is {per_hundred(part["largest_gap"], 2)} points.
From the published rates, in cells of {SMALL} applicants or more, it is at most
{per_hundred(part["largest_gap_to_published"], 2)} points."""
    return Section("Averaged over the reference population", (Text(about), grid(head, rows, 1)))


def margin(part: Part) -> Section:
    """Return the section on the chains' margins."""
    columns = {"mean_error": 3, "worst_twelfth": 3, "answered": 2}
    rows = (
        (
            who(r["applicant_type"]),
            r["specialty"],
            *(per_hundred(r[name], digits) for name, digits in columns.items()),
            r["replaced"],
        )
        for r in part["rows"]
    )
    head = (
        "type", "specialty", "mean difference, points", "worst twelfth, points",
        "at the number an answer takes, points", "draws replaced",
    )  # fmt: skip
    about = """\
Over the number of interviews the chain must give the logistic model's chance of those who rank, for every
profile. In each draw it does so at that draw's own usual number of applications, by construction. An answer
takes one number, the mean; where the usual number is unsure, the draws then lie above and below, and the
points differ a little."""
    return Section("The chain's margin", (Text(about), grid(head, rows, 1)))


def order(part: Part) -> Section:
    """Return the section on order."""
    rows = (
        (r["what"], f"{r['tried']:,}", f"{r['broken']:,}", per_hundred(r["worst"], 4), r["specialties"] or "")
        for r in part["rows"]
    )
    about = f"""\
{PEOPLE} random applicants in every specialty with a chain, every draw, for the next cycle. How often was an
order broken, and by how much at the worst, in points?"""
    head = ("order", "comparisons", "broken", "worst, points", "where")
    return Section("Order", (Text(about), grid(head, rows, 4)))


MEASURES = {
    "p_ranked": "if you rank a program", "p_apply": "if you apply", "p_any_invitation": "any invitation",
    "p_given_interviews": "with three interviews",
}  # fmt: skip


def seeds(part: Part) -> Section:
    """Return the section on Monte Carlo error."""
    rows = (
        (
            r["seed"], MEASURES[r["measure"]], r["applicants"], per_hundred(r["point"], 2),
            per_hundred(r["end"], 2), r["where"],
        )
        for r in part["rows"]
    )  # fmt: skip
    about = f"""\
Trained again with other seeds and asked {part["applicants"]} reference applicants: five profiles in ten
cells. Largest moves."""
    head = ("", "chance", "applicants", "of a point, points", "of a range end, points", "who moves most")
    return Section("Monte Carlo error", (Text(about), grid(head, rows, 1, 5)))


def widths(part: Part) -> Section:
    """Return the section on where ranges come from."""
    parts = list(dict.fromkeys(r["part"] for r in part["rows"]))
    by: dict[str, dict[str, float]] = {}
    for r in part["rows"]:
        by.setdefault(r["applicant"], {})[r["part"]] = r["value"]
    sources = [p for p in parts if p != WHOLE]
    rows = (
        (
            name,
            decimals(shares[WHOLE], 1),
            *(per_hundred(shares[p], 0) if p in shares else "" for p in sources),
        )
        for name, shares in by.items()
    )
    about = """\
Width of the 80% range in points of probability if you rank a program; then each source's share of the
variance of the log odds in % (its covariance with the whole, so a share below zero offsets others). Internal
medicine, the cycle after the table."""
    head = ("applicant", "width", *(p.replace("_", " ") for p in sources))
    return Section("Where the range comes from", (Text(about), grid(head, rows)))


def sensitivity(part: Part) -> Section:
    """Return the section on other choices, priors and sources."""
    names = list(part["applicants"])
    by: dict[str, dict[tuple[str, str], Part]] = {}
    for r in part["rows"]:
        by.setdefault(r["change"], {})[r["applicant"], r["measure"]] = r

    def cell(row: Part | None) -> str:
        if row is None or row["point"] is None:
            return "-"
        return f"{per_hundred(row['point'])} ({between(row['low'], row['high'], 0)})"

    def tabled(measure: str) -> Grid:
        rows = ((change, *(cell(moves.get((n, measure))) for n in names)) for change, moves in by.items())
        return grid(("change", *names), rows)

    about = f"""\
Chance in % with its 80% range, internal medicine, {part["draws"]} draws. Choices: how much a grade widens a
variance (A x1, B x1.5, C x2, D x4) and the correlations of the covariates with the score. Priors: lambda (how
much of the profile acts after the interviews), who takes part, the effects and how unlike they are between
specialties, and how failures are adjusted. Then every source that training reads, left out in turn (a dash:
without it there is no answer)."""
    blocks = (
        Text(about),
        Text("If you rank a program:"),
        tabled("p_ranked"),
        Text("If you apply to the usual number of programs:"),
        tabled("p_apply"),
    )
    return Section("How far other choices, priors and single sources move the answers", blocks)
