"""From applications to a match: everything the chain needs, fitted and drawn."""

from dataclasses import dataclass

import numpy as np

from ..covariates import step2_u
from .interviews import dispersion, program_rates
from .ranks import RankFit, fit_ranks

PROFILES = 200  # persons that stand for the reference population when the usual number is solved
FEWEST_MEAN = 1.05  # mean ranks nearer to one than this say nothing of the number of applications
BISECTIONS = 34
LEAST = 1.0


@dataclass(frozen=True)
class Usual:
    """The usual number of applications of a specialty.

    Attributes
    ----------
    value, se : float
    draws : numpy.ndarray, shape (d,)
    basis : {'measured', 'assumed'}
    note : str
    share_ranking : float
        Share of applicants with any invitation at that number, as the chain has it.
    mean_ranks, mean_ranks_se : float
        What it was solved for.
    """

    value: float
    se: float
    draws: np.ndarray
    basis: str
    note: str
    share_ranking: float
    mean_ranks: float
    mean_ranks_se: float


@dataclass(frozen=True)
class TypeChain:
    """The chain of one applicant type.

    Attributes
    ----------
    rates : dict
        {specialty: ProgramRates}
    log_rate_draws : dict
        {specialty: array of shape (d,)}: log error of the mean rate.
    norms : dict
        {covariate: (value, draws)}: log of the mean factor over the reference population.
    score_norms : dict
        {specialty: (value, draws)}, the same for Step 2 CK.
    usual : dict
        {specialty: Usual}
    ranks : RankFit
        Its specialties are those of the type's `TypeFit`.
    """

    rates: dict
    log_rate_draws: dict
    norms: dict
    score_norms: dict
    usual: dict
    ranks: RankFit


@dataclass(frozen=True)
class Chain:
    """The applications chain.

    Attributes
    ----------
    dispersion, dispersion_se : float
    dispersion_draws : numpy.ndarray, shape (d,)
    dispersion_rows : tuple of str
    effects : dict
        {covariate or 'step2_ck': (value, se, draws)} on the log interview rate.
    types : dict
        {applicant_type: TypeChain}
    """

    dispersion: float
    dispersion_se: float
    dispersion_draws: np.ndarray
    dispersion_rows: tuple
    effects: dict
    types: dict


def rate_effects(trained):
    """Return {name: (value, se, draws)} of the effects on the log interview rate, Step 2 CK's too."""
    exchange = trained.exchange
    if exchange is None:
        return {}
    found = {"step2_ck": (exchange.rate_slope, exchange.rate_slope_se, exchange.rate_slope_draws)}
    for name, effect in trained.effects.items():
        found[name] = (effect.rate_value, float(np.std(effect.rate_draws, ddof=1)), effect.rate_draws)
    return found


def log_mean_factor(value, draws, u, weights):
    """Return ln E[exp(effect u)] over a population, in the point and in every draw.

    With it taken off, the factor exp(effect u - norm) averages 1.
    """
    drawn = np.log(np.exp(draws[:, None] * u[None, :]) @ weights)
    return float(np.log(np.exp(value * u) @ weights)), drawn


def profiles(effects, norms, score_norm, references, population, rng):
    """Return log factors of `PROFILES` persons of the reference population.

    Each covariate is spread evenly over the persons in random order, so that every margin is
    met; the covariates are independent.

    Returns
    -------
    point : numpy.ndarray, shape (m,)
    draws : numpy.ndarray, shape (d, m)
    """
    places = (np.arange(PROFILES) + 0.5) / PROFILES
    point, drawn = np.zeros(PROFILES), 0.0
    spread = {name: (r.u, r.weights, norms[name]) for name, r in references.items() if name in norms}
    if score_norm is not None:
        spread["step2_ck"] = (step2_u(population[0]), population[1], score_norm)
    for name, (u, weights, (norm, norm_draws)) in spread.items():
        order = np.argsort(u)
        picked = u[order][np.minimum(np.searchsorted(np.cumsum(weights[order]), rng.permutation(places)), len(u) - 1)]
        value, _, draws = effects[name]
        point = point + value * picked - norm
        drawn = drawn + draws[:, None] * picked[None, :] - norm_draws[:, None]
    return point, drawn if np.ndim(drawn) == 2 else np.zeros((1, PROFILES))


def mean_ranks_at(applications, rate, alpha, log_factors):
    """Return the mean number of ranks among those who rank, and the share who do.

    E[K]/P(K > 0) with K negative binomial, mean mu_i = N rate exp(f_i) and dispersion alpha,
    averaged over persons; every invitation is taken as ranked.

    Parameters
    ----------
    applications, rate, alpha : numpy.ndarray, shape (d,)
    log_factors : numpy.ndarray, shape (d, m)
    """
    mu = (applications * rate)[:, None] * np.exp(log_factors)
    any_one = -np.expm1(-np.log1p(alpha[:, None] * mu) / alpha[:, None])
    return mu.mean(axis=1) / any_one.mean(axis=1), any_one.mean(axis=1)


def solve_usual(goal, rate, alpha, log_factors, most):
    """Return the number of applications at which the mean number of ranks is `goal`.

    Bisection on ln N between `LEAST` and `most`, where it stays when the goal lies outside.

    Parameters
    ----------
    goal, rate, alpha : numpy.ndarray, shape (d,)
    log_factors : numpy.ndarray, shape (d, m)
    most : float

    Returns
    -------
    numpy.ndarray, shape (d,)
    """
    low, high = np.full(len(goal), np.log(LEAST)), np.full(len(goal), np.log(most))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        above = mean_ranks_at(np.exp(middle), rate, alpha, log_factors)[0] > goal
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.exp((low + high) / 2)


def _usual(j, ranks, rates, log_rate, alpha, alpha_draws, point, drawn, normals):
    """Solve the usual number of one specialty, in the point and in the draws."""
    goal, se = float(ranks.mean_ranks[j]), float(ranks.mean_ranks_se[j])
    most = float(rates.listed)
    one = solve_usual(np.array([goal]), np.array([rates.mean]), np.array([alpha]), point[None, :], most)
    share = float(mean_ranks_at(one, np.array([rates.mean]), np.array([alpha]), point[None, :])[1][0])
    goals = np.maximum(goal + se * normals(1)[:, 0], FEWEST_MEAN)
    draws = solve_usual(goals, rates.mean * np.exp(log_rate), alpha_draws, np.broadcast_to(drawn, (len(alpha_draws), PROFILES)), most)
    note = "solved so that the mean number of ranks among those who rank is the published one"
    if one[0] > 0.999 * most:
        note += "; not reached with every program that the table lists"
    return Usual(float(one[0]), float(np.std(draws, ddof=1)), draws, "measured", note, share, goal, se)


def _borrowed(found, listed, note):
    """Return the usual number for a specialty whose own table does not say: the median of the others."""
    draws = np.minimum(np.median([u.draws for u in found.values()], axis=0), listed)
    value = min(float(np.median([u.value for u in found.values()])), listed)
    return Usual(value, float(np.std(draws, ddof=1)), draws, "assumed", note, float("nan"), float("nan"), float("nan"))


def fit_chain(trained, seed):
    """Fit the applications chain of every type that has invitations.

    Parameters
    ----------
    trained : Trained
    seed : int

    Returns
    -------
    Chain or None
        None without invitations, contiguous ranks or a dispersion.
    """
    tidy, normals = trained.tidy, trained.normals
    invitations = tidy.table("invitations")
    spread = dispersion(tidy.table("effects"), trained.choices.grade_variance)
    if not len(invitations) or spread is None:
        return None
    all_rates = program_rates(invitations, tidy.table("invitation_groups"))
    effects = rate_effects(trained)
    alpha = float(np.exp(spread.mean))
    alpha_draws = alpha * np.exp(np.hypot(spread.mean_se, spread.spread) * normals(1)[:, 0])
    types = {}
    for kind in sorted(trained.fits, key=lambda k: k != trained.primary):
        fit = trained.fits[kind]
        rates = {s: all_rates[kind, s] for s in fit.specialties if (kind, s) in all_rates}
        derived = kind == "us-img" and trained.derived is not None
        ranks = types[trained.primary].ranks if derived and trained.primary in types else None if derived else fit_ranks(tidy, fit, np.random.default_rng(seed), normals)
        if not rates or ranks is None:
            continue
        # a specialty is asked alone, so the season's error and the sampling of programs are drawn as one
        log_rate = {s: r.error * z_s for (s, r), z_s in zip(rates.items(), normals(len(rates)).T, strict=True)}
        references = trained.centring[kind].references
        norms = {n: log_mean_factor(effects[n][0], effects[n][2], r.u, r.weights) for n, r in references.items() if n in effects}
        score_norms, usual = {}, {}
        for j, s in enumerate(fit.specialties):
            if s not in rates:
                continue
            values, weights = fit.populations[j]
            if "step2_ck" in effects:
                score_norms[s] = log_mean_factor(effects["step2_ck"][0], effects["step2_ck"][2], step2_u(values), weights)
            if derived:
                known = types[trained.primary].usual.get(s)
                if known is not None:
                    usual[s] = Usual(known.value, known.se, known.draws, "assumed", "that of non-US IMGs, assumed", float("nan"), float("nan"), float("nan"))
            elif ranks.own[j] and ranks.mean_ranks[j] >= FEWEST_MEAN:
                point, drawn = profiles(effects, norms, score_norms.get(s), references, fit.populations[j], np.random.default_rng(seed))
                usual[s] = _usual(j, ranks, rates[s], log_rate[s], alpha, alpha_draws, point, drawn, normals)
        if not usual:
            continue
        for s in rates:
            if s not in usual:
                usual[s] = _borrowed({k: u for k, u in usual.items() if u.basis == "measured"} or usual, rates[s].listed, "the median of the other specialties, since its own table does not tell")
        types[kind] = TypeChain(rates, log_rate, norms, score_norms, usual, ranks)
    if not types:
        return None
    rows = tidy.table("effects")
    return Chain(
        alpha, float(np.std(alpha_draws, ddof=1)), alpha_draws, tuple(rows[rows["scale"] == "dispersion"]["id"]),
        effects, types,
    )
