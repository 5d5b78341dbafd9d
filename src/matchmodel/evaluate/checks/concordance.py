"""How well applicants of one specialty are told apart if the model is right: the expected c-statistic."""

import numpy as np
import pandas as pd

from ...fit.train import Trained
from ...model.engine import expit
from ..reference_people import lp_of_ranking


def expected_concordance(p: np.ndarray, order_by: np.ndarray) -> np.ndarray:
    """Return the chance that of one who matches and one who does not the first stands higher, shape (d,).

    With chances p of matching: sum over pairs i, j with i above j of p_i (1 - p_j), over all pairs (Gail and
    Pfeiffer, Biostatistics 6:227, 2005). Ties count by their order, so there should be none.

    Parameters
    ----------
    p
        Shape (n, d).
    order_by
        What applicants are ordered by, shape (n, d).
    """
    p = np.take_along_axis(p, np.argsort(order_by, axis=0, kind="stable"), axis=0)
    below = np.cumsum(1 - p, axis=0) - (1 - p)
    pairs = p.sum(axis=0) * (1 - p).sum(axis=0) - (p * (1 - p)).sum(axis=0)
    c_statistic: np.ndarray = (p * below).sum(axis=0) / pairs
    return c_statistic


def concordance(trained: Trained, kind: str) -> pd.DataFrame:
    """Return each specialty's expected c-statistic over those who rank it.

    Returns
    -------
    frame
        specialty, applicants, everything (all covariates known) with low and high, score (Step 2 CK alone).
    """
    fit, rows = trained.fits[kind], []
    for j, specialty in enumerate(fit.specialties):
        lp = lp_of_ranking(trained, kind, specialty)
        p = expit(fit.level_draws[:, j] + lp)
        everything = expected_concordance(p, lp)
        score = expected_concordance(p, lp_of_ranking(trained, kind, specialty, score_only=True))
        low, high = np.quantile(everything, [0.1, 0.9])
        n = fit.matched[j] + fit.not_matched[j]
        rows.append((specialty, n, everything.mean(), low, high, score.mean()))
    return pd.DataFrame(rows, columns=["specialty", "applicants", "everything", "low", "high", "score"])
