"""Training, in the numbered steps of the model; the order is that of what each step needs."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..covariates import COVARIATES
from ..errors import MissingTables
from .covariate_tables import fit_covariate_tables, make_joint
from .drift import drifts
from .evidence import GRADE_VARIANCE, Converter, base_invitation_rate, combine, exchange_rate, unused_reason
from .level import solve_shift
from .references import correlations, references, us_img_references
from .score_slopes import fit_type, newest_counts
from .shared_effects import share_effects
from .stand_in import FROM, KINDS, stand_in
from .us_img import comparable, derive_us_img

DRAWS = 200
SEED = 2026
PRIMARY = "non-us-img"


@dataclass(frozen=True)
class Choices:
    """What was chosen where the data do not decide; the evaluation changes each and looks.

    Attributes
    ----------
    grade_variance : dict
        How much wider each grade makes a variance.
    exchange_factor, correlation_factor : float
        On the exchange rate, and on the correlations of covariates with the score; 1 as they are.
    share : bool
        Whether the effects are drawn towards their mean.
    """

    grade_variance: dict = field(default_factory=lambda: dict(GRADE_VARIANCE))
    exchange_factor: float = 1.0
    correlation_factor: float = 1.0
    share: bool = True


DEFAULT_CHOICES = Choices()


@dataclass(frozen=True)
class Centring:
    """Per type: what makes each covariate's likelihood ratio keep the published rates.

    Attributes
    ----------
    references : dict
        {covariate: Reference}
    kappa : dict
        {covariate: array of shape (k,)}
    kappa_draws : dict
        {covariate: array of shape (d, k)}
    """

    references: dict
    kappa: dict
    kappa_draws: dict


@dataclass(frozen=True)
class Trained:
    """Everything that was fitted, before it is written down.

    Attributes
    ----------
    tidy : matchmodel.etl.Tidy
    fits : dict
        {applicant_type: TypeFit}
    derived : Derived or None
        How US IMGs were made.
    stand_ins : dict
        {applicant_type: StandIn}, where IMGs have no table that may be used.
    effects : dict
        {covariate: Effect}
    correlations : Correlations
    centring : dict
        {applicant_type: Centring}
    drifts : dict
    drift_normals : numpy.ndarray, shape (d,)
    exchange : Exchange or None
    shared : Shared or None
        How the effects were drawn towards their mean.
    unused : list of dict
    primary : str
    normals : callable
        More standard normal draws, for what is fitted after.
    choices : Choices
    """

    tidy: object
    fits: dict
    derived: object
    stand_ins: dict
    effects: dict
    correlations: object
    centring: dict
    drifts: dict
    drift_normals: np.ndarray
    exchange: object
    shared: object
    unused: list
    primary: str
    normals: object
    choices: Choices


def normal_source(seed, draws):
    """Return a function columns -> standard normal draws with mean 0 and variance 1 exactly.

    The moments are matched (Barraquand, Manage Sci 41:1882, 1995), so that a few hundred
    draws already have each parameter's mean and standard error.
    """
    rng = np.random.default_rng(seed)

    def normals(columns):
        z = rng.standard_normal((draws, columns))
        z -= z.mean(axis=0)
        return z / z.std(axis=0, ddof=1)

    return normals


def fit_effects(tidy, fit, refs, links, normals, choices=DEFAULT_CHOICES):
    """Do step 5: every usable estimate of a covariate on the match scale, combined.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
    fit : TypeFit
        Of the primary type.
    refs : dict
        {covariate: Reference}
    links : Correlations
    normals : callable
    choices : Choices

    Returns
    -------
    effects : dict
        {covariate: Effect}, each by itself.
    exchange : Exchange or None
    refs : dict
        With the populations that covariate tables describe.
    unused : list of dict
    """
    register = tidy.table("effects")
    score_sd = float(np.average(fit.score_sd, weights=fit.matched + fit.not_matched))
    exchange = None
    spread_normals, rate_normals = normals(2).T
    if len(register):
        exchange = exchange_rate(register, fit.slopes, fit.mean_slope_draws, spread_normals, rate_normals, choices.grade_variance)
        if exchange is not None:
            exchange = replace(exchange, value=exchange.value * choices.exchange_factor, draws=exchange.draws * choices.exchange_factor)
    fitted, unused = fit_covariate_tables(tidy, np.random.default_rng(SEED), normals)
    joint = make_joint(fitted, fit.slopes.mean, fit.mean_slope_draws, score_sd, links)
    refs = {**refs, **{name: f.reference for name, f in fitted.items()}}
    z_gap = normals(len(COVARIATES))
    gaps = {}
    for k, (name, reference) in enumerate(refs.items()):
        r, se = links.of("step2_ck", name)
        scale = score_sd / reference.sd
        gaps[name] = (r * scale, (r + se * z_gap[:, k]) * scale)
    total = float(fit.matched.sum() + fit.not_matched.sum())
    converter = Converter(
        exchange=exchange,
        match_slope=fit.slopes.mean,
        match_slope_draws=fit.mean_slope_draws,
        gaps=gaps,
        base=base_invitation_rate(tidy.table("invitation_groups")),
        shares={n: r.mean for n, r in refs.items() if COVARIATES[n].binary},
        rate=float(fit.matched.sum()) / total,
    )
    for _, row in register.iterrows():
        reason = unused_reason(row, exchange)
        if reason:
            unused.append({"what": f"register row {row['id']}", "source_id": row["source_id"], "why": reason})
    effects = {}
    for name in COVARIATES:
        rows = register[register["covariate"] == name]
        rows = rows[[not unused_reason(row, exchange) for _, row in rows.iterrows()]] if len(rows) else rows
        own = [(fitted[name].sources, *joint[name])] if name in joint else []
        if not len(rows) and not own:
            continue
        if name not in refs:
            unused.append({"what": f"estimates of {name}", "source_id": ", ".join(sorted(set(rows["source_id"]))),
                           "why": "no reference population says how applicants are spread over it"})
            continue
        effects[name] = combine(name, rows, own, converter, normals(max(len(rows), 1)), choices.grade_variance)
    return effects, exchange, refs, unused


def centre(fit, effects, refs, rng):
    """Do step 6 for one type: kappa, in the point and in every draw.

    kappa solves E_u[expit(L + delta u - kappa)] = expit(L) over the reference population of u
    (its shares drawn from their Dirichlet posterior), L the log odds of the cell's rate.
    Covariates are taken as independent within each cohort; the evaluation measures what
    that costs.

    Returns
    -------
    Centring
    """
    draws = len(fit.level_draws)
    used = {name: refs[name] for name in effects if name in refs}
    kappa, kappa_draws = {}, {}
    for name, reference in used.items():
        effect = effects[name]
        shares = reference.weight_draws(rng, draws)
        rates = 1 / (1 + np.exp(-fit.level))
        kappa[name] = -solve_shift(fit.level[:, None] + effect.value * reference.u[None, :], reference.weights, rates)
        columns = []
        for j in range(len(fit.specialties)):
            level = fit.level_draws[:, j]
            base = level[:, None] + effect.draws[:, None] * reference.u[None, :]
            columns.append(-solve_shift(base, shares, 1 / (1 + np.exp(-level))))
        kappa_draws[name] = np.array(columns).T
    return Centring(used, kappa, kappa_draws)


def train(tidy, draws=DRAWS, seed=SEED, choices=DEFAULT_CHOICES, old_tables=False):
    """Fit the model to the training sources.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
        Training sources only (`tidy.select(role="training")`).
    draws : int
        Joint draws of every parameter.
    seed : int
    choices : Choices
    old_tables : bool
        Whether independent applicants of an older report stand in for IMGs who have no table.

    Returns
    -------
    Trained

    Raises
    ------
    MissingTables
        Without counts, or when no type has a Step 2 CK table that can be fitted; one such type
        beside others is left out and listed as unused.
    """
    normals = normal_source(seed, draws)
    # Steps 1 to 3: every type that has counts and scores of its own.
    counts = newest_counts(tidy)
    if not counts:
        raise MissingTables("training needs a counts table (Specialty, Matched, Not Matched) of at least one applicant type")
    fits, refused, drift = {}, {}, drifts(tidy.table("rates"))
    for kind, rows in counts.items():
        try:
            fits[kind] = fit_type(tidy, kind, rows, np.random.default_rng(seed), normals, drift[kind][0] if kind in drift else None)
        except MissingTables as error:
            refused[kind] = error
    if not fits:
        raise next(iter(refused.values()))
    primary = PRIMARY if PRIMARY in fits else max(fits, key=lambda kind: (fits[kind].matched.sum() + fits[kind].not_matched.sum(), kind))
    # Step 4: US IMGs, from the non-US fit.
    derived = None
    if PRIMARY in fits and "us-img" not in fits and comparable(tidy.table("ranked_anywhere"), fits[PRIMARY].specialties):
        fits["us-img"], derived = derive_us_img(fits[PRIMARY], tidy, normals)
    stand_ins = {}
    if old_tables and FROM in fits and not set(KINDS) & set(fits):
        primary = FROM
        for kind in KINDS:
            fits[kind], stand_ins[kind] = stand_in(fits[FROM], kind, tidy, normals)
    # Step 5: effects, after the slopes that give the exchange rate.
    links = correlations(tidy.table("correlations")).scaled(choices.correlation_factor)
    general = references(tidy.table("population"))
    effects, exchange, general, unused = fit_effects(tidy, fits[primary], general, links, normals, choices)
    shared = None
    if choices.share:
        effects, shared = share_effects(effects, general, exchange, normals)
    for kind, error in refused.items():
        unused.append({"what": f"counts of {kind}", "source_id": ", ".join(sorted(set(counts[kind]["source_id"]))), "why": str(error)})
    # Step 6: likelihood ratios that keep each cell's rate, after its level is known.
    rng = np.random.default_rng(seed + 1)
    centring = {
        kind: centre(fit, effects, us_img_references(general) if kind == "us-img" else general, rng)
        for kind, fit in fits.items()
    }
    # Step 7: drift. Step 8, the draws, went along with every step.
    return Trained(
        tidy=tidy,
        fits=fits,
        derived=derived,
        stand_ins=stand_ins,
        effects=effects,
        correlations=links,
        centring=centring,
        drifts=drift,
        drift_normals=normals(1)[:, 0],
        exchange=exchange,
        shared=shared,
        unused=unused,
        primary=primary,
        normals=normals,
        choices=choices,
    )
