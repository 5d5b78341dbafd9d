"""An updated model file: every number, its draws, and where they come from."""

import copy

import numpy as np

from ..artefact import pack
from ..covariates import COVARIATES
from .document import coefficient, number
from .own_prior import centring, normal_alpha
from .own_update import posterior_draws

SOURCE = "one's own applicants"
MOSTLY = 0.5  # share of the rows in what is known of a number, from which its basis is 'measured'
METHOD = (
    "maximum a posteriori with its Laplace covariance: the model before is the prior, Bernoulli rows the likelihood, what is unknown of a row integrated over "
    "the reference population, a shift of the level for each cycle but the table's own"
)


def weight(before, after):
    """Return the rows' share in what is known of a number: by how much its variance falls."""
    return float(np.clip(1 - after / before, 0.0, 1.0)) if before > 0 else 0.0


def _entry(old, value, se, share, told=True):
    """Return a coefficient with its basis, source and note brought up to date; `told` says whether any row speaks of it itself."""
    mostly = told and share >= MOSTLY
    made = coefficient(value, se, "measured" if mostly else old["basis"], old["source"], old.get("note", ""))
    if share < 0.005:
        return made
    before = old.get("note", "")
    if mostly:
        made["source"] = f"{SOURCE}, {old['source']}"
        made["note"] = f"{SOURCE} weigh {share:.2f}, the rest is as before ({old['basis']})" + (f": {before}" if before else "")
    elif told:
        made["source"] = f"{old['source']}, {SOURCE}"
        made["note"] = (f"{before}; " if before else "") + f"{SOURCE} weigh {share:.2f}, the rest is as before"
    else:
        made["note"] = (f"{before}; " if before else "") + f"moved with what {SOURCE} say of numbers tied to it, which weighs {share:.2f}"
    return made


def tilted(u, shares, move):
    """Return shares tilted exponentially so that the mean of u moves by `move`, as far as it can; of least relative entropy (Csiszar, Ann Probab 3:146, 1975)."""
    shares = shares / shares.sum()
    if not move:
        return shares
    target = np.clip(shares @ u + move, u[shares > 0].min() + 1e-6, u[shares > 0].max() - 1e-6)
    by = 0.0
    for _ in range(50):
        w = shares * np.exp(by * (u - u.mean()))
        w /= w.sum()
        mean = w @ u
        step = (target - mean) / max(w @ (u - mean) ** 2, 1e-12)
        by += np.clip(step, -5, 5)
        if abs(step) < 1e-12:
            break
    return w


def _told(prior, rows):
    """Return what rows speak of themselves: covariates that are known of any, cells with rows, slopes of cells with known scores."""
    known = ~np.isnan(rows.covariates)
    cells = set(zip(rows.kinds.tolist(), rows.specialties.tolist(), strict=True))
    scored = ~np.isnan(rows.score)
    with_score = set(zip(rows.kinds[scored].tolist(), rows.specialties[scored].tolist(), strict=True))
    slopes = {int(prior.beta[k]) for k, cell in enumerate(prior.cells) if cell in with_score}
    return {name for j, name in enumerate(COVARIATES) if known[:, j].any()}, cells, slopes


def _cells(made, fitted, draws, told):
    """Write every cell's level, slope, intercept and centring."""
    prior, point = fitted.prior, fitted.point[: len(fitted.prior.point)]
    sds = np.sqrt(np.diag(fitted.covariance))[: len(point)], np.sqrt(np.diag(fitted.before))[: len(point)]
    level, levels, beta, betas = prior.levels(point), prior.levels(draws), point[prior.beta], draws[:, prior.beta]
    shape = levels.shape
    alpha = normal_alpha(level, beta, prior.score_mean, prior.score_sd) + prior.gap
    alphas = normal_alpha(levels, betas, prior.score_mean, prior.score_sd).reshape(shape) + prior.gap_draws
    spread = [np.sqrt(np.einsum("ij,jk,ik->i", prior.level_matrix, c[: prior.level_matrix.shape[1], : prior.level_matrix.shape[1]], prior.level_matrix)) for c in (fitted.covariance, fitted.before)]
    for k, (kind, specialty) in enumerate(prior.cells):
        cell = made["types"][kind]["cells"][specialty]
        moved, moves = prior.at(point, prior.shift, kind), prior.at(draws, prior.shift, kind)
        by_level, by_beta = weight(spread[1][k] ** 2, spread[0][k] ** 2), weight(sds[1][prior.beta[k]] ** 2, sds[0][prior.beta[k]] ** 2)
        a = alphas[:, k] - betas[:, k] * moves
        cell["level"] = _entry(cell["level"], level[k], np.std(levels[:, k], ddof=1), by_level, (kind, specialty) in told[1])
        cell["alpha"] = _entry(cell["alpha"], alpha[k] - beta[k] * moved, np.std(a, ddof=1), by_level, (kind, specialty) in told[1])
        cell["beta"] = _entry(cell["beta"], beta[k], np.std(betas[:, k], ddof=1), by_beta, int(prior.beta[k]) in told[2])
        cell["score_mean"] = number(cell["score_mean"] + 10 * moved)
        cell["draws"].update(level=pack(levels[:, k]), alpha=pack(a), beta=pack(betas[:, k]))
        mine = np.flatnonzero(prior.of(kind) == k)[0]
        for name, (u, _) in prior.references[kind].items():
            delta, deltas = point[prior.delta[name]], draws[:, prior.delta[name]]
            shares = np.array(made["types"][kind]["reference"][name]["shares"])
            cell["kappa"][name] = number(centring(level[k : k + 1], np.array([delta]), u, shares)[0])
            old = prior.references[kind][name][1]
            solved = centring(levels[:, k], deltas, u, old) + deltas * prior.at(draws, prior.mean, (kind, name)) + prior.rest[kind, name][:, mine]
            cell["draws"]["kappa"][name] = pack(solved)


def updated(content, fitted, rows, missing):
    """Return a model file's content brought up to date, under the name with '-updated'.

    Parameters
    ----------
    content : dict
        Left as it is.
    fitted : Fitted
    rows : OwnRows
    missing : dict
        {'step2_ck' or covariate: rows of which it was unknown}

    Returns
    -------
    dict
    """
    made, prior = copy.deepcopy(content), fitted.prior
    draws, told = posterior_draws(fitted), _told(prior, rows)
    variance = np.diag(fitted.covariance), np.diag(fitted.before)
    for name, place in prior.delta.items():
        entry, share = made["covariates"][name], weight(variance[1][place], variance[0][place])
        entry["delta"] = _entry(entry["delta"], fitted.point[place], np.sqrt(variance[0][place]), share, name in told[0])
        entry["draws"] = pack(draws[:, place])
    for (kind, name), place in prior.mean.items():
        reference = made["types"][kind]["reference"][name]
        reference["shares"] = [number(w) for w in tilted(*prior.references[kind][name], fitted.point[place])]
    for kind, place in prior.shift.items():
        old = made["types"][kind]["score_shift"]
        made["types"][kind]["score_shift"] = _entry(old, old["value"] + 10 * fitted.point[place], 10 * np.sqrt(variance[0][place]), weight(variance[1][place], variance[0][place]), kind in rows.types)
    _cells(made, fitted, draws, told)
    made["name"] += "-updated"
    made["updated"] = {
        "from": content["name"],
        "n": len(rows),
        "matched": int(rows.matched.sum()),
        "persons_weighed": number(rows.weight.sum()),
        "unknown": missing,
        "types": {kind: _of_type(fitted, rows, kind) for kind in rows.types},
        "method": METHOD,
        "basis": "measured",
        "source": SOURCE,
    }
    return made


def _of_type(fitted, rows, kind):
    mine = rows.kinds == kind
    start = len(fitted.prior.point)
    shifts = {
        str(cycle): {"value": number(fitted.point[start + i]), "se": number(np.sqrt(fitted.covariance[start + i, start + i]))}
        for i, (of, cycle) in enumerate(fitted.shifts) if of == kind
    }
    return {"n": int(mine.sum()), "matched": int(rows.matched[mine].sum()), "cycle_shifts": shifts}
