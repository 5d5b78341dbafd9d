"""Training, in the numbered steps of the model; the order is that of what each step needs."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..covariates import COVARIATES
from ..errors import MissingTables
from ..etl import Tidy
from ..model.records import Trust, Unused
from .chain.every import Chains
from .chain.interviews import program_rates
from .chain.ranks import RankFit, fit_ranks
from .chain.specialty import (
    CellChain,
    Profiles,
)
from .drift import FittedDrift, drifts
from .evidence import priors
from .evidence.effects import (
    GRADE_VARIANCE,
    FittedEffect,
    Scale,
    base_invitation_rate,
    fit_effects,
    unused_reason,
)
from .evidence.references import Correlations, Reference, correlations, references
from .random import Normals
from .stand_in import FROM, KINDS, StandIn, stand_in
from .tables.covariate_tables import fit_covariate_tables, make_joint
from .tables.level import competition, solve_shift
from .tables.score_slopes import TypeFit, fit_type, newest_counts
from .trust import trust
from .us_img import Derived, comparable, derive_us_img, side_by_side

DRAWS = 500
SEED = 2026
ROUNDING = 7  # of the draws within the rounding of printed numbers: an integral, the same for every seed
PRIMARY = "non-us-img"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Choices:
    """What was chosen where the data do not decide; the evaluation changes each and looks.

    Attributes
    ----------
    grade_variance
        How much wider each grade makes a variance.
    correlation_factor
        On the correlations of covariates with the score; 1 as they are.
    """

    grade_variance: dict[str, float] = field(default_factory=lambda: dict(GRADE_VARIANCE))
    correlation_factor: float = 1.0


DEFAULT_CHOICES = Choices()


@dataclass(frozen=True)
class Trained:
    """Everything that was fitted, before it is written down.

    Attributes
    ----------
    tidy
        What it was trained on.
    fits
        {applicant type: TypeFit}
    derived
        How US IMGs were made, or None.
    stand_ins
        {applicant type: StandIn}, where IMGs have no table that may be used.
    effects
        {covariate: FittedEffect}
    references, kappa
        {applicant type: {covariate: Reference}}; {applicant type: {covariate: draws (d, k)}}, k its
        specialties.
    ranks
        {applicant type: RankFit} where contiguous ranks could be fitted.
    chains
        {applicant type: {specialty: CellChain}}
    trust
        {applicant type: {specialty: Trust}}
    drifts
        {applicant type: FittedDrift}
    unused
        Estimates and tables that could not be used.
    primary
        The type whose slopes the effects are joined with.
    """

    tidy: Tidy
    fits: dict[str, TypeFit]
    derived: Derived | None
    stand_ins: dict[str, StandIn]
    effects: dict[str, FittedEffect]
    references: dict[str, dict[str, Reference]]
    kappa: dict[str, dict[str, np.ndarray]]
    ranks: dict[str, RankFit]
    chains: dict[str, dict[str, CellChain]]
    trust: dict[str, dict[str, Trust]]
    drifts: dict[str, FittedDrift]
    unused: tuple[Unused, ...]
    primary: str
    normals: Normals
    choices: Choices

    def drift_draws(self, kind: str) -> np.ndarray:
        """Return the common drift of a type per root year, shape (d,); zero where no series is known."""
        found = self.drifts.get(kind)
        return (0.0 if found is None else found.sd) * self.normals.one("drift")

    def own_drift_draws(self, specialty: str) -> np.ndarray:
        """Return a specialty's own drift per root year, shape (d,)."""
        size = np.exp(priors.OWN_DRIFT_LOG_SD * self.normals.own("own drift size", specialty))
        draws: np.ndarray = priors.OWN_DRIFT * size * self.normals.own("own drift", specialty)
        return draws


def centre(
    fit: TypeFit, effects: dict[str, FittedEffect], found: dict[str, Reference]
) -> dict[str, np.ndarray]:
    """Do step 6 for one type: kappa in every draw, {covariate: draws (d, k)}.

    kappa solves E_u[expit(L + delta u - kappa)] = expit(L) over the reference population of u in that draw, L
    the level. Covariates are taken as independent within each cohort; the evaluation measures what that
    costs.
    """
    made = {}
    for name in (n for n in effects if n in found):
        columns = []
        for j, s in enumerate(fit.specialties):
            level, delta = fit.level_draws[:, j], effects[name].specialties[s]
            base = level[:, None] + delta[:, None] * found[name].u_draws
            columns.append(-solve_shift(base, found[name].weight_draws, 1 / (1 + np.exp(-level))))
        made[name] = np.array(columns).T
    return made


def _scale(
    fit: TypeFit,
    found: dict[str, Reference],
    links: Correlations,
    eta: dict[str, np.ndarray],
    groups: pd.DataFrame,
    normals: Normals,
) -> Scale:
    """Return what the register's rows are converted with."""
    score_sd = float(np.average(fit.score_sd, weights=fit.matched + fit.not_matched + 1e-9))
    gaps = {}
    for name, reference in found.items():
        z = normals.one(f"score gap {name}")
        if name in priors.MUTUAL or name == "visa_needed":
            gap = priors.VISA_SCORE_GAP if name == "visa_needed" else priors.FAILURE_SCORE_GAP
            gaps[name] = gap.mean + gap.sd * z
        else:
            r, se = links.of("step2_ck", name)
            gaps[name] = (r + se * z) * score_sd / reference.sd
    return Scale(
        eta=eta,
        eta_mean=np.mean(list(eta.values()), axis=0) if eta else np.ones(normals.count),
        beta={s: fit.beta_draws[:, j] for j, s in enumerate(fit.specialties)},
        beta_mean=fit.mean_slope_draws,
        gaps=gaps,
        base=base_invitation_rate(groups),
        shares={n: r.mean for n, r in found.items() if COVARIATES[n].binary},
        rate=float(fit.matched.sum() / max((fit.matched + fit.not_matched).sum(), 1.0)),
    )


def _profiles(
    fit: TypeFit,
    j: int,
    effects: dict[str, FittedEffect],
    found: dict[str, Reference],
    kappa: dict[str, np.ndarray],
) -> Profiles:
    s = fit.specialties[j]
    return Profiles(
        fit.beta_draws[:, j], fit.level_draws[:, j], fit.populations[j],
        {n: (effects[n].specialties[s], kappa[n][:, j], found[n]) for n in kappa},
    )  # fmt: skip


def _regressor(tidy: Tidy, fit: TypeFit) -> np.ndarray | None:
    rows = tidy.table("counts")
    rows = (
        rows[(rows["applicant_type"] == fit.kind) & (rows["year"] == fit.year)]
        .set_index("specialty")
        .reindex(fit.specialties)
    )
    return competition(rows["positions"].to_numpy(float), rows["all_applicants"].to_numpy(float))


def _trusts(fits: dict[str, TypeFit], derived: Derived | None) -> dict[str, dict[str, Trust]]:
    made = {}
    for kind, fit in fits.items():
        sd = fit.level_draws.std(axis=0, ddof=1)
        if kind == "us-img" and derived is not None:
            gap = np.nan_to_num(derived.other_log_odds - fits[PRIMARY].levels.values)
            matched, missed = derived.matched, derived.ranked - derived.matched
        else:
            gap, matched, missed = np.zeros(len(sd)), fit.matched, fit.not_matched
        made[kind] = {
            s: trust(float(matched[j]), float(missed[j]), float(sd[j]), float(gap[j]))
            for j, s in enumerate(fit.specialties)
        }
    return made


def train(
    tidy: Tidy,
    draws: int = DRAWS,
    seed: int = SEED,
    choices: Choices = DEFAULT_CHOICES,
    old_tables: bool = False,
    say: Say = lambda text: None,
    second: Executor | None = None,
) -> Trained:
    """Fit the model to the training sources.

    Parameters
    ----------
    tidy
        Training sources only (`tidy.select(role="training")`).
    draws
        Joint draws of every parameter.
    seed, choices
        Of the random numbers; where the data do not decide.
    old_tables
        Whether independent applicants of an older report stand in for IMGs who have no table.
    say
        Told what is being done, part by part.
    second
        A second process for a share of the work; the numbers are the same without.

    Raises
    ------
    MissingTables
        Without counts, or when no type has a Step 2 CK table that can be fitted; one such type beside others
        is left out and listed as unused.
    """
    normals = Normals(seed, draws)
    counts = newest_counts(tidy)
    if not counts:
        raise MissingTables(
            "training needs a counts table (Specialty, Matched, Not Matched) of at least one applicant type"
        )
    register, groups, invited = (tidy.table(n) for n in ("effects", "invitation_groups", "invitations"))
    rated = None if second is None else second.submit(program_rates, invited, groups)
    say("levels and slopes of Step 2 CK")
    fits, refused, drift = {}, {}, drifts(tidy.table("rates"))
    for kind, rows in counts.items():
        regressor = competition(rows["positions"].to_numpy(float), rows["all_applicants"].to_numpy(float))
        try:
            fits[kind] = fit_type(
                tidy,
                kind,
                rows,
                np.random.default_rng(ROUNDING),
                normals,
                drift[kind].sd if kind in drift else None,
                regressor,
            )
        except MissingTables as error:
            refused[kind] = error
    if not fits:
        raise next(iter(refused.values()))
    primary = (
        PRIMARY
        if PRIMARY in fits
        else max(fits, key=lambda kind: (fits[kind].matched.sum() + fits[kind].not_matched.sum(), kind))
    )
    # US IMGs, after the non-US fit that they are moved from.
    derived, pairs = None, tidy.table("ranked_anywhere")
    if PRIMARY in fits and "us-img" in refused:  # counts without scores give the level, where years agree
        own = side_by_side(counts["us-img"], counts[PRIMARY])
        if comparable(own, fits[PRIMARY].specialties):
            pairs = own
            del refused["us-img"]
    if PRIMARY in fits and "us-img" not in fits and comparable(pairs, fits[PRIMARY].specialties):
        tables = {"ranked_anywhere": pairs, "rates": tidy.table("rates")}
        fits["us-img"], derived = derive_us_img(
            fits[PRIMARY], tables, _regressor(tidy, fits[PRIMARY]), normals
        )
    stand_ins: dict[str, StandIn] = {}
    if old_tables and FROM in fits and not set(KINDS) & set(fits):
        primary = FROM
        for kind in KINDS:
            fits[kind], stand_ins[kind] = stand_in(fits[FROM], kind, tidy, normals)
    say("contiguous ranks")
    ranks = {}
    for kind, fit in fits.items():
        if not (kind == "us-img" and derived is not None):
            rank_fit = fit_ranks(tidy, fit, np.random.default_rng(ROUNDING), normals)
            if rank_fit is not None:
                ranks[kind] = rank_fit
    say("effects, and the chains that convert them")
    refs = {kind: references(tidy.table("population"), kind, normals) for kind in fits}
    links = correlations(tidy.table("correlations")).scaled(choices.correlation_factor)
    fitted, unused = fit_covariate_tables(tidy, np.random.default_rng(ROUNDING), normals)
    fit = fits[primary]
    for kind in refs:
        if not (kind == "us-img" and derived is not None):  # whom no table describes
            refs[kind] |= {name: f.reference for name, f in fitted.items()}
    score_sd = float(np.average(fit.score_sd, weights=fit.matched + fit.not_matched + 1e-9))
    joint = {
        n: (fitted[n].sources, draws_)
        for n, (_, draws_) in make_joint(
            fitted, fit.slopes.mean, fit.mean_slope_draws, score_sd, links
        ).items()
    }
    names = tuple(refs[primary])
    everywhere = tuple(dict.fromkeys(s for f in fits.values() for s in f.specialties))
    rates = program_rates(invited, groups) if rated is None else rated.result()
    chains_of = {kind: Chains(tidy, f, ranks.get(kind), rates, normals, second) for kind, f in fits.items()}

    def effects_given(eta: dict[str, np.ndarray]) -> dict[str, FittedEffect]:
        scale = _scale(fit, refs[primary], links, eta, groups, normals)
        return fit_effects(register, joint, scale, everywhere, names, normals, choices.grade_variance)

    # Rows are on the scale of invitations, which eta turns into log odds; eta depends on the profiles, and so
    # on the effects.
    effects = effects_given({})
    kappa = {kind: centre(f, effects, refs[kind]) for kind, f in fits.items()}
    rowed = set(register["specialty"]) if len(register) else set()
    first = chains_of[primary].solve(
        lambda j: _profiles(fit, j, effects, refs[primary], kappa[primary]), rowed
    )
    effects = effects_given({s: c.eta for s, c in first.items()})
    kappa = {kind: centre(f, effects, refs[kind]) for kind, f in fits.items()}
    say("from applications to a match")
    chains: dict[str, dict[str, CellChain]] = {}
    for kind in sorted(fits, key=lambda k: k != primary):

        def profiles(j: int, kind: str = kind) -> Profiles:
            return _profiles(fits[kind], j, effects, refs[kind], kappa[kind])

        own_chains = chains_of[kind].solve(profiles)
        lent = {s: chain for s, chain in chains.get(primary, {}).items() if s not in own_chains}
        # a type without printed ranks of its own, in some specialties or in all, borrows them
        borrowed = {} if kind in stand_ins and own_chains else chains_of[kind].borrow(profiles, lent)
        chains[kind] = own_chains | borrowed
    for _, row in register.iterrows():
        reason = unused_reason(row)
        if reason:
            unused.append({"what": f"register row {row['id']}", "source_id": row["source_id"], "why": reason})
    for kind, refusal in refused.items():
        unused.append(
            {
                "what": f"counts of {kind}",
                "source_id": ", ".join(sorted(set(counts[kind]["source_id"]))),
                "why": str(refusal),
            }
        )
    return Trained(
        tidy=tidy,
        fits=fits,
        derived=derived,
        stand_ins=stand_ins,
        effects=effects,
        references=refs,
        kappa=kappa,
        ranks=ranks,
        chains=chains,
        trust=_trusts(fits, derived),
        drifts=drift,
        unused=tuple(Unused(**u) for u in unused),
        primary=primary,
        normals=normals,
        choices=choices,
    )
