"""Maximum entropy: points reweighted until their mean and SD are the printed ones (step 1)."""

import numpy as np

RIDGE = 1e-6  # of the tilt: keeps its dual bounded where the printed moments cannot be met
LEAST_SCALE = 1e-3  # of the values, in their own unit, to which they are taken
NEWTON_STEPS, HALVINGS = 300, 40
CLOSE = 1e-12  # of the tilt's gradient, to what it is summed from
EPS = float(np.finfo(float).eps)
ROUNDING = 1e-13  # of the dual: a rise by less is none


class _Dual:
    """The dual of the tilt, for many rows of points at once.

    Its quarters are exact, so two multipliers are left.

    sum_q m_q ln sum_(i in q) b_i exp(lambda . f(x_i)) - lambda . t + RIDGE |lambda|^2 / 2, f = (x, x^2), m_q
    the quarters' masses, t the printed moments.
    """

    def __init__(
        self, values: np.ndarray, base: np.ndarray, starts: np.ndarray, mean: np.ndarray, sd: np.ndarray
    ) -> None:
        centre = (base * values).sum(axis=1)
        scale = np.maximum(np.sqrt((base * (values - centre[:, None]) ** 2).sum(axis=1)), LEAST_SCALE)
        x = (values - centre[:, None]) / scale[:, None]
        here = base > 0
        least, most = np.where(here, x, np.inf).min(axis=1), np.where(here, x, -np.inf).max(axis=1)
        first = np.clip((mean - centre) / scale, least, most)
        second = np.clip((sd / scale) ** 2 + first**2, 0, np.maximum(least**2, most**2))
        with np.errstate(divide="ignore"):
            self.logs = np.log(base)
        self.x, self.x2, self.targets = x, x * x, np.stack([first, second], axis=1)
        self.starts, self.sizes = starts, np.diff(np.append(starts, values.shape[1]))
        self.quarters = np.add.reduceat(base, starts, axis=1)
        self.size = 1 + np.maximum(least**2, most**2)

    def __call__(self, lam: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the dual's value (r,) and the weights (r, k) of some rows at multipliers (r, 2)."""
        eta = self.logs[rows] + lam[:, :1] * self.x[rows] + lam[:, 1:] * self.x2[rows]
        top = np.maximum.reduceat(eta, self.starts, axis=1)
        weights = np.exp(eta - np.repeat(top, self.sizes, axis=1))
        total, mass = np.add.reduceat(weights, self.starts, axis=1), self.quarters[rows]
        value = (
            (mass * (np.log(total) + top)).sum(axis=1)
            - (lam * self.targets[rows]).sum(axis=1)
            + RIDGE / 2 * (lam**2).sum(axis=1)
        )
        return value, weights * np.repeat(mass / total, self.sizes, axis=1)

    def step(self, lam: np.ndarray, weights: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradient and Newton's step, (r, 2) each."""
        x, x2 = self.x[rows], self.x2[rows]
        one, two = (
            np.add.reduceat(weights * x, self.starts, axis=1),
            np.add.reduceat(weights * x2, self.starts, axis=1),
        )
        gradient = np.stack([one.sum(axis=1), two.sum(axis=1)], axis=1) - self.targets[rows] + RIDGE * lam
        mass = self.quarters[rows]
        # second moments about each quarter's own means
        d = x - np.repeat(one / mass, self.sizes, axis=1)
        d2 = x2 - np.repeat(two / mass, self.sizes, axis=1)
        a, b, c = (
            (weights * d * d).sum(axis=1) + RIDGE,
            (weights * d * d2).sum(axis=1),
            (weights * d2 * d2).sum(axis=1) + RIDGE,
        )
        det = a * c - b * b
        return gradient, np.stack(
            [c * gradient[:, 0] - b * gradient[:, 1], a * gradient[:, 1] - b * gradient[:, 0]], axis=1
        ) / det[:, None]


def tilt_rows(
    values: np.ndarray, base: np.ndarray, starts: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    """Reweight many rows of points by maximum entropy until their moments are the printed ones.

    Minimises the Kullback-Leibler divergence from the starting weights subject to mean and SD, each quarter
    keeping its mass: w_i ~ base_i exp(lambda . f(x_i)) within a quarter (Jaynes, Phys Rev 106:620, 1957;
    Csiszar, Ann Probab 3:146, 1975). The dual is strictly convex, so Newton's method with halved steps finds
    its one minimum from anywhere.

    Parameters
    ----------
    values
        Shape (r, k).
    base
        Starting weights that sum to 1 in each row, shape (r, k); 0 where a row has no point.
    starts
        Where each quarter of the points begins.
    mean, sd
        Shape (r,).

    Returns
    -------
    numpy.ndarray, shape (r, k)
        Weights that sum to 1. Printed moments that the points cannot reach are approached (`RIDGE`), not met.
    """
    dual = _Dual(values, base, starts, mean, sd)
    lam, rows = np.zeros((len(values), 2)), np.arange(len(values))
    value, weights = dual(lam, rows)
    result = weights.copy()
    for _ in range(NEWTON_STEPS):
        gradient, step = dual.step(lam, weights, rows)
        result[rows] = weights
        on = np.abs(gradient).max(axis=1) > dual.size[rows] * (CLOSE + EPS * np.abs(lam).max(axis=1))
        if not on.any():
            break
        rows, lam, value, weights, step, falls = (
            rows[on],
            lam[on],
            value[on],
            weights[on],
            step[on],
            (gradient * step).sum(axis=1)[on],
        )
        length = np.ones(len(rows))
        for _ in range(HALVINGS):
            new = lam - length[:, None] * step
            found = dual(new, rows)
            short = found[0] > value - 1e-4 * length * falls + ROUNDING * (1 + np.abs(value))
            if not short.any():
                break
            length = np.where(short, length / 2, length)
        lam, (value, weights) = new, found
    return result


def tilt(values: np.ndarray, moments: dict[str, float], quarters: np.ndarray | None = None) -> np.ndarray:
    """Return `tilt_rows` of one row of equally likely points, shape (k,).

    Parameters
    ----------
    values
        Shape (k,).
    moments
        'mean' and 'sd' of the cohort; empty where they are not printed.
    quarters
        Which quarter each point belongs to, in order, shape (k,); one for all where absent.
    """
    k = len(values)
    base = np.full(k, 1.0 / k)
    if not moments or np.ptp(values) == 0:
        return base
    starts = np.zeros(1, int) if quarters is None else np.flatnonzero(np.diff(quarters, prepend=-1))
    mean, sd = np.array([moments["mean"]]), np.array([moments["sd"]])
    weights: np.ndarray = tilt_rows(values[None], base[None], starts, mean, sd)[0]
    return weights
