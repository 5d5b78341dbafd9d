"""Program signals: how many there are, and what one may add to the chance of an invitation."""

import re
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ...applicant import read_number
from ...errors import RefusedInput, clipped
from ...frozen import frozen

Tier = Literal["gold", "silver"]
MOST_SIGNALS = 1000
_TIERED = re.compile(r"gold\s*=\s*(?P<gold>\d{1,4})\s*,\s*silver\s*=\s*(?P<silver>\d{1,4})", re.IGNORECASE)


@frozen
class Signals:
    """How many signals a specialty has; `gold` of them are gold and the others silver, where it has tiers."""

    total: int
    gold: int | None = None


def signals_of(value: int | str | Signals | None) -> Signals | None:
    """Return signals as they were asked for: 15, or 'gold=3,silver=12'; None where nothing was said.

    Raises
    ------
    RefusedInput
        For anything else.
    """
    if value is None or isinstance(value, Signals):
        return value
    if isinstance(value, str) and "=" in value:
        found = _TIERED.fullmatch(value.strip())
        if found is None:
            raise RefusedInput(f"signals is '{clipped(value)}'; write 15, or gold=3,silver=12")
        gold, silver = int(found["gold"]), int(found["silver"])
        value, tier = gold + silver, gold
    else:
        tier = None
    meaning = f"it is between 0 and {MOST_SIGNALS}, or such as gold=3,silver=12"
    total = read_number(value, "signals", 0, MOST_SIGNALS, meaning, whole=True)
    return None if total is None else Signals(total, tier)


def published_signals(advice: Mapping[str, Any], specialty: str) -> Signals | None:
    """Return what the table of signals gives a specialty, None where it has no figure."""
    found = advice.get("signals", {}).get(specialty, {})
    if found.get("total") is None:
        return None
    return Signals(int(found["total"]), None if found.get("gold") is None else int(found["gold"]))


@frozen
class SignalEffect:
    """What a signal was found to go with: log odds of an invitation, and the share of applications that
    carried one.
    """

    log_odds: float
    se: float
    share: float
    source: str
    specialty: str

    def draws(self, count: int) -> np.ndarray:
        """Return draws of what a signal itself adds to the log odds, at least 0, shape (count,).

        The figure is crude: applicants signal where they fit, and would be invited more often there without a
        signal too. So it is the most that a signal can do, and nothing is the least. No data say where
        between the two the truth lies, so that it is drawn evenly between them: U(0, 1) times N(figure, SE).
        """
        rng = np.random.default_rng(23)
        z = rng.standard_normal(count)
        most = self.log_odds + self.se * (z - z.mean()) / z.std() if count > 1 else self.log_odds
        part = (rng.permutation(count) + 0.5) / count
        draws: np.ndarray = part * np.maximum(most, 0.0)
        return draws


def signal_effect(advice: Mapping[str, Any]) -> SignalEffect | None:
    """Return the `SignalEffect` of a model file, None where it has none."""
    found = advice.get("program_signal")
    if not found:
        return None
    return SignalEffect(
        found["value"], found["se"], found["share_signalled"], found["source"], found["specialty"]
    )


def split_chance(chance: np.ndarray, log_odds: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the chances without and with a signal of a program whose rate mixes both.

    A printed rate r is over all applications, of which a share s carried a signal that multiplies the odds by
    k:

        s k q/(1 - q + k q) + (1 - s) q = r

    which for q, the chance without, is the quadratic (1 - s)(k - 1) q^2 + (1 + (s - r)(k - 1)) q - r = 0.

    Parameters
    ----------
    chance
        Between 0 and 1, shape (..., d).
    log_odds
        ln k, at least 0, shape (d,).
    """
    k = np.exp(log_odds)
    a, b = (1.0 - share) * (k - 1.0), 1.0 + (share - chance) * (k - 1.0)
    root = np.sqrt(b * b + 4.0 * a * chance)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(b > 0, 2.0 * chance / (b + root), (root - b) / (2.0 * a))  # whichever cancels nothing
    q = np.where(k > 1.0, np.clip(q, 0.0, chance), chance)
    return q, np.maximum(k * q / (1.0 - q + k * q), chance)
