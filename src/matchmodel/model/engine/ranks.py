"""How many programs are ranked, and the log odds of matching with one rank."""

import numpy as np

MOST_RANKS = 12  # beyond so many contiguous ranks nothing is gained in the tables
LN_RANKS = np.log(np.arange(1, MOST_RANKS + 1))
NEWTON = 40  # steps, at most


def ranks_pmf(mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return P(K = 0), ..., P(K = 11) and P(K >= 12) of a negative binomial.

    P(0) = (1 + v mu)^(-1/v); P(k) = P(k - 1) x (k - 1 + 1/v)/k, x = v mu/(1 + v mu) (Johnson, Kemp and Kotz,
    Univariate Discrete Distributions, 3rd ed., 5.2).

    Parameters
    ----------
    mean, dispersion
        mu and v, shapes that broadcast to (..., d).

    Returns
    -------
    numpy.ndarray
        Shape (..., d, 13).
    """
    size = 1.0 / dispersion
    spread = np.asarray(dispersion * mean, float)
    x = spread / (1.0 + spread)
    k = np.arange(1.0, MOST_RANKS + 1).reshape(-1, *(1,) * spread.ndim)
    steps = (k - 1.0 + size) / k * x
    pmf = np.empty(
        (MOST_RANKS + 1, *spread.shape)
    )  # k first, so that each step runs over neighbours in memory
    pmf[0] = np.exp(-size * np.log1p(spread))
    for here, before, step in zip(pmf[1:MOST_RANKS], pmf, steps, strict=False):
        np.multiply(before, step, out=here)
    left = np.maximum(1.0 - pmf[:MOST_RANKS].sum(axis=0), 0.0)
    # Where invitations are rare, what is left is rounding: P(12) itself is nearly all of the tail.
    pmf[MOST_RANKS] = np.where(steps[-1] < 1e-3, pmf[MOST_RANKS - 1] * steps[-1], left)
    return np.moveaxis(pmf, 0, -1)


def rank_terms(dispersion: np.ndarray) -> np.ndarray:
    """Return c with P(K = k) = P(K = 0) c_k x^k for k = 0, ..., 11, x = v mu/(1 + v mu); shape (12, d)."""
    terms = np.ones((MOST_RANKS, *np.shape(dispersion)))
    for k in range(1, MOST_RANKS):
        terms[k] = terms[k - 1] * (k - 1.0 + 1.0 / dispersion) / k
    return terms


def solve_at(
    shares: np.ndarray, b: np.ndarray, goal: np.ndarray, start: np.ndarray | None = None
) -> np.ndarray:
    """Return A with sum_k shares_k expit(A + b ln min(k, 12)) = expit(goal), by Newton's method on the logit.

    Each number stops by itself, so that it is the same in whatever company it is solved.

    Parameters
    ----------
    shares
        P(K = k | K >= 1), k = 1, ..., 12 (12 or more), shape (n, d, 12).
    b
        Shape that broadcasts to (n, d).
    goal, start
        Log odds, and A to start from, shape (n, d).
    """
    # k first, so that sums over it run over neighbours in memory; expit(A + b ln k) = e^A k^b/(1 + e^A k^b)
    shares = np.ascontiguousarray(np.moveaxis(shares, -1, 0))
    powers = LN_RANKS.reshape(-1, *(1,) * np.ndim(goal)) * b
    at = (
        np.clip(goal - (shares * powers).sum(axis=0), -300, 300) if start is None else start
    )  # e^A stays finite
    odds = np.exp(powers)
    found, moving = np.array(np.broadcast_to(at, np.shape(goal))), np.ones(np.shape(goal), bool)
    at = found
    for _ in range(NEWTON):
        p = np.exp(at) * odds
        p /= 1 + p
        both = shares * p
        total = np.clip(both.sum(axis=0), 1e-15, 1 - 1e-15)
        both *= 1 - p
        slope = np.maximum(both.sum(axis=0) / (total * (1 - total)), 1e-3)
        step = np.clip((np.log(total / (1 - total)) - goal) / slope, -4, 4)
        at = at - step
        found[moving] = at.ravel()
        far = np.abs(step) >= 1e-6  # what is left is of its square
        moving[moving] = far.ravel()
        if not far.any():
            break
        at, goal, shares, odds = (
            at[far],
            goal[far],
            shares[:, far],
            np.broadcast_to(odds, shares.shape)[:, far],
        )
    return found
