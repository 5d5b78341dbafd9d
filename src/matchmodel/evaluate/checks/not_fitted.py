"""Published figures that the chain was not fitted to, beside what it says of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ...etl import Tidy
from ...fit.train import PRIMARY, Trained
from ...model.engine import MOST_RANKS, ranges, ranks_pmf
from ..reference_people import ChainPeople, chain_arrays

# Applications sent by the volunteers of a tracker: {(specialty, year): (number, what the tracker calls it)}.
SENT = {("Internal Medicine", 2024): (175, "mean"), ("General Surgery", 2025): (142, "median")}
OUTSIDE = 2.0  # standard errors


@dataclass(frozen=True)
class Compared:
    """One published figure beside the chain's.

    Attributes
    ----------
    what, specialty, source
    seen, seen_low, seen_high
        As published, with its 95% interval.
    model, model_low, model_high
        The mean over draws and the 80% range.
    inside
        Whether the model's figure is in the published interval or, where both have an error, within two of
        them.
    """

    what: str
    specialty: str
    seen: float
    seen_low: float
    seen_high: float
    model: float
    model_low: float
    model_high: float
    inside: bool
    source: str


def _compared(
    what: str,
    specialty: str,
    seen: tuple[float, float, float],
    draws: np.ndarray,
    source: str,
    se: float | None = None,
) -> Compared:
    point, low, high = (float(v) for v in ranges(draws))
    inside = (
        seen[1] <= point <= seen[2]
        if se is None
        else abs(point - seen[0]) <= OUTSIDE * np.hypot(se, draws.std())
    )
    return Compared(what, specialty, *seen, point, low, high, bool(inside), source)


def share_uninvited(people: ChainPeople, applications: float) -> np.ndarray:
    """Return the share of applicants without an invitation of so many applications, shape (d,)."""
    mean = people.people.invitations(np.full(len(people.people.lp), applications))
    share: np.ndarray = (people.applicant_weights() * (1 - people.people.p_any(mean))).sum(axis=0)
    return share


def uninvited(tidy: Tidy, people: dict[str, ChainPeople]) -> list[Compared]:
    """Compare the share of trackers' volunteers without an invitation with the chain's.

    Parameters
    ----------
    tidy
        All sources, those for validation too.
    people
        {specialty: those who rank it}.
    """
    shares, counts, comparisons = tidy.table("participation"), tidy.table("invited_interviews"), []
    seen = [
        (row.specialty, row.year, (row.value, row.low, row.high), row.source)
        for row in shares[shares["quantity"] == "share_no_invitation"].itertuples()
    ]
    for (specialty, year), rows in counts[counts["applicant_type"] == "img"].groupby(["specialty", "year"]):
        none, total = float(rows.loc[rows["high"] == 0, "applicants"].sum()), float(rows["applicants"].sum())
        interval = proportion_confint(none, total, method="wilson")
        seen.append(
            (specialty, year, (none / total, *interval), f"counts by invitations: {rows['source'].iloc[0]}")
        )
    for specialty, year, share, source in seen:
        sent = SENT.get((specialty, year))
        if sent is not None and specialty in people:
            what = f"share without an invitation, {sent[1]} of {sent[0]} applications"
            comparisons.append(
                _compared(what, specialty, share, share_uninvited(people[specialty], sent[0]), source)
            )
    return comparisons


def slopes_on_invitations(trained: Trained, kind: str = PRIMARY) -> list[Compared]:
    """Compare the register's effect of Step 2 CK on the log invitation rate with the chain's, eta beta."""
    register, chains, fit, comparisons = (
        trained.tidy.table("effects"),
        trained.chains.get(kind, {}),
        trained.fits[kind],
        [],
    )
    rows = register[(register["covariate"] == "step2_ck") & (register["scale"] == "log_interview_rate")]
    for row in rows.itertuples():
        if row.specialty not in chains:
            continue
        draws = chains[row.specialty].eta * fit.beta_draws[:, fit.specialties.index(row.specialty)]
        seen = (row.estimate, row.estimate - 1.96 * row.se, row.estimate + 1.96 * row.se)
        comparisons.append(
            _compared(
                "log invitation rate per ten points of Step 2 CK", row.specialty, seen, draws, row.id, row.se
            )
        )
    return comparisons


def dispersions(trained: Trained, kind: str = PRIMARY) -> list[Compared]:
    """Compare the register's dispersions of invitations with the chain's."""
    register, chains, comparisons = trained.tidy.table("effects"), trained.chains.get(kind, {}), []
    for row in register[register["scale"] == "dispersion"].itertuples():
        if row.specialty in chains:
            seen = (row.estimate, row.estimate - 1.96 * row.se, row.estimate + 1.96 * row.se)
            draws = chains[row.specialty].dispersion
            comparisons.append(
                _compared("dispersion of invitations", row.specialty, seen, draws, row.id, row.se)
            )
    return comparisons


def matched_by_invitations(people: ChainPeople, applications: float, low: float, high: float) -> np.ndarray:
    """Return the share matched of applicants with so many invitations, low to high, shape (d,).

    Each applicant weighs as much as the profile is among applicants, times the chance of so many invitations.
    """
    engine = people.people
    pmf = ranks_pmf(
        engine.invitations(np.full(len(engine.lp), applications)), chain_arrays(engine).dispersion
    )
    k = np.arange(MOST_RANKS + 1)
    here = (k >= low) & (k <= (high if np.isfinite(high) else MOST_RANKS))
    chances = np.concatenate([np.zeros((*engine.lp.shape, 1)), engine.p_by_ranks()], axis=-1)
    weights = people.applicant_weights()[..., None] * pmf * here
    share: np.ndarray = (weights * chances).sum(axis=(0, 2)) / weights.sum(axis=(0, 2))
    return share


def invitations_against_matches(tidy: Tidy, people: dict[str, ChainPeople]) -> pd.DataFrame:
    """Return, for IMGs with so many invitations, how many matched and how many the chain expects.

    Parameters
    ----------
    tidy, people
        As for `uninvited`.

    Returns
    -------
    frame
        specialty, invitations, applicants, matched, expected, low, high (95% of what could be seen: the draws
        and the binomial's chance), inside.
    """
    table, rows = tidy.table("invited_interviews"), []
    rng = np.random.default_rng(5)
    for row in table[(table["applicant_type"] == "img") & (table["high"] != 0)].itertuples():
        sent = SENT.get((row.specialty, row.year))
        if sent is None or row.specialty not in people:
            continue
        draws = matched_by_invitations(people[row.specialty], sent[0], row.low, row.high)
        n = int(row.applicants)
        could = rng.binomial(n, np.tile(draws, 20))
        rows.append(
            (
                row.specialty,
                row.bin,
                n,
                int(row.matched),
                n * draws.mean(),
                *np.quantile(could, [0.025, 0.975]),
            )
        )
    frame = pd.DataFrame(
        rows, columns=["specialty", "invitations", "applicants", "matched", "expected", "low", "high"]
    )
    return frame.assign(inside=(frame["low"] <= frame["matched"]) & (frame["matched"] <= frame["high"]))
