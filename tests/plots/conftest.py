from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tidy(training):
    return training


@pytest.fixture(scope="session")
def model(fresh):
    return fresh


# Made-up numbers, here to be drawn and read back.
def bins(seed=1, k=60, largest=300):
    rng = np.random.default_rng(seed)
    predicted = np.sort(rng.uniform(0.05, 0.97, k))
    total = rng.integers(0, largest, k)
    return pd.DataFrame({"predicted": predicted, "matched": rng.binomial(total, predicted), "total": total})


def years():
    rng = np.random.default_rng(2)
    rows = []
    for kind, rate in (("us-img", 0.5), ("non-us-img", 0.45)):
        for year in (*range(1983, 2009), 2012, 2013, *range(2015, 2019), *range(2020, 2023), 2024, 2025, 2026):
            low, high = rate - 0.02, rate + 0.02
            rate += rng.normal(0, 0.02)
            rows.append((kind, year, rate, low, high, low <= rate <= high))
    return pd.DataFrame(rows, columns="applicant_type year rate low high inside".split())


def worlds():
    rng = np.random.default_rng(3)
    rows = [(s, k, rng.normal(mean, 0.05), rng.normal(0.8, 0.04), rng.uniform(0.03, 0.06)) for s, mean in (("correlations x0", 1.0), ("correlations x1", 0.9)) for k in range(20)]
    return pd.DataFrame(rows, columns="setting world slope coverage mean_error".split())


def left_out():
    rows = [
        ("Neurology", "slope", 0.4, 0.2, 0.6, 0.3, 0.25, 0.36, True), ("Pediatrics", "slope", 0.41, 0.21, 0.61, 0.7, 0.64, 0.76, False),
        ("Neurology", "rate", 0.45, 0.25, 0.65, 0.42, 0.38, 0.46, True), ("Pediatrics", "rate", 0.44, 0.24, 0.64, 0.68, 0.66, 0.7, False),
        ("Dermatology", "rate", 0.46, 0.26, 0.66, 0.17, 0.09, 0.3, False),
    ]
    return pd.DataFrame(rows, columns="specialty what predicted low high measured measured_low measured_high inside".split())


def changes():
    rows = [
        (change, name, base + move, base + move - width, base + move + width, base)
        for change, move, width in (("as shipped", 0.0, 0.06), ("no widening", 0.01, 0.04), ("twice as wide", -0.02, 0.09))
        for name, base in (("strong, visa", 0.7), ("weak, failures, visa", 0.1))
    ]
    return pd.DataFrame(rows, columns="change applicant p_ranked low high base".split())


def labelled(axis, label):
    """Return an axis's lines, collections and patches of a label."""
    return [a for a in (*axis.lines, *axis.collections, *axis.patches) if a.get_label() == label]


def shown_texts(figure):
    """Return the texts that are drawn: not empty, visible, and no tick label beyond its axis."""
    figure.draw_without_rendering()
    hidden = set()
    for axes in figure.findobj(lambda a: hasattr(a, "get_xaxis")):
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low - slack <= tick.get_loc() <= high + slack or not axes.get_visible():
                    hidden |= {tick.label1, tick.label2}
    return [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible() and t not in hidden and (t.axes is None or t.axes.get_visible())]
