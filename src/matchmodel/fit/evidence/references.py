"""Reference populations, those who rank, and how covariates move together with the score (steps 5 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...covariates import COVARIATES, value_u
from ...model.records import Basis
from ..random import Normals
from .priors import FAILURE_SHARES, MEAN_ERROR, VISA_SHARE_SE

ASSUMED_USCE_US_IMG = tuple(range(13))  # months 0 to 12, equally likely: nothing is published


@dataclass(frozen=True)
class Reference:
    """How a covariate is spread over the applicants of a type who rank.

    Attributes
    ----------
    values
        As printed.
    u, weights
        In the effect's unit; shares that sum to 1; shape (k,).
    basis, source
        As in the model file.
    u_draws, weight_draws
        The same with their error, shape (d, k).
    """

    values: tuple[str, ...]
    u: np.ndarray
    weights: np.ndarray
    basis: Basis
    source: str
    u_draws: np.ndarray
    weight_draws: np.ndarray

    @property
    def mean(self) -> float:
        """Mean of u."""
        return float(self.weights @ self.u)

    @property
    def sd(self) -> float:
        """Standard deviation of u."""
        return float(np.sqrt(self.weights @ (self.u - self.mean) ** 2))


def _yes_no(share: float, draws: np.ndarray, basis: Basis, source: str) -> Reference:
    draws = np.clip(draws, 1e-3, 1 - 1e-3)
    weights = np.column_stack([draws, 1 - draws])
    u = np.array([1.0, 0.0])
    return Reference(
        ("yes", "no"),
        u,
        np.array([share, 1 - share]),
        basis,
        source,
        np.broadcast_to(u, weights.shape),
        weights,
    )


def _counted(
    name: str, values: Sequence[float | str], counts: np.ndarray, basis: Basis, source: str, error: np.ndarray
) -> Reference:
    u = np.array([value_u(name, v) for v in values])
    weights = counts / counts.sum()
    return Reference(
        tuple(str(v) for v in values),
        u,
        weights,
        basis,
        source,
        u + error[:, None],
        np.broadcast_to(weights, (len(error), len(u))),
    )


def _of_type(table: pd.DataFrame, name: str, kind: str) -> pd.DataFrame:
    """Return the rows of a covariate that describe a type: its own, else those that tell no types apart."""
    rows = table[table["covariate"] == name]
    own = rows[rows["applicant_type"] == kind]
    return own if len(own) else rows[~rows["applicant_type"].isin(["us-img", "non-us-img"])]


def references(table: pd.DataFrame, kind: str, normals: Normals) -> dict[str, Reference]:
    """Return how each covariate is spread over those of a type who rank, with the error of that.

    Visa: the printed share (non-US IMGs; US IMGs need none). Failures: shares around the figures of the
    population table, log normal (`priors.FAILURE_SHARES`). Years since graduation and USCE: the counts of the
    table, the mean of u off by a normal error (`priors.MEAN_ERROR`). US IMGs' USCE is assumed: every number
    of months from 0 to 12 alike.

    Parameters
    ----------
    table
        The tidy population table.
    kind
        Of applicants; another than the two kinds of IMG takes the populations of non-US IMGs.
    normals
        Of the training.
    """
    us = kind == "us-img"
    kind = kind if us else "non-us-img"
    found: dict[str, Reference] = {}
    for name in COVARIATES:
        rows = _of_type(table, name, kind) if len(table) else table
        if not len(rows) or (us and name == "visa_needed"):
            continue
        z = normals.one(f"{kind} reference {name}")
        source = "; ".join(dict.fromkeys(str(v) for v in rows["source"]))
        if name in FAILURE_SHARES[kind]:
            share, log_sd = FAILURE_SHARES[kind][name]
            found[name] = _yes_no(
                share, share * np.exp(log_sd * z), "assumed" if us else "evidence", f"spans: {source}"
            )
        elif name == "visa_needed" and rows["share"].notna().any():
            row = rows[rows["share"].notna() & (rows["value"].astype(str) == "yes")].iloc[0]
            found[name] = _yes_no(
                float(row["share"]), float(row["share"]) + VISA_SHARE_SE * z, "evidence", str(row["source"])
            )
        elif us and name == "usce_months":
            about = "assumed: 0 to 12 or more months, each equally likely; no table describes US IMGs"
            found[name] = _counted(
                name, ASSUMED_USCE_US_IMG, np.ones(13), "assumed", about, MEAN_ERROR[name] * z
            )
        else:
            rows = rows[rows["count"] > 0]
            counts = rows["count"].to_numpy(float)
            if len(rows) < 2:
                continue
            if COVARIATES[name].binary:
                yes = float(counts[rows["value"].astype(str) == "yes"].sum() / counts.sum())
                error = np.hypot(np.sqrt(yes * (1 - yes) / counts.sum()), VISA_SHARE_SE)
                found[name] = _yes_no(yes, yes + error * z, "evidence", source)
            else:
                found[name] = _counted(
                    name,
                    tuple(rows["value"]),
                    counts,
                    "assumed" if us else "evidence",
                    source,
                    MEAN_ERROR[name] * z,
                )
    return found


@dataclass(frozen=True)
class Correlations:
    """Pairwise correlations of Step 2 CK and the covariates, with standard errors.

    Attributes
    ----------
    names
        'step2_ck' first.
    r, se
        Shape (k, k); 0 where no table has the pair.
    assumed
        Covariates whose correlation with the score has no sample size behind it.
    """

    names: tuple[str, ...]
    r: np.ndarray
    se: np.ndarray
    assumed: frozenset[str]

    def of(self, a: str, b: str) -> tuple[float, float]:
        """Return r and its standard error of one pair."""
        i, j = self.names.index(a), self.names.index(b)
        return float(self.r[i, j]), float(self.se[i, j])

    def scaled(self, factor: float) -> "Correlations":
        """Return the correlations multiplied by a factor and kept under 0.95 in size, each measure's own left
        at 1.
        """
        off = ~np.eye(len(self.r), dtype=bool)
        return replace(
            self, r=np.where(off, np.clip(self.r * factor, -0.95, 0.95), self.r), se=self.se * factor
        )


def correlations(table: pd.DataFrame) -> Correlations:
    """Return `Correlations` from the tidy table.

    se = (1 - r^2)/sqrt(n - 3) (Fisher's z, first order); a row without n is an assumption
    and takes half of |r|, so that zero lies two standard errors away.
    """
    names = ("step2_ck", *COVARIATES)
    r, se = np.eye(len(names)), np.zeros((len(names),) * 2)
    assumed: set[str] = set()
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
