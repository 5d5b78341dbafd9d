"""How many applications: invitations by program, answers by number, what a chance takes (notebook 4)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from matchmodel.applicant import Applicant
from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.model.answer import Required
from matchmodel.model.engine import MOST_RANKS, one_range
from matchmodel.model.fees import application_fees, schedule_of
from matchmodel.plots import style
from matchmodel.question import DEFAULT_TARGET, Question
from notebook_helpers.explain.chain import KIND, SPECIALTY, chained
from notebook_helpers.needed import chain_of, needed
from notebook_helpers.words import fixed, join, percent, ranged, span

SHOWN = ("Internal Medicine", "Family Medicine", "Neurology", "General Surgery")
SIZES = (20, 40, 80, 120, 160, 200)
TENTH = 0.1  # of the programs, the friendliest
ORDERS = {
    "required_applications": "as IMGs choose", "required_applications_random": "at random (bound)",
    "required_applications_friendliest": "friendliest first (bound)",
}  # fmt: skip


def programs(model: Model, kind: str = KIND) -> pd.DataFrame:
    """Return how a specialty's programs invite.

    Returns
    -------
    frame
        specialty, listed, with_figures, mean (invitations per application), rho, chosen (the same as IMGs
        choose, at the usual number), none (share of programs that invite nobody), tenth (share of all
        invitations that the friendliest tenth of programs sends).
    """
    rows = []
    for s in chained(model, kind):
        c = chain_of(model, kind, s)
        rates, n = np.array(c.rates.rates), np.array(c.rates.programs)
        before = np.cumsum(n) - n
        first = np.clip(TENTH * n.sum() - before, 0, n)
        tenth = (first @ rates) / (n @ rates)
        none = n[rates < 0.005].sum() / n.sum()
        arrays = needed(model.arrays(kind, s).chain, f"chain of {s}")
        chosen = (arrays.at_usual / (arrays.m0 * arrays.usual)).mean()
        mean, rho = c.rates.mean.value, c.choice.value
        rows.append((s, c.rates.listed, c.rates.with_figures, mean, rho, chosen, none, tenth))
    names = ["specialty", "listed", "with_figures", "mean", "rho", "chosen", "none", "tenth"]
    return pd.DataFrame(rows, columns=names)


def programs_table(model: Model, kind: str = KIND) -> pd.DataFrame:
    """Return `programs` as it is shown."""
    rows = programs(model, kind)
    return pd.DataFrame({
        "specialty": rows["specialty"], "programs listed": rows["listed"],
        "with figures": rows["with_figures"],
        "invited, mean program": rows["mean"].map(lambda v: percent(v, 2)), "rho": rows["rho"].map(fixed),
        "invited, as IMGs choose": rows["chosen"].map(lambda v: percent(v, 2)),
        "programs that invite under 0.5%": rows["none"].map(lambda v: percent(v, 0)),
        "invitations by the friendliest tenth": rows["tenth"].map(lambda v: percent(v, 0)),
    })  # fmt: skip


def programs_figure(model: Model, kind: str = KIND, specialties: tuple[str, ...] = SHOWN) -> Figure:
    """Draw the programs of a few specialties by the share of their applicants that they invite."""
    figure, axes = style.new_figure(
        2.4, title="Programs from the friendliest to the least friendly, by the share of IMG applicants that "
        "they invite",
        caption="Rates of 2024 or 2026, non-US IMGs, the highest shrunk: a rate of two in three is a small "
        "count more often "
        "than a generous program.",
        right=1.5,
    )  # fmt: skip
    axis, ends = axes[0, 0], []
    for s, colour in zip(specialties, style.SERIES, strict=False):
        c = chain_of(model, kind, s)
        rates, n = np.array(c.rates.rates), np.array(c.rates.programs)
        place = np.append(0, np.cumsum(n) / n.sum())
        axis.stairs(rates, place, color=colour, lw=1.5, baseline=None)
        ends.append((1.0, rates[-1], s, colour))
    axis.set(xlim=(0, 1), ylim=(0, 0.3), xlabel="programs", ylabel="applicants invited")
    axis.xaxis.set_major_formatter(style.percent_tick)
    axis.yaxis.set_major_formatter(style.percent_tick)
    style.label_ends(axis, ends)
    return figure


def choice_sentence(tidy: Tidy, kind: str = KIND) -> str:
    """Say how much friendlier the programs are that IMGs apply to, where both means are known."""
    rows = tidy.table("invitation_means").query("applicant_type == @kind")
    rates = join(
        f"{r.specialty.lower()} {r.application_weighted:.2%} of applications against {r.program_mean:.2%} in "
        "the mean program"
        for r in rows.itertuples()
    )
    return f"Invited: {rates}. The errors are large, so the ratio is pooled; the other specialties borrow it."


def usual_table(model: Model, kind: str = KIND) -> pd.DataFrame:
    """Return the usual number of applications of each specialty, with its range, basis and source."""
    rows = []
    for s in chained(model, kind):
        u = chain_of(model, kind, s).usual
        rows.append((s, f"{u.value:.0f}", span(u.low, u.high, "{:.0f}".format), u.basis, u.source))
    return pd.DataFrame(rows, columns=["specialty", "usual number", "80% range", "basis", "source"])


def without_sentence(model: Model, kind: str = KIND) -> str:
    """Say which specialties have no chain, so that no number of applications is answered."""
    known = chained(model, kind)
    withheld = [s for s in model.specialties(kind) if model.withheld(kind, s)]
    without = [s for s in model.specialties(kind) if s not in known and s not in withheld]
    return (
        f"{len(known)} specialties can be asked about applications. No usual number is known, and none is "
        f"guessed, in {join(without)}. Withheld altogether: {join(withheld)}."
    )


def asked(score: float = 245, specialty: str = SPECIALTY, kind: str = KIND) -> Applicant:
    """Return an applicant with a score, of whom nothing else is known."""
    return Applicant(specialty, kind, step2_ck=score)


def by_applications(model: Model, applicant: Applicant, sizes: tuple[int, ...] = SIZES) -> pd.DataFrame:
    """Return what each number of applications brings.

    Returns
    -------
    frame
        applications, expected, any, apply (each a `Range`), random and friendliest (bounds, points), usd
        (fees; NaN without a schedule); the last row has all programs listed.
    """
    people = model.people([model.resolve(applicant)])
    schedule = schedule_of(model.record.fees, applicant.specialty)
    rows = []
    for n in (*sizes, int(needed(people.arrays.chain, f"chain of {applicant.specialty}").listed)):
        answer = model.odds(applicant, Question(applications=n))
        bounds = (
            people.p_apply(people.invitations(np.array([n]), o)).mean() for o in ("random", "friendliest")
        )
        usd = np.nan if schedule is None else application_fees(schedule, n)
        rows.append((n, answer.expected_invitations, answer.p_any_invitation, answer.p_apply, *bounds, usd))
    names = ["applications", "expected", "any", "apply", "random", "friendliest", "usd"]
    return pd.DataFrame(rows, columns=names)


def by_applications_table(model: Model, applicant: Applicant, sizes: tuple[int, ...] = SIZES) -> pd.DataFrame:
    """Return `by_applications` as it is shown."""
    rows = by_applications(model, applicant, sizes)
    return pd.DataFrame({
        "applications": rows["applications"].map("{:,}".format),
        "invitations expected": rows["expected"].map(lambda r: ranged(r, lambda v: fixed(v, 1))),
        "any invitation": rows["any"].map(ranged), "matches": rows["apply"].map(ranged),
        "bounds: at random": rows["random"].map(percent),
        "friendliest first": rows["friendliest"].map(percent),
        "fees, dollars": rows["usd"].map(lambda v: fixed(v, 0)),
    })  # fmt: skip


def written_range(found: Required) -> str:
    """Return the range of a required number in words."""
    if found.low is None:
        return "not reached in most draws"
    return f"{found.low:,} or more" if found.high is None else f"{found.low:,} to {found.high:,}"


def required_table(model: Model, applicants: list[Applicant], target: float = DEFAULT_TARGET) -> pd.DataFrame:
    """Return the applications that a chance takes for each applicant, with what they cost."""
    rows = []
    for a in applicants:
        answer = model.odds(a, Question(target=target))
        for field, order in ORDERS.items():
            required = getattr(answer, field)
            number = (
                f"{required.applications:,}" if required.reachable else "not reachable with every program"
            )
            usd = "" if required.fees_usd is None else f"{required.fees_usd:,.0f}"
            rows.append((f"{a.step2_ck:g}", order, number, written_range(required), usd))
    columns = ["Step 2 CK", "programs", f"applications for {target:.0%}", "80% range", "fees, dollars"]
    return pd.DataFrame(rows, columns=columns)


def required_sentence(model: Model, applicant: Applicant, target: float = DEFAULT_TARGET) -> str:
    """Say how many applications a chance takes, between which bounds, and what they cost."""
    answer = model.odds(applicant, Question(target=target))
    chosen, random, first = (getattr(answer, field) for field in ORDERS)
    asked_for = f"With a score of {applicant.step2_ck:g} and nothing else known, a chance of {target:.0%}"
    if not chosen.reachable:
        most = needed(answer.chances_by_applications, "chance by applications")[-1].chance.point
        return f"{asked_for} is not reached: with all {answer.listed:,} programs it is {percent(most)}."
    dollars = "" if chosen.fees_usd is None else f", {chosen.fees_usd:,.0f} dollars"
    least = f"{random.applications:,}" if random.reachable else "more than there are"
    return (
        f"{asked_for} takes {chosen.applications:,} programs as IMGs choose them (80% range "
        f"{written_range(chosen)}{dollars}). The bounds are {first.applications:,} with the friendliest "
        f"first and {least} at random. They are bounds, not plans."
    )


def interviews_table(model: Model, applicants: list[Applicant]) -> pd.DataFrame:
    """Return the chance with so many interviews held, for several scores."""
    people = model.people([model.resolve(a) for a in applicants])
    columns: dict[str, list[str]] = {
        "interviews held": [*map(str, range(1, MOST_RANKS)), f"{MOST_RANKS} or more"]
    }
    for a, by_ranks in zip(applicants, people.p_by_ranks(), strict=True):
        columns[f"Step 2 CK {a.step2_ck:g}"] = [ranged(one_range(draws)) for draws in by_ranks.T]
    return pd.DataFrame(columns)


def interviews_sentence(model: Model, applicant: Applicant) -> str:
    """Say the chance at a few numbers of interviews, beside that of all who rank."""
    answer = model.odds(applicant)
    chances = needed(answer.chances_by_interviews, "chance by interviews")
    ranked = needed(answer.p_ranked, "chance of those who rank")
    held = [f"{percent(chances[k - 1].point)} with {k}" for k in (1, 3, 5, 8, MOST_RANKS)]
    return (
        f"With a score of {applicant.step2_ck:g}: {join(held)} interviews. Of all who rank it is "
        f"{percent(ranked.point)}, the mean over how many they hold."
    )


def fees_table(model: Model) -> pd.DataFrame:
    """Return the season's fees: schedules, and what is paid once."""
    rows = []
    for service, schedule in model.record.fees.schedules.items():
        for step in schedule:
            upto = "on" if step.to_program is None else f"to {step.to_program}"
            price = f"{step.usd_each:g} each" if step.usd_flat is None else f"{step.usd_flat:g} in all"
            rows.append((service, f"program {step.from_program} {upto}", price, step.grade, step.source))
    rows += [
        (s.service, "once a season", f"{s.usd_flat:g}", s.grade, s.source) for s in model.record.fees.fixed
    ]
    return pd.DataFrame(rows, columns=["for", "what", "dollars", "grade", "source"])
