"""How the notebooks write numbers and lists."""

from collections.abc import Callable, Iterable

import numpy as np

from matchmodel.model.engine import Range


def join(items: Iterable[object], last: str = "and") -> str:
    """Return 'a', 'a and b', or 'a, b and c'; 'none' of nothing."""
    texts = [str(item) for item in items]
    if not texts:
        return "none"
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def signed(value: float | None, digits: int = 2) -> str:
    """Return a number with its sign; blank where there is none, and no minus zero."""
    if value is None or not np.isfinite(value):
        return ""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "+") if float(text) == 0 else text


def fixed(value: float | None, digits: int = 2) -> str:
    """Return a number with so many decimals; blank where there is none."""
    return "" if value is None or not np.isfinite(value) else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """Return a proportion as a percentage; blank where there is none."""
    return "" if value is None or not np.isfinite(value) else f"{100 * value:.{digits}f}%"


def span(low: float, high: float, write: Callable[[float], str] = percent) -> str:
    """Return 'low to high', each written by `write`."""
    return f"{write(low)} to {write(high)}"


def ranged(found: Range, write: Callable[[float], str] = percent) -> str:
    """Return a number with its range, 'point (low to high)'."""
    return f"{write(found.point)} ({span(found.low, found.high, write)})"


def years(numbers: Iterable[int]) -> str:
    """Return years with runs of three or more joined: '2009 to 2011, 2014 and 2015'."""
    runs: list[list[int]] = []
    for n in sorted(int(n) for n in numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return join(text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else run))
