"""What was fitted, written down as the records of the model file."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ...covariates import COVARIATES
from ...model.engine import RANGE
from ...model.file import KIND, SCHEMA
from ...model.records import (
    ApplicantType,
    Basis,
    Cell,
    Chain,
    Coefficient,
    Draws,
    Drift,
    Effect,
    LeftOut,
    ModelRecord,
    Note,
    PassingMark,
    Prior,
    Published,
    RateOfYear,
    Rates,
    Reference,
    Seen,
    Settings,
    SolvedFor,
    Source,
    Usual,
    Years,
)
from ..chain.interviews import ProgramRates
from ..chain.specialty import CellChain
from ..drift import FittedDrift
from ..evidence import priors
from ..evidence.references import Reference as FittedReference
from ..tables.logistic import DEFAULT_TAIL
from ..tables.score_slopes import TypeFit
from ..train import Trained
from ..us_img import SCORE_SHIFT, SCORE_SHIFT_SE, Derived
from .advice import advice_document
from .fees import fees_document
from .values import coefficient, drawn, joined, kept_of, known, number

ABOUT = (
    "Odds of matching to the preferred specialty, for those who rank at least one program, "
    "and from applications on. The formulas are those of matchmodel.model.engine; "
    "a text of draws holds one number per joint draw, in one order."
)


class _TypeWriter:
    """Writes one applicant type."""

    def __init__(self, trained: Trained, kind: str) -> None:
        self.trained, self.kind = trained, kind
        self.fit: TypeFit = trained.fits[kind]
        self.derived = trained.derived if kind == "us-img" else None
        self.stand_in = trained.stand_ins.get(kind)
        self.own = self.derived is None and self.stand_in is None

    def _bases(self) -> tuple[Basis, Basis]:
        """Return the basis of levels and of slopes."""
        if self.stand_in is not None:
            return "assumed", "assumed"
        return ("evidence", "assumed") if self.derived is not None else ("measured", "measured")

    def cell(self, j: int) -> Cell:
        fit, s = self.fit, self.fit.specialties[j]
        level_basis, slope_basis = self._bases()
        counts = joined(
            *fit.count_sources[j],
            *(self.derived.sources if self.derived else ()),
            *(self.stand_in.sources if self.stand_in else ()),
        )
        scores = joined(*fit.score_sources[j]) or counts
        total = float(fit.matched[j] + fit.not_matched[j])
        if self.derived is not None:
            level_note = Note(
                "odds_ratio",
                {"log_odds_ratio": number(self.derived.theta[j]), "se": number(self.derived.theta_se[j])},
            )
        elif self.stand_in is not None:
            level_note = Note(
                "moved_level",
                {
                    "log_odds": number(self.stand_in.shift),
                    "se": number(self.stand_in.shift_se),
                    "year": self.stand_in.table_year,
                },
            )
        else:
            level_note = kept_of(fit.levels, j, fit.whole)
        older = float(fit.level_years.newest_weight[j])
        notes = (
            (level_note, Note("older_years", {"newest_weight": round(older, 3)}))
            if 0 < older < 0.9995
            else (level_note,)
        )
        slope = fit.slope_years.newest[j]
        own_slope = bool(slope is not None and slope.converged and fit.slopes.known[j])
        seen = fit.seen[j]
        chain = self.trained.chains.get(self.kind, {}).get(s)
        return Cell(
            published=Published(
                number(fit.matched[j]), number(fit.not_matched[j]), number(fit.matched[j] / total)
            )
            if self.own and total
            else None,
            trust=self.trained.trust[self.kind][s],
            level=drawn(fit.level_draws[:, j], level_basis, counts, *notes),
            alpha=drawn(fit.alpha_draws[:, j], level_basis, counts),
            beta=drawn(fit.beta_draws[:, j], slope_basis, scores, kept_of(fit.slopes, j)),
            kappa={
                n: drawn(k[:, j], self.trained.references[self.kind][n].basis, "")
                for n, k in self.trained.kappa[self.kind].items()
            },
            drift=Draws.of(self.trained.own_drift_draws(s)),
            own_slope=own_slope,
            score_mean=number(240 + 10 * fit.score_mean[j]),
            score_sd=number(10 * fit.score_sd[j]),
            score_n=number(fit.measured_n[j]),
            score_seen=None if seen is None else Seen(number(seen[0]), number(seen[1]), bool(seen[2])),
            chain=None if chain is None else self.chain(j, chain),
        )

    def chain(self, j: int, found: CellChain) -> Chain:
        rates, source = found.rates, "assumed as of non-US IMGs"
        basis: Basis = "assumed"
        solved: tuple[SolvedFor, ...] = ()
        if not found.borrowed:
            ranks = self.trained.ranks[self.kind]
            source, basis = joined(*ranks.sources), "measured"
            solved = (
                SolvedFor(
                    "mean_ranks",
                    number(ranks.mean_ranks[j]),
                    known(ranks.mean_ranks_se[j]),
                    number(found.mean_ranks.mean()),
                    source,
                ),
                SolvedFor(
                    "sd_ranks",
                    number(ranks.sd_ranks[j]),
                    known(ranks.sd_ranks_se[j]),
                    number(found.sd_ranks.mean()),
                    source,
                ),
                SolvedFor(
                    "rank_slope",
                    number(ranks.b[j]),
                    known(ranks.b_draws[:, j].std(ddof=1)),
                    number(found.rank_slope.mean()),
                    source,
                ),
            )
        low, high = np.quantile(found.usual.draws, RANGE)
        usual = Usual(
            number(found.usual.draws.mean()),
            number(low),
            number(high),
            found.usual.basis,
            found.usual.source,
            Draws.of(found.usual.draws),
        )
        lam = Note("lambda", {"mean": number(found.lam.mean()), "sd": number(found.lam.std(ddof=1))})
        return Chain(
            rates=_rates(rates),
            choice=drawn(found.rho, "evidence", rates.source),
            usual=usual,
            invitations=drawn(found.m0, basis, source),
            dispersion=drawn(found.dispersion, basis, source),
            rank_slope=drawn(found.b, basis, source),
            profile_rate=drawn(found.eta, "assumed", source, lam),
            solved_for=solved,
            replaced=found.replaced,
            basis=basis,
        )

    def record(self) -> ApplicantType:
        trained, fit, derived = self.trained, self.fit, self.derived
        total = float((fit.matched + fit.not_matched).sum())
        counts, scores = (
            joined(*(i for ids in fit.count_sources for i in ids)),
            joined(*(i for ids in fit.score_sources for i in ids)),
        )
        level_basis, slope_basis = self._bases()
        levels = fit.levels
        line = levels.design.shape[1] > 1
        drift = trained.drifts.get(self.kind)
        shift = None
        if self.stand_in is not None:
            shift = coefficient(
                self.stand_in.score_shift,
                self.stand_in.score_shift_se,
                "assumed",
                joined(*self.stand_in.sources),
            )
        elif derived is not None:
            shift = coefficient(
                SCORE_SHIFT,
                SCORE_SHIFT_SE,
                "evidence",
                joined(*sorted(set(trained.tidy.table("invited_step2")["source_id"]))),
            )
        level_slope = None
        if line:
            se = float(np.sqrt(levels.covariance[1, 1]))
            level_slope = coefficient(levels.coefficients[1], se, level_basis, counts)
        older_table = None
        if self.stand_in is not None:
            older_table = Note("stand_in", {"year": self.stand_in.table_year, "applicant_type": self.kind})
        return ApplicantType(
            year=fit.year,
            years=_years(fit),
            derived_from=None if self.own else trained.primary,
            stand_in=older_table,
            preferred_rate=number(fit.matched.sum() / total) if self.own and total else None,
            anywhere=_newest_rate(trained.tidy.table("rates"), self.kind),
            score_shift=shift,
            odds_ratio=None if derived is None else _odds_ratio(derived),
            level_mean=coefficient(levels.mean, levels.mean_se, level_basis, counts),
            level_slope=level_slope,
            level_spread=number(levels.spread),
            mean_slope=coefficient(fit.slopes.mean, fit.slopes.mean_se, slope_basis, scores),
            slope_spread=number(fit.slopes.spread),
            calibration=None,
            drift=None if drift is None else _drift(drift, trained.drift_draws(self.kind)),
            reference={
                n: _reference(r)
                for n, r in trained.references[self.kind].items()
                if n in trained.kappa[self.kind]
            },
            cells={s: self.cell(j) for j, s in enumerate(fit.specialties)},
        )


def _rates(rates: ProgramRates) -> Rates:
    printed = Note("as_printed", {"mean": number(rates.printed_mean)})
    return Rates(
        tuple(number(r) for r in rates.rates),
        tuple(number(p) for p in rates.programs),
        rates.listed,
        rates.with_figures,
        coefficient(rates.mean, rates.mean * rates.error, "evidence", rates.source, printed),
    )


def _years(fit: TypeFit) -> Years:
    of_slopes = {int(y) for years in fit.slope_years.years for y in years}
    return Years(
        tuple(int(y) for y in fit.level_years.years),
        tuple(sorted(of_slopes, reverse=True)),
        number(fit.slope_years.year_spread),
        number(fit.level_years.drift),
    )


def _odds_ratio(derived: Derived) -> Coefficient:
    moved = {
        "log_odds": number(derived.moved),
        "se": number(derived.moved_se),
        "spread": number(derived.ratios.spread),
    }
    return coefficient(
        derived.ratios.mean + derived.moved,
        float(np.hypot(derived.ratios.mean_se, derived.moved_se)),
        "evidence",
        joined(*derived.sources),
        Note("moved_ratio", dict(moved)),
    )


def _drift(drift: FittedDrift, draws: np.ndarray) -> Drift:
    return Drift(
        number(drift.sd),
        priors.OWN_DRIFT,
        "measured",
        drift.first,
        drift.last,
        joined(*drift.sources),
        Draws.of(draws),
    )


def _reference(one: FittedReference) -> Reference:
    return Reference(
        one.values,
        tuple(number(u) for u in one.u),
        tuple(number(w) for w in one.weights),
        one.basis,
        one.source,
    )


def _newest_rate(rates: pd.DataFrame, kind: str) -> RateOfYear | None:
    rows = rates[rates["applicant_type"] == kind]
    if rows.empty:
        return None
    row = rows.sort_values("year", kind="stable").iloc[-1]
    return RateOfYear(int(row["year"]), number(row["match_rate"]), str(row["source_id"]))


def _effect(trained: Trained, name: str) -> Effect:
    found, covariate, prior = trained.effects[name], COVARIATES[name], priors.EFFECTS[name]
    source = joined(*(row.source_id for row in found.rows)) or prior.why
    rows = tuple(
        replace(row, value=number(row.value), se=number(row.se), weight=number(row.weight))
        for row in found.rows
    )
    return Effect(
        label=covariate.label,
        unit=covariate.unit,
        mean=coefficient(found.mean.mean(), found.mean.std(ddof=1), found.basis, source),
        spread=number(found.spread),
        prior=Prior(number(prior.mean), prior.sd, prior.why),
        rows=rows,
        specialties={s: drawn(v, found.basis, source) for s, v in found.specialties.items()},
    )


def _sources(trained: Trained) -> tuple[Source, ...]:
    return tuple(
        Source(
            s.id,
            s.title,
            s.publisher,
            s.year,
            s.grade,
            s.terms,
            s.consent,
            s.via or None,
            s.notes or None,
        )
        for s in sorted(trained.tidy.sources.values(), key=lambda s: s.id)
    )


def _passing_marks(table: pd.DataFrame) -> tuple[PassingMark, ...]:
    rows = table[table["item"] == "passing_score"]
    return tuple(
        sorted(
            (PassingMark(str(r["from_date"]), int(float(r["value"]))) for _, r in rows.iterrows()),
            key=lambda m: m.start,
        )
    )


def document(
    trained: Trained, name: str, left_out: LeftOut | None = None, newest_table: int | None = None
) -> ModelRecord:
    """Return the model file's records.

    Parameters
    ----------
    trained
        What was fitted.
    name
        Of the model, such as 'match-2026'.
    left_out
        What was left out of training, from `left_out`.
    newest_table
        Year after which the default cycle is; that of the newest counts trained on where absent.
    """
    return ModelRecord(
        kind=KIND,
        schema=SCHEMA,
        name=name,
        about=ABOUT,
        newest_table=newest_table or max(fit.year for fit in trained.fits.values()),
        draw_count=trained.normals.count,
        settings=Settings(
            trained.normals.seed, trained.normals.count, DEFAULT_TAIL, RANGE, priors.settings()
        ),
        sources=_sources(trained),
        left_out=left_out,
        passing_marks=_passing_marks(trained.tidy.table("exam_reference")),
        effects={n: _effect(trained, n) for n in COVARIATES if n in trained.effects},
        types={kind: _TypeWriter(trained, kind).record() for kind in sorted(trained.fits)},
        fees=fees_document(trained.tidy.table("fees")),
        advice=advice_document(trained),
        unused=trained.unused,
        updated=None,
    )
