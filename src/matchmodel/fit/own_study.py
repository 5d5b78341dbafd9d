"""Does updating do what it says? Truths drawn from a model's own joint draws, made-up persons, and how near and how sure the update is."""

import numpy as np
import pandas as pd
from scipy.special import expit

from ..applicant import Applicant
from ..artefact import unpack
from ..batch import log_odds, score_applicants
from ..covariates import COVARIATES, step2_u
from ..model import Model
from .own_document import tilted, updated
from .own_prior import read_prior
from .own_rows import OwnRows
from .own_update import update

SIZES = (0, 50, 500, 5000, 50_000)
ASKED = 300
BLANK = 0.15  # chance that a number of a person is unknown
KEPT = 0.5  # of those asked: each known number is there with this chance, in one half of them


def _mix(model, prior, kinds):
    """Return each cell's share among made-up persons: as many of a type, specialties as in the counts where they are known."""
    shares = np.zeros(len(prior.cells))
    for k, (kind, specialty) in enumerate(prior.cells):
        published = next((c["published"] for t in model.applicant_types if (c := model.type(t)["cells"].get(specialty)) and c["published"]), None)
        shares[k] = kinds.get(kind, 0.0) * (published["matched"] + published["not_matched"] if published else 30.0)
    for t, kind in enumerate(prior.types):
        mine = prior.kind == t
        shares[mine] *= kinds.get(kind, 0.0) / max(shares[mine].sum(), 1e-12)
    return shares / shares.sum()


class Truth:
    """One joint draw of a model file, taken for the truth.

    Parameters
    ----------
    model : Model
    prior : Prior
    draw : int
        Which.
    """

    def __init__(self, model, prior, draw):
        self.prior, self.draw = prior, draw
        contents = [model.type(kind)["cells"][s] for kind, s in prior.cells]

        def of(text):
            return unpack(text)[draw]

        self.alpha, self.beta = (np.array([of(c["draws"][name]) for c in contents]) for name in ("alpha", "beta"))
        self.names = list(COVARIATES)
        self.delta = np.array([model.delta(n).draws[draw] if n in prior.delta else 0.0 for n in self.names])
        self.kappa = np.array([[of(c["draws"]["kappa"][n]) if n in prior.references[kind] else 0.0 for n in self.names] for c, (kind, _) in zip(contents, prior.cells, strict=True)])

    def persons(self, n, shares, rng, cycles=1, blank=BLANK):
        """Draw persons of known outcome, numbers of them blank at random.

        Parameters
        ----------
        n : int
        shares : numpy.ndarray, shape (c,)
            Of the cells.
        rng : numpy.random.Generator
        cycles : int
            Over how many cycles they are spread, the table's own the last; the level walks by the drift.
        blank : float

        Returns
        -------
        OwnRows
        """
        prior, vector = self.prior, self.prior.draws[self.draw]
        cell = rng.choice(len(shares), n, p=shares)
        kind = prior.kind[cell]
        moved = np.array([float(prior.at(vector, prior.shift, t)) for t in prior.types])[kind]
        score = step2_u(np.clip(np.round(240 + 10 * (prior.score_mean[cell] + moved + prior.score_sd[cell] * rng.standard_normal(n))), 1, 300))
        u = np.full((n, len(self.names)), np.nan)
        for t, name in enumerate(prior.types):
            for j, covariate in enumerate(self.names):
                if covariate in prior.references[name]:
                    values, weights = prior.references[name][covariate]
                    move = float(prior.at(vector, prior.mean, (name, covariate)))
                    u[kind == t, j] = rng.choice(values, (kind == t).sum(), p=tilted(values, weights, move))
        walks = np.array([np.cumsum(np.append(0.0, prior.drift[t] * rng.standard_normal(cycles - 1))) for t in prior.types])
        ago = rng.integers(0, cycles, n)
        eta = self.alpha[cell] + self.beta[cell] * score + np.nansum(np.where(np.isnan(u), 0.0, u * self.delta - self.kappa[cell]), axis=1) + walks[kind, ago]
        hit = rng.random(n) < expit(eta)
        score[rng.random(n) < blank] = np.nan
        u[rng.random(u.shape) < blank] = np.nan
        years = np.array([prior.year[t] for t in prior.types])
        named = np.array(prior.cells, dtype=str)[cell]
        return OwnRows(named[:, 0], named[:, 1], years[kind] - ago, score, u, hit.astype(float), np.ones(n), rows=n)


def asked(model, prior, shares, rng, count=ASKED):
    """Return made-up applicants to be answered: half with everything known, half with some of it; in each type's own year."""
    made = []
    for i, k in enumerate(rng.choice(len(shares), count, p=shares)):
        kind, specialty = prior.cells[k]
        known = {"step2_ck": float(np.clip(np.round(240 + 10 * (prior.score_mean[k] + prior.score_sd[k] * rng.standard_normal())), 1, 300))}
        for name, reference in model.type(kind)["reference"].items():
            weights = np.array(reference["shares"])
            value = str(rng.choice(reference["values"], p=weights / weights.sum()))
            known[name] = {"yes": True, "no": False}.get(value, value)
        if i % 2:
            known = {name: v for name, v in known.items() if rng.random() < KEPT}
        made.append(Applicant(specialty, kind, cycle=prior.year[kind], **known))
    return made


def _truths(model, applicants):
    """Return P(match) of the applicants in every draw, shape (n, d)."""
    return np.array([expit(log_odds(model, model.cell(a.applicant_type, a.specialty), [a], a.cycle)[1][0]) for a in applicants])


def own_update_study(model, sizes=SIZES, truths=40, seed=0, kinds=None, cycles=1, blank=BLANK, progress=None):
    """Update a model on made-up persons of truths that are its own draws, and hold the answers against those truths.

    If prior, likelihood and Laplace's approximation are right, 80% ranges hold the truth in 80% of cases at every size
    (calibration of the data-averaged posterior: Cook, Gelman and Rubin, J Comput Graph Stat 15:675, 2006).

    Parameters
    ----------
    model : Model
    sizes : sequence of int
        Rows; 0 is the model itself.
    truths : int
    seed : int
    kinds : dict, optional
        {applicant type: share of the persons}; 0.8 of the first type with counts and 0.2 of the others where absent.
    cycles : int
        As in `Truth.persons`.
    blank : float
    progress : callable, optional
        Called after each update.

    Returns
    -------
    pandas.DataFrame
        A row a size: rows, truths, mean_error (of the probability, in points) and coverage (percent), each with its standard error over
        truths, and the mean width of the 80% ranges in points.
    """
    prior = read_prior(model)
    own = [t for t in prior.types if model.type(t)["derived_from"] is None]
    kinds = kinds or {t: (0.8 / len(own) if t in own else 0.2 / (len(prior.types) - len(own))) for t in prior.types}
    shares = _mix(model, prior, kinds)
    applicants = asked(model, prior, shares, np.random.default_rng([41, seed]))
    true = _truths(model, applicants)
    which = np.random.default_rng([42, seed]).permutation(true.shape[1])[:truths]
    found = []
    for size in sizes:
        for d in which:
            asking = model
            if size:
                rows = Truth(model, prior, d).persons(size, shares, np.random.default_rng([43, seed, size, int(d)]), cycles, blank)
                fitted, _ = update(prior, rows)
                asking = Model(updated(model.content, fitted, rows, {}))
            answers, p = score_applicants(asking, applicants), true[:, d]
            held = (answers["p_ranked_low"] <= p) & (p <= answers["p_ranked_high"])
            found.append((size, np.abs(answers["p_ranked"] - p).mean(), held.mean(), (answers["p_ranked_high"] - answers["p_ranked_low"]).mean()))
            if progress is not None:
                progress()
    table = pd.DataFrame(found, columns=["rows", "error", "held", "width"])
    table[["error", "held", "width"]] *= 100
    by = table.groupby("rows")
    return pd.DataFrame({
        "truths": by.size(), "mean_error": by["error"].mean(), "mean_error_se": by["error"].sem(),
        "coverage": by["held"].mean(), "coverage_se": by["held"].sem(), "width": by["width"].mean(),
    }).reset_index()
