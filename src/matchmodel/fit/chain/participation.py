"""Who applies, who takes part, who ranks.

The share of applicants to a specialty who rank it (part of step 8).
"""

from dataclasses import dataclass

import numpy as np

from ...etl import Tidy
from ..evidence import priors
from ..random import Normals

MOST_SHARE = 0.97


@dataclass(frozen=True)
class RankingShare:
    """What is published of a specialty's applicants.

    Of A applicants a share zeta takes no part, and q have the specialty as their first choice; second choices
    rank it phi times as often. With p = P(K >= 1) of a first choice who takes part,

        ranked / A = (1 - zeta) p (q + (1 - q) phi),     first = q/(q + (1 - q) phi),

    so ranked / A = (1 - zeta) p q / first, with q = first phi/(first phi + 1 - first).

    Attributes
    ----------
    ranked
        IMGs who ranked the specialty anywhere on their list, over IMGs who applied to it.
    first
        Share of those who ranked it whose preferred specialty it is.
    """

    specialty: str
    ranked: float
    first: float

    def reached(self, p: np.ndarray, zeta: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return ranked / A."""
        q = self.first * phi / (self.first * phi + 1 - self.first)
        share: np.ndarray = (1 - zeta) * p * q / self.first
        return share

    def of_those_who_take_part(self, normals: Normals) -> np.ndarray:
        """Return p in every draw, zeta and phi drawn from their priors, shape (d,)."""
        s = self.specialty
        zeta = normals.uniform("takes no part", s, priors.TAKES_NO_PART.low, priors.TAKES_NO_PART.high)
        phi = normals.uniform("second choices", s, priors.SECOND_CHOICES.low, priors.SECOND_CHOICES.high)
        return np.minimum(self.ranked / self.reached(np.ones(normals.count), zeta, phi), MOST_SHARE)

    def implied(self, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return zeta and phi that give the published share at p, and the share reached.

        phi is in the middle of its range where that can be.

        phi moves, to its limits, only where zeta would leave its own.
        """
        low, high = priors.TAKES_NO_PART.low, priors.TAKES_NO_PART.high
        phi = np.full(p.shape, (priors.SECOND_CHOICES.low + priors.SECOND_CHOICES.high) / 2)
        for _ in range(2):
            zeta = np.clip(1 - self.ranked / self.reached(p, np.zeros_like(p), phi), low, high)
            whole = self.ranked * self.first / ((1 - zeta) * p)  # q that is needed
            needed = whole * (1 - self.first) / np.maximum(self.first * (1 - whole), 1e-9)
            off = np.abs(self.reached(p, zeta, phi) - self.ranked) > 1e-9
            phi = np.where(
                off,
                np.clip(
                    np.where(whole >= 1, np.inf, needed),
                    priors.SECOND_CHOICES.low,
                    priors.SECOND_CHOICES.high,
                ),
                phi,
            )
        return zeta, phi, self.reached(p, zeta, phi)


def ranking_share(tidy: Tidy, kind: str, specialty: str) -> RankingShare | None:
    """Return what is published of a specialty's applicants, None where it is not.

    From the table of who ranked it anywhere and the number of IMGs who applied, of the same year; `first`
    from the counts by preferred specialty, both over the year's active applicants of the type, since they are
    of neighbouring years.
    """
    anywhere, applied, counts, rates = (
        tidy.table(n) for n in ("ranked_anywhere", "applicants_total", "counts", "rates")
    )
    rows = anywhere[anywhere["specialty"] == specialty].merge(
        applied[applied["specialty"] == specialty], left_on="year", right_on="season"
    )
    own = counts[(counts["specialty"] == specialty) & (counts["applicant_type"] == kind)]
    column = kind.replace("-", "_") + "_ranked"
    if rows.empty or own.empty or column not in rows:
        return None
    row, newest = rows.sort_values("year", kind="stable").iloc[-1], own.sort_values("year").iloc[-1]
    active = rates[rates["applicant_type"] == kind].set_index("year")["active_applicants"]
    then, now = active.get(row["year"], np.nan), active.get(newest["year"], np.nan)
    ranked = float(row["us_img_ranked"] + row["non_us_img_ranked"]) / float(row["img_applicants"])
    first = float(newest["matched"] + newest["not_matched"]) / float(row[column])
    if np.isfinite(then) and np.isfinite(now):
        first *= float(then / now)
    if not (0 < ranked < 1 and np.isfinite(first)):
        return None
    return RankingShare(specialty, ranked, min(first, 0.98))
