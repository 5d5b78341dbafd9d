"""Numbers, draws and coefficients as the model file has them."""

import numpy as np

from ...model.records import Basis, Coefficient, Drawn, Draws, Note
from ..tables.pooling import Pool

DIGITS = 8  # significant, of every stored number: another processor's linear algebra agrees further than that


def number(value: float) -> float:
    """Return a float with `DIGITS` significant digits."""
    return float(f"{float(value):.{DIGITS}g}")


def known(value: float) -> float | None:
    """Return a number as `number` does, None where it is not finite."""
    return number(value) if np.isfinite(value) else None


def drawn(draws: np.ndarray, basis: Basis, source: str, *notes: Note) -> Drawn:
    """Return a quantity with its draws; its value is their mean, its standard error their SD."""
    draws = np.asarray(draws, float)
    return Drawn(number(draws.mean()), number(draws.std(ddof=1)), basis, source, Draws.of(draws), notes)


def coefficient(value: float, se: float | None, basis: Basis, source: str, *notes: Note) -> Coefficient:
    """Return one coefficient."""
    return Coefficient(number(value), None if se is None else known(se), basis, source, notes)


def joined(*ids: str) -> str:
    return ", ".join(dict.fromkeys(part for one in ids for part in one.split(", ") if part))


def kept_of(pool: Pool, j: int, kept: np.ndarray | None = None) -> Note:
    if not pool.known[j]:
        return Note("no_own_estimate")
    return Note(
        "own_estimate",
        {
            "value": number(pool.values[j]),
            "se": number(pool.ses[j]),
            "kept": round(float(pool.weights(kept)[j]), 3),
        },
    )
