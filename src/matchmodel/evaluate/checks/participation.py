"""Who takes part: the chain's share who rank beside the observed one, and what must be true for both to hold.

`matchmodel.fit.participation` has the equation. The tables cannot tell the share who take no part (zeta) from
how often second choices rank a specialty (phi), so each draw has those with which the observed share comes
out, as far as their ranges allow.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import MissingTables
from ...fit.chain.participation import RankingShare, ranking_share
from ...fit.evidence import priors
from ...fit.train import PRIMARY, Trained

BAR = 0.02


@dataclass(frozen=True)
class Participation:
    """What the draws say of a specialty.

    Attributes
    ----------
    observed
    p
        The chain's share of those who take part, shape (d,).
    zeta, phi
        With which the observed share comes out, as far as their ranges allow, shape (d,).
    share
        With those, shape (d,).
    prior
        The share with zeta and phi as believed before, shape (d,).
    """

    observed: RankingShare
    p: np.ndarray
    zeta: np.ndarray
    phi: np.ndarray
    share: np.ndarray
    prior: np.ndarray

    @property
    def reached(self) -> float:
        """Share of the draws in which the observed share can be reached."""
        return float(np.mean(np.abs(self.share - self.observed.ranked) < 1e-6))


def participation(trained: Trained, kind: str = PRIMARY) -> list[Participation]:
    """Return zeta and phi of every specialty with a chain whose share is observed.

    Raises
    ------
    MissingTables
        Where there is none.
    """
    normals, shares = trained.normals, []
    for specialty, chain in trained.chains.get(kind, {}).items():
        observed = ranking_share(trained.tidy, kind, specialty)
        if observed is None:
            continue
        zeta, phi, share = observed.implied(chain.share)
        before = [
            normals.uniform(name, specialty, prior.low, prior.high)
            for name, prior in (
                ("takes no part", priors.TAKES_NO_PART),
                ("second choices", priors.SECOND_CHOICES),
            )
        ]
        shares.append(
            Participation(observed, chain.share, zeta, phi, share, observed.reached(chain.share, *before))
        )
    if not shares:
        raise MissingTables("no specialty has a chain and an observed share of applicants who rank it")
    return shares


def frame(found: list[Participation]) -> pd.DataFrame:
    """Return one row per specialty: observed and reproduced shares, and what they imply."""
    rows = []
    for one in found:
        low, high = np.quantile(one.prior, [0.1, 0.9])
        rows.append({
            "specialty": one.observed.specialty, "observed": one.observed.ranked, "share": one.share.mean(),
            "off": one.share.mean() - one.observed.ranked, "takes_part": one.p.mean(),
            "first_choices": one.observed.first, "zeta": one.zeta.mean(), "phi": one.phi.mean(),
            "reached": one.reached, "prior": one.prior.mean(), "prior_low": low, "prior_high": high,
        })  # fmt: skip
    return pd.DataFrame(rows)
