"""Reference populations, and how covariates move together with the score (steps 5 and 6)."""

from dataclasses import dataclass, replace

import numpy as np

from ..covariates import COVARIATES, value_u

ASSUMED_USCE_US_IMG = tuple(range(13))  # months 0 to 12, equally likely: nothing is published


@dataclass(frozen=True)
class Reference:
    """How a covariate is spread over the applicants of a type.

    Attributes
    ----------
    values : tuple of str
        As printed.
    u : numpy.ndarray, shape (k,)
        In the effect's unit.
    counts : numpy.ndarray, shape (k,)
        Persons or applications.
    basis : {'evidence', 'assumed'}
    source : str
    counted : bool
        False where the shares are assumed outright, so that no sampling error is drawn.
    """

    values: tuple
    u: np.ndarray
    counts: np.ndarray
    basis: str
    source: str
    counted: bool = True

    @property
    def weights(self):
        """Shares, summing to 1."""
        return self.counts / self.counts.sum()

    @property
    def mean(self):
        """Mean of u."""
        return float(self.weights @ self.u)

    @property
    def sd(self):
        """Standard deviation of u."""
        return float(np.sqrt(self.weights @ (self.u - self.mean) ** 2))

    def weight_draws(self, rng, draws):
        """Return shares drawn from the Dirichlet posterior of the counts, shape (draws, k)."""
        if not self.counted:
            return np.broadcast_to(self.weights, (draws, len(self.u)))
        return rng.dirichlet(np.maximum(self.counts, 1e-9), size=draws)


def references(table):
    """Return {covariate: Reference} from the tidy population table."""
    found = {}
    for name, rows in table.groupby("covariate"):
        if name not in COVARIATES:
            continue
        rows = rows[rows["count"] > 0]
        values = tuple(str(v) for v in rows["value"])
        u = np.array([value_u(name, v) for v in values])
        if np.ptp(u) == 0:
            continue
        found[name] = Reference(values, u, rows["count"].to_numpy(float), "evidence", str(rows["source"].iloc[0]))
    return found


def us_img_references(general):
    """Return the reference populations of US IMGs: those of IMGs, but for USCE and the visa.

    No table describes US IMGs. Their clinical years are mostly in the US, so the months of
    others do not describe them; with nothing published, every number of months from 0 to 12
    or more is taken as equally likely. They need no visa.
    """
    found = {
        name: Reference(r.values, r.u, r.counts, "assumed", f"as other IMGs (assumed): {r.source}")
        for name, r in general.items()
        if name != "visa_needed"
    }
    if "usce_months" in found:
        u = np.array([value_u("usce_months", m) for m in ASSUMED_USCE_US_IMG])
        found["usce_months"] = Reference(
            tuple(str(m) for m in ASSUMED_USCE_US_IMG), u, np.ones(len(u)), "assumed",
            "assumed: 0 to 12 or more months, each equally likely; no table describes US IMGs", False,
        )
    return found


@dataclass(frozen=True)
class Correlations:
    """Pairwise correlations of Step 2 CK and the covariates, with standard errors.

    Attributes
    ----------
    names : tuple of str
        'step2_ck' first.
    r, se : numpy.ndarray, shape (k, k)
        0 where no table has the pair.
    assumed : frozenset of str
        Covariates whose correlation with the score has no sample size behind it.
    """

    names: tuple
    r: np.ndarray
    se: np.ndarray
    assumed: frozenset

    def of(self, a, b):
        """Return r and its standard error of one pair."""
        i, j = self.names.index(a), self.names.index(b)
        return float(self.r[i, j]), float(self.se[i, j])

    def scaled(self, factor):
        """Return the correlations multiplied by a factor and kept under 0.95 in size, each measure's own left at 1."""
        off = ~np.eye(len(self.r), dtype=bool)
        return replace(self, r=np.where(off, np.clip(self.r * factor, -0.95, 0.95), self.r), se=self.se * factor)


def correlations(table):
    """Return `Correlations` from the tidy table.

    se = (1 - r^2)/sqrt(n - 3) (Fisher's z, first order); a row without n is an assumption
    and takes half of |r|, so that zero lies two standard errors away.
    """
    names = ("step2_ck", *COVARIATES)
    r, se = np.eye(len(names)), np.zeros((len(names),) * 2)
    assumed = set()
    for _, row in table.iterrows():
        if row["measure_a"] not in names or row["measure_b"] not in names:
            continue
        i, j = names.index(row["measure_a"]), names.index(row["measure_b"])
        value = float(row["r"])
        known = np.isfinite(row["n"]) and row["n"] > 3
        error = (1 - value**2) / np.sqrt(row["n"] - 3) if known else abs(value) / 2
        r[i, j] = r[j, i] = value
        se[i, j] = se[j, i] = error
        if not known:
            assumed |= {row["measure_a"], row["measure_b"]} - {"step2_ck"}
    return Correlations(names, r, se, frozenset(assumed))
