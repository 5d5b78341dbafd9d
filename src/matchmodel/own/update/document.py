"""An updated model: every number that the rows moved, its draws, and where they come from."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ...covariates import COVARIATES
from ...fit.trust import GREY_SD
from ...model.records import (
    ApplicantType,
    Cell,
    Coefficient,
    Drawn,
    Draws,
    Effect,
    ModelRecord,
    Note,
    Reference,
    Trust,
    Updated,
)
from .. import SOURCE
from .numbers import OwnRows, yes_or_no
from .posterior import Fitted, posterior_draws
from .prior import NONE, Prior, centring, normal_alpha

Level = Literal["keep", "take"]
MOSTLY = 0.5  # share of the rows in what is known of a number, from which its basis is 'measured'
LEAST = 0.005  # share under which nothing is said
METHOD = (
    "maximum a posteriori with its Laplace covariance: the model before is the prior, Bernoulli rows the "
    "likelihood; what is unknown of a row is integrated over the reference population; levels of other "
    "years, and of your own applicants, have shifts of their own"
)


def _rounded(value: float) -> float:
    return float(f"{value:.8g}")


def _remarked(old: Coefficient | Drawn, share: float, has_rows: bool) -> dict[str, Any]:
    """Return basis, source and notes of a number that moved; `has_rows`: whether rows speak of it itself."""
    if share < LEAST:
        return {}
    if not has_rows:
        return {"notes": (*old.notes, Note("tied_to_own_rows", {"weight": round(share, 2)}))}
    remark: dict[str, Any] = {
        "notes": (*old.notes, Note("own_rows", {"weight": round(share, 2), "before": old.basis}))
    }
    if share >= MOSTLY:
        return {**remark, "basis": "measured", "source": f"{SOURCE}, {old.source}"}
    return {**remark, "source": f"{old.source}, {SOURCE}"}


def _drawn(old: Drawn, values: np.ndarray, share: float, has_rows: bool) -> Drawn:
    value, se = _rounded(values.mean()), _rounded(values.std(ddof=1))
    return replace(old, value=value, se=se, draws=Draws.of(values), **_remarked(old, share, has_rows))


def tilted(u: np.ndarray, shares: np.ndarray, move: float) -> np.ndarray:
    """Return shares tilted exponentially so that the mean of u moves by `move`, as far as it can.

    Of all shares with that mean they have the least relative entropy (Csiszar, Ann Probab 3:146, 1975).
    """
    shares = shares / shares.sum()
    if not move:
        return shares
    target = np.clip(shares @ u + move, u[shares > 0].min() + 1e-6, u[shares > 0].max() - 1e-6)
    by, w = 0.0, shares
    for _ in range(200):
        w = shares * np.exp(by * (u - u.mean()))
        w = w / w.sum()
        mean = w @ u
        step = (target - mean) / max(w @ (u - mean) ** 2, 1e-12)
        by += np.clip(step, -1, 1)
        if abs(step) < 1e-12:
            break
    return w


def solved(
    prior: Prior, k: int, level: np.ndarray, draws: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a cell's alpha and kappas with which its average applicant is at the level, in every draw.

    Parameters
    ----------
    prior, k
        The cell's place.
    level
        Shape (d,).
    draws
        Of the prior's numbers, shape (d, p) or more columns.
    """
    kind, beta = prior.cells[k][0], draws[:, prior.beta[k]]
    moves = prior.at(draws, prior.shift.get(kind, NONE))
    alpha = (
        normal_alpha(level, beta, prior.score_mean[k], prior.score_sd[k])
        + prior.gap_draws[:, k]
        - beta * moves
    )
    kappa = {}
    for name, (u, shares) in prior.references[kind].items():
        j = prior.names.index(name)
        delta = draws[:, prior.delta[k, j]]
        off = prior.at(draws, prior.mean.get((kind, name), NONE))
        kappa[name] = centring(level, delta, u, shares) + delta * off + prior.rest_draws[:, k, j]
    return alpha, kappa


class _Moved:
    """What a fit says of the model's records, number by number."""

    def __init__(self, fitted: Fitted, rows: OwnRows, level: Level) -> None:
        prior: Prior = fitted.prior
        self.fitted, self.prior, self.draws = fitted, prior, posterior_draws(fitted)
        before, after = np.diag(fitted.before), np.diag(fitted.covariance)
        self.share = np.clip(1 - after / before, 0.0, 1.0)
        made_of = np.zeros((len(prior.cells), len(fitted.point)))  # levels, by number
        made_of[:, : prior.level_matrix.shape[1]] = prior.level_matrix
        if level == "take":
            for kind, place in fitted.shifts.offices.items():
                made_of[prior.of(kind), len(prior.point) + place] = 1.0
        self.levels = self.draws @ made_of.T + prior.level_offset
        self.betas = self.draws[:, prior.beta]
        spread = [np.einsum("ij,ij->i", made_of @ c, made_of) for c in (fitted.before, fitted.covariance)]
        with np.errstate(invalid="ignore", divide="ignore"):
            self.level_share = np.nan_to_num(np.clip(1 - spread[1] / spread[0], 0.0, 1.0))
        self.cells = rows.cells
        scored = rows.told(rows.kinds, rows.specialties, yes_or_no(~np.isnan(rows.score)))
        with_score = {(kind, s) for kind, s, has in scored if has}
        self.slopes = {int(prior.beta[k]) for k, cell in enumerate(prior.cells) if cell in with_score}
        known = ~np.isnan(rows.covariates)
        self.effects = {
            (name, s) for j, name in enumerate(COVARIATES)
            for s, knows in rows.told(rows.specialties, yes_or_no(known[:, j])) if knows
        }  # fmt: skip
        self.types = {kind for (kind,) in rows.told(rows.kinds)}

    def cell(self, k: int, old: Cell) -> Cell:
        """Return a cell's record; alpha and kappa are solved again in every draw."""
        prior, key = self.prior, self.prior.cells[k]
        level, beta = self.levels[:, k], self.betas[:, k]
        alpha, kappas = solved(prior, k, level, self.draws)
        has_rows = key in self.cells
        made_level = _drawn(old.level, level, self.level_share[k], has_rows)
        kappa = {name: _drawn(old.kappa[name], values, 0.0, False) for name, values in kappas.items()}
        point = prior.at(self.fitted.point, prior.shift.get(key[0], NONE))
        return replace(
            old,
            trust=_trust(old.trust, made_level.se or 0.0),
            level=made_level,
            alpha=_drawn(old.alpha, alpha, self.level_share[k], has_rows),
            beta=_drawn(old.beta, beta, float(self.share[prior.beta[k]]), int(prior.beta[k]) in self.slopes),
            kappa=kappa,
            score_mean=_rounded(old.score_mean + 10 * float(point)),
        )

    def effect(self, name: str, old: Effect) -> Effect:
        """Return a covariate's record; its mean moves with those of the specialties."""
        places = {s: place for (n, s), place in self.prior.effect_places().items() if n == name}
        if not places:
            return old
        specialties = dict(old.specialties)
        for s, place in places.items():
            has_rows = (name, s) in self.effects
            specialties[s] = _drawn(
                old.specialties[s], self.draws[:, place], float(self.share[place]), has_rows
            )
        every = list(places.values())
        before, after = self.prior.draws[:, every].mean(axis=1), self.draws[:, every].mean(axis=1)
        vector = np.zeros(len(self.fitted.start))
        vector[every] = 1 / len(every)
        has_rows = any(n == name for n, _ in self.effects)
        mean = replace(
            old.mean,
            value=_rounded(old.mean.value + after.mean() - before.mean()),
            se=_rounded((old.mean.se or 0.0) * after.std() / before.std()),
            **_remarked(old.mean, self.fitted.weight(vector), has_rows),
        )
        return replace(old, mean=mean, specialties=specialties)

    def applicant_type(self, kind: str, old: ApplicantType) -> ApplicantType:
        """Return a type's record."""
        prior = self.prior
        moved = self.fitted.point - self.fitted.start
        cells = {s: self.cell(prior.cells.index((kind, s)), cell) for s, cell in old.cells.items()}
        reference = {name: self.reference(kind, name, r, moved) for name, r in old.reference.items()}
        shift = old.score_shift
        if kind in prior.shift and shift is not None:
            place = prior.shift[kind]
            se = (shift.se or 0.0) * float(
                np.sqrt(self.fitted.covariance[place, place] / self.fitted.before[place, place])
            )
            shift = replace(
                shift, value=_rounded(shift.value + 10 * moved[place]), se=_rounded(se),
                **_remarked(shift, float(self.share[place]), kind in self.types),
            )  # fmt: skip
        return replace(old, cells=cells, reference=reference, score_shift=shift)

    def reference(self, kind: str, name: str, old: Reference, moved: np.ndarray) -> Reference:
        """Return a population, tilted to the mean that the rows make likelier."""
        if (kind, name) not in self.prior.mean:
            return old
        u, shares = self.prior.references[kind][name]
        tilt = tilted(u, shares, float(moved[self.prior.mean[kind, name]]))
        return replace(old, shares=tuple(_rounded(w) for w in tilt))


def _trust(old: Trust, sd: float) -> Trust:
    """Return the trust of a grey cell whose level the rows have made surer; what the tables lack stays."""
    if old.kind != "grey":
        return old
    left = tuple(
        Note("level_unsure", {"sd": round(sd, 3)}) if note.code == "level_unsure" else note
        for note in old.reasons if note.code != "level_unsure" or sd > GREY_SD
    )  # fmt: skip
    return Trust("grey", left) if left else Trust("ok")


def _shifts(fitted: Fitted, rows: OwnRows) -> tuple[Coefficient, ...]:
    shifts, offset = [], len(fitted.prior.point)
    cycles = rows.told(rows.kinds, rows.years)
    for i, shift in enumerate(fitted.shifts.every):
        if shift.walk.specialty is None and (shift.walk.kind, shift.cycle) in cycles:
            se = float(np.sqrt(fitted.covariance[offset + i, offset + i]))
            note = Note("level_of_cycle", {"applicant_type": shift.walk.kind, "cycle": shift.cycle})
            shifts.append(
                Coefficient(_rounded(fitted.point[offset + i]), _rounded(se), "measured", SOURCE, (note,))
            )
    for (kind,) in sorted(rows.told(rows.kinds) if fitted.shifts.offices else ()):
        value, se = fitted.own_level(kind)
        note = Note("own_level", {"applicant_type": kind})
        shifts.append(Coefficient(_rounded(value), _rounded(se), "measured", SOURCE, (note,)))
    return tuple(shifts)


def updated(
    record: ModelRecord,
    fitted: Fitted,
    rows: OwnRows,
    level: Level = "take",
    counts: tuple[int | None, int | None] = (None, None),
) -> ModelRecord:
    """Return a model brought up to date, under the name with '-updated'.

    Parameters
    ----------
    record
        Of the model before.
    fitted, rows
    level
        Whether the shift of your own level is taken into the model's levels, or kept out of them.
    counts
        Rows and how many of them matched, where they may be told.
    """
    moved = _Moved(fitted, rows, level)
    return replace(
        record,
        name=record.name + "-updated",
        effects={name: moved.effect(name, effect) for name, effect in record.effects.items()},
        types={kind: moved.applicant_type(kind, one) for kind, one in record.types.items()},
        updated=Updated(
            n=counts[0],
            matched=counts[1],
            details={"from": record.name, "method": METHOD, "level": level},
            shifts=_shifts(fitted, rows),
        ),
    )
