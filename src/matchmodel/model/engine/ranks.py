"""How many programs are ranked, and the log odds of matching with one rank."""

import numpy as np

MOST_RANKS = 12  # beyond so many contiguous ranks nothing is gained in the tables
LN_RANKS = np.log(np.arange(1, MOST_RANKS + 1))
NEWTON = 40  # steps, at most
SMALL = 3e-5  # of Halley's method: what is left after such a step is of its cube


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
    """Return A with sum_k shares_k expit(A + b ln min(k, 12)) = expit(goal), by Halley's method on the logit.

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
    shares = np.moveaxis(shares, -1, 0)
    powers = LN_RANKS.reshape(-1, *(1,) * np.ndim(goal)) * b
    at = _start(shares, powers, goal) if start is None else start
    odds = np.broadcast_to(np.exp(powers), shares.shape)
    found, moving = np.array(np.broadcast_to(at, np.shape(goal))), np.ones(np.shape(goal), bool)
    at, live = found.copy(), moving.copy()
    for _ in range(NEWTON):
        logit, slope, bend = _logit_mean(shares, odds, at)
        step = halley(goal - logit, slope, bend)
        np.add(at, np.clip(step, -4, 4), out=at, where=live)
        live &= np.abs(step) >= SMALL
        if 2 * np.count_nonzero(live) < live.size:  # what has stopped is left behind
            found[moving] = at.ravel()
            moving[moving] = live.ravel()
            at, goal, shares, odds = at[live], goal[live], shares[:, live], odds[:, live]
            live = live[live]
            if not live.size:
                break
    found[moving] = at.ravel()
    return found


def halley(gap: np.ndarray, slope: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Return Halley's step towards where a function is higher by a gap, from its two derivatives.

    Newton's step over 1 + step bend/(2 slope), which is kept within 0.5 and 2. Where the slope is 0 it is
    infinite or no number.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        step: np.ndarray = gap / slope
        step /= np.clip(1.0 + step * bend / (2.0 * slope), 0.5, 2.0)
    return step


def singles(*arrays: np.ndarray) -> list[np.ndarray]:
    """Return arrays in single precision: half of the time, and enough for the first steps to a root."""
    with np.errstate(over="ignore"):
        return [np.asarray(a, np.float32) for a in arrays]


def _start(shares: np.ndarray, powers: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Return A near the solution: two steps from where it would be if b ln K were normal.

    The mean of expit over a normal of mean m and variance s^2 is near expit(m/sqrt(1 + pi s^2/8)) (MacKay,
    Neural Computation 4:720, 1992).
    """
    shares, powers, goal = singles(shares, powers, goal)
    mean, square = np.zeros((2, *goal.shape), np.float32)
    for share, power in zip(shares, powers, strict=True):
        part = share * power
        mean += part
        part *= power
        square += part
    at = goal * np.sqrt(1.0 + np.float32(np.pi / 8.0) * np.maximum(square - mean**2, 0.0)) - mean
    at, odds = np.clip(at, -60.0, 60.0), np.exp(powers)  # e^A stays finite
    for _ in range(2):
        logit, slope, bend = _logit_mean(shares, odds, at)
        at += np.clip(halley(goal - logit, slope, bend), -1.0, 1.0)
    near: np.ndarray = at.astype(float)
    return near


def _logit_mean(
    shares: np.ndarray, odds: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logit of T = sum_k shares_k p_k, p_k = expit(A + ln odds_k), and two derivatives in A.

    With V = T(1 - T) and sums over k: T' = sum of shares p(1 - p), T'' = sum of shares p(1 - p)(1 - 2p);
    logit' = T'/V, logit'' = T''/V - (1 - 2T) (T'/V)^2.
    """
    total, first, second = np.zeros((3, *at.shape), at.dtype)
    base, p, q, part = np.exp(at), *np.empty((3, *at.shape), at.dtype)
    for share, odd in zip(shares, odds, strict=True):
        np.multiply(base, odd, out=p)
        np.add(p, 1.0, out=q)
        np.divide(1.0, q, out=q)  # twice as fast as numpy's reciprocal
        p *= q
        np.multiply(share, p, out=part)
        total += part
        part *= q
        first += part
        part *= p
        second += part
    edge = max(1e-15, 4.0 * float(np.finfo(at.dtype).eps))
    total = np.clip(total, edge, 1.0 - edge)
    spread = total * (1.0 - total)
    slope = np.maximum(first / spread, 1e-3)
    bend = (first - 2.0 * second) / spread - (1.0 - 2.0 * total) * slope**2
    return np.log(total / (1.0 - total)), slope, bend
