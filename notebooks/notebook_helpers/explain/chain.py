"""Step 7: from applications to a match, solved in every specialty (notebook 2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from matchmodel.applicant import Applicant
from matchmodel.errors import RefusedInput
from matchmodel.etl import Tidy
from matchmodel.evaluate.checks.not_fitted import invitations_against_matches
from matchmodel.evaluate.checks.participation import frame as participation_frame
from matchmodel.evaluate.checks.participation import participation
from matchmodel.evaluate.reference_people import chain_arrays, chain_people
from matchmodel.fit.train import Trained
from matchmodel.model import Model
from matchmodel.model.engine import MOST_RANKS, People, ranges, ranks_pmf
from matchmodel.model.records import Chain
from matchmodel.plots import chain_plot, style
from notebook_helpers.needed import chain_of
from notebook_helpers.words import fixed, join, percent, signed, span

KIND, SPECIALTY = "non-us-img", "Internal Medicine"
SCORES = (230, 245, 260)
WEAKER, STRONGER = 235, 255
VOLUNTEERS = ("General Surgery",)  # whose matches by invitations are known


def chained(model: Model, kind: str = KIND) -> list[str]:
    """Return the specialties that have a chain."""
    return [s for s in model.specialties(kind) if model.has_chain(kind, s)]


def lambda_of(chain: Chain) -> float:
    """Return lambda, over all who rank the specialty.

    Raises
    ------
    RefusedInput
        When the chain does not say it.
    """
    means = [note.fields["mean"] for note in chain.profile_rate.notes if note.code == "lambda"]
    if not means or not isinstance(means[0], int | float):
        raise RefusedInput("a chain of the model does not say its lambda")
    return float(means[0])


def chains_table(model: Model, kind: str = KIND) -> pd.DataFrame:
    """Return what was solved in each specialty, means over draws with standard errors."""
    rows = []
    for s in chained(model, kind):
        c = chain_of(model, kind, s)
        solved = (
            f"{d.value:.2f} ({d.se:.2f})" for d in (c.invitations, c.dispersion, c.rank_slope, c.profile_rate)
        )
        usual = f"{c.usual.value:.0f} ({span(c.usual.low, c.usual.high, '{:.0f}'.format)})"
        rho, lam = fixed(c.choice.value), fixed(lambda_of(c))
        rows.append((s, usual, c.usual.basis, rho, *solved, lam, c.replaced))
    columns = [
        "specialty", "usual number (80% range)", "basis", "rho", "m0 (SE)", "v (SE)", "b (SE)", "eta (SE)",
        "lambda",
        "draws replaced",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def solved(model: Model, kind: str = KIND) -> pd.DataFrame:
    """Return what the chains were solved for: specialty, quantity, published, se, chain."""
    rows = [
        (s, one.quantity, one.published, np.nan if one.se is None else one.se, one.chain)
        for s in chained(model, kind) for one in chain_of(model, kind, s).solved_for
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["specialty", "quantity", "published", "se", "chain"])


def shares(trained: Trained) -> pd.DataFrame:
    """Return the shares of applicants who rank, observed and reproduced, as the evaluation has them."""
    return participation_frame(participation(trained, trained.primary))


def solved_figure(trained: Trained, model: Model, everything: Tidy) -> Figure:
    """Draw what the chains were solved for and what they give, the shares who rank, and volunteers' matches.

    Parameters
    ----------
    trained, model
        What was fitted, and the model written from it.
    everything
        All tables: the volunteers' are not for training.
    """
    people = {s: chain_people(trained, model, KIND, s) for s in chained(model) if s in VOLUNTEERS}
    return chain_plot(solved(model), shares(trained), invitations_against_matches(everything, people))


def solved_sentence(trained: Trained, model: Model) -> str:
    """Say how near the chains come to what they were solved for."""
    figures = solved(model).assign(off=lambda f: (f["chain"] / f["published"] - 1).abs())
    means = figures[figures["quantity"] == "mean_ranks"]
    sds = figures[figures["quantity"] == "sd_ranks"]
    known = shares(trained)
    reached = join(
        f"{r.share:.3f} in {r.specialty.lower()} (observed {r.observed:.3f})" for r in known.itertuples()
    )
    off = sds[sds["off"] > 0.02]
    met = f"met within 2% but in {join(off['specialty'])}" if len(off) else "met within 2% everywhere"
    return (
        f"The mean of ranks is met within {means['off'].max():.1%} in all {len(means)} specialties; their SD "
        f"is {met}. The share of applicants who rank, with those who take no part and second choices: "
        f"{reached}. All of these were fitted."
    )


def three(kind: str = KIND, specialty: str = SPECIALTY) -> list[Applicant]:
    """Return applicants that differ in their score alone."""
    return [Applicant(specialty, kind, step2_ck=s) for s in SCORES]


def _people(model: Model, applicants: list[Applicant]) -> People:
    return model.people([model.resolve(a) for a in applicants])


def margin(model: Model, applicants: list[Applicant]) -> pd.DataFrame:
    """Return both sides of P(apply) = P(any invitation) P(match | ranked) at each draw's own usual number.

    Returns
    -------
    frame
        score, any, ranked, product, apply (means over draws), gap (of the worst draw).
    """
    people = _people(model, applicants)
    chain = chain_arrays(people)
    mean = chain.at_usual * np.exp(chain.eta * people.lp)
    some, ranked, apply = people.p_any(mean), people.p_ranked(), people.p_apply(mean)
    product = some * ranked
    sides = {"any": some, "ranked": ranked, "product": product, "apply": apply}
    means = {name: values.mean(axis=1) for name, values in sides.items()}
    return pd.DataFrame(
        {"score": [a.step2_ck for a in applicants], **means, "gap": np.abs(product - apply).max(axis=1)}
    )


def margin_table(model: Model, applicants: list[Applicant]) -> pd.DataFrame:
    """Return `margin` as it is shown."""
    sides = margin(model, applicants)
    names = {
        "any": "any invitation", "ranked": "matches if ranked", "product": "mean of the product",
        "apply": "matches if applied",
    }  # fmt: skip
    columns = {title: sides[name].map(percent) for name, title in names.items()}
    return pd.DataFrame({"Step 2 CK": sides["score"].map("{:g}".format), **columns})


def margin_sentence(model: Model, kind: str = KIND) -> str:
    """Say that the identity holds in every specialty, score and draw."""
    gaps = [margin(model, three(kind, s))["gap"].max() for s in chained(model, kind)]
    exact = "to six decimals" if max(gaps) < 5e-7 else f"to within {100 * max(gaps):.4f} points"
    return (
        f"In all {len(gaps)} specialties with a chain, for scores of {join(SCORES)} and in every draw, the "
        f"two are the same {exact}. At another number of applications they are not: only the number of "
        "interviews changes then."
    )


def lambda_sentence(model: Model, kind: str = KIND, specialty: str = SPECIALTY) -> str:
    """Say what the profile does after the interviews are counted, beside what it does in all."""
    people = _people(model, [Applicant(specialty, kind, step2_ck=s) for s in (WEAKER, STRONGER)])
    whole, at = (np.diff(v, axis=0).mean() for v in (people.lp, people.at_one))
    lam = lambda_of(chain_of(model, kind, specialty))
    return (
        f"From {WEAKER} to {STRONGER} points the log odds of those who rank rise by {signed(whole)}. At the "
        f"same number of interviews they rise by {signed(at)}, {at / whole:.0%} of it (lambda is {lam:.2f} "
        "over all who rank); the rest comes through more interviews."
    )


def chain_figure(model: Model, applicants: list[Applicant]) -> Figure:
    """Draw the interviews from the usual number, and the chance by interviews held, for several scores."""
    people = _people(model, applicants)
    chain = chain_arrays(people)
    mean = people.invitations(np.full(len(applicants), round(chain.record.usual.value)))
    pmf, (point, low, high) = (
        ranks_pmf(mean, chain.dispersion).mean(axis=1),
        ranges(np.moveaxis(people.p_by_ranks(), 1, -1)),
    )
    figure, axes = style.new_figure(
        2.3, 1, 2, f"Interviews and what they are worth: {applicants[0].specialty}",
        "Left: chance of so many interviews from the usual number of applications, with its spread; 12 is "
        "12 or more. Right: chance of matching with so many interviews held, and the 80% range. Lines by "
        "Step 2 CK, nothing else known.",
        above=0.2, right=0.5, between=(0.65, 0),
    )  # fmt: skip
    left, right = axes[0]
    k = np.arange(MOST_RANKS + 1)
    for a, p, at, lo, hi, colour in zip(applicants, pmf, point, low, high, style.SERIES, strict=False):
        left.plot(k, p, color=colour, lw=1.4, marker="o", ms=3)
        right.fill_between(k[1:], lo, hi, color=colour, alpha=0.15, lw=0)
        right.plot(k[1:], at, color=colour, lw=1.6, label=f"{a.step2_ck:g}")
    left.set(xlabel="interviews", ylabel="chance of so many", ylim=(0, None))
    right.set(xlabel="interviews held", ylabel="chance of matching", ylim=(0, 1), xlim=(1, MOST_RANKS))
    for axis in (left, right):
        axis.yaxis.set_major_formatter(style.percent_tick)
    ends = [
        (MOST_RANKS, at[-1], f"{a.step2_ck:g}", c)
        for a, at, c in zip(applicants, point, style.SERIES, strict=False)
    ]
    style.label_ends(right, ends)
    return figure
