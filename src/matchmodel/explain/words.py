"""How the notebooks write numbers and lists."""

import numpy as np


def join(items, last="and"):
    """Return 'a', 'a and b', or 'a, b and c'; 'none' of nothing."""
    items = [str(item) for item in items]
    if not items:
        return "none"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def signed(value, digits=2):
    """Return a number with its sign; blank where there is none, and no minus zero."""
    if value is None or not np.isfinite(value):
        return ""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "+") if float(text) == 0 else text


def fixed(value, digits=2):
    """Return a number with so many decimals; blank where there is none."""
    return "" if value is None or not np.isfinite(value) else f"{value:,.{digits}f}"


def percent(value, digits=1):
    """Return a proportion as a percentage; blank where there is none."""
    return "" if value is None or not np.isfinite(value) else f"{100 * value:.{digits}f}%"


def span(low, high, write=percent):
    """Return 'low to high', each written by `write`."""
    return f"{write(low)} to {write(high)}"


def years(numbers):
    """Return years with runs of three or more drawn together: '2009 to 2011, 2014 and 2015'."""
    runs = []
    for n in sorted(int(n) for n in numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return join(text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)))
